/** The CPU of a page for people, compared with the autoconfig document of the same server. */
import { bench } from './bench.ts'
import { Connection } from './connection.ts'
import { domainAt } from './domains.ts'
import { build, ours } from './ours.ts'
import { threadsCpu } from './proc.ts'
import { startServer } from './server.ts'
import { spreadOf } from './spread.ts'
import { printResults } from './table.ts'

const domains = 1_000
const connectionCount = 8
const turns = 40
const requestsPerTurn = 400
const warmUp = 5

/** Each kind of answer: the path and query for an address of a domain. */
const kinds = {
  autoconfig: (domain: string) => `/mail/config-v1.1.xml?emailaddress=jane%40${domain}`,
  'page of a domain': (domain: string) => `/?emailaddress=${domain}`,
  'page of an address': (domain: string) => `/?emailaddress=jane%40${domain}`,
  'profile of an address': (domain: string) => `/apple/mail.mobileconfig?emailaddress=jane%40${domain}`,
} as const
type Kind = keyof typeof kinds
const kindNames = Object.keys(kinds) as Kind[]

await bench('Pages for people, and autoconfig documents', async (folder) => {
  const server = await startServer(ours(build(), folder, { name: 'ours', domains, form: 'map' }), folder)
  const connections = await Promise.all(
    Array.from({ length: connectionCount }, () => Connection.open(server.port)),
  )
  const cpu = Object.fromEntries(kindNames.map((kind) => [kind, []])) as unknown as Record<Kind, number[]>
  for (let turn = 0; turn < warmUp + turns; turn++) {
    for (const kind of kindNames) {
      const before = threadsCpu(server.pid)
      await Promise.all(connections.map((connection) => ask(connection, kind)))
      if (turn >= warmUp) cpu[kind].push(threadsCpu(server.pid) - before)
    }
  }
  await server.stop()
  printResults(
    kindNames.slice(1).map((kind) => ({
      what: `CPU per request: ${kind} / autoconfig`,
      measured: spreadOf(cpu[kind].map((used, turn) => used / (cpu.autoconfig[turn] as number))),
      ...(kind === 'page of a domain' && { must: 5 }),
    })),
  )
})

async function ask(connection: Connection, kind: Kind): Promise<void> {
  for (let index = 0; index < requestsPerTurn / connectionCount; index++) {
    const domain = domainAt(index % domains)
    const answer = await connection.ask(`GET ${kinds[kind](domain)} HTTP/1.1\r\nHost: ${domain}\r\n\r\n`)
    if (answer?.status !== 200) throw new Error(`${kind}: status ${answer?.status}`)
  }
}
