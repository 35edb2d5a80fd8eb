import { unknownDomain } from '../../http/answer.ts'
import { allowedMethods } from '../../http/headers.ts'
import { unknownPath } from '../../http/public-app.ts'
import { blockWith, domainPattern, type Hosting, ispdbPath, nobody, quoted, regexOf } from './hosting.ts'
import { domainMark, type ExportedFormat, type Site } from './site.ts'

/**
 * The configuration of nginx for the files. It knows whom a request asks about as the server does: by the address, else by
 * the host. What it needs to know of a domain is a name in a folder, so that nothing is to be reloaded when one changes.
 */
export function nginxConfiguration(site: Site, hosting: Hosting): string {
  const lines = [
    `# nginx for the files in ${hosting.folder}, of mail-autoconfig export: to be included where server sections stand`,
    '# (conf.d), once.',
    '',
    ...hashSize(site),
    ...whom(site),
    ...ispdb(site, hosting),
    '',
    ...server(site, hosting),
  ]
  return `${lines.join('\n')}\n`
}

const block = blockWith('    ')

/** nginx looks names up label by label, and by itself has no room for one that is as long as may be. */
function hashSize({ below }: Site): string[] {
  const isLong = (domain: string): boolean => domain.split('.').some((label) => label.length > 40)
  return [...below.keys()].some(isLong)
    ? ['# Take this away where the http section says so already.', 'map_hash_bucket_size 128;']
    : []
}

/** Variables that say whom a request asks about. */
function whom(site: Site): string[] {
  const { verbatimPaths, below, all } = site
  const belowLines = [...below].map(([domain, folder]) => `*.${domain} ${quoted(folder)};`)
  return [
    `# Whom a request asks about, or ${nobody}: the domain in the path of an ISPDB, that of the address, that of the host.`,
    ...map('$uri', 'in_path', nobody, `"~${ispdbPath(`(?<autoconfig_1>${domainPattern})`)}" $autoconfig_1;`),
    ...map(
      '$arg_emailaddress',
      'in_query',
      nobody,
      `"~^(?:.*(?:@|%40))?(?<autoconfig_2>${domainPattern})$" $autoconfig_2;`,
    ),
    ...map('$autoconfig_in_path', 'named', '$autoconfig_in_path', `${nobody} $autoconfig_in_query;`),
    '# What has a digest is the same whoever asks.',
    ...map('$uri', 'asked', '$autoconfig_named', ...verbatimPaths.map((path) => `${path} ${nobody};`)),
    ...map(
      '$host',
      'in_host',
      '$host',
      '"~^(?:autoconfig|autodiscover|ua-auto-config|www)\\.(?<autoconfig_3>.+\\..+)$" $autoconfig_3;',
    ),
    ...map('$autoconfig_in_path', 'host', '$autoconfig_in_path', `${nobody} $autoconfig_in_host;`),
    ...map(
      '$autoconfig_asked',
      'by_host',
      all === undefined ? '$autoconfig_host' : nobody,
      `${nobody} $autoconfig_host;`,
    ),
    ...map('$autoconfig_asked', 'whose', '$autoconfig_asked', `${nobody} $autoconfig_host;`),
    '# The names of the mail hosts speak for every domain.',
    ...map('"$autoconfig_asked $autoconfig_by_host"', 'own', nobody, ...ownLines(site)),
    '# All below a domain.',
    ...map('$autoconfig_asked', 'asked_below', nobody, 'hostnames;', ...belowLines),
    ...map('$autoconfig_by_host', 'host_below', nobody, 'hostnames;', ...belowLines),
  ]
}

function ownLines({ own, providerId, isProviderServed }: Site): string[] {
  return [...own].flatMap(([name, folder]) => [
    ...(name === providerId && isProviderServed ? [`"~^${nobody} ${regexOf(name)}$" ${nobody};`] : []),
    `"~ ${regexOf(name)}$" ${quoted(folder ?? 'nowhere')};`,
  ])
}

/** What the public ISPDB says with its answers, an empty header is not sent; and where its documents are. */
function ispdb({ hasIspdb, formats }: Site, { notFoundMaxAge, ispdbNotFoundMaxAge }: Hosting): string[] {
  const notMirrored = formats.flatMap(({ isMirrored, paths }) => (isMirrored ? [] : paths))
  const byPath = (name: string, there: string, elsewhere: string): string[] =>
    map('$autoconfig_in_path', name, there, `${nobody} ${elsewhere};`)
  return [
    '# What an ISPDB says with its answers, and where its documents are.',
    ...byPath('methods', quoted(allowedMethods(false)), '""'),
    ...byPath('preflight_age', '86400', '""'),
    ...byPath(
      'not_found_age',
      String(hasIspdb ? ispdbNotFoundMaxAge : notFoundMaxAge),
      String(notFoundMaxAge),
    ),
    ...byPath('folder_in_mirror', 'ispdb', 'all'),
    ...map(
      '$uri',
      'mirror',
      '$autoconfig_folder_in_mirror',
      ...notMirrored.map((path) => `${path} nowhere;`),
    ),
  ]
}

function server(site: Site, hosting: Hosting): string[] {
  const { port, folder, compress, maxAge } = hosting
  const text = [
    ...contentType('text/plain; charset=utf-8'),
    'add_header Access-Control-Allow-Origin "*" always;',
  ]
  return block(
    'server',
    `listen ${port} default_server;`,
    `listen [::]:${port} default_server;`,
    '# With a certificate for each name, as for a proxy: listen 443 ssl; ssl_certificate …',
    'server_name _;',
    `root ${quoted(folder)};`,
    '# Nothing of the asker: addresses stand in the query.',
    'access_log off;',
    'log_not_found off;',
    compress ? ['gzip on;', 'gzip_types text/xml;', 'gzip_vary on;'] : [],
    '',
    '# Who serves; the last that holds stands.',
    `set $autoconfig_folder ${quoted(site.all ?? nobody)};`,
    'set $autoconfig_domain $autoconfig_whose;',
    choices(site),
    '',
    site.formats.flatMap((format) => locations(format, site, hosting)),
    site.listings.flatMap(({ path, file, mediaType }) =>
      block(
        `location = ${path}`,
        contentType(mediaType),
        `try_files /${file} =404;`,
        hosting.precompressed ? 'gzip_static on;' : [],
        `add_header Cache-Control "public, max-age=${maxAge}";`,
        'add_header Access-Control-Allow-Origin "*" always;',
        `add_header Access-Control-Allow-Methods ${quoted(allowedMethods(false))} always;`,
        'add_header Access-Control-Max-Age 86400 always;',
      ),
    ),
    block(
      'location @not_here',
      text,
      'add_header Access-Control-Allow-Methods $autoconfig_methods always;',
      'add_header Access-Control-Max-Age $autoconfig_preflight_age always;',
      'add_header Cache-Control "public, max-age=$autoconfig_not_found_age" always;',
      `return 404 ${onOneLine(unknownDomain)};`,
    ),
    block('location /', text, `return 404 ${onOneLine(unknownPath)};`),
  )
}

function choices({ hasIspdb }: Site): string[] {
  const choose = (condition: string, folder: string, ...domain: string[]): string[] =>
    block(
      `if (${condition})`,
      `set $autoconfig_folder ${folder};`,
      domain.map((name) => `set $autoconfig_domain ${name};`),
    )
  const mapped = (whose: string): string[] => {
    const folder = `domains/${whose}`
    return choose(`-d $document_root/${folder}`, folder, whose)
  }
  const below = (folder: string, whose: string): string[] => choose(`${folder} != ${nobody}`, folder, whose)
  return [
    ...(hasIspdb ? choose(`-f $document_root${mirrored('by_host')}`, nobody) : []),
    ...below('$autoconfig_host_below', '$autoconfig_by_host'),
    ...mapped('$autoconfig_by_host'),
    ...below('$autoconfig_own', '$autoconfig_whose'),
    ...(hasIspdb ? choose(`-f $document_root${mirrored('asked')}`, nobody) : []),
    ...below('$autoconfig_asked_below', '$autoconfig_asked'),
    ...mapped('$autoconfig_asked'),
  ]
}

const mirrored = (whose: string): string => `/ispdb/$autoconfig_mirror/$autoconfig_${whose}.xml`

function locations(format: ExportedFormat, site: Site, hosting: Hosting): string[] {
  const { file, mediaType, verbatim, paths, isIspdb, isMirrored } = format
  const places = [
    ...paths.map((path) => `= ${path}`),
    ...(isIspdb ? [`~ "${ispdbPath(domainPattern)}"`] : []),
  ]
  const tries = [
    `/$autoconfig_folder/${file}`,
    ...(site.hasIspdb && isMirrored ? [mirrored('asked'), mirrored('by_host')] : []),
  ]
  const compression = verbatim ? ['gzip off;'] : hosting.precompressed ? ['gzip_static on;'] : []
  return places.flatMap((place) =>
    block(
      `location ${place}`,
      contentType(mediaType),
      `try_files ${tries.join(' ')} =404;`,
      'error_page 404 @not_here;',
      `sub_filter '${domainMark}' $autoconfig_domain;`,
      'sub_filter_types *;',
      'sub_filter_once off;',
      compression,
      `add_header Cache-Control "public, max-age=${hosting.maxAge}${verbatim ? ', no-transform' : ''}";`,
      'add_header Access-Control-Allow-Origin "*" always;',
      'add_header Access-Control-Allow-Methods $autoconfig_methods always;',
      'add_header Access-Control-Max-Age $autoconfig_preflight_age always;',
    ),
  )
}

const map = (source: string, name: string, fallback: string, ...lines: string[]): string[] =>
  block(`map ${source} $autoconfig_${name}`, `default ${fallback};`, lines)

const contentType = (mediaType: string): string[] => ['types { }', `default_type ${quoted(mediaType)};`]

const onOneLine = (text: string): string => quoted(text).replaceAll('\n', '\\n')
