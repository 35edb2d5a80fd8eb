import { allowedMethods } from '../../http/headers.ts'
import { errorTexts } from '../../http/response.ts'
import { paths } from '../../model/paths.ts'
import { serviceNamePattern } from '../../model/service-names.ts'
import {
  noPageHandler,
  pageDocument,
  pageFileHandlers,
  pageHeaders,
  pagePaths,
  pagePlaceholders,
} from './caddy-page.ts'
import { block, captured, fileServer, map } from './caddy-syntax.ts'
import { domainPattern, type Hosting, ispdbPath, none, nowhere, quoted, regexOf } from './hosting.ts'
import type { StaticFile } from './pages.ts'
import type { Site } from './site.ts'

/** The configuration of Caddy 2.6 or newer for the files. It tries the handlers in order; the first that matches answers. */
export function caddyConfiguration(site: Site, hosting: Hosting): string {
  const lines = [
    `# Caddy configuration for the files in ${hosting.directory}, written by mail-autoconfig export.`,
    '# No access log, since the query contains email addresses; this is the default of Caddy.',
    '',
    ...block(
      `:${hosting.port}`,
      `root * ${quoted(hosting.directory)}`,
      '',
      domainPlaceholders(site),
      pagePlaceholders(site.page),
      documentPlaceholders(site, hosting),
      '',
      headers(site, hosting),
      '',
      handlers(site, hosting),
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** Placeholders for the domain that a request asks about. */
function domainPlaceholders(site: Site): string[] {
  const { verbatimPaths, wildcards, catchAll } = site
  const closestFirst = [...wildcards].sort(([one], [other]) => other.length - one.length)
  const wildcardLines = closestFirst.map(
    ([domain, directory]) => `"~^.+\\.${regexOf(domain)}$" ${quoted(directory)}`,
  )
  return [
    `# The domain that a request asks about, from the path (ISPDB), the email address or the host name; ${none} if there is none.`,
    ...map('{path}', '{in_path}', none, `"~${ispdbPath(`(${domainPattern})`)}" ${captured}`),
    ...map('{query.emailaddress}', '{in_query}', none, `"~^(?:.*@)?(${domainPattern})$" ${captured}`),
    ...map('{in_path}', '{named}', '{in_path}', `${none} {in_query}`),
    '# Documents with a published digest depend on the host name only.',
    ...map('{path}', '{asked}', '{named}', ...verbatimPaths.map((path) => `${path} ${none}`)),
    ...map(
      '{host}',
      '{in_host}',
      none,
      `"~(?i)^(?:${serviceNamePattern}\\.)?(${domainPattern})$" ${captured}`,
    ),
    ...map('{in_path}', '{host_named}', '{in_path}', `${none} {in_host}`),
    '# The page for people never shows settings of another domain than the one that somebody asks for.',
    ...map('{path}', '{otherwise}', catchAll === undefined ? '{host_named}' : none, `${paths.page} ${none}`),
    ...map('{asked}', '{by_host}', '{otherwise}', `${none} {host_named}`),
    ...map('{asked}', '{whose}', '{asked}', `${none} {host_named}`),
    '# Requests to the name of a mail host: its settings, for any domain.',
    ...map('"{asked} {by_host}"', '{own}', none, ...ownLines(site)),
    '# Subdomains that a wildcard covers.',
    ...map('{asked}', '{asked_below}', none, ...wildcardLines),
    ...map('{by_host}', '{host_below}', none, ...wildcardLines),
  ]
}

function ownLines({ ownNames, providerId, isProviderMapped }: Site): string[] {
  return [...ownNames].flatMap(([name, directory]) => [
    ...(name === providerId && isProviderMapped ? [`"~^${none} ${regexOf(name)}$" ${none}`] : []),
    `"~ ${regexOf(name)}$" ${quoted(directory ?? nowhere)}`,
  ])
}

/** Placeholders for the document that a request asks for. */
function documentPlaceholders(
  { formats, hasIspdb }: Site,
  { notFoundMaxAge, ispdbNotFoundMaxAge }: Hosting,
): string[] {
  const files = formats.flatMap(({ paths, file, mediaType, isIspdb }) => {
    const places = [...paths, ...(isIspdb ? [`"~${ispdbPath(domainPattern)}"`] : [])]
    return places.map((place) => `${place} ${file} ${quoted(mediaType)}`)
  })
  return [
    '# The document that the request asks for.',
    ...map('{path}', '{document} {media_type}', `${none} ${none}`, ...files, pageDocument),
    ...map('{in_path}', '{mirror}', 'ispdb', `${none} all`),
    ...map(
      '{in_path}',
      '{not_found_age}',
      String(hasIspdb ? ispdbNotFoundMaxAge : notFoundMaxAge),
      `${none} ${notFoundMaxAge}`,
    ),
  ]
}

function headers({ verbatimPaths, page }: Site, hosting: Hosting): string[] {
  const { maxAge, compress } = hosting
  const verbatim = verbatimPaths.join(' ')
  return [
    `@verbatim path ${verbatim}`,
    `@changeable not path ${verbatim}`,
    `@documents not path ${pagePaths(page)}`,
    `@cached not path ${verbatim} ${pagePaths(page)}`,
    `@in_ispdb not expression \`{in_path} == "${none}"\``,
    ...(compress ? ['encode @changeable gzip'] : []),
    'header @documents Access-Control-Allow-Origin *',
    `header @in_ispdb Access-Control-Allow-Methods ${quoted(allowedMethods(false))}`,
    'header @in_ispdb Access-Control-Max-Age 86400',
    `header @cached Cache-Control "public, max-age=${maxAge}"`,
    `header @verbatim Cache-Control "public, max-age=${maxAge}, no-transform"`,
    ...pageHeaders(page, hosting),
  ]
}

/** Handlers for listings and unknown paths, then for each way to find the directory, then for unknown domains. */
function handlers(site: Site, hosting: Hosting): string[] {
  const { catchAll, hasIspdb, domainsAreTemplates } = site
  const named = (name: string, directory: string, domain: string): string[] => {
    const condition = `expression \`${directory} != "${none}"\``
    return settings({ name, condition, directory, domain, areTemplates: true }, hosting)
  }
  const mapped = (name: string, domain: string): string[] => {
    const directory = `domains/${domain}`
    const condition = `file /${directory}/${anyDocument(site)}`
    return settings({ name, condition, directory, domain, areTemplates: domainsAreTemplates }, hosting)
  }
  return [
    ...site.listings.flatMap((listing) => listingHandler(listing, hosting)),
    ...pageFileHandlers(site.page, hosting),
    `@elsewhere expression \`{document} == "${none}"\``,
    ...block(
      'handle @elsewhere',
      'header -Cache-Control',
      'header Content-Type "text/plain; charset=utf-8"',
      `respond \`${errorTexts.unknownPath.trim()}\` 404`,
    ),
    ...mapped('asked', '{asked}'),
    ...named('asked_below', '{asked_below}', '{asked}'),
    ...(hasIspdb ? mirrored('asked', site, hosting) : []),
    ...block('@nowhere', `path ${paths.page}`, `expression \`{own} == "${nowhere}"\``),
    ...noPageHandler(hosting, '@nowhere'),
    ...named('ours', '{own}', '{whose}'),
    ...mapped('by_host', '{by_host}'),
    ...named('by_host_below', '{host_below}', '{by_host}'),
    ...(hasIspdb ? mirrored('by_host', site, hosting) : []),
    ...(catchAll === undefined
      ? []
      : settings(
          {
            name: 'all',
            condition: `expression \`{whose} != "${none}"\``,
            directory: catchAll,
            domain: '{whose}',
            areTemplates: true,
          },
          hosting,
        )),
    ...noPageHandler(hosting),
    ...block('handle', notFound),
  ]
}

/** A file that every directory with settings contains. */
const anyDocument = ({ formats }: Site): string => formats.find(({ isIspdb }) => isIspdb)?.file as string

interface SettingsHandler {
  readonly name: string
  /** The matcher, without its name. */
  readonly condition: string
  readonly directory: string
  /** The domain that is filled in. */
  readonly domain: string
  /** Are the documents templates? Otherwise they are complete. */
  readonly areTemplates: boolean
}

/** A handler for the documents in a directory; a domain may be served, but not in every format. */
function settings(
  { name, condition, directory, domain, areTemplates }: SettingsHandler,
  { precompressed }: Hosting,
): string[] {
  const file = quoted(`/${directory}/{document}`)
  return [
    `@${name} ${condition}`,
    ...block(
      `handle @${name}`,
      `@${name}_document file ${file}`,
      block(
        `handle @${name}_document`,
        `vars domain ${domain}`,
        'header Content-Type {media_type}',
        `rewrite * ${file}`,
        areTemplates ? block('templates', 'mime text/xml application/json text/html') : [],
        fileServer(precompressed && !areTemplates),
      ),
      block('handle', notFound),
    ),
  ]
}

/** A handler for ISPDB documents; `domain` is the placeholder of the domain. */
function mirrored(domain: string, { formats }: Site, { precompressed }: Hosting): string[] {
  const documents = formats.filter(({ isMirrored }) => isMirrored).map(({ file }) => `"${file}"`)
  return [
    ...block(
      `@mirrored_${domain}`,
      `file /ispdb/{mirror}/{${domain}}.xml`,
      `expression \`{document} in [${documents.join(', ')}]\``,
    ),
    ...block(
      `handle @mirrored_${domain}`,
      'header Content-Type {media_type}',
      `rewrite * /ispdb/{mirror}/{${domain}}.xml`,
      fileServer(precompressed),
    ),
  ]
}

function listingHandler({ path, file, mediaType }: StaticFile, hosting: Hosting): string[] {
  return block(
    `handle ${path}`,
    `header Content-Type ${quoted(mediaType)}`,
    `header Access-Control-Allow-Methods ${quoted(allowedMethods(false))}`,
    'header Access-Control-Max-Age 86400',
    `rewrite * /${file}`,
    fileServer(hosting.precompressed),
  )
}

const notFound = [
  'header Content-Type "text/plain; charset=utf-8"',
  'header Cache-Control "public, max-age={not_found_age}"',
  `respond \`${errorTexts.unknownDomain.trim()}\` 404`,
]
