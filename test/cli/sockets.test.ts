import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { get as getSecurely } from 'node:https'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { main } from '../../src/cli/main.ts'
import { longestPath } from '../../src/http/unix-socket.ts'
import { issue } from '../support/certificates.ts'
import { io, run } from '../support/command.ts'
import { configFolder, example } from '../support/example.ts'
import { freePorts, serving } from '../support/serving.ts'
import { socketDirectory } from '../support/socket-directory.ts'
import { until } from '../support/until.ts'

/** `serve` as systemd starts it: a process that is handed sockets with these names, one for each place. */
async function serveHanded(t: Test, config: string, names: string, places: readonly (number | string)[]) {
  const sockets: Server[] = []
  for (const place of places) {
    const socket = createServer()
    if (typeof place === 'string') socket.listen(place)
    else socket.listen(place, '127.0.0.1')
    await once(socket, 'listening')
    sockets.push(socket)
  }
  const descriptors = sockets.map((socket) => (socket as unknown as { _handle: { fd: number } })._handle.fd)
  const ports = sockets.map((socket) => (socket.address() as AddressInfo).port)
  const command = [process.execPath, ...process.execArgv, 'src/bin.ts', 'serve', '-c', config]
  const child = spawn('/bin/sh', ['-c', 'LISTEN_PID=$$ exec "$@"', 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe', ...descriptors],
    env: { ...process.env, LISTEN_FDS: String(sockets.length), LISTEN_FDNAMES: names },
  })
  t.teardown(() => child.kill('SIGKILL'))
  let log = ''
  child.stdout?.on('data', (chunk) => {
    log += chunk
  })
  await until(() => log.includes('"serving"'), 'the line "serving"')
  // The descriptors of this process are closed: only the child accepts.
  for (const socket of sockets) socket.close()
  const end = () => {
    child.kill('SIGTERM')
    return once(child, 'exit')
  }
  return { ports, log: () => log, end }
}

t.test('a server that systemd starts takes its sockets', async (t) => {
  const path = join(socketDirectory(t), 'http.sock')
  const config = configFolder(t, example)
  const { ports, log, end } = await serveHanded(t, config, 'http:admin:http:https', [0, 0, path, 0])
  const [http, admin] = ports
  t.match(log(), `"clients":"http://127.0.0.1:${http}, unix:","admin":"http://127.0.0.1:${admin}"`)
  t.match(
    log(),
    /systemd hands over a socket for https, but the configuration has no tls:; add it and restart/,
  )
  t.equal((await fetch(`http://127.0.0.1:${http}/v1.1/example.org`)).status, 200)
  t.equal((await fetch(`http://127.0.0.1:${admin}/healthz`)).status, 200)
  t.strictSame(await end(), [0, null])
})

t.test('a socket for https takes the place of address and port', async (t) => {
  const { certificate, key, authority } = await issue('P-256', undefined, ['autoconfig.example.org'])
  const tls = { certificates: [{ certificate: 'cert.pem', key: 'key.pem' }] }
  const config = configFolder(t, { ...example, tls })
  writeFileSync(join(dirname(config), 'cert.pem'), certificate)
  writeFileSync(join(dirname(config), 'key.pem'), key)
  const { ports, log, end } = await serveHanded(t, config, 'http:admin:https', [0, 0, 0])
  const https = ports[2] as number
  t.match(log(), `"https":"https://127.0.0.1:${https}"`)
  t.notMatch(log(), 'systemd hands over')
  const options = {
    host: '127.0.0.1',
    port: https,
    servername: 'autoconfig.example.org',
    path: '/v1.1/example.org',
  }
  const status = await new Promise((resolve, reject) => {
    getSecurely({ ...options, ca: authority, agent: false }, (response) =>
      resolve(response.resume().statusCode),
    ).on('error', reject)
  })
  t.equal(status, 200)
  t.strictSame(await end(), [0, null])
})

t.test('sockets without known names are an error', async (t) => {
  const around = io()
  const env = { LISTEN_PID: String(process.pid), LISTEN_FDS: '2' }
  t.equal(await main(['serve', '-c', configFolder(t, example)], { ...around, env }), 1)
  t.match(
    around.stdout.text(),
    /cannot listen: systemd hands over 2 sockets, and 2 of them without a known name/,
  )
})

/** A request to a unix socket: status and body. */
const askPath = (socketPath: string, path: string, headers = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ socketPath, path, headers }, async (response) =>
      resolve(`${response.statusCode} ${await text(response)}`),
    ).on('error', reject)
  })

t.test(
  'a server on unix sockets answers a proxy and the admin, and trusts the proxy if configured',
  async (t) => {
    const config = configFolder(t, { ...example, http: { rateLimit: { rate: 1, burst: 1 } } })
    const directory = socketDirectory(t)
    const [socket, admin] = ['http.sock', 'admin.sock'].map((name) => join(directory, name)) as [
      string,
      string,
    ]
    const env = { SOCKET: socket, ADMIN_SOCKET: admin, SOCKET_MODE: '600', PORT: '1' }
    const { log, stop } = await serving(['-c', config], { env })
    t.match(log(), `"try":"curl --unix-socket '${socket}' 'http://localhost/mail/config-v1.1.xml`)
    t.equal(statSync(socket).mode & 0o777, 0o600)
    const forwarded = { 'x-forwarded-host': 'autoconfig.example.org', 'x-forwarded-for': '192.0.2.1' }
    const settings = '/mail/config-v1.1.xml'
    t.match(await askPath(socket, settings, forwarded), /^404/, 'no proxy is trusted by default')
    for (let count = 0; count < 5; count++)
      t.match(
        await askPath(socket, '/v1.1/example.org', forwarded),
        /^200/,
        'and a connection without an address has no limit',
      )
    t.match(await askPath(admin, '/explain?address=example.org'), /^200 .*maximusconfessor/s)
    const explain = ['explain', '--running', 'info@example.org', '-c', config, '--admin-socket', admin]
    t.match(await run(explain), { exitCode: 0, stdout: /maximusconfessor/ })
    t.match(
      await run(['explain', '--running', 'info@example.org', '-c', config], { ADMIN_SOCKET: `${admin}.x` }),
      {
        exitCode: 1,
        stderr:
          /no admin listener answers at unix:.*\.x: is the server running, and are --admin-socket and the permissions of the socket those of "serve"\?/,
      },
    )

    t.equal(await stop(), 0)
    t.notOk(existsSync(socket))
    t.notOk(existsSync(admin))
  },
)

t.test('each client behind a trusted proxy at a unix socket is limited', async (t) => {
  const http = { rateLimit: { rate: 1, burst: 1 } }
  const config = configFolder(t, { ...example, http, trustedProxies: ['unix'] })
  const socket = join(socketDirectory(t), 'http.sock')
  const { stop } = await serving(['-c', config, '--socket', socket, '--admin-port', '0'])
  const forwarded = { 'x-forwarded-host': 'autoconfig.example.org', 'x-forwarded-for': '192.0.2.1' }
  const settings = '/mail/config-v1.1.xml'
  t.match(await askPath(socket, settings, forwarded), /^200/)
  t.match(await askPath(socket, settings, forwarded), /^429/)
  t.match(await askPath(socket, settings, { ...forwarded, 'x-forwarded-for': '192.0.2.2' }), /^200/)
  t.equal(await stop(), 0)
})

t.test('a flag for an address overrides the unix socket of the environment', async (t) => {
  const env = { SOCKET: '/nonexistent/http.sock', ADMIN_SOCKET: '/nonexistent/admin.sock' }
  const { stop } = await serving(['-c', configFolder(t, example), ...freePorts], { env })
  t.equal(await stop(), 0)
})

t.test('the second listener that cannot listen closes the first', async (t) => {
  const around = io()
  const config = configFolder(t, example)
  const directory = socketDirectory(t)
  const socket = join(directory, 'http.sock')
  const args = ['serve', '-c', config, '--socket', socket, '--admin-socket', directory]
  t.equal(await main(args, { ...around, env: {} }), 1)
  t.match(around.stdout.text(), ' is not a socket; remove it, or choose another path')
  t.notOk(existsSync(socket))
})

t.test('paths and permissions of sockets are checked', async (t) => {
  const long = 'x'.repeat(longestPath + 1)
  t.match(await run(['serve', '--socket', long]), {
    exitCode: 2,
    stderr: `must be a path of at most ${longestPath} bytes.`,
  })
  for (const mode of ['rw', '888', '66', '1660'])
    t.match(await run(['serve', '--socket-mode', mode]), {
      exitCode: 2,
      stderr: 'must be permissions as an octal number, such as 660.',
    })
  t.match(await run(['serve', '--socket', 'x', '--port', '1']), {
    exitCode: 2,
    stderr: /cannot be used with/,
  })
})
