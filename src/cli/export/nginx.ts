import { allowedMethods } from '../../http/headers.ts'
import { errorTexts } from '../../http/response.ts'
import { paths } from '../../model/paths.ts'
import { serviceNamePattern } from '../../model/service-names.ts'
import { domainPattern, type Hosting, ispdbPath, none, nowhere, quoted, regexOf } from './hosting.ts'
import { pageLocations, pageVariables } from './nginx-page.ts'
import { block, contentType, fillDomain, map } from './nginx-syntax.ts'
import type { ExportedFormat, Site } from './site.ts'

/**
 * The configuration of nginx for the files. It finds the domain as the server does: by the address, else by the host name.
 * Domains are looked up in the file system, so that nginx needs no reload when one changes.
 */
export function nginxConfiguration(site: Site, hosting: Hosting): string {
  const lines = [
    `# nginx configuration for the files in ${hosting.directory}, written by mail-autoconfig export.`,
    '# Include it once in the http section (conf.d).',
    '',
    ...hashSize(site),
    ...domainVariables(site),
    ...ispdbVariables(site, hosting),
    ...pageVariables(site.page, hosting),
    '',
    ...server(site, hosting),
  ]
  return `${lines.join('\n')}\n`
}

/** nginx hashes each label of a name; its default bucket size is too small for the longest labels. */
function hashSize({ wildcards }: Site): string[] {
  const isLong = (domain: string): boolean => domain.split('.').some((label) => label.length > 40)
  return [...wildcards.keys()].some(isLong)
    ? ['# Remove this line if the http section already sets it.', 'map_hash_bucket_size 128;']
    : []
}

/** Variables for the domain that a request asks about. */
function domainVariables(site: Site): string[] {
  const { verbatimPaths, wildcards, catchAll } = site
  const wildcardLines = [...wildcards].map(([domain, directory]) => `*.${domain} ${quoted(directory)};`)
  return [
    `# The domain that a request asks about, from the path (ISPDB), the email address or the host name; ${none} if there is none.`,
    ...map('$uri', 'in_path', none, `"~${ispdbPath(`(?<autoconfig_1>${domainPattern})`)}" $autoconfig_1;`),
    ...map(
      '$arg_emailaddress',
      'in_query',
      none,
      `"~^(?:.*(?:@|%40))?(?<autoconfig_2>${domainPattern})$" $autoconfig_2;`,
    ),
    ...map('$autoconfig_in_path', 'named', '$autoconfig_in_path', `${none} $autoconfig_in_query;`),
    '# Documents with a published digest depend on the host name only.',
    ...map('$uri', 'asked', '$autoconfig_named', ...verbatimPaths.map((path) => `${path} ${none};`)),
    ...map(
      '$host',
      'in_host',
      none,
      `"~^(?:${serviceNamePattern}\\.)?(?<autoconfig_3>${domainPattern})$" $autoconfig_3;`,
    ),
    ...map('$autoconfig_in_path', 'host', '$autoconfig_in_path', `${none} $autoconfig_in_host;`),
    '# The page for people never shows settings of another domain than the one that somebody asks for.',
    ...map('$uri', 'otherwise', catchAll === undefined ? '$autoconfig_host' : none, `${paths.page} ${none};`),
    ...map('$autoconfig_asked', 'by_host', '$autoconfig_otherwise', `${none} $autoconfig_host;`),
    ...map('$autoconfig_asked', 'whose', '$autoconfig_asked', `${none} $autoconfig_host;`),
    '# Requests to the name of a mail host: its settings, for any domain.',
    ...map('"$autoconfig_asked $autoconfig_by_host"', 'own', none, ...ownLines(site)),
    '# Subdomains that a wildcard covers.',
    ...map('$autoconfig_asked', 'asked_below', none, 'hostnames;', ...wildcardLines),
    ...map('$autoconfig_by_host', 'host_below', none, 'hostnames;', ...wildcardLines),
  ]
}

function ownLines({ ownNames, providerId, isProviderMapped }: Site): string[] {
  return [...ownNames].flatMap(([name, directory]) => [
    ...(name === providerId && isProviderMapped ? [`"~^${none} ${regexOf(name)}$" ${none};`] : []),
    `"~ ${regexOf(name)}$" ${quoted(directory ?? nowhere)};`,
  ])
}

/** Variables for the headers of ISPDB answers (nginx does not send an empty header), and for the path of ISPDB documents. */
function ispdbVariables(
  { hasIspdb, formats }: Site,
  { notFoundMaxAge, ispdbNotFoundMaxAge }: Hosting,
): string[] {
  const notMirrored = formats.flatMap(({ isMirrored, paths }) => (isMirrored ? [] : paths))
  const byPath = (name: string, ispdb: string, other: string): string[] =>
    map('$autoconfig_in_path', name, ispdb, `${none} ${other};`)
  return [
    '# The headers of ISPDB answers, and the directory of ISPDB documents.',
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
      ...[...notMirrored, paths.page].map((path) => `${path} ${nowhere};`),
    ),
  ]
}

function server(site: Site, hosting: Hosting): string[] {
  const { port, directory, compress, maxAge } = hosting
  const plainText = [
    ...contentType('text/plain; charset=utf-8'),
    'add_header Access-Control-Allow-Origin "*" always;',
  ]
  return block(
    'server',
    `listen ${port} default_server;`,
    `listen [::]:${port} default_server;`,
    '# For HTTPS, with a certificate for each name: listen 443 ssl; ssl_certificate …',
    'server_name _;',
    `root ${quoted(directory)};`,
    '# No logs, since the query contains email addresses.',
    'access_log off;',
    'log_not_found off;',
    compress ? ['gzip on;', 'gzip_types text/xml;', 'gzip_vary on;'] : [],
    '',
    '# The directory with the documents; the last condition that is true decides.',
    `set $autoconfig_folder ${none};`,
    'set $autoconfig_domain $autoconfig_whose;',
    directoryChoices(site),
    '',
    site.formats.flatMap((format) => locations(format, site, hosting)),
    pageLocations(site.page, hosting),
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
      plainText,
      'add_header Access-Control-Allow-Methods $autoconfig_methods always;',
      'add_header Access-Control-Max-Age $autoconfig_preflight_age always;',
      'add_header Cache-Control "public, max-age=$autoconfig_not_found_age" always;',
      `return 404 ${onOneLine(errorTexts.unknownDomain)};`,
    ),
    block('location /', plainText, `return 404 ${onOneLine(errorTexts.unknownPath)};`),
  )
}

function directoryChoices({ hasIspdb, catchAll }: Site): string[] {
  const choose = (condition: string, directory: string, ...domain: string[]): string[] =>
    block(
      `if (${condition})`,
      `set $autoconfig_folder ${directory};`,
      domain.map((name) => `set $autoconfig_domain ${name};`),
    )
  const mapped = (domain: string): string[] => {
    const directory = `domains/${domain}`
    return choose(`-d $document_root/${directory}`, directory, domain)
  }
  const named = (directory: string, domain: string): string[] =>
    choose(`${directory} != ${none}`, directory, domain)
  return [
    ...(catchAll === undefined ? [] : choose(`$autoconfig_whose != ${none}`, quoted(catchAll))),
    ...(hasIspdb ? choose(`-f $document_root${mirrored('by_host')}`, none) : []),
    ...named('$autoconfig_host_below', '$autoconfig_by_host'),
    ...mapped('$autoconfig_by_host'),
    ...named('$autoconfig_own', '$autoconfig_whose'),
    ...(hasIspdb ? choose(`-f $document_root${mirrored('asked')}`, none) : []),
    ...named('$autoconfig_asked_below', '$autoconfig_asked'),
    ...mapped('$autoconfig_asked'),
  ]
}

/** The path of an ISPDB document; `domain` is the variable of the domain. */
const mirrored = (domain: string): string => `/ispdb/$autoconfig_mirror/$autoconfig_${domain}.xml`

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
      fillDomain,
      compression,
      `add_header Cache-Control "public, max-age=${hosting.maxAge}${verbatim ? ', no-transform' : ''}";`,
      'add_header Access-Control-Allow-Origin "*" always;',
      'add_header Access-Control-Allow-Methods $autoconfig_methods always;',
      'add_header Access-Control-Max-Age $autoconfig_preflight_age always;',
    ),
  )
}

const onOneLine = (text: string): string => quoted(text).replaceAll('\n', '\\n')
