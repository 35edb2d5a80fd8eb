import { paths } from '../model/paths.ts'
import { type AssetName, assetsOf } from '../page/assets.ts'
import { pageHeaders } from './headers.ts'
import { noneMatchHolds } from './negotiation.ts'
import { errorResponse, errorTexts } from './response.ts'
import type { Route } from './route.ts'

const names: readonly AssetName[] = ['style.css', 'script.js', 'icon.svg', 'logo']

/** Browsers keep the files, since their URLs in a page change with the content. */
export const pageFileCaching = 'public, max-age=31536000, immutable'

/** The files that the pages load. They are the same for all domains. */
export const pageFileRoutes: readonly Route[] = names.map((name) => ({
  path: `${paths.pageFiles}/${name}`,
  takesPost: false,
  isBusy: false,
  answer({ headers: { 'if-none-match': known } }, { config }) {
    const asset = assetsOf(config.page.design)[name]
    if (!asset) return errorResponse(404, errorTexts.unknownPath)
    const etag = `"${asset.digest}"`
    const headers = ['ETag', etag, 'Cache-Control', pageFileCaching, ...pageHeaders]
    if (noneMatchHolds(known, etag)) return { status: 304, headers, body: '' }
    headers.push('Content-Type', asset.mediaType, 'Content-Length', String(asset.body.length))
    return { status: 200, headers, body: asset.body }
  },
}))
