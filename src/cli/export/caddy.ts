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
  const { all, hasIspdb, domainsAreForms } = site
  const named = (name: string, folder: string, domain: string): string[] => {
    const condition = `expression \`${folder} != "${nobody}"\``
    return settings({ name, condition, folder, domain, areForms: true }, hosting)
  }
  const mapped = (name: string, domain: string): string[] => {
    const folder = `domains/${domain}`
    const condition = `file /${folder}/${anyDocument(site)}`
    return settings({ name, condition, folder, domain, areForms: domainsAreForms }, hosting)
  }
  return [
    ...site.listings.flatMap((listing) => listingHandler(listing, hosting)),
    `@elsewhere expression \`{document} == "${nobody}"\``,
    ...block(
      'handle @elsewhere',
      'header -Cache-Control',
      'header Content-Type "text/plain; charset=utf-8"',
      `respond \`${unknownPath.trim()}\` 404`,
    ),
    ...mapped('asked', '{asked}'),
    ...named('asked_below', '{asked_below}', '{asked}'),
    ...(hasIspdb ? mirrored('asked', site, hosting) : []),
    ...named('ours', '{own}', '{whose}'),
    ...mapped('by_host', '{by_host}'),
    ...named('by_host_below', '{host_below}', '{by_host}'),
    ...(hasIspdb ? mirrored('by_host', site, hosting) : []),
    ...(all === undefined
      ? []
      : settings(
          { name: 'all', condition: 'path *', folder: all, domain: '{whose}', areForms: true },
          hosting,
        )),
    ...block('handle', notHere),
  ]
}

/** A file that every folder of settings has. */
const anyDocument = ({ formats }: Site): string => formats.find(({ isIspdb }) => isIspdb)?.file as string

interface Way {
  readonly name: string
  /** When it is taken. */
  readonly condition: string
  readonly folder: string
  /** Whose settings they are. */
  readonly domain: string
  readonly areForms: boolean
}

function settings({ name, condition, folder, domain, areForms }: Way, { precompressed }: Hosting): string[] {
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
        areForms ? block('templates', 'mime text/xml application/json') : [],
        fileServer(precompressed && !areForms),
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
