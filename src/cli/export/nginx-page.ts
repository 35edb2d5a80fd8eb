import { pageFileCaching } from '../../http/page-files.ts'
import { paths } from '../../model/paths.ts'
import { page } from '../../page/page-format.ts'
import { domainPattern, type Hosting, none, quoted } from './hosting.ts'
import { block, contentType, fillDomain, map } from './nginx-syntax.ts'
import {
  headersOfPages,
  headersOfPersonalPages,
  languagePattern,
  type PageSite,
  pageFile,
  plainPageFile,
} from './pages.ts'

/** Variables for the page for people: its language, and its headers. */
export function pageVariables(site: PageSite, { maxAge }: Hosting): string[] {
  const { publicName, language } = site
  const isShared = (shared: string) => `shared ${shared};`
  return [
    '# The page for people: the first language that somebody asks for and that there is.',
    ...map(
      '"$arg_lang,$arg_language,$http_accept_language"',
      'language',
      language,
      `"~${languagePattern('(?<autoconfig_4>', site)}" $autoconfig_4;`,
    ),
    '# Without a domain, people type their address: "start". A page for one address is personal.',
    ...map('$autoconfig_asked', 'no_page', 'unknown', `${none} start;`),
    ...map(
      '"$autoconfig_asked $host"',
      'welcome',
      none,
      ...(publicName === undefined ? [] : [`"${none} ${publicName}" start;`]),
    ),
    ...map(
      '"$autoconfig_welcome $arg_emailaddress"',
      'page_kind',
      'shared',
      '"~^start " personal;',
      `"~[^ ](?:@|%40)${domainPattern}$" personal;`,
    ),
    ...headersOfPersonalPages.flatMap(([name, value]) =>
      map(
        '$autoconfig_page_kind',
        variableOf(name),
        quoted(value),
        isShared(name === 'Cache-Control' ? `"public, max-age=${maxAge}"` : '""'),
      ),
    ),
  ]
}

/** `X-Robots-Tag` -> `page_x_robots_tag`. */
const variableOf = (name: string): string => `page_${name.toLowerCase().replaceAll('-', '_')}`

/** The page, the pages without settings, and the files that they load. */
export function pageLocations({ files }: PageSite, { precompressed }: Hosting): string[] {
  const language = '$autoconfig_language'
  const zipped = precompressed ? ['gzip_static on;'] : []
  const common = headersOfPages.map(header)
  return [
    ...block(
      `location = ${paths.page}`,
      contentType(page.mediaType),
      `try_files /${plainPageFile('$autoconfig_welcome', language)} /$autoconfig_folder/${pageFile(language)} =404;`,
      'error_page 404 @no_page;',
      fillDomain,
      zipped,
      headersOfPersonalPages.map(([name]) => header([name, `$autoconfig_${variableOf(name)}`])),
      common,
      'add_header Vary Accept-Language;',
    ),
    ...block(
      'location @no_page',
      contentType(page.mediaType),
      `try_files /${plainPageFile('$autoconfig_no_page', language)} =404;`,
      zipped,
      [...headersOfPersonalPages, ...headersOfPages].map(header),
      'add_header Vary Accept-Language always;',
    ),
    ...files.flatMap(({ path, file, mediaType }) =>
      block(
        `location = ${path}`,
        contentType(mediaType),
        `try_files /${file} =404;`,
        zipped,
        header(['Cache-Control', pageFileCaching]),
        common,
      ),
    ),
  ]
}

/** For every status; nginx sends no empty header. */
const header = ([name, value]: readonly [name: string, value: string]): string =>
  `add_header ${name} ${value.startsWith('$') ? value : quoted(value)} always;`
