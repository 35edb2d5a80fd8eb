import { unknownDomain } from '../../http/answer.ts'
import { allowedMethods } from '../../http/headers.ts'
import { unknownPath } from '../../http/public-app.ts'
import { blockWith, domainPattern, type Hosting, ispdbPath, nobody, quoted, regexOf } from './hosting.ts'
import type { Site } from './site.ts'

/** The same for Caddy, 2.6 or newer: each way to be served is tried in turn, and the first stands. */
export function caddyConfiguration(site: Site, hosting: Hosting): string {
  const lines = [
    `# Caddy for the files in ${hosting.folder}, of mail-autoconfig export.`,
    '# Nothing of the asker is logged: there is no access log by default.',
    '',
    ...block(
      `:${hosting.port}`,
      `root * ${quoted(hosting.folder)}`,
      '',
      whom(site),
      what(site, hosting),
      '',
      headers(site, hosting),
      '',
      ways(site, hosting),
    ),
  ]
  return `${lines.join('\n')}\n`
}

const block = blockWith('\t')

/** What a regular expression has caught. */
const caught = `"$\{1}"`

/** Placeholders that say whom a request asks about. */
function whom(site: Site): string[] {
  const { verbatimPaths, below, all } = site
  const nearestFirst = [...below].sort(([one], [other]) => other.length - one.length)
  const belowLines = nearestFirst.map(([domain, folder]) => `"~^.+\\.${regexOf(domain)}$" ${quoted(folder)}`)
  return [
    `# Whom a request asks about, or ${nobody}: the domain in the path of an ISPDB, that of the address, that of the host.`,
    ...map('{path}', '{in_path}', nobody, `"~${ispdbPath(`(${domainPattern})`)}" ${caught}`),
    ...map('{query.emailaddress}', '{in_query}', nobody, `"~^(?:.*@)?(${domainPattern})$" ${caught}`),
    ...map('{in_path}', '{named}', '{in_path}', `${nobody} {in_query}`),
    '# What has a digest is the same whoever asks.',
    ...map('{path}', '{asked}', '{named}', ...verbatimPaths.map((path) => `${path} ${nobody}`)),
    ...map(
      '{host}',
      '{in_host}',
      '{host}',
      `"~^(?:autoconfig|autodiscover|ua-auto-config|www)\\.(.+\\..+)$" ${caught}`,
    ),
    ...map('{in_path}', '{host_named}', '{in_path}', `${nobody} {in_host}`),
    ...map('{asked}', '{by_host}', all === undefined ? '{host_named}' : nobody, `${nobody} {host_named}`),
    ...map('{asked}', '{whose}', '{asked}', `${nobody} {host_named}`),
    '# The names of the mail hosts speak for every domain.',
    ...map('"{asked} {by_host}"', '{own}', nobody, ...ownLines(site)),
    '# All below a domain.',
    ...map('{asked}', '{asked_below}', nobody, ...belowLines),
    ...map('{by_host}', '{host_below}', nobody, ...belowLines),
  ]
}

function ownLines({ own, providerId, isProviderServed }: Site): string[] {
  return [...own].flatMap(([name, folder]) => [
    ...(name === providerId && isProviderServed ? [`"~^${nobody} ${regexOf(name)}$" ${nobody}`] : []),
    `"~ ${regexOf(name)}$" ${quoted(folder ?? 'nowhere')}`,
  ])
}

/** Placeholders that say which file is asked for. */
function what({ formats, hasIspdb }: Site, { notFoundMaxAge, ispdbNotFoundMaxAge }: Hosting): string[] {
  const files = formats.flatMap(({ paths, file, mediaType, isIspdb }) => {
    const places = [...paths, ...(isIspdb ? [`"~${ispdbPath(domainPattern)}"`] : [])]
    return places.map((place) => `${place} ${file} ${quoted(mediaType)}`)
  })
  return [
    '# What it asks for.',
    ...map('{path}', '{document} {media_type}', `${nobody} ${nobody}`, ...files),
    ...map('{in_path}', '{mirror}', 'ispdb', `${nobody} all`),
    ...map(
      '{in_path}',
      '{not_found_age}',
      String(hasIspdb ? ispdbNotFoundMaxAge : notFoundMaxAge),
      `${nobody} ${notFoundMaxAge}`,
    ),
  ]
}

function headers({ verbatimPaths }: Site, { maxAge, compress }: Hosting): string[] {
  return [
    `@changeable not path ${verbatimPaths.join(' ')}`,
    `@verbatim path ${verbatimPaths.join(' ')}`,
    `@in_ispdb not expression \`{in_path} == "${nobody}"\``,
    ...(compress ? ['encode @changeable gzip'] : []),
    'header Access-Control-Allow-Origin *',
    `header @in_ispdb Access-Control-Allow-Methods ${quoted(allowedMethods(false))}`,
    'header @in_ispdb Access-Control-Max-Age 86400',
    `header @changeable Cache-Control "public, max-age=${maxAge}"`,
    `header @verbatim Cache-Control "public, max-age=${maxAge}, no-transform"`,
  ]
}

/** First what is no document, then each way to be served; who is served may still have none of the kind. */
function ways(site: Site, hosting: Hosting): string[] {
  const { all, hasIspdb } = site
  const named = (placeholder: string): string => `expression \`{${placeholder}} != "${nobody}"\``
  const isMapped = (whose: string): string => `file /domains/${whose}/${anyDocument(site)}`
  return [
    ...site.listings.flatMap((listing) => listingHandler(listing, hosting)),
    `@elsewhere expression \`{document} == "${nobody}"\``,
    ...block(
      'handle @elsewhere',
      'header -Cache-Control',
      'header Content-Type "text/plain; charset=utf-8"',
      `respond \`${unknownPath.trim()}\` 404`,
    ),
    ...settings('named', isMapped('{asked}'), 'domains/{asked}', '{asked}', site, hosting),
    ...settings('named_below', named('asked_below'), '{asked_below}', '{asked}', site, hosting),
    ...(hasIspdb ? mirrored('asked', site, hosting) : []),
    ...settings('ours', named('own'), '{own}', '{whose}', site, hosting),
    ...settings('by_host', isMapped('{by_host}'), 'domains/{by_host}', '{by_host}', site, hosting),
    ...settings('by_host_below', named('host_below'), '{host_below}', '{by_host}', site, hosting),
    ...(hasIspdb ? mirrored('by_host', site, hosting) : []),
    ...(all === undefined ? [] : settings('all', 'path *', all, '{whose}', site, hosting)),
    ...block('handle', notHere),
  ]
}

/** A file that every folder of settings has. */
const anyDocument = ({ formats }: Site): string => formats.find(({ isIspdb }) => isIspdb)?.file as string

function settings(
  name: string,
  condition: string,
  folder: string,
  domain: string,
  site: Site,
  { precompressed }: Hosting,
): string[] {
  const { hasForms } = site
  const file = quoted(`/${folder}/{document}`)
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
        hasForms ? block('templates', 'mime text/xml application/json') : [],
        fileServer(precompressed && !hasForms),
      ),
      block('handle', notHere),
    ),
  ]
}

function mirrored(whose: string, { formats }: Site, { precompressed }: Hosting): string[] {
  const documents = formats.filter(({ isMirrored }) => isMirrored).map(({ file }) => `"${file}"`)
  return [
    ...block(
      `@mirrored_${whose}`,
      `file /ispdb/{mirror}/{${whose}}.xml`,
      `expression \`{document} in [${documents.join(', ')}]\``,
    ),
    ...block(
      `handle @mirrored_${whose}`,
      'header Content-Type {media_type}',
      `rewrite * /ispdb/{mirror}/{${whose}}.xml`,
      fileServer(precompressed),
    ),
  ]
}

function listingHandler({ path, file, mediaType }: Site['listings'][number], hosting: Hosting): string[] {
  return block(
    `handle ${path}`,
    `header Content-Type ${quoted(mediaType)}`,
    `header Access-Control-Allow-Methods ${quoted(allowedMethods(false))}`,
    'header Access-Control-Max-Age 86400',
    `rewrite * /${file}`,
    fileServer(hosting.precompressed),
  )
}

const notHere = [
  'header Content-Type "text/plain; charset=utf-8"',
  'header Cache-Control "public, max-age={not_found_age}"',
  `respond \`${unknownDomain.trim()}\` 404`,
]

const map = (source: string, names: string, fallback: string, ...lines: string[]): string[] =>
  block(`map ${source} ${names}`, lines, `default ${fallback}`)

const fileServer = (precompressed: boolean): string[] =>
  precompressed ? block('file_server', 'precompressed gzip') : ['file_server']
