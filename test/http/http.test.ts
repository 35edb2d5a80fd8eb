import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import t from 'tap'
import { formats } from '../../src/documents/formats.ts'
import { ClientErrors } from '../../src/http/client-errors.ts'
import { acceptsGzip, noneMatchHolds } from '../../src/http/negotiation.ts'
import { clientServer } from '../../src/http/server.ts'
import { Pages } from '../../src/page/pages.ts'
import { ProfileSigner } from '../../src/signing/profile-signer.ts'
import { example, openApp, textOf } from '../support/example.ts'
import { until } from '../support/until.ts'

const url = '/mail/config-v1.1.xml?emailaddress=jane%40example.org'
/** Where the document is that most clients ask for. */
const paths = formats
  .filter(({ name }) => name === 'autoconfig' || name === 'mail-v1')
  .flatMap(({ endpoints }) => endpoints.filter(({ request }) => request !== 'link'))
  .map(({ path }) => path.replace(':domain', 'example.org'))

t.test('the answer is XML that may be kept for an hour, with an ETag', async (t) => {
  const { app } = await openApp(t)
  for (const path of paths) {
    const { statusCode, headers, body } = await app.inject({
      url: path,
      headers: { host: 'autoconfig.example.org' },
    })
    t.equal(statusCode, 200, path)
    t.match(headers, {
      'content-type': 'text/xml; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'public, max-age=3600',
      'access-control-allow-origin': '*',
      vary: 'Accept-Encoding',
      etag: /^"[^"]+"$/,
    })
    t.notOk(headers['set-cookie'] ?? headers['www-authenticate'] ?? headers['location'])
    t.ok(body.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1">'))
  }
})

t.test('letters beyond ASCII arrive as UTF-8, and are counted as such', async (t) => {
  const { app } = await openApp(t, {
    ...example,
    provider: { ...example.provider, displayName: 'Épître d’été' },
  })
  const { headers, rawPayload, body } = await app.inject({ url })
  t.equal(textOf(body, 'displayName'), 'Épître d’été')
  t.equal(Number(headers['content-length']), rawPayload.length)
  const zipped = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } })
  t.equal(gunzipSync(zipped.rawPayload).toString(), body)
})

t.test('HEAD has the headers of GET, and no body', async (t) => {
  const { app } = await openApp(t)
  const get = await app.inject({ url })
  const head = await app.inject({ method: 'HEAD', url })
  t.equal(head.statusCode, 200)
  t.equal(head.rawPayload.length, 0)
  const { date: _, ...headers } = get.headers
  t.match(head.headers, headers)
  t.equal((await app.inject({ method: 'HEAD', url: '/v1.1/elsewhere.example' })).statusCode, 404)
})

t.test('OPTIONS tells what is allowed, other methods are refused with it', async (t) => {
  const { app } = await openApp(t)
  for (const path of paths) {
    const options = await app.inject({ method: 'OPTIONS', url: path })
    t.equal(options.statusCode, 204)
    t.equal(options.rawPayload.length, 0)
    t.match(options.headers, {
      allow: 'GET, HEAD, OPTIONS',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-origin': '*',
      'access-control-max-age': '86400',
    })
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'QUERY', 'TRACE']) {
      const { statusCode, headers, body } = await app.inject({
        method: method as 'POST',
        url: path,
        payload: '<a/>',
      })
      t.equal(statusCode, 405, `${method} ${path}`)
      t.equal(headers['allow'], 'GET, HEAD, OPTIONS')
      t.equal(headers['content-type'], 'text/plain; charset=utf-8')
      t.equal(headers['access-control-allow-origin'], '*', 'a web page may read why')
      t.equal(body, 'Use GET to read mail settings.\n')
    }
  }
})

t.test('an unknown domain is a 404 in plain words that may be kept for minutes', async (t) => {
  const { app } = await openApp(t)
  const unknown = await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=jane@elsewhere.example' })
  t.equal(unknown.statusCode, 404)
  t.match(unknown.headers, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'public, max-age=300',
    'access-control-allow-origin': '*',
  })
  t.match(unknown.body, /^No mail settings .*mail-autoconfig explain.*\n$/)
  t.notMatch(
    unknown.body,
    /jane|elsewhere|clientConfig/,
    'nothing of the asker, nothing that a parser takes for a document',
  )
})

t.test('a long body is read by no path but those that take one, and is no bug', async (t) => {
  const { app, lines } = await openApp(t)
  const payload = 'x'.repeat(20_000)
  for (const [method, path, status] of [
    ['POST', '/nothing', 404],
    ['PUT', '/nothing', 404],
    ['OPTIONS', '/nothing', 404],
    ['POST', url, 405],
    ['OPTIONS', url, 204],
  ] as const) {
    const { statusCode, body } = await app.inject({ method, url: path, payload })
    t.equal(statusCode, status, `${method} ${path}`)
    if (status === 404) t.match(body, /^Not found\./)
  }
  t.notMatch(lines.join(''), '"level":50')
})

t.test('an unknown or invalid path gets 404', async (t) => {
  const { app } = await openApp(t)
  for (const path of [
    '/mail',
    '/favicon.ico',
    '/v1.1/%zz',
    '/mail/config-v1.1.xml/x',
    '/v1.1/example.org/x',
  ]) {
    const { statusCode, headers, body } = await app.inject({ url: path })
    t.equal(statusCode, 404, path.slice(0, 30))
    t.equal(headers['content-type'], 'text/plain; charset=utf-8')
    t.equal(headers['access-control-allow-origin'], '*')
    t.match(body, /^Not found\..*\n$/)
  }
})

t.test('If-None-Match spares the body', async (t) => {
  const { app } = await openApp(t)
  const { etag } = (await app.inject({ url })).headers as { etag: string }
  for (const [known, status] of [
    [etag, 304],
    [`W/${etag}`, 304],
    [`"other", ${etag}`, 304],
    [`"other",W/${etag} , "third"`, 304],
    ['*', 304],
    ['"other"', 200],
    [etag.slice(1, -1), 200],
    ['', 200],
  ] as const) {
    const { statusCode, headers, body } = await app.inject({ url, headers: { 'if-none-match': known } })
    t.equal(statusCode, status, known)
    if (status === 304) {
      t.equal(body, '')
      t.match(headers, { etag, 'cache-control': 'public, max-age=3600', vary: 'Accept-Encoding' })
      t.notOk(headers['content-length'] ?? headers['content-type'])
    }
  }
})

t.test('no two documents share an ETag, nor do the two codings of one', async (t) => {
  const domains = { ...example.domains, 'a.example': 'maximusconfessor' }
  const { app } = await openApp(t, { ...example, domains })
  const seen = new Map<string, string>()
  for (const domain of Object.keys(domains)) {
    for (const coding of ['identity', 'gzip']) {
      const { headers } = await app.inject({ url: `/v1.1/${domain}`, headers: { 'accept-encoding': coding } })
      const { etag } = headers as { etag: string }
      t.notOk(seen.get(etag), etag)
      seen.set(etag, domain)
    }
  }
})

t.test('the ETag stays when nothing changes, and changes when the document does', async (t) => {
  const etagOf = async (config: unknown) =>
    (await (await openApp(t, config)).app.inject({ url })).headers['etag']
  const first = await etagOf(example)
  t.equal(await etagOf({ ...example, http: { maxAge: 60 } }), first)
  t.not(await etagOf({ ...example, provider: { ...example.provider, displayName: 'Other' } }), first)
})

t.test('gzip is sent when it is asked for, and not otherwise', async (t) => {
  const { app } = await openApp(t)
  const { body } = await app.inject({ url })
  for (const [header, zipped] of [
    ['gzip', true],
    ['gzip, deflate', true],
    ['br, GZIP;q=0.5', true],
    ['*', true],
    ['x-gzip', true],
    ['gzip;q=0', false],
    ['gzip; q=0.0, *', false],
    ['*;q=0', false],
    ['br', false],
    ['identity', false],
    ['', false],
  ] as const) {
    const { headers, rawPayload } = await app.inject({ url, headers: { 'accept-encoding': header } })
    t.equal(headers['content-encoding'], zipped ? 'gzip' : undefined, header)
    t.equal(headers['vary'], 'Accept-Encoding')
    t.equal(Number(headers['content-length']), rawPayload.length)
    t.equal((zipped ? gunzipSync(rawPayload) : rawPayload).toString(), body)
  }
  t.equal(acceptsGzip(undefined), false)
  for (const [header, accepts] of [
    [`${'br,'.repeat(19)}gzip`, true],
    [`${'br,'.repeat(20)}gzip`, false],
    ['gzip;a=1;b=2;c=3;q=0', false],
    ['*;q=0, gzip', true],
    ['gzip;q=0, x-gzip', false],
    ['br, *', true],
    [' gzip ; q=0.001 ', true],
    ['gzipped', false],
  ] as const)
    t.equal(acceptsGzip(header), accepts, `${header}: of a long list, only the start counts`)
  t.equal(noneMatchHolds(undefined, '"a"'), false)
  const plain = await openApp(t, { ...example, http: { compress: false } })
  const { headers } = await plain.app.inject({ url, headers: { 'accept-encoding': 'gzip' } })
  t.notOk(headers['content-encoding'] ?? headers['vary'])
})

t.test('the log has a line a request, with nothing of the asker in it', async (t) => {
  const { app, lines, accessLog } = await openApp(t)
  const headers = {
    authorization: 'Basic c2VjcmV0',
    'user-agent': 'Secret/1',
    host: 'autoconfig.example.org',
  }
  const requests = [
    '/mail/config-v1.1.xml?emailaddress=secret@example.org',
    '/mail/config-v1.1.xml?emailaddress=secret@secret.example',
    '/v1.1/secret.example',
    '/secret',
    '/%zz/secret',
  ]
  for (const path of requests) await app.inject({ url: path, headers })
  await app.inject({ method: 'POST', url, payload: 'secret', headers })
  await app.inject({ method: 'OPTIONS', url, headers })
  for (const method of ['GET', 'HEAD'] as const) {
    const ready = await app.inject({ method, url: '/readyz', headers })
    t.match(ready, {
      statusCode: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    })
    t.equal(
      ready.body,
      method === 'GET' ? 'ready\n' : '',
      'a balancer asks every few seconds: no line, no count',
    )
  }
  t.equal(lines.length, requests.length + 2)
  t.notMatch(lines.join(''), /secret|c2VjcmV0|emailaddress|\?/i)
  t.match(
    lines.map((line) => JSON.parse(line)),
    [
      {
        route: '/mail/config-v1.1.xml',
        format: 'autoconfig',
        host: 'maximusconfessor',
        status: 200,
        durationMs: Number,
      },
      { route: '/mail/config-v1.1.xml', host: 'maximusconfessor', status: 200 },
      { route: '/v1.1/:domain', format: 'autoconfig', status: 404 },
      { route: 'none', status: 404 },
      { route: 'none', status: 404 },
      { route: '/mail/config-v1.1.xml', status: 405 },
      { route: '/mail/config-v1.1.xml', status: 204 },
    ],
  )
  t.strictSame(
    [...accessLog.counts()].map(({ route, status, requests }) => `${route} ${status} ${requests}`),
    [
      'none 404 2',
      '/mail/config-v1.1.xml 200 2',
      '/mail/config-v1.1.xml 204 1',
      '/mail/config-v1.1.xml 405 1',
      '/v1.1/:domain 404 1',
    ],
  )
})

t.test('the access log can be turned off; the counts go on', async (t) => {
  const { app, lines, accessLog } = await openApp(t, { ...example, http: { accessLog: false } })
  await app.inject({ url })
  await app.inject({ url: '/nothing' })
  t.strictSame(lines, [])
  t.equal([...accessLog.counts()].length, 2)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  t.equal((await fetch(`http://127.0.0.1:${port}${url}`)).status, 200)
  t.strictSame(lines, [], 'nor does the fast path write a line')
  t.equal([...accessLog.counts()].find(({ status }) => status === 200)?.requests, 2)
})

t.test('a bug is a plain 500, logged with its stack but without the request', async (t) => {
  const { app, lines } = await openApp(t)
  app.get('/broken/:what', () => {
    throw new Error('out of order')
  })
  const { statusCode, headers, body } = await app.inject({ url: '/broken/secret?emailaddress=secret' })
  t.equal(statusCode, 500)
  t.equal(headers['content-type'], 'text/plain; charset=utf-8')
  t.equal(body, 'Internal error.\n')
  t.match(JSON.parse(lines[0] as string), {
    level: 50,
    route: '/broken/:what',
    err: { stack: /out of order/ },
  })
  t.notMatch(lines.join(''), /secret/)
})

t.test('no route has a schema: what compiles them is not loaded', async (t) => {
  for (const schema of [{ querystring: { type: 'object' } }, { response: { 200: { type: 'string' } } }]) {
    const { app } = await openApp(t)
    app.get('/checked', { schema }, () => 'fine')
    await t.rejects(async () => void (await app.ready()), { message: 'no route has a schema' })
  }
})

t.test('a reload changes what http: says, for every kind of answer', async (t) => {
  const ispdb = [{ folder: 'db' }]
  const files = { db: { 'a.xml': '<clientConfig><domain>a.example</domain></clientConfig>' } } as never
  const { app, live, lines, file } = await openApp(t, { ...example, ispdb }, files)
  const byQuery = (name: string) => `/mail/config-v1.1.xml?emailaddress=${name}`
  const urls = [byQuery('example.org'), '/v1.1/a.example', '/v1.1/', '/?emailaddress=example.org']
  const seen = async (path: string) => {
    const { headers } = await app.inject({ url: path })
    return [headers['cache-control'], headers['vary']?.includes('Accept-Encoding') ?? false]
  }
  for (const path of urls) t.strictSame(await seen(path), ['public, max-age=3600', true], path)
  t.strictSame(await seen(byQuery('b.example')), ['public, max-age=300', false])
  const headers = { 'x-forwarded-host': 'autoconfig.example.net' }
  const forwarded = async () =>
    (await app.inject({ url: '/mail/config-v1.1.xml', headers, remoteAddress: '192.0.2.9' })).statusCode
  t.equal(await forwarded(), 404, 'no proxy is trusted')

  const reload = async (settings: object) => {
    writeFileSync(file, JSON.stringify({ ...example, ispdb, ...settings }))
    await live.reload()
    t.equal(live.state.lastError, undefined)
  }
  const http = { maxAge: 60, notFoundMaxAge: 7, compress: false, rateLimit: 'off' }
  await reload({ http: { ...http, accessLog: false }, trustedProxies: ['192.0.2.9'] })
  lines.length = 0
  const plain = ['public, max-age=60', false]
  for (const path of urls.slice(0, 3)) t.strictSame(await seen(path), plain, path)
  t.equal((await seen(urls[3] as string))[0], 'public, max-age=60', 'the page')
  t.strictSame(await seen(byQuery('b.example')), ['public, max-age=7', false])
  t.equal(await forwarded(), 200, 'the proxy is trusted')
  t.strictSame(lines, [], 'no line in the log')
  await reload({ http: { rateLimit: { rate: 1, burst: 1 } } })
  const statuses = await Promise.all(Array.from({ length: 20 }, forwarded))
  t.strictSame([...new Set(statuses)], [404, 429], 'it is trusted no more, and requests are limited')
  t.ok(lines.length > 0)
})

/** Listens on loopback; gives the port. */
async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

/** Sends bytes as they are; gives all that comes back until the other side closes. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(bytes)
  return text(socket)
}

t.test('bytes that are no request get a short answer, and nothing of them is logged', async (t) => {
  const { app, lines } = await openApp(t)
  const port = await listen(app)
  t.match(
    await send(port, 'secret\r\n\r\n'),
    /^HTTP\/1\.1 400 Bad Request\r\n(.|\r\n)*\r\n\r\nBad Request\n$/,
  )
  t.match(
    await send(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 /,
  )
  t.match(await send(port, 'GET / HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400 /, 'HTTP/1.1 without Host')
  t.match(
    await send(port, `GET http://autoconfig.example.org${url} HTTP/1.0\r\n\r\n`),
    /^HTTP\/1\.1 200 OK\r\n/,
    'in absolute form, as to a proxy',
  )
  t.match(await send(port, 'GET http://example.org HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /, 'a page')
  t.match(await send(port, `GET ${url} HTTP/1.0\r\n\r\n`), /^HTTP\/1\.1 200 OK\r\n/, 'HTTP/1.0 without Host')
  t.notMatch(lines.join(''), /secret/)
})

t.test('a request line and headers of nearly 16 KiB are read, and longer ones get 431', async (t) => {
  const { app } = await openApp(t)
  const port = await listen(app)
  const withBytes = (bytes: number) => {
    const start = 'GET /v1.1/example.org HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Long: '
    return send(port, `${start}${'x'.repeat(bytes - start.length)}\r\n\r\n`)
  }
  t.match(await withBytes(16 * 1024 - 50), /^HTTP\/1\.1 200 /)
  t.match(
    await withBytes(16 * 1024 + 100),
    /^HTTP\/1\.1 431 (?:.|\r\n)*\r\nConnection: close\r\n\r\nRequest Header Fields Too Large\n$/,
  )
})

t.test('the host of a URL in absolute form counts, not the Host header', async (t) => {
  const { app } = await openApp(t)
  const port = await listen(app)
  const ask = async (target: string, host: string, method = 'GET') =>
    send(port, `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  const [path = ''] = paths
  for (const authority of ['autoconfig.example.net', 'AUTOCONFIG.example.net:80', 'a:b@example.net']) {
    for (const scheme of ['http', 'HTTPS']) {
      const answer = await ask(`${scheme}://${authority}${path}`, 'autoconfig.example.org')
      t.equal(textOf(answer, 'domain'), 'example.net', `${scheme}://${authority}`)
    }
  }
  t.equal(textOf(await ask(path, 'autoconfig.example.org'), 'domain'), 'example.org', 'in origin form')
  t.match(await ask(`http://elsewhere.example${path}`, 'autoconfig.example.org'), /^HTTP\/1\.1 404 /)
  t.match(await ask('*', 'autoconfig.example.org', 'OPTIONS'), /^HTTP\/1\.1 204 /, 'no host to prefer')
})

t.test('two Host headers get 400, on the fast path and through Fastify', async (t) => {
  const { app } = await openApp(t)
  const port = await listen(app)
  for (const path of [url, url.replace('xml', 'XML'), '/autodiscover/autodiscover.xml', '/nothing']) {
    for (const hosts of [
      'Host: example.org\r\nhost: example.net',
      'HOST: example.org\r\nHost: example.org',
    ]) {
      const answer = await send(port, `GET ${path} HTTP/1.1\r\n${hosts}\r\nConnection: close\r\n\r\n`)
      t.match(
        answer,
        /^HTTP\/1\.1 400 (.|\r\n)*\r\n\r\nThe request has two Host headers\. Send one\.\n$/,
        path,
      )
    }
  }
})

t.test('bytes that are no request are counted by kind, with one line a minute for each', async (t) => {
  const { app, accessLog, lines } = await openApp(t)
  const port = await listen(app)
  for (const [start, kind] of [
    ['GET /sécret HTTP/1.1', 'target'],
    ['GET /secret HTTP/x', 'request-line'],
    ['SECRET / HTTP/1.1', 'request-line'],
    ['GET / HTTP/1.1\r\nse cret: x', 'headers'],
    [`GET / HTTP/1.1\r\nsecret: ${'x'.repeat(20_000)}`, 'too-large'],
  ] as const) {
    const before = accessLog.clientErrors.counts[kind]
    t.match(await send(port, `${start}\r\nHost: a\r\n\r\n`), /^HTTP\/1\.1 4/)
    t.equal(accessLog.clientErrors.counts[kind], before + 1, kind)
  }
  t.strictSame(
    lines.map((line) => JSON.parse(line)).map(({ level, kind, total, msg }) => ({ level, kind, total, msg })),
    ['target', 'request-line', 'headers', 'too-large'].map((kind) => ({
      ...{ level: 30, kind, total: 1 },
      msg: 'refused bytes that are not an HTTP request',
    })),
    'the second invalid request line has no line of its own',
  )
  t.notMatch(lines.join(''), /s.+cret/i)
})

t.test('a minute later, the same kind of error is logged again', async (t) => {
  let now = 0
  const lines: string[] = []
  const errors = new ClientErrors(pino({}, { write: (line) => void lines.push(line) }), () => now)
  for (const time of [0, 59_999, 60_000, 60_001]) {
    now = time
    errors.add('HPE_INVALID_URL')
    errors.add('ECONNRESET')
    errors.add(undefined)
  }
  t.strictSame(
    lines.map((line) => JSON.parse(line)).map(({ kind, total }) => `${kind} ${total}`),
    ['target 1', 'other 1', 'target 3', 'other 3'],
    'a reset connection has no line',
  )
  t.match(errors.counts, { target: 4, connection: 4, other: 4, timeout: 0 })
})

t.test('keep-alive and pipelining work', async (t) => {
  const { app } = await openApp(t)
  const port = await listen(app)
  const one = `GET ${url} HTTP/1.1\r\nHost: a\r\n`
  const answers = await send(port, `${one}\r\n${one}\r\n${one}Connection: close\r\n\r\n`)
  t.equal(answers.split('HTTP/1.1 200 OK').length, 4)
})

t.test('who does not finish a request is dropped', async (t) => {
  const { app } = await openApp(t, { ...example, http: { requestTimeout: 1 } })
  const port = await listen(app)
  t.match(await send(port, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '), /^HTTP\/1\.1 408 Request Timeout\r\n/)
  t.match(
    await send(port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc'),
    /^HTTP\/1\.1 40[58] /,
  )
})

t.test('a client that resets its connection does no harm', async (t) => {
  const { app } = await openApp(t)
  const port = await listen(app)
  const accepted = once(app.server, 'connection')
  const socket = connect(port, '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write('GET / HTTP/1.1\r\nHost')
  const [theirs] = await accepted
  socket.resetAndDestroy()
  await until(() => theirs.destroyed, 'the end of the connection')
  t.equal((await app.inject({ url })).statusCode, 200)
})

t.test('the short way and the long way answer alike', async (t) => {
  const { app, accessLog } = await openApp(t, { ...example, trustedProxies: ['127.0.0.1'] })
  const port = await listen(app)
  const ask = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
    const { date: _, ...rest } = Object.fromEntries(response.headers)
    return { status: response.status, ...rest, body: await response.text() }
  }
  for (const path of paths.filter((path) => !path.endsWith('example.org'))) {
    for (const query of [
      '?emailaddress=jane%40example.org',
      '?emailaddress=jane@elsewhere.example',
      '',
      '?',
    ]) {
      for (const headers of [{}, { 'accept-encoding': 'identity' }, { 'if-none-match': '*' }]) {
        const short = await ask(`${path}${query}`, headers)
        const long = await ask(`${path}/${query}`, headers)
        t.strictSame(short, long, `${path}${query} ${JSON.stringify(headers)}`)
      }
    }
    const forwarded = await ask(path, { 'x-forwarded-host': 'autoconfig.example.net' })
    t.equal(textOf(forwarded.body, 'domain'), 'example.net', 'what a proxy says is heard')
    t.equal((await ask(`${path}x`, {})).status, 404)
  }
  t.ok([...accessLog.counts()].find(({ route, status }) => route === paths[0] && status === 200)?.requests)
})

t.test('while it stops, who has a connection is still answered, and told that it closes', async (t) => {
  const { app } = await openApp(t)
  const port = await listen(app)
  const accepted = once(app.server, 'connection')
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /mail/config-v1.1.xml HTTP/1.1\r\nHost: example.org\r\n')
  const [theirs] = await accepted
  await until(() => theirs.bytesRead > 0, 'half of a request')
  const closed = app.close()
  socket.write('\r\n')
  const answer = await text(socket)
  t.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  t.match(answer, /\r\nConnection: close\r\n/i)
  await closed
  await t.rejects(
    new Promise((_resolve, reject) => request({ host: '127.0.0.1', port }).on('error', reject).end()),
    { code: 'ECONNREFUSED' },
  )
})

t.test('a bug is a plain 500 that tells the log, and not the client', async (t) => {
  const { live, log, accessLog, lines } = await openApp(t)
  const signer = new ProfileSigner({ now: () => new Date(0), onProblem: () => undefined })
  signer.sign = () => Promise.reject(new Error('out of order'))
  const app = clientServer({ live, log, accessLog, signer, pages: new Pages({ onProblem: () => undefined }) })
  t.teardown(() => app.close())
  const { statusCode, body } = await app.inject({
    url: '/apple/mail.mobileconfig?emailaddress=jane@example.org',
  })
  t.equal(statusCode, 500)
  t.equal(body, 'Internal error.\n')
  t.match(lines.at(-2), /"level":50.*out of order.*a bug: please report it/)
  t.notMatch(lines.join(''), 'jane')
})

t.test('a bug while a shared document is looked for is a plain 500, and the server goes on', async (t) => {
  const { app, live, lines } = await openApp(t)
  const resolver = live.current
  const resolve = resolver.resolve.bind(resolver)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const ask = async () => fetch(`http://127.0.0.1:${port}${url}`)
  for (const broken of [
    () => {
      throw new Error('out of order')
    },
    () => Promise.reject(new Error('out of order')),
  ]) {
    resolver.resolve = broken
    const answer = await ask()
    t.equal(answer.status, 500)
    t.equal(await answer.text(), 'Internal error.\n')
    t.match(lines.join(''), /"level":50.*out of order/)
  }
  resolver.resolve = resolve
  t.equal((await ask()).status, 200)
})
