import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import mailAutoconfig, {
  accountSettings,
  ConfigError,
  type EmailAddress,
  formats,
  isResolution,
  LiveResolver,
  loadConfig,
  lookupOf,
  parseEmailAddress,
  Resolver,
} from '../../src/index.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { until } from '../support/until.ts'

const links = { url: 'https://setup.all2all.org', keys: [{ kid: 'a', secretFile: 'secret' }] }
const config = { ...example, links, ispdb: [{ folder: 'isp' }] }
const files = {
  secret: 'x'.repeat(40),
  isp: {
    'a.xml':
      '<clientConfig version="1.1"><emailProvider id="isp.example"><domain>isp.example</domain></emailProvider></clientConfig>',
  },
} as unknown as Record<string, string>

const jane = parseEmailAddress('jane@example.org') as EmailAddress

/** A request for each endpoint, with a status other than 404 where nothing interferes. */
async function requestsFor(
  live: LiveResolver,
): Promise<{ method: 'GET' | 'POST'; url: string; headers: Record<string, string> }[]> {
  const setup = (await live.current.links?.make({ address: jane }, 60)) as string
  const query = '?emailaddress=jane@example.org&Protocol=AutodiscoverV1'
  const urls = formats
    .flatMap(({ endpoints }) => endpoints)
    .map(({ path }) => path.replace('/setup/:token', new URL(setup).pathname))
    .map((path) => path.replace(':domain', 'example.org').replace(':address', 'jane@example.org') + query)
  const all = [...urls, '/v1.1/', '/generated_files.json', '/autoconfig/v1.1/'].map((url) => ({
    method: 'GET' as const,
    url,
    headers: { host: 'example.org' },
  }))
  return [...all, { method: 'POST', url: '/autodiscover/autodiscover.xml', headers: {} }]
}

async function open(t: Test, prepare: (app: FastifyInstance) => unknown = () => undefined, options = {}) {
  const file = configFolder(t, config, files)
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const app = fastify({ logger: { level: 'trace', stream }, ...options })
  await prepare(app)
  const live = await LiveResolver.openFile(file)
  t.teardown(async () => {
    await app.close()
    await live.close()
  })
  return { app, live, lines, file }
}

t.test('registers in a plain app and answers at every endpoint', async (t) => {
  const { app, live } = await open(t)
  await app.register(mailAutoconfig, { live, page: true })
  for (const request of await requestsFor(live)) {
    const { statusCode } = await app.inject(request)
    t.ok([200, 302].includes(statusCode), `${request.method} ${request.url.slice(0, 60)}: ${statusCode}`)
  }
  const { body, headers } = await app.inject('/mail/config-v1.1.xml?emailaddress=jane@example.org')
  t.match(body, '<domain>example.org</domain>')
  t.match(headers, { 'content-type': 'text/xml; charset=utf-8', 'access-control-allow-origin': '*' })
})

t.test('a path may end with a slash in an app that does not ignore it', async (t) => {
  const { app, live } = await open(t)
  await app.register(mailAutoconfig, { live, page: true })
  const setup = new URL((await live.current.links?.make({ address: jane }, 60)) as string).pathname
  for (const path of [setup, `${setup}/`, `${setup}/settings.json`, `${setup}/settings.json/`])
    t.equal((await app.inject(path)).statusCode, 200, path.replace(setup, '/setup/TOKEN'))
  t.equal((await app.inject(`${setup}//`)).statusCode, 404)
})

t.test('a hook that answers 429 to everything is obeyed at every endpoint', async (t) => {
  const { app, live, lines } = await open(t, (app) => {
    app.addHook('onRequest', async (_request, reply) => reply.code(429).send('Too many requests.\n'))
  })
  await app.register(mailAutoconfig, { live, page: true })
  for (const request of await requestsFor(live)) {
    const { statusCode, body } = await app.inject(request)
    t.equal(statusCode, 429, request.url.slice(0, 60))
    t.equal(body, 'Too many requests.\n')
  }
  const logged = lines.filter((line) => line.includes('"status":429'))
  t.equal(logged.length, (await requestsFor(live)).length, 'each has a line in the log')
})

t.test('a rate limit of the app applies to every endpoint, and its headers are sent', async (t) => {
  const { app, live } = await open(t, (app) => app.register(rateLimit, { max: 1, timeWindow: 60_000 }))
  await app.register(mailAutoconfig, { live, page: true })
  for (const [index, request] of (await requestsFor(live)).entries()) {
    const remoteAddress = `10.0.${index}.1`
    const [first, second] = [
      await app.inject({ ...request, remoteAddress }),
      await app.inject({ ...request, remoteAddress }),
    ]
    t.equal(first.headers['x-ratelimit-limit'], '1', request.url.slice(0, 60))
    t.not(first.statusCode, 429)
    t.equal(second.statusCode, 429)
  }
})

t.test('hooks of the app see the body and set headers', async (t) => {
  const { app, live } = await open(t, (app) => {
    app.addHook('onRequest', async (_request, reply) => void reply.header('X-Trace', 'abc'))
    app.addHook('onSend', async (_request, _reply, payload) => Buffer.from(payload as Buffer).reverse())
  })
  await app.register(mailAutoconfig, { live, page: true })
  const { headers, rawPayload } = await app.inject('/mail/config-v1.1.xml?emailaddress=jane@example.org')
  t.equal(headers['x-trace'], 'abc')
  t.match(Buffer.from(rawPayload).reverse().toString(), /^<\?xml /)
})

t.test('a prefix applies to every endpoint, and the rest of the app is as before', async (t) => {
  const { app, live } = await open(t, (app) => app.post('/json', async ({ body }) => body))
  await app.register(mailAutoconfig, { live, page: true, prefix: '/mail-setup' })
  for (const { method, url, headers } of await requestsFor(live)) {
    const { statusCode } = await app.inject({ method, url: `/mail-setup${url}`, headers })
    t.ok([200, 302].includes(statusCode), url.slice(0, 60))
    t.equal((await app.inject({ method, url })).statusCode, 404)
  }
  const own = await app.inject({ method: 'POST', url: '/json', payload: { a: 1 } })
  t.strictSame(own.json(), { a: 1 }, 'the content type parsers are those of the plugin only')
})

t.test('Outlook finds Autodiscover in an app whose router is case-sensitive, or not', async (t) => {
  for (const caseSensitive of [true, false]) {
    const { app, live } = await open(t, () => undefined, { routerOptions: { caseSensitive } })
    await app.register(mailAutoconfig, { live, page: true })
    for (const url of [
      '/autodiscover/autodiscover.xml',
      '/Autodiscover/Autodiscover.xml',
      '/AutoDiscover/AutoDiscover.xml',
    ]) {
      const found = await app.inject({ method: 'GET', url: `${url}?emailaddress=jane@example.org` })
      t.equal(found.statusCode, 200, url)
    }
  }
})

t.test('methods that no endpoint serves get 405, and OPTIONS the allowed ones', async (t) => {
  const { app, live } = await open(t)
  await app.register(mailAutoconfig, { live, page: true })
  const url = '/v1.1/example.org'
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
    const { statusCode, headers } = await app.inject({ method, url })
    t.match({ statusCode, headers }, { statusCode: 405, headers: { allow: 'GET, HEAD, OPTIONS' } })
  }
  t.match(await app.inject({ method: 'OPTIONS', url }), { statusCode: 204 })
  t.equal((await app.inject({ method: 'PUT', url: `${url}/x` })).statusCode, 404)
  t.equal((await app.inject({ method: 'GET', url: `${url}/x` })).statusCode, 404)
})

t.test('the log of the app has a line for each request, without anything of the person', async (t) => {
  const { app, live, lines } = await open(t)
  await app.register(mailAutoconfig, { live, page: true })
  await app.inject('/mail/config-v1.1.xml?emailaddress=jane@example.org')
  const line = JSON.parse(lines.find((each) => each.includes('"route"')) as string)
  t.match(line, {
    route: '/mail/config-v1.1.xml',
    format: 'autoconfig',
    host: 'maximusconfessor',
    status: 200,
  })
  t.notMatch(lines.join(''), /jane/)
})

t.test('with a file, the plugin logs warnings, reloads on a change, and closes with the app', async (t) => {
  const { app, file, lines } = await open(t)
  await app.register(mailAutoconfig, { config: file })
  const key = async () => (await app.inject('/mail/config-v1.1.xml?emailaddress=jane@example.com')).statusCode
  t.equal(await key(), 404)
  const domains = { ...example.domains, 'example.com': 'maximusconfessor' }
  writeFileSync(file, stringify({ ...config, domains }))
  t.ok(await until(async () => (await key()) === 200, 'the new domain'))
  t.match(lines.join(''), 'configuration reloaded')
  writeFileSync(file, stringify({ ...config, domains }).trimEnd())
  await until(() => lines.join('').includes('not used'), 'a configuration that is held back')
  t.match(lines.join(''), 'in the middle of a line; call reload() of the LiveResolver, or restart, to use it')
  await app.close()
})

t.test('an invalid configuration is an error of the registration', async (t) => {
  const file = configFolder(t, { ...example, hosts: {} })
  const app = fastify()
  await t.rejects(async () => void (await app.register(mailAutoconfig, { config: file })), {
    name: 'ConfigError',
  })
  t.type(ConfigError, 'function')
})

t.test('a certificate that cannot be used is logged, and profiles are sent unsigned', async (t) => {
  const sign = { certificate: 'secret', key: 'secret' }
  const file = configFolder(t, { ...config, apple: { sign } }, files)
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const app = fastify({ logger: { stream } })
  t.teardown(() => app.close())
  await app.register(mailAutoconfig, { config: file })
  const { statusCode } = await app.inject('/apple/mail.mobileconfig?emailaddress=jane@example.org')
  t.equal(statusCode, 200)
  t.match(lines.join(''), /"level":50.*apple\.sign\.certificate .*profiles are sent unsigned/)
})

t.test('a bug is logged, and answered with 500', async (t) => {
  const { app, live, lines } = await open(t)
  await app.register(mailAutoconfig, { live, page: true })
  live.current.resolve = () => {
    throw new Error('out of order')
  }
  const { statusCode, body } = await app.inject('/mail/config-v1.1.xml?emailaddress=jane@example.org')
  t.match({ statusCode, body }, { statusCode: 500, body: 'Internal error.\n' })
  t.match(lines.join(''), /"level":50.*out of order.*a bug: please report it/)
})

t.test(
  'the host of a URL in absolute form counts in another app as well, and one Host is required',
  async (t) => {
    const { app, live } = await open(t)
    await app.register(mailAutoconfig, { live })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const ask = (target: string, hosts: string) => {
      const socket = connect(port, '127.0.0.1')
      socket.write(`GET ${target} HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`)
      return text(socket)
    }
    const path = '/mail/config-v1.1.xml'
    const host = 'Host: autoconfig.example.org\r\n'
    t.match(await ask(path, host), '<domain>example.org</domain>')
    t.match(await ask(`http://autoconfig.example.net${path}`, host), '<domain>example.net</domain>')
    t.match(
      await ask(path, host.repeat(2)),
      /^HTTP\/1\.1 400 .*The request has two Host headers\. Send one\.\n$/s,
    )
  },
)

t.test('a hook that is registered on our own server is obeyed on the fast path as well', async (t) => {
  const { app } = await openApp(t)
  await app.register(async (scope) => {
    scope.addHook('onRequest', async () => undefined)
  })
  let seen = 0
  app.addHook('onRequest', async (_request, reply) => {
    seen++
    return reply.code(429).send('Too many requests.\n')
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/mail/config-v1.1.xml?emailaddress=jane@example.org`)
  t.equal(response.status, 429)
  t.equal(seen, 1)
})

t.test('the parts of the library: load a configuration, resolve an address, render a format', async (t) => {
  const result = await loadConfig(configFolder(t, config, files))
  if (!('config' in result)) throw new Error('invalid')
  const resolver = new Resolver(result.config)
  const found = await resolver.resolve(lookupOf({ address: jane }))
  if (!isResolution(found)) throw new Error('not served')
  t.strictSame(found.reason, { kind: 'mapped', pattern: 'example.org' })
  const settings = accountSettings(found.domain, found.clientConfig, { address: jane })
  t.strictSame({ ...settings }, settings, 'plain data')
  const format = formats.find(({ name }) => name === 'autoconfig')
  const document = format?.render(settings)
  t.match(document?.ok && document.value, '<domain>example.org</domain>')
})

t.test('the page for people is served only if the app has none at that path', async (t) => {
  const { app, live } = await open(t)
  app.get('/', () => 'the page of the app')
  await app.register(mailAutoconfig, { live })
  t.equal((await app.inject('/')).body, 'the page of the app')
  t.match(await app.inject('/mail/config-v1.1.xml?emailaddress=jane@example.org'), { statusCode: 200 })
  const without = await open(t)
  await without.app.register(mailAutoconfig, { live: without.live })
  t.match(
    await without.app.inject('/?emailaddress=example.org'),
    { statusCode: 404 },
    'unless it asks for it',
  )
})
