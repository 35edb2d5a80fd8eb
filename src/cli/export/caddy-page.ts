import { pageFileCaching } from '../../http/page-files.ts'
import { paths } from '../../model/paths.ts'
import { page } from '../../page/page-format.ts'
import { block, captured, fileServer, map } from './caddy-syntax.ts'
import { domainPattern, type Hosting, none, quoted } from './hosting.ts'
import {
  headersOfPages,
  headersOfPersonalPages,
  languagePattern,
  type PageSite,
  pageFile,
  plainPageFile,
} from './pages.ts'

/** The page as a document, for the placeholders `{document}` and `{media_type}`. */
export const pageDocument = `${paths.page} ${pageFile('{language}')} ${quoted(page.mediaType)}`

/** Placeholders for the page for people. */
export function pagePlaceholders(site: PageSite): string[] {
  const { publicName, language } = site
  return [
    '# The page for people: the first language that somebody asks for and that there is.',
    ...map(
      '"{query.lang},{query.language},{header.Accept-Language}"',
      '{language}',
      language,
      `"~${languagePattern('(', site)}" ${captured}`,
    ),
    '# Without a domain, people type their address: "start". A page for one address is personal.',
    ...map('{asked}', '{no_page}', 'unknown', `${none} start`),
    ...map(
      '"{asked} {host}"',
      '{welcome}',
      none,
      ...(publicName === undefined ? [] : [`"${none} ${publicName}" start`]),
    ),
    ...map(
      '"{welcome} {query.emailaddress}"',
      '{page_kind}',
      'shared',
      '"~^start " personal',
      `"~[^ ]@${domainPattern}$" personal`,
    ),
  ]
}

/** All paths of the page for people. */
export const pagePaths = ({ files }: PageSite): string =>
  [paths.page, ...files.map(({ path }) => path)].join(' ')

export function pageHeaders(site: PageSite, { maxAge }: Hosting): string[] {
  const ofKind = (kind: string): string[] =>
    block(`@${kind}`, `path ${paths.page}`, `expression \`{page_kind} == "${kind}"\``)
  return [
    `@pages path ${pagePaths(site)}`,
    ...headersOfPages.map((header) => headerLine(header, '@pages')),
    ...ofKind('shared'),
    headerLine(['Cache-Control', `public, max-age=${maxAge}`], '@shared'),
    ...ofKind('personal'),
    ...headersOfPersonalPages.map((header) => headerLine(header, '@personal')),
    `header ${paths.page} Vary Accept-Language`,
  ]
}

/** Handlers for the name of the service itself, and for the files that the pages load. */
export const pageFileHandlers = ({ files }: PageSite, hosting: Hosting): string[] => [
  ...block('@welcome', `path ${paths.page}`, `expression \`{welcome} != "${none}"\``),
  ...block('handle @welcome', plainPage('{welcome}', hosting)),
  ...files.flatMap(({ path, file, mediaType }) =>
    block(
      `handle ${path}`,
      headerLine(['Content-Type', mediaType]),
      headerLine(['Cache-Control', pageFileCaching]),
      `rewrite * /${file}`,
      fileServer(hosting.precompressed),
    ),
  ),
]

/** The handler for the page of a domain that is unknown or not named, or only for those requests that a matcher names. */
export const noPageHandler = (hosting: Hosting, matcher: string = paths.page): string[] =>
  block(
    `handle ${matcher}`,
    headersOfPersonalPages.map((header) => headerLine(header)),
    plainPage('{no_page}', hosting, 'status 404'),
  )

const plainPage = (kind: string, { precompressed }: Hosting, ...options: string[]): string[] => [
  headerLine(['Content-Type', page.mediaType]),
  `rewrite * /${plainPageFile(kind, '{language}')}`,
  ...fileServer(precompressed, ...options),
]

const headerLine = ([name, value]: readonly [string, string], matcher?: string): string =>
  ['header', ...(matcher === undefined ? [] : [matcher]), name, quoted(value)].join(' ')
