/** The cost of `doctor --all` with a thousand domains on two hosts: time, memory, connections. Everything answers on the loopback. */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Answer, decode, encode } from 'dns-packet'
import type { Test } from 'tap'
import { issue } from '../test/support/certificates.ts'
import { mailServer } from '../test/support/mail-server.ts'
import { webServer } from '../test/support/web-server.ts'
import { bench } from './bench.ts'
import { build } from './ours.ts'
import { memory, totalCpu } from './proc.ts'
import { provider } from './provider.ts'
import { printResults } from './table.ts'

/** A thousand, unless the command names another number. */
const domains = Number(process.argv[2] ?? 1_000)
const names = Array.from({ length: domains }, (_, index) => `d${index}.example`)
const hosts = ['one.example', 'two.example']
const protocols = ['imap', 'pop3', 'smtp'] as const

/** All names of this service lead to a web server that answers 404. */
const notFound = {
  inject: async () => ({ statusCode: 404, headers: {}, rawPayload: Buffer.from('not found') }),
}
const services = ['autoconfig', 'autodiscover', 'ua-auto-config']

/** The helpers of the tests stop what they start when a test ends; here, the process ends. */
const test = { teardown() {} } as unknown as Test

await bench(`doctor --all: ${domains} domains on ${hosts.length} hosts`, async (folder) => {
  const program = build()
  const issued = await issue('P-256', undefined, hosts)
  const servers = await Promise.all(
    hosts.flatMap((hostname) =>
      protocols.map(async (type) => ({
        hostname,
        type,
        server: await mailServer(test, { type, socketType: 'SSL', issued }),
      })),
    ),
  )
  const dns = await openDns()
  const web = await webServer(test, notFound as never, issued, {})
  const config = join(folder, 'autoconfig.yaml')
  const settingsOf = (hostname: string) =>
    servers
      .filter((server) => server.hostname === hostname)
      .map(({ type, server }) => ({ type, port: server.port }))
  writeFileSync(
    config,
    JSON.stringify({
      provider,
      publicName: 'autoconfig.provider.example',
      hosts: Object.fromEntries(
        hosts.map((name) => [name, { hostname: name, shape: 'all', servers: settingsOf(name) }]),
      ),
      domains: Object.fromEntries(names.map((name, index) => [name, hosts[index % hosts.length]])),
    }),
  )
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, issued.authority)
  const args = ['doctor', '--all', '-c', config, '--ca', ca, '--resolver', dns.address, '--timeout', '5']
  const connect = names.flatMap((name) =>
    services.flatMap((service) => ['--connect', `${service}.${name}=${web.place}`]),
  )
  const began = performance.now()
  const child = spawn(process.execPath, [program, ...args, ...connect], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peak = 0
  let cpu = 0
  let first = 0
  let lines = 0
  const sampler = setInterval(() => {
    // A process that has just ended has no memory.
    peak = Math.max(peak, memory(child.pid as number).peak || 0)
    cpu = totalCpu(child.pid as number)
  }, 100)
  child.stdout.on('data', (bytes: Buffer) => {
    first ||= performance.now() - began
    lines += bytes.toString('latin1').split('\n').length - 1
  })
  await once(child, 'exit')
  clearInterval(sampler)
  const seconds = (performance.now() - began) / 1000
  const connections = servers.map(({ server }) => server.connections())
  printResults([
    { what: 'seconds', measured: seconds },
    { what: 'seconds of CPU', measured: cpu / 1000 },
    { what: 'seconds until the first result', measured: first / 1000 },
    { what: 'domains per second', measured: domains / seconds },
    { what: 'peak of memory, MB', measured: peak },
    // One for the checks, and one for old TLS.
    { what: 'most connections to one port of a mail server', measured: Math.max(...connections), must: 2 },
    { what: 'requests of the web per domain', measured: web.asked.length / domains },
    { what: 'questions to the name server per domain', measured: dns.count() / domains },
    { what: 'lines of results', measured: lines },
  ])
})

/** A name server for all names. Most records that clients ask for do not exist. */
async function openDns() {
  let count = 0
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 })
  socket.on('message', (bytes, from) => {
    const { id = 0, questions = [] } = decode(bytes)
    const [{ type = 'A', name = '' } = {}] = questions
    count++
    const answers = answersOf(type, name)
    socket.send(encode({ type: 'response', id, flags: 0, questions, answers }), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { address: `127.0.0.1:${socket.address().port}`, count: () => count }
}

function answersOf(type: string, name: string): Answer[] {
  const answer = (kind: string, owner: string, data: unknown) =>
    ({ type: kind, name: owner, ttl: 60, data }) as Answer
  if (type === 'A' && (hosts.includes(name) || name === 'autoconfig.provider.example'))
    return [answer('A', name, '127.0.0.2')]
  if (type === 'MX') return [answer('MX', name, { preference: 10, exchange: hosts[0] })]
  return []
}
