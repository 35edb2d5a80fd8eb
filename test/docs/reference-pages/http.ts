import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { formats } from '../../../src/documents/formats.ts'
import type { Endpoint, Format } from '../../../src/formats/format.ts'
import { adminServer } from '../../../src/http/admin-server.ts'
import { listings } from '../../../src/http/listings.ts'
import { pageFileRoutes } from '../../../src/http/page-files.ts'
import { paths } from '../../../src/model/paths.ts'
import { run } from '../../support/command.ts'
import { example, openApp } from '../../support/example.ts'
import { code, origin, plain, table } from './markdown.ts'

export const httpPage = 'docs/http.md'

const introduction = `# HTTP

A test makes these tables: it sends requests to the server, and writes down what the answers have. [clients.md](clients.md) says which mail
client asks for which path.`

const forClients = `## For mail clients

By default on port 8080, at any host name. *Format* is the name that [\`render\`](command-line.md#render) knows.`

const meanings = `- **Methods.** \`HEAD\` is answered wherever \`GET\` is, and \`OPTIONS\` lets web pages of other sites ask. Other methods get 405.
- **Domain from.** *address, host name*: the domain of \`?emailaddress=\`, or of \`?email=\`, which means the same and may also be a domain alone. If there is
  none, or if it is not served, the host name of the request counts, without \`autoconfig.\`, \`autodiscover.\`, \`ua-auto-config.\` or \`www.\`. The
  name of a mail host stands for every domain on it. A \`POST\` has the address in its body, and
  gets errors as Outlook expects them: [outlook.md](outlook.md). At \`/\`, an address that is not served gets 404 at every host name.
- **Caching.** This is \`Cache-Control\`. 3600 is \`http.maxAge\`, and less shortly before a scheduled move of the domain; 300 is
  \`http.notFoundMaxAge\`. While a source is down, answers that are not certain have \`no-store\`.
- **Personal.** No cache stores an answer about one person: it has \`no-store\`. *for an address*: only if the request names one. *login names*: only if
  it names one of a domain with login names of its own and \`accounts: { disclose: public }\`.

### Personal links

\`<token>\` is the token of a [personal link](accounts.md#personal-links), which decides the domain, the address and the login name. All of these answers are
personal and have \`no-store\`. An invalid link, and one that has expired, gets 404.`

const others = `## Other paths of the same listener

The lists of the ISPDB exist if the configuration has \`ispdb:\`. No domain decides what these paths answer.`

const forAdmins = `## For the admin

By default on port 8081 of the loopback. The host name must be an address, \`localhost\`, the name of the machine or one of \`http.adminNames\`;
any other gets 421. \`--ask-port\` opens a listener that answers only \`/ask\`, at any host name.`

/** The purpose of the paths that belong to no format. */
const purposes: Readonly<Record<string, string>> = {
  '/v1.1/': 'the domains in the files of `ispdb:`, as a page',
  '/generated_files.json': 'the same list as JSON',
  '/autoconfig/v1.1/': 'the domains in the files of `ispdb:`, as a page',
  '/autoconfig/generated_files.json': 'the same list as JSON',
  '/page/style.css': 'the look of the page for people',
  '/page/script.js': 'the script of that page',
  '/page/icon.svg': 'its icon',
  '/page/logo': 'its logo, if `page.logo` is set',
  '/.well-known/acme-challenge/:token':
    'the answers to HTTP-01 challenges, if `acme:` is set: certificates.md',
  '/readyz': '200 if a balancer may send clients here, otherwise 503',
}

const adminPurposes: Readonly<Record<string, string>> = {
  '/healthz': '200 while the process runs',
  '/readyz':
    '200 if a balancer may send clients here, otherwise 503; the configuration in use, and why the last reload failed or waits: reliability.md',
  '/ask?domain=NAME':
    "200 if a certificate may be issued for the name, otherwise 404; for Caddy's `on_demand_tls`",
  '/metrics': 'metrics for Prometheus: metrics.md',
  '/explain?address=ADDRESS':
    'which host serves an address or a domain, and why; only for the machine itself',
}

const host = 'autoconfig.example.org'
const address = 'jane@example.org'
const challengeToken = 'a'.repeat(43)

/** With it, every path has an answer. */
const config = {
  ...example,
  links: { url: `https://${host}/`, keys: [{ kid: '1', secretFile: 'link.key' }] },
  acme: { thumbprint: 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ' },
  ispdb: [{ folder: 'db' }],
  page: { logo: 'logo.svg' },
}
const accounts = { map: { [address]: 'user0001' }, disclose: 'public' }
const files = {
  'link.key': 'a secret of more than 32 characters',
  'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
  db: {
    'isp.example.xml': `<clientConfig version="1.1"><emailProvider id="isp.example"><domain>isp.example</domain><displayName>A</displayName>
<incomingServer type="imap"><hostname>a.isp.example</hostname><port>993</port><socketType>SSL</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>a.isp.example</hostname><port>465</port><socketType>SSL</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></outgoingServer></emailProvider></clientConfig>`,
  },
} as unknown as Record<string, string>

export async function httpParts(t: Test): Promise<readonly string[]> {
  const opened = await openApp(t, config, files)
  const withLogins = await openApp(t, { ...config, accounts }, files)
  const made = await run(['link', address, '--config', withLogins.file])
  const token = made.stdout.trim().split('/').at(-1) as string

  const clientRows: string[][] = []
  const linkRows: string[][] = []
  for (const format of formats)
    for (const endpoint of format.endpoints) {
      const observed = await observe(format, endpoint, token, opened.app, withLogins.app)
      const { request, name, mediaType, caching, personal, unknown } = observed
      if (endpoint.request === 'link') {
        t.strictSame([caching, personal, unknown], ['`no-store`', 'yes', '404, `no-store`'], request)
        linkRows.push([request, name, mediaType])
      } else {
        const from = domainFrom(format, endpoint)
        clientRows.push([request, name, mediaType, from, caching, personal, unknown])
      }
    }

  const otherRows: string[][] = []
  const otherPaths = [...listings, ...pageFileRoutes].map(({ path }) => path)
  for (const path of [...otherPaths, `${paths.acmeChallenge}/:token`, paths.ready]) {
    const { headers } = await answerOf(opened.app, path.replace(':token', challengeToken))
    otherRows.push([
      requestCell(path),
      code(String(headers['content-type'])),
      code(String(headers['cache-control'])),
      linked(purposeIn(purposes, path)),
    ])
  }

  const admin = adminServer({ ...opened, explain: async () => ({}) })
  t.teardown(() => admin.close())
  const adminRows: string[][] = []
  for (const path of await pathsOf(admin)) {
    const asked = path.replace('NAME', host).replace('ADDRESS', address)
    const { headers } = await answerOf(admin, asked, 'localhost')
    adminRows.push([
      requestCell(path),
      code(String(headers['content-type'])),
      linked(purposeIn(adminPurposes, path)),
    ])
  }

  return [
    origin('the answers of the server'),
    introduction,
    forClients,
    table(
      ['request', 'format', 'media type', 'domain from', 'caching', 'personal', 'unknown domain'],
      clientRows,
    ),
    meanings,
    table(['request', 'format', 'media type'], linkRows.sort()),
    others,
    table(['request', 'media type', 'caching', 'answer'], otherRows),
    forAdmins,
    table(['request', 'media type', 'answer'], adminRows),
  ]
}

/** What requests to an endpoint show, as the cells of a table. */
interface Observed {
  readonly request: string
  readonly name: string
  readonly mediaType: string
  readonly caching: string
  readonly personal: string
  /** The status and the caching of an answer to a request for an unknown domain, or by an invalid link. */
  readonly unknown: string
}

async function observe(
  format: Format,
  endpoint: Endpoint,
  token: string,
  app: FastifyInstance,
  withLogins: FastifyInstance,
): Promise<Observed> {
  const { path, accept, request } = endpoint
  const protocol = request === 'autodiscover-json' ? '&Protocol=AutodiscoverV1' : ''
  const ask = (of: FastifyInstance, asked: string, [linkToken, domain] = [token, 'example.org']) => {
    const filled = path.replace(':token', linkToken).replace(':domain', domain)
    return of.inject({
      url: `${filled.replace(':address', `jane@${domain}`)}?emailaddress=${asked}${protocol}`,
      headers: { host: `autoconfig.${domain}`, ...(accept && { accept }) },
    })
  }
  // Some documents exist only for an address.
  const answers = [await ask(app, 'example.org'), await ask(app, address)].filter(
    ({ statusCode }) => statusCode === 200,
  )
  const [first] = answers
  if (!first) throw new Error(`${path} has no document`)
  const caching = [...new Set(answers.map(({ headers }) => String(headers['cache-control'])))]
  const ofLogin = (await ask(withLogins, address)).headers['cache-control']
  const unknown = await ask(app, 'jane@unknown.example', ['x', 'unknown.example'])
  const { headers } = await app.inject({ method: 'OPTIONS', url: path })
  const methods = String(headers['allow']).includes('POST') ? '`POST` and ' : ''
  return {
    request: `${methods}${requestCell(path)}`,
    name: `${code(format.name)}${accept ? `, with \`Accept: ${accept}\`` : ''}`,
    mediaType: code(String(first.headers['content-type'])),
    caching: caching.map(code).join('; '),
    personal: personal(caching, ofLogin === noStore),
    unknown: `${unknown.statusCode}, ${code(String(unknown.headers['cache-control']))}`,
  }
}

const noStore = 'no-store'

function personal(caching: readonly string[], isForLogin: boolean): string {
  if (caching.includes(noStore)) return caching.length === 1 ? 'yes' : 'for an address'
  return isForLogin ? 'login names' : 'no'
}

/** What `src/http/routes.ts` reads from a request. */
function domainFrom({ verbatim }: Format, { path }: Endpoint): string {
  if (path.includes(':domain')) return 'path'
  if (path.includes(':address')) return 'path, host name'
  return verbatim ? 'host name' : 'address, host name'
}

const requestCell = (path: string): string => code(`GET ${path}`.replace(/:(\w+)/, '<$1>'))

/** The paths of the admin listener, as it lists them for an unknown path. */
async function pathsOf(admin: FastifyInstance): Promise<string[]> {
  const { body } = await admin.inject({ url: '/unknown', headers: { host: 'localhost' } })
  return body.match(/\/[a-z]+(\?\w+=[A-Z]+)?/g) ?? []
}

async function answerOf(app: FastifyInstance, url: string, name = host) {
  const answer = await app.inject({ url, headers: { host: name } })
  if (answer.statusCode !== 200) throw new Error(`${url} has status ${answer.statusCode}`)
  return answer
}

function purposeIn(known: Readonly<Record<string, string>>, path: string): string {
  const purpose = known[path]
  if (purpose === undefined)
    throw new Error(`test/docs/reference-pages/http.ts does not say what ${path} is for`)
  return purpose
}

const linked = (purpose: string): string => plain(purpose).replace(/[\w-]+\.md$/, '[$&]($&)')
