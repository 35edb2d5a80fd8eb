import { type IncomingHttpHeaders, request } from 'node:http'
import { gunzipSync } from 'node:zlib'

/**
 * Asks two servers the same, and says where their answers differ: `ask-both.ts OURS THEIRS`, each as host:port. The
 * requests stand below; what is compared is what a client sees.
 */
const [ours = '', theirs = ''] = process.argv.slice(2)

interface Answer {
  readonly status: number | undefined
  readonly body: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

const whole = (body: Buffer, encoding: string | undefined): Buffer =>
  encoding === 'gzip' ? gunzipSync(body) : body

/** A page as a file knows no device and links to nothing personal: its language, its domain, and its servers are compared. */
function bodyOf(path: string, status: number | undefined, body: Buffer): string {
  const text = body.toString('latin1')
  if (path === '/' || path.startsWith('/?')) return pageIn(text)
  // Why there is nothing the server says more exactly.
  return status === 404 && body.length > 0 ? 'a line of text' : text
}

function pageIn(html: string): string {
  const [, language] = /<html lang="(\w+)"/.exec(html) ?? []
  const [, title] = /<title>(.*?)<\/title>/.exec(html) ?? []
  const values = [...html.matchAll(/<code[^>]* data-copy>(.*?)<\/code>/g)].map(([, value = '']) =>
    value.replaceAll('<wbr>', ''),
  )
  // A username needs an address.
  const servers = values.filter((value) => /^\d+$|^[^@]+\./.test(value))
  const [, home] = /<form[^>]* action="(.*?)"/.exec(html) ?? []
  const files = html.match(/"\.\/page\/[^"]+"/g)
  return JSON.stringify({ language, title, servers: [...new Set(servers)], home, files })
}

const compared = [
  'content-type',
  'cache-control',
  'content-security-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-robots-tag',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-max-age',
]

/** What a cache must know: of pages that it may store, there is one for each language. */
const varyOf = (path: string, { vary = '', 'cache-control': caching = '' }: IncomingHttpHeaders): string =>
  path.startsWith('/page/') || !caching.startsWith('public') ? '' : String(/accept-language/i.test(vary))

function ask(server: string, [host, path, language]: Request, encoding: string): Promise<Answer> {
  const [hostname, port] = server.split(':')
  const headers = { host, 'accept-encoding': encoding, ...(language && { 'accept-language': language }) }
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const headers = {
          ...Object.fromEntries(compared.map((key) => [key, String(response.headers[key])])),
          vary: varyOf(path, response.headers),
        }
        resolve({
          status: response.statusCode,
          body: bodyOf(
            path,
            response.statusCode,
            whole(Buffer.concat(chunks), response.headers['content-encoding']),
          ),
          headers,
        })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

const autoconfig = '/mail/config-v1.1.xml'
const wellKnown = '/.well-known/autoconfig/mail/config-v1.1.xml'
const mailV1 = '/.well-known/mail-v1.xml'
const pacc = '/.well-known/user-agent-configuration.json'
const urls = [autoconfig, wellKnown, '/v1.1/mail/config-v1.1.xml', mailV1, pacc]
/** Plain, with words of its own, below a wildcard, an exception to it, in letters of its own, mirrored, ours and mirrored, nobody's. */
const domains = [
  'example.org',
  'own.example',
  'x.below.example',
  'x.y.below.example',
  'exact.below.example',
  'below.example',
  'xn--bcher-kva.example',
  'mirrored.example',
  'also.example',
  'nobody.example',
  'all2all.org',
  'mx1.all2all.org',
]
const hosts = [
  'autoconfig.all2all.org',
  'mx1.all2all.org',
  'autoconfig.mx2.all2all.org:80',
  'autoconfig.example.org',
  'autoconfig.mirrored.example',
  'nobody.example',
  '127.0.0.1',
  'localhost',
  'www.own.example',
  'autoconfig.own_example.example',
  "a'b.below.example",
]

type Request = readonly [host: string, path: string, language?: string]

const requests: Request[] = [
  ...urls.flatMap((url) =>
    domains.flatMap((domain): [string, string][] => [
      [`autoconfig.${domain}`, url],
      [domain, url],
      ['autoconfig.all2all.org', `${url}?emailaddress=jane.doe%40${domain}`],
      ['autoconfig.nobody.example', `${url}?emailaddress=jane+doe@${domain}`],
    ]),
  ),
  ...domains.flatMap((domain): [string, string][] =>
    hosts.map((host) => [host, `${autoconfig}?emailaddress=jane@${domain}`]),
  ),
  ...domains.flatMap((domain): [string, string][] =>
    ['/v1.1/', '/autoconfig/v1.1/'].map((base) => ['elsewhere.example', base + domain]),
  ),
  ...['', 'jane', '@', 'jane@', '..', 'a@..', 'a@../hosts', 'a@127.0.0.1', '%EMAILADDRESS%'].map(
    (text): [string, string] => ['autoconfig.example.org', `${autoconfig}?emailaddress=${text}`],
  ),
  ...domains.flatMap((domain): Request[] => [
    [`autoconfig.${domain}`, '/'],
    [domain, '/', 'fr-BE,fr;q=0.9,en;q=0.8'],
    ['autoconfig.all2all.org', `/?emailaddress=jane%40${domain}&lang=nl`],
    ['autoconfig.nobody.example', `/?lang=de&emailaddress=jane+doe@${domain}`, 'fr'],
    ['autoconfig.example.org', `/?emailaddress=${domain}&client=`, 'es'],
  ]),
  ...hosts.flatMap((host): Request[] => [
    [host, '/', 'de'],
    [host, autoconfig],
  ]),
  ...[
    '',
    'jane',
    '@',
    'jane@',
    '..',
    'a@..',
    'a@../hosts',
    '@example.org',
    'a@127.0.0.1',
    '%EMAILADDRESS%',
  ].flatMap((text): Request[] =>
    ['autoconfig.all2all.org', 'autoconfig.example.org'].map((host) => [host, `/?emailaddress=${text}`]),
  ),
  ...[
    '',
    'en',
    'es,nl;q=0.5',
    'es, de-AT;q=0.9, fr;q=0.8',
    'nlx,frr',
    'fr',
    '*',
    'nl-BE, nl',
    ', ,de',
  ].flatMap((language): Request[] =>
    ['/', '/?lang=de', '/?language=nl', '/?lang=xx', '/?lang=fr-CH', '/?lang=', '/?lang=../x'].map((path) => [
      'example.org',
      path,
      language,
    ]),
  ),
  ...['style.css', 'script.js', 'icon.svg', 'logo', 'start.en.html', 'unknown.fr.html', ''].map(
    (file): Request => ['example.org', `/page/${file}?v=1`],
  ),
  ...[
    '/page.en.html',
    '/domains/example.org/page.en.html',
    '/mail/',
    '/domains/example.org/config-v1.1.xml',
    '/hosts/mx1/config-v1.1.xml',
    '/nginx.conf',
    '/not-here.txt',
    '/ispdb/files/mirrored.example.xml',
  ].map((path): [string, string] => ['autoconfig.example.org', path]),
  ...['/v1.1/', '/autoconfig/v1.1/', '/generated_files.json', '/autoconfig/generated_files.json'].map(
    (path): [string, string] => ['x.example', path],
  ),
]

const differing: string[] = []
for (const encoding of ['identity', 'gzip']) {
  for (const asked of requests) {
    const [host, path, language = ''] = asked
    const [one, other] = await Promise.all([ours, theirs].map((server) => ask(server, asked, encoding)))
    if (JSON.stringify(one) === JSON.stringify(other)) continue
    differing.push(path)
    console.log(`# ${encoding} ${host} ${path} ${language}`)
    for (const answer of [one, other]) console.log(`#   ${JSON.stringify(answer).slice(0, 700)}`)
  }
}
const count = 2 * requests.length
console.log(`${differing.length} of ${count} requests are answered otherwise`)
process.exitCode = differing.length === 0 ? 0 : 1
