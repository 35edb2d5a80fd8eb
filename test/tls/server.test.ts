import { EventEmitter, once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { dirname, join } from 'node:path'
import { type ConnectionOptions, connect } from 'node:tls'
import { pino } from 'pino'
import type { Test } from 'tap'
import t from 'tap'
import { stringify } from 'yaml'
import { main } from '../../src/cli/main.ts'
import { type TlsListener, useTls } from '../../src/cli/serve-tls.ts'
import { loadConfig } from '../../src/config/load.ts'
import { AccessLog } from '../../src/http/access-log.ts'
import { Listeners } from '../../src/http/listeners.ts'
import { secureServer } from '../../src/http/secure-server.ts'
import { TlsErrors } from '../../src/http/tls-errors.ts'
import { io } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { heldTimers } from '../support/held-timers.ts'
import {
  certificateFor,
  handshake,
  openCertificates,
  pair,
  settingsFor,
  today,
  write,
} from '../support/tls.ts'
import { until } from '../support/until.ts'

const files = (name: string) => ({ certificate: `${name}/fullchain.pem`, key: `${name}/privkey.pem` })

/** `serve` in this process, with certificates for `one.example` (the default) and `two.example`. */
async function serve(t: Test, config: object = { tls: { certificates: [files('one'), files('two')] } }) {
  const file = configFolder(t, { ...example, publicName: 'autoconfig.all2all.org', ...config })
  const directory = dirname(file)
  write(directory, {
    ...pair('one', await certificateFor(['one.example'])),
    ...pair('two', await certificateFor(['two.example', 'autodiscover.example.org'])),
  })
  const { stdout, stderr } = io()
  const signals = new EventEmitter()
  const ports = ['--port', '0', '--admin-port', '0', '--tls-port', '0', '--host', '127.0.0.1']
  const running = main(['serve', '-c', file, ...ports], {
    env: {},
    now: () => today,
    stdout,
    stderr,
    signals,
  })
  const lines = () => stdout.text().split('\n').filter(Boolean)
  await until(() => stdout.text().includes('"serving"'))
  const started = JSON.parse(lines().find((line) => line.includes('"serving"')) as string)
  const stop = async () => {
    signals.emit('SIGTERM', 'SIGTERM')
    return running
  }
  t.teardown(async () => {
    signals.emit('SIGTERM', 'SIGTERM')
    signals.emit('SIGTERM', 'SIGTERM')
    await running
  })
  const port = Number(new URL(started.https ?? 'https://none:1').port)
  const metrics = async () => (await fetch(`${started.admin}/metrics`)).text()
  const ready = async () => ((await (await fetch(`${started.admin}/readyz`)).json()) as { tls: unknown }).tls
  return { file, directory, port, started, lines, stop, running, signals, metrics, ready, stdout }
}

/** A GET over https. */
async function ask(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  servername = 'two.example',
) {
  const request = get({
    ...{ host: '127.0.0.1', port, path, servername, headers, rejectUnauthorized: false, agent: false },
  })
  const [response] = await once(request, 'response')
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode as number, headers: response.headers, body }
}

const config = '/mail/config-v1.1.xml?emailaddress=info@example.org'

t.test('http and https are answered alike, on the fast path and past it', async (t) => {
  const { port, started, lines } = await serve(t)
  t.match(started.https, /^https:\/\/127\.0\.0\.1:\d+$/)
  const plain = await fetch(`${started.clients}${config}`)
  const fast = await ask(port, config)
  t.equal(fast.status, 200)
  t.equal(fast.body, await plain.text())
  t.equal(fast.headers['strict-transport-security'], undefined)
  const slow = await ask(port, config.toUpperCase().replace('EMAILADDRESS', 'emailaddress'))
  t.equal(slow.body, fast.body)
  t.equal((await ask(port, '/readyz')).body, 'ready\n')
  t.equal((await ask(port, '/unknown')).status, 404)
  t.ok(lines().some((line) => line.includes('"route":"/mail/config-v1.1.xml"')))
})

t.test('Outlook is redirected to https only from http', async (t) => {
  const { port, started } = await serve(t)
  const path = '/autodiscover/autodiscover.xml'
  const headers = { Host: 'autodiscover.example.org' }
  t.not((await ask(port, path, headers)).status, 302)
  const { port: plainPort } = new URL(started.clients)
  const socket = connectTcp(Number(plainPort), '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: autodiscover.example.org\r\nConnection: close\r\n\r\n`)
  t.match(
    String((await once(socket, 'data'))[0]),
    /^HTTP\/1\.1 302[\s\S]*Location: https:\/\/autoconfig\.all2all\.org/i,
  )
})

t.test('the certificate is that of the name; others get the default', async (t) => {
  const { port } = await serve(t)
  t.match((await handshake(port, { servername: 'two.example' })).names, /^two\.example/)
  t.equal((await handshake(port, { servername: 'unknown.example' })).names, 'one.example')
  t.equal((await handshake(port)).names, 'one.example')
})

t.test('sessions are resumed, also after a certificate was replaced', async (t) => {
  const { port, directory, metrics, lines } = await serve(t)
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const [servername, name] of [
      ['two.example', 'two'],
      [undefined, 'one'],
    ] as const) {
      const options = { maxVersion, ...(servername && { servername }) }
      const { session, isReused } = await sessionOf(port, options)
      t.notOk(isReused)
      const renewed = lines().filter((line) => line.includes('certificates renewed')).length
      write(directory, pair(name, await certificateFor([`${name}.example`])))
      const count = () => lines().filter((line) => line.includes('certificates renewed')).length
      t.ok(await until(() => count() > renewed))
      t.ok((await sessionOf(port, { ...options, session })).isReused, `${maxVersion} ${name}`)
    }
  }
  t.match(await metrics(), /tls_handshakes_total\{session="resumed"\} 4/)
})

/** The session of a connection with one request. */
async function sessionOf(port: number, options: ConnectionOptions) {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
  let session: Buffer | undefined
  socket.on('session', (each: Buffer) => {
    session = each
  })
  socket.write('GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(socket, 'data')
  const isReused = socket.isSessionReused()
  // Node.js has no event for the ticket of a resumed session.
  if (!isReused) await until(() => session !== undefined)
  socket.destroy()
  return { session: session as Buffer, isReused }
}

t.test('handshakes that fail are counted, and a line tells of the first of each kind', async (t) => {
  const { port, metrics, lines } = await serve(t)
  const bad = async (options: ConnectionOptions) =>
    t.rejects(handshake(port, { ...options, ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1' }))
  await bad({ maxVersion: 'TLSv1.1' })
  await bad({ maxVersion: 'TLSv1' })
  await t.rejects(handshake(port, { servername: 'two.example', rejectUnauthorized: true }))
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', 'x'.repeat(100)]) {
    const socket = connectTcp(port, '127.0.0.1').on('error', () => undefined)
    socket.write(bytes)
    socket.resume()
    await once(socket, 'close')
  }
  let text = ''
  for (let tries = 0; tries < 500 && !/not-tls"\} 2/.test(text); tries++) text = await metrics()
  t.match(text, /tls_errors_total\{kind="version"\} 2/)
  t.match(text, /tls_errors_total\{kind="not-tls"\} 2/)
  t.equal(
    lines().filter((line) => line.includes('a TLS handshake failed') && line.includes('"version"')).length,
    1,
  )
})

t.test('a handshake that is not finished, and one that sends nothing, are ended in time', async (t) => {
  const { port, metrics } = await serve(t, {
    tls: { certificates: [files('one'), files('two')] },
    http: { requestTimeout: 1 },
  })
  const half = connectTcp(port, '127.0.0.1').on('error', () => undefined)
  half.write(Buffer.from([22, 3, 1, 2, 0, 1]))
  const silent = connectTcp(port, '127.0.0.1').on('error', () => undefined)
  const { socket: idle } = await handshake(port, { keep: true })
  await Promise.all([half, silent, idle].map((socket) => once(socket.resume(), 'close')))
  const text = await metrics()
  t.match(text, /tls_errors_total\{kind="timeout"\} [12]/)
  t.match(text, /refused_total\{kind="no-request"\} [123]/)
})

t.test(
  'connections of both listeners are counted together, and the oldest without a request makes room',
  async (t) => {
    const { port, started, metrics } = await serve(t, {
      tls: { certificates: [files('one'), files('two')] },
      http: { maxConnections: 8 },
    })
    const plainPort = Number(new URL(started.clients).port)
    const silent = Array.from({ length: 4 }, () => connectTcp(port, '127.0.0.1').on('error', () => undefined))
    const idle = await Promise.all(
      Array.from({ length: 4 }, async () => (await handshake(port, { keep: true })).socket),
    )
    for (const socket of idle) socket.on('error', () => undefined).resume()
    for (let count = 0; count < 8; count++) {
      const socket = connectTcp(plainPort, '127.0.0.1')
      socket.write('GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n')
      t.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200/)
    }
    for (const socket of [...silent, ...idle]) if (!socket.closed) await once(socket.resume(), 'close')
    t.match(await metrics(), /refused_total\{kind="no-request"\} 8/)
  },
)

t.test('a stop answers every client, and waits for no handshake', async (t) => {
  const { port, stop, running, signals, lines } = await serve(t)
  const { socket } = await handshake(port, { keep: true })
  const half = connectTcp(port, '127.0.0.1').on('error', () => undefined)
  half.write(Buffer.from([22, 3, 1, 2, 0, 1]))
  // It is connected before this one.
  await ask(port, '/readyz')
  const stopped = stop()
  await until(() => lines().some((line) => line.includes('"stopping"')))
  socket.write('GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n')
  t.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 503[\s\S]*Connection: close/i)
  await once(socket.resume(), 'close')
  signals.emit('SIGTERM', 'SIGTERM')
  t.equal(await stopped, 0)
  t.equal(await running, 0)
  await t.rejects(handshake(port))
})

t.test('a reload changes the certificates', async (t) => {
  const { file, port, signals, lines, stdout } = await serve(t)
  const change = async (config: object, message: string) => {
    writeFileSync(file, stringify({ ...example, ...config }))
    signals.emit('SIGHUP')
    t.ok(await until(() => stdout.text().includes(message)), message)
  }
  await change({ tls: { certificates: [files('two')] } }, 'configuration reloaded')
  for (let tries = 0; tries < 500; tries++) if (/^two/.test((await handshake(port)).names ?? '')) break
  t.match((await handshake(port)).names, /^two\.example/)
  t.ok(lines().length > 0)
})

t.test('a warning says that the listener itself is decided at the start', async (t) => {
  const { file } = await serve(t, {})
  const found = await loadConfig(file)
  if (!('config' in found)) throw new Error('invalid')
  const warnings: string[] = []
  const log = { warn: (text: string) => warnings.push(text) } as unknown as Parameters<typeof useTls>[2]
  const { config: without } = found
  useTls(undefined, without, log)
  useTls(undefined, { ...without, tls: { certificates: [] } }, log)
  useTls({} as TlsListener, without, log)
  t.match(warnings, [/^tls: was added .*; restart the server/, /^tls: was removed .*; restart the server/])
  t.equal(warnings.length, 2)
})

t.test('without any certificate the server starts, and https begins with the first one', async (t) => {
  const { port, directory, ready, lines, metrics } = await serve(t, {
    tls: { certificates: [files('none')] },
  })
  t.match(
    lines().join(),
    /tls: .*none\/fullchain\.pem cannot be read: there is no such file; this certificate is not used/,
  )
  await t.rejects(handshake(port))
  t.match(await ready(), { default: null, states: { unusable: 1 }, daysLeft: null })
  t.match(
    await metrics(),
    /certificate_default 0[\s\S]*certificates\{state="unusable"\} 1|unusable"\} 1[\s\S]*certificate_default 0/,
  )
  t.match(await metrics(), /certificate_seconds_left Nan/i)
  write(directory, pair('none', await certificateFor(['new.example'])))
  const names = async () => (await handshake(port).catch(() => undefined))?.names
  t.ok(await until(async () => (await names()) !== undefined))
  t.equal(await names(), 'new.example')
})

t.test('an address where nobody can listen ends the start', async (t) => {
  const { started, directory } = await serve(t)
  const taken = new URL(started.clients).port
  const { stdout, stderr, signals } = io()
  const ports = ['--port', '0', '--admin-port', '0', '--tls-port', taken, '--tls-host', '127.0.0.1']
  const args = ['serve', '-c', `${directory}/autoconfig.yaml`, '--host', '127.0.0.1', ...ports]
  t.equal(await main(args, { env: {}, now: () => today, stdout, stderr, signals }), 1)
  t.match(stdout.text(), /cannot listen: .*EADDRINUSE/)
})

t.test('IPv6 has brackets in the URL', async (t) => {
  const { createServer } = await import('node:https')
  const server = createServer()
  t.teardown(() => server.close())
  const listeners = await Listeners.open(server, [{ host: '::1', port: 0 }]).catch(() => undefined)
  t.match(listeners?.url ?? 'https://[::1]:0', /^https:\/\/\[::1\]:\d+$/)
})

t.test('the keys of tickets change, and a certificate may be read during a handshake', async (t) => {
  const { live } = await openApp(t)
  const directory = join(t.testdirName, 'certs')
  write(directory, pair('one', await certificateFor(['one.example'])))
  write(directory, pair('two', await certificateFor(['two.example'])))
  const { certificates } = await openCertificates(t, settingsFor(directory), { mostReady: 0 })
  const log = pino({ level: 'silent' })
  const { http } = live.current.config
  const timers = heldTimers(t)
  const server = secureServer({ http, certificates, accessLog: new AccessLog(log), ticketKeyLife: 300 })
  server.on('request', (_request, response) => response.end('x'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const { port } = server.address() as { port: number }
  t.equal(certificates.contexts, 1, 'only the default one is ready')
  t.equal((await handshake(port, { servername: 'two.example' })).names, 'two.example')
  t.equal((await handshake(port, { servername: 'unknown.example' })).names, 'one.example')
  t.equal(certificates.contexts, 2)
  const { session } = await sessionOf(port, {})
  timers.pass(300)
  t.notOk((await sessionOf(port, { session })).isReused)
  const errors = new TlsErrors(log)
  errors.add(undefined)
  errors.add('ERR_UNHEARD_OF')
  t.equal(errors.counts.other, 2)
})
