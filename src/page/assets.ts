import { createHash } from 'node:crypto'
import type { PageDesign } from '../model/page-settings.ts'
import { paths } from '../model/paths.ts'
import { readResource } from '../resources.ts'
import { textOn } from './colours.ts'

/** A file that the page loads. */
export interface Asset {
  readonly mediaType: string
  readonly body: Uint8Array
  readonly digest: string
}

export type AssetName = 'style.css' | 'script.js' | 'icon.svg' | 'logo'

/** The files of each design: a reload makes a new design, and the files of the old one become garbage. */
const known = new WeakMap<PageDesign, Readonly<Partial<Record<AssetName, Asset>>>>()

/** The files that the pages of a design load, by their names. */
export function assetsOf(design: PageDesign): Readonly<Partial<Record<AssetName, Asset>>> {
  const found = known.get(design) ?? {
    'style.css': assetOf('text/css; charset=utf-8', styleOf(design)),
    'script.js': assetOf('text/javascript; charset=utf-8', readResource('page/assets/script.js')),
    'icon.svg': assetOf(
      'image/svg+xml',
      readResource('page/assets/icon.svg').replace('currentColor', design.accent),
    ),
    ...(design.logo && { logo: { ...design.logo, body: design.logo.bytes } }),
  }
  known.set(design, found)
  return found
}

export interface AssetUrls {
  readonly style: string
  readonly script: string
  readonly icon: string
  readonly logo: string | undefined
}

/** The URLs of these files from a page. They change with the content, so browsers can keep the files. `home` ends with a slash. */
export function assetUrls(home: string, design: PageDesign): AssetUrls {
  const assets = assetsOf(design)
  const url = (name: AssetName): string | undefined =>
    assets[name] && `${home}${paths.pageFiles.slice(1)}/${name}?v=${assets[name].digest}`
  return {
    style: url('style.css') as string,
    script: url('script.js') as string,
    icon: url('icon.svg') as string,
    logo: url('logo'),
  }
}

function assetOf(mediaType: string, text: string): Asset {
  const body = Buffer.from(text)
  return { mediaType, body, digest: createHash('sha256').update(body).digest('base64url').slice(0, 12) }
}

/** Browsers load one file; each part is about one thing. */
const styleParts = ['base', 'parts', 'print'] as const

const styleOf = (design: PageDesign): string =>
  [colours(design), ...styleParts.map((part) => readResource(`page/assets/style/${part}.css`))].join('\n')

const colours = ({ accent, accentDark }: PageDesign): string =>
  [
    `:root { --accent: ${accent}; --on-accent: ${textOn(accent)} }`,
    `@media (prefers-color-scheme: dark) { :root { --accent: ${accentDark}; --on-accent: ${textOn(accentDark)} } }`,
  ].join('\n')
