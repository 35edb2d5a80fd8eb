import type { Format } from '../../formats/format.ts'
import { confidentialHeaders, pageHeaders } from '../../http/headers.ts'
import { type PageLanguage, pageLanguages } from '../../messages/catalogue.ts'
import type { Domain } from '../../model/address.ts'
import { paths } from '../../model/paths.ts'
import { success } from '../../model/result.ts'
import { assetsOf } from '../../page/assets.ts'
import { clientFor } from '../../page/clients.ts'
import { page } from '../../page/page-format.ts'
import type { Pages } from '../../page/pages.ts'
import type { Resolver } from '../../resolver/resolver.ts'
import type { Tree } from './tree.ts'

/** A file that is sent unchanged at one path. */
export interface StaticFile {
  readonly path: string
  /** In the tree. */
  readonly file: string
  readonly mediaType: string
}

/** The values that the configuration of a web server needs for the page for people. */
export interface PageSite {
  readonly languages: readonly string[]
  /** For people who ask for none of these languages. */
  readonly language: string
  /** The name of the service itself, where people type their address first. */
  readonly publicName?: Domain
  /** The files that the pages load. */
  readonly files: readonly StaticFile[]
}

/** The file of a page in the directory of its settings. */
export const pageFile = (language: string): string => `page.${language}.html`

/** The file of a page without settings. */
export const plainPageFile = (kind: string, language: string): string => `page/${kind}.${language}.html`

/** The page in each language as a format, by its file. Everybody in a domain shares the file. */
export const pageFormats = (pages: Pages): readonly (readonly [file: string, format: Format])[] =>
  pageLanguages.map((language) => [
    pageFile(language),
    {
      ...page,
      render: (settings) => success(pages.settings({ ...settings, languages: [language], isFile: true })),
    },
  ])

/** Writes the pages without settings, and the files that all pages load. */
export function writePageFiles({ config }: Resolver, tree: Tree, pages: Pages): PageSite {
  const { design } = config.page
  const frame = (language: PageLanguage) => ({
    ...{ language, home: './', client: clientFor(undefined, undefined), choseClient: false },
    ...{ providerName: config.providerName, page: config.page },
  })
  for (const kind of ['start', 'unknown'] as const)
    for (const language of pageLanguages)
      tree.file(plainPageFile(kind, language), Buffer.from(pages.plain(kind, frame(language))), true)
  const files = Object.entries(assetsOf(design)).map(([name, { mediaType, body }]) => {
    const path = `${paths.pageFiles}/${name}`
    const file = path.slice(1)
    tree.file(file, body, /text|xml/.test(mediaType))
    return { path, file, mediaType }
  })
  return {
    languages: pageLanguages,
    language: design.language,
    ...(config.publicName !== undefined && { publicName: config.publicName }),
    files,
  }
}

/**
 * A regular expression for the first of the languages in a list such as `Accept-Language`, which it captures. Weights are not
 * compared: browsers list the languages in the order of their weights.
 */
export const languagePattern = (group: string, { languages }: PageSite): string =>
  `^(?:[^,]*,)*? *${group}${languages.join('|')})(?:-[^,;]*)? *(?:[,;]|$)`

type Header = readonly [name: string, value: string]

const inPairs = (list: readonly string[]): readonly Header[] =>
  list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1] as string] as const] : []))

/** The headers of each page, and of each file that the pages load. */
export const headersOfPages = inPairs(pageHeaders)

/** The headers that only pages for one address have, and pages without settings. */
export const headersOfPersonalPages = inPairs(confidentialHeaders).filter(
  ([name]) => !headersOfPages.some(([other]) => other === name),
)
