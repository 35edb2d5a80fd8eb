import { request } from 'node:http'
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

/** Why there is nothing the server says more exactly. */
const bodyOf = (status: number | undefined, body: Buffer): string =>
  status === 404 && body.length > 0 ? 'a line of text' : body.toString('latin1')

const compared = [
  'content-type',
  'cache-control',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-max-age',
]

function ask(server: string, host: string, path: string, encoding: string): Promise<Answer> {
  const [hostname, port] = server.split(':')
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, headers: { host, 'accept-encoding': encoding }, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const headers = Object.fromEntries(compared.map((key) => [key, String(response.headers[key])]))
          resolve({
            status: response.statusCode,
            body: bodyOf(
              response.statusCode,
              whole(Buffer.concat(chunks), response.headers['content-encoding']),
            ),
            headers,
          })
        })
      },
    )
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
]

const requests: [host: string, path: string][] = [
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
  ...['', 'jane', '@', 'jane@', '..', 'a@..', 'a@../hosts', '%EMAILADDRESS%'].map(
    (text): [string, string] => ['autoconfig.example.org', `${autoconfig}?emailaddress=${text}`],
  ),
  ...[
    '/',
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
  for (const [host, path] of requests) {
    const [one, other] = await Promise.all([ours, theirs].map((server) => ask(server, host, path, encoding)))
    if (JSON.stringify(one) === JSON.stringify(other)) continue
    differing.push(path)
    console.log(`# ${encoding} ${host} ${path}`)
    for (const answer of [one, other]) console.log(`#   ${JSON.stringify(answer).slice(0, 400)}`)
  }
}
const count = 2 * requests.length
console.log(`${differing.length} of ${count} requests are answered otherwise`)
process.exitCode = differing.length === 0 ? 0 : 1
