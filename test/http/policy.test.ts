import { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import fastify from 'fastify'
import { pino } from 'pino'
import t from 'tap'
import type { HttpSettings } from '../../src/config/schema.ts'
import { autoconfig } from '../../src/formats/autoconfig.ts'
import { AccessLog } from '../../src/http/access-log.ts'
import { applyPolicies, draining, type Policy } from '../../src/http/policy.ts'
import { registerRoutes } from '../../src/http/register-routes.ts'
import { errorResponse } from '../../src/http/response.ts'
import { routesFor } from '../../src/http/routes.ts'
import { secureServer } from '../../src/http/secure-server.ts'
import { clientServer } from '../../src/http/server.ts'
import { serverOptions } from '../../src/http/server-options.ts'
import { SharedResponses } from '../../src/http/shared-responses.ts'
import { lookupOf } from '../../src/model/lookup.ts'
import { failure } from '../../src/model/result.ts'
import type { ClientConfig } from '../../src/model/settings.ts'
import { Pages } from '../../src/page/pages.ts'
import { ProfileSigner } from '../../src/signing/profile-signer.ts'
import { domain, example, openApp } from '../support/example.ts'
import { until } from '../support/until.ts'

const tooMany: Policy = () => errorResponse(429, 'Too many requests.\n')
const url = '/mail/config-v1.1.xml?emailaddress=jane@example.org'

t.test('the first policy with a response ends the request, and later ones do not run', async (t) => {
  let calls = 0
  const counting: Policy = () => {
    calls++
    return undefined
  }
  const found = applyPolicies([counting, tooMany, counting], {} as never, {} as never)
  t.match(found, { status: 429 })
  t.equal(calls, 1)
  t.equal(applyPolicies([counting], {} as never, {} as never), undefined)
})

t.test('a policy applies to every request that passes Fastify', async (t) => {
  const { live, accessLog, log } = await openApp(t)
  const app = fastify()
  t.teardown(() => app.close())
  const signer = new ProfileSigner({ now: () => new Date(0), onProblem: () => undefined })
  const pages = new Pages({ onProblem: () => undefined })
  const onBug = (error: Error) => log.error(error)
  registerRoutes(app, routesFor(signer, pages), {
    live,
    accessLog,
    policies: [tooMany],
    onBug,
    otherMethods: [],
  })
  for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS'] as const)
    t.equal((await app.inject({ method, url })).statusCode, 429, method)
})

t.test('a policy applies on the fast path, and its responses are counted', async (t) => {
  const { live } = await openApp(t)
  const log = pino({ level: 'silent' })
  const accessLog = new AccessLog(log)
  const signer = new ProfileSigner({ now: () => new Date(0), onProblem: () => undefined })
  const pages = new Pages({ onProblem: () => undefined })
  const app = clientServer({ live, log, accessLog, signer, pages, policies: [tooMany] })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${url}`)
  t.equal(response.status, 429)
  t.equal(await response.text(), 'Too many requests.\n')
  t.strictSame([...accessLog.counts()], [{ route: '/mail/config-v1.1.xml', status: 429, requests: 1 }])
})

t.test('the log has the duration in milliseconds on both ways', async (t) => {
  const { live, accessLog, log, lines } = await openApp(t)
  const signer = new ProfileSigner({ now: () => new Date(0), onProblem: () => undefined })
  const slow: Policy = () => {
    const end = performance.now() + 20
    while (performance.now() < end);
    return undefined
  }
  const app = clientServer({ live, log, accessLog, signer, pages: undefined as never, policies: [slow] })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  for (const method of ['GET', 'HEAD']) {
    lines.length = 0
    await fetch(`http://127.0.0.1:${port}${url}`, { method })
    await until(() => lines.length > 0, 'a line')
    const { durationMs } = JSON.parse(lines[0] as string) as { durationMs: number }
    t.ok(durationMs >= 20 && durationMs < 20_000, `${method}: ${durationMs}`)
  }
})

t.test('a confidential document that cannot be expressed is not cacheable either', async (t) => {
  const { live } = await openApp(t)
  const responses = new SharedResponses({ ...autoconfig, render: () => failure('no words') })
  const found = {
    domain: domain('example.org'),
    clientConfig: live.current.config.hosts.get('maximusconfessor') as ClientConfig,
    reason: { kind: 'hostName' } as const,
    confidential: true,
    certain: true,
  }
  const { status, headers, body } = responses.respond(found, lookupOf({}), live.current, {})
  t.equal(status, 404)
  t.match(headers, [/./, /./, /./, /./, 'Cache-Control', 'no-store'])
  t.equal(Buffer.from(body as Uint8Array).toString(), 'Not available for this domain: no words.\n')
  for (const [certain, caching] of [
    [true, 'public, max-age=300'],
    [false, 'no-store'],
  ] as const) {
    const general = { ...found, confidential: false, certain }
    const { status, headers } = responses.respond(general, lookupOf({}), live.current, {})
    t.strictSame([status, headers[headers.indexOf('Cache-Control') + 1]], [404, caching])
  }
})

t.test('while the server stops, clients are asked to close their connection', async (t) => {
  let isStopping = false
  const policy = draining(() => isStopping)
  const request = new IncomingMessage(new Socket())
  const connectionOf = () => {
    const response = new ServerResponse(request)
    t.equal(policy(request, response), undefined, 'they still get an answer')
    return response.getHeader('Connection')
  }
  t.equal(connectionOf(), undefined)
  isStopping = true
  t.equal(connectionOf(), 'close')
})

t.test('a bug on the fast path is a 500, logged and counted', async (t) => {
  const { live } = await openApp(t)
  const lines: string[] = []
  const log = pino({}, { write: (line) => lines.push(line) })
  const accessLog = new AccessLog(log)
  const signer = new ProfileSigner({ now: () => new Date(0), onProblem: () => undefined })
  const buggy: Policy = () => {
    throw new Error('broken')
  }
  const app = clientServer({ live, log, accessLog, signer, pages: undefined as never, policies: [buggy] })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const answer = await fetch(`http://127.0.0.1:${port}${url}`)
  t.equal(answer.status, 500)
  t.match(Object.fromEntries(answer.headers), {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '16',
    'access-control-allow-origin': '*',
  })
  t.equal(await answer.text(), 'Internal error.\n')
  t.strictSame([...accessLog.counts()], [{ route: '/mail/config-v1.1.xml', status: 500, requests: 1 }])
  const [bug, line] = lines.map((text) => JSON.parse(text))
  t.match(bug, { level: 50, route: '/mail/config-v1.1.xml', msg: 'a bug: please report it' })
  t.match(bug.err, { message: 'broken', stack: /policy\.test/ })
  t.match(line, { level: 30, route: '/mail/config-v1.1.xml', status: 500, durationMs: Number })
  t.equal(lines.length, 2)
})

t.test('the time limits of connections are those of the configuration', async (t) => {
  const { app } = await openApp(t, { ...example, http: { keepAliveTimeout: 7, requestTimeout: 3 } })
  const { keepAliveTimeout, requestTimeout, headersTimeout, timeout } = app.server
  t.strictSame(
    { keepAliveTimeout, requestTimeout, headersTimeout, timeout },
    { keepAliveTimeout: 7000, requestTimeout: 3000, headersTimeout: 3000, timeout: 10_000 },
  )
  for (const [requestTimeout, connectionsCheckingInterval] of [
    [1, 1000],
    [60, 2000],
  ] as const) {
    const options = serverOptions({ keepAliveTimeout: 7, requestTimeout } as HttpSettings)
    t.match(options, {
      ...{ bodyLimit: 8192, forceCloseConnections: 'idle', return503OnClosing: false },
      http: { maxHeaderSize: 16_384, requireHostHeader: false, connectionsCheckingInterval },
    })
  }
})

t.test(
  'the listener for https has the same limits, and replaces the keys of its tickets until it is closed',
  async (t) => {
    const { setInterval: set, clearInterval: clear } = globalThis
    t.teardown(() => Object.assign(globalThis, { setInterval: set, clearInterval: clear }))
    const calls: string[] = []
    const looks: (() => void)[] = []
    const timer = { unref: () => timer }
    Object.assign(globalThis, {
      setInterval: (look: () => void, pause: number) => {
        looks.push(look)
        calls.push(`every ${pause}`)
        return timer
      },
      clearInterval: (of: object) => calls.push(of === timer ? 'cleared' : 'another'),
    })
    const accessLog = new AccessLog(pino({ level: 'silent' }))
    let useDefault: (pair: object) => void = () => undefined
    const certificates = {
      watchDefault: (use: typeof useDefault) => {
        useDefault = use
      },
    }
    for (const [requestTimeout, handshakeTimeout] of [
      [3, 3000],
      [60, 10_000],
    ] as const) {
      const http = { keepAliveTimeout: 7, requestTimeout } as HttpSettings
      const server = secureServer({ http, certificates: certificates as never, accessLog })
      const milliseconds = requestTimeout * 1000
      t.match(server, {
        ...{ keepAliveTimeout: 7000, requestTimeout: milliseconds, headersTimeout: milliseconds },
        ...{ timeout: milliseconds + 7000, maxHeaderSize: 16_384, requireHostHeader: false },
      })
      const symbol = Object.getOwnPropertySymbols(server).find(({ description = '' }) =>
        description.includes('handshake-timeout'),
      ) as symbol
      t.equal((server as unknown as Record<symbol, number>)[symbol], handshakeTimeout)
      t.strictSame(calls.splice(0), ['every 86400000'], 'the keys of a day')
      const keys: Buffer[] = []
      server.setTicketKeys = (next) => void keys.push(next)
      server.setSecureContext = ({ ticketKeys }) => void keys.push(ticketKeys as Buffer)
      looks.pop()?.()
      useDefault({})
      t.equal(keys.length, 2)
      t.equal(keys[0], keys[1], 'a new default certificate keeps the keys, and with them the sessions')
      const socket = { writable: true, end: () => undefined, destroy: () => calls.push('destroyed') }
      server.emit('clientError', { code: 'HPE_INVALID_METHOD' } as never, socket as never)
      server.emit('tlsClientError', { code: 'ERR_TLS_HANDSHAKE_TIMEOUT' } as never, socket as never)
      server.emit('close')
      t.strictSame(calls.splice(0), ['destroyed', 'cleared'])
    }
    t.match(accessLog.clientErrors.counts, { 'request-line': 2, timeout: 0 })
    t.match(accessLog.tlsErrors.counts, { timeout: 2 })
  },
)

t.test('bytes that are not a request get an answer only if somebody can read it', async (t) => {
  const codes: unknown[] = []
  const { clientErrorHandler } = serverOptions({} as HttpSettings, (code) => codes.push(code))
  const answerTo = (code: string | undefined, writable = true): string => {
    let sent = ''
    const socket = { writable, end: (text: string) => (sent += text), destroy: () => (sent += 'destroyed') }
    clientErrorHandler(code === undefined ? {} : { code }, socket as never)
    return sent
  }
  const answer = (status: string, text: string) =>
    `HTTP/1.1 ${status} ${text}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${text.length + 1}\r\nConnection: close\r\n\r\n${text}\n`
  t.equal(answerTo('HPE_INVALID_METHOD'), answer('400', 'Bad Request'))
  t.equal(answerTo(undefined), answer('400', 'Bad Request'))
  t.equal(answerTo('HPE_HEADER_OVERFLOW'), answer('431', 'Request Header Fields Too Large'))
  t.equal(answerTo('ERR_HTTP_REQUEST_TIMEOUT'), answer('408', 'Request Timeout'))
  t.equal(answerTo('ECONNRESET'), 'destroyed')
  t.equal(answerTo('HPE_INVALID_METHOD', false), 'destroyed')
  t.equal(codes.length, 6, 'each is counted')
})

t.test('a client that is gone before its answer is written is counted as 499', async (t) => {
  const { live } = await openApp(t)
  const accessLog = new AccessLog(pino({ level: 'silent' }))
  const signer = new ProfileSigner({ now: () => new Date(0), onProblem: () => undefined })
  const leaving: Policy = (_request, response) => {
    response.destroy()
    return undefined
  }
  const app = clientServer({
    ...{ live, log: pino({ level: 'silent' }), accessLog, signer, pages: undefined as never },
    policies: [leaving],
  })
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  await t.rejects(fetch(`http://127.0.0.1:${port}${url}`))
  t.strictSame([...accessLog.counts()], [{ route: '/mail/config-v1.1.xml', status: 499, requests: 1 }])
})
