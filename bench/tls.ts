/** The cost of TLS: handshakes with one certificate, and ten thousand certificates in a directory. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bench } from './bench.ts'
import { bareHttps } from './candidates.ts'
import { CertificateFolder, secureNameAt } from './certificate-folder.ts'
import { Connection } from './connection.ts'
import { build, ours, type Setup } from './ours.ts'
import { memory, threadsCpu, totalCpu } from './proc.ts'
import { type Candidate, type Server, startServer } from './server.ts'
import { type Spread, spreadOf } from './spread.ts'
import { printResults } from './table.ts'
import { namesOf, type VisitKind, visit } from './visits.ts'

const count = 10_000
/** The server keeps this number in memory. */
const kept = 1_000
/** Each pair is started several times, as in requests.ts. */
const starts = 4
const turnsPerStart = 8
const perTurn = 100
const warmUp = 1_000
/** Servers with all certificates, one after the other. */
const rounds = 2
/** Milliseconds until a server is idle. */
const idle = 2_000
/** Milliseconds after which the files of ten thousand certificates have been looked at for the first time. */
const afterLook = 10_000

await bench(
  `TLS 1.3, ECDSA P-256: 1 and ${count} certificates, a connection for each answer`,
  async (folder) => {
    const program = build()
    const [few, many] = [
      await CertificateFolder.create(join(folder, 'few'), 1),
      await CertificateFolder.create(join(folder, 'many'), count),
    ]
    const candidate = (name: string, certificates?: CertificateFolder): Candidate => {
      const setup: Setup = { name, domains: count, form: 'map' }
      return ours(program, folder, certificates ? { ...setup, certificates: certificates.directory } : setup)
    }
    const candidates = {
      plain: candidate('no TLS'),
      one: candidate('1', few),
      all: candidate(`${count}`, many),
    }

    const cpu = await handshakes(candidates.one, few, folder)
    console.log(
      'A connection has a handshake and one answer. Figures of a second and a core are those of this machine.\n',
    )
    printResults([
      { what: 'connections a second and core: http', measured: perSecond(cpu.ours.http) },
      { what: 'connections a second and core: full handshake', measured: perSecond(cpu.ours.full) },
      { what: 'connections a second and core: resumed', measured: perSecond(cpu.ours.resumed) },
      { what: 'CPU: http / bare node:http', measured: ratio(cpu.ours.http, cpu.bare.http) },
      { what: 'CPU: full / http', measured: ratio(cpu.ours.full, cpu.ours.http) },
      { what: 'CPU: resumed / full', measured: ratio(cpu.ours.resumed, cpu.ours.full), must: 1, aim: 0.8 },
      {
        what: 'CPU: full / bare node:https',
        measured: ratio(cpu.ours.full, cpu.bare.full),
        must: 1.35,
        aim: 1.2,
      },
      {
        what: 'CPU: resumed / bare node:https',
        measured: ratio(cpu.ours.resumed, cpu.bare.resumed),
        must: 1.35,
        aim: 1.2,
      },
    ])

    const found: Found[] = []
    for (let round = 0; round < rounds; round++) found.push(await manyCertificates(candidates, folder))
    const spread = (measure: (found: Found) => number): Spread => spreadOf(found.map(measure))
    const firsts = found.flatMap(({ first }) => first)
    const laters = found.flatMap(({ later }) => later)
    printResults([
      {
        what: 'CPU: first handshake of a certificate / later ones',
        measured: ratio(firsts, laters),
        must: 6,
        aim: 3,
      },
      {
        what: 'ms of CPU that the first one takes more',
        measured: spreadOf(firsts.map((each, turn) => each - (laters[turn] as number))),
      },
      { what: 'memory: no TLS, MB', measured: spread(({ rss }) => rss.plain) },
      { what: 'memory: 1 certificate, MB', measured: spread(({ rss }) => rss.one) },
      { what: `memory: ${count}, 1 of them asked for, MB`, measured: spread(({ rss }) => rss.read) },
      { what: `memory: ${count}, ${kept} of them asked for, MB`, measured: spread(({ rss }) => rss.full) },
      {
        what: `memory: ${count}, each asked for, MB`,
        measured: spread(({ rss }) => rss.all),
        must: 350,
        aim: 250,
      },
      {
        what: `memory: ${count}, each asked for twice, MB`,
        measured: spread(({ rss }) => rss.again),
        must: 450,
        aim: 300,
      },
      {
        what: 'KB of memory per certificate that was asked for',
        measured: spread(({ rss }) => ((rss.full - rss.read) * 1024) / kept),
        must: 100,
        aim: 50,
      },
      {
        what: 'KB of memory per certificate that was not',
        measured: spread(({ rss }) => ((rss.read - rss.one) * 1024) / count),
      },
      { what: 'seconds until the first answer: no TLS', measured: spread(({ seconds }) => seconds.plain) },
      {
        what: `seconds until the first answer: ${count}`,
        measured: spread(({ seconds }) => seconds.answer),
        must: 8,
      },
      {
        what: `seconds until all ${count} are read`,
        measured: spread(({ seconds }) => seconds.read),
        must: 30,
        aim: 15,
      },
      { what: 'CPU until all are read, x no TLS', measured: spread(({ cpu }) => cpu.read / cpu.plain) },
      {
        what: 'ms of CPU for each certificate that is read',
        measured: spread(({ cpu }) => (cpu.read - cpu.plain) / count),
      },
    ])

    const [one, all] = [
      await renewal(candidates.one, few, 0, folder),
      await renewal(candidates.all, many, 1, folder),
    ]
    printResults([
      { what: 'seconds until a renewed certificate is used: 1', measured: one.seconds, must: 10, aim: 5 },
      {
        what: `seconds until a renewed certificate is used: ${count}`,
        measured: all.seconds,
        must: 300,
        aim: 180,
      },
      { what: 'share of a core meanwhile: 1', measured: one.share },
      { what: `share of a core meanwhile: ${count}`, measured: all.share, must: 0.1, aim: 0.05 },
    ])
  },
)

type Cpu = Record<VisitKind, number[]>

/** The CPU of connections to a server with one certificate, and to bare node:https with the same one, in turn. */
async function handshakes(
  one: Candidate,
  certificates: CertificateFolder,
  folder: string,
): Promise<{ ours: Cpu; bare: Cpu }> {
  const document = join(folder, 'document.xml')
  const first = await startServer(one, folder)
  writeFileSync(document, first.document, 'latin1')
  await first.stop()
  const bare = bareHttps(folder, count, document, certificates.filesOf(0))
  const cpu = { ours: { http: [], full: [], resumed: [] }, bare: { http: [], full: [], resumed: [] } } as {
    ours: Cpu
    bare: Cpu
  }
  for (let start = 0; start < starts; start++) {
    const isReversed = start % 2 === 1
    const [a, b] = [
      await startServer(isReversed ? bare : one, folder),
      await startServer(isReversed ? one : bare, folder),
    ]
    const servers = isReversed ? { ours: b, bare: a } : { ours: a, bare: b }
    for (let turn = -1; turn < turnsPerStart; turn++) {
      for (const kind of ['full', 'resumed', 'http'] as const) {
        for (const name of ['ours', 'bare'] as const) {
          const used = await visit(servers[name], kind, Array(turn < 0 ? warmUp : perTurn).fill(0))
          if (turn >= 0) cpu[name][kind].push(used)
        }
      }
    }
    await Promise.all([a.stop(), b.stop()])
  }
  return cpu
}

/** Times in seconds and milliseconds of CPU, memory in megabytes. */
interface Found {
  readonly seconds: { readonly plain: number; readonly answer: number; readonly read: number }
  readonly cpu: { readonly plain: number; readonly read: number }
  readonly rss: Record<'plain' | 'one' | 'read' | 'full' | 'all' | 'again', number>
  /** CPU per connection, by turn. */
  readonly first: readonly number[]
  readonly later: readonly number[]
}

/** Starts a server with all certificates, and asks for each of them. */
async function manyCertificates(
  candidates: Readonly<Record<'plain' | 'one' | 'all', Candidate>>,
  folder: string,
): Promise<Found> {
  const base = await afterVisits(candidates.plain, 'http', folder)
  const few = await afterVisits(candidates.one, 'full', folder)

  const began = performance.now()
  const server = await startServer(candidates.all, folder)
  await waitFor(async () => (await certificatesOf(server)).states.valid === count, 300, 'all certificates')
  const seconds = {
    plain: base.started.wall / 1000,
    answer: server.started.wall / 1000,
    read: (performance.now() - began) / 1000,
  }
  const cpu = { plain: base.started.cpu, read: totalCpu(server.pid) }

  await visit(server, 'full', Array(warmUp).fill(0))
  const read = await idleMemory(server)
  const [first, later]: [number[], number[]] = [[], []]
  for (let at = 1; at < kept; at += perTurn) {
    const domains = numbers(at, Math.min(at + perTurn, kept))
    first.push(await visit(server, 'full', domains))
    later.push(await visit(server, 'full', domains))
  }
  const full = await idleMemory(server)
  await visit(server, 'full', numbers(kept, count))
  const all = await idleMemory(server)
  // Node.js frees what the cache has dropped when it next collects its garbage.
  await visit(server, 'full', numbers(0, count))
  const rss = { plain: base.rss, one: few.rss, read, full, all, again: await idleMemory(server) }
  const { contexts } = await certificatesOf(server)
  if (contexts !== kept) throw new Error(`${contexts} certificates are in memory`)
  await server.stop()
  return { seconds, cpu, rss, first, later }
}

async function afterVisits(candidate: Candidate, kind: VisitKind, folder: string) {
  const server = await startServer(candidate, folder)
  await visit(server, kind, Array(warmUp).fill(0))
  const rss = await idleMemory(server)
  await server.stop()
  return { started: server.started, rss }
}

/** The time until a certificate is replaced, of a domain that is in memory; and the CPU meanwhile. */
async function renewal(
  candidate: Candidate,
  certificates: CertificateFolder,
  domain: number,
  folder: string,
) {
  const server = await startServer(candidate, folder)
  await waitFor(async () => (await certificatesOf(server)).default !== null, 300, 'the default certificate')
  await visit(server, 'full', [domain])
  // The files were just looked at, and the next look comes as late as it can.
  await sleep(afterLook)
  const name = 'renewed.example.org'
  const [began, before] = [performance.now(), threadsCpu(server.pid)]
  await certificates.renew(domain, name)
  const isRenewed = async (): Promise<boolean> => {
    const connection = await Connection.openTls(server.tlsPort, { servername: secureNameAt(domain) })
    const names = namesOf(connection)
    connection.close()
    return names.includes(name)
  }
  await waitFor(isRenewed, 400, 'the renewed certificate')
  const elapsed = performance.now() - began
  const share = (threadsCpu(server.pid) - before) / elapsed
  await server.stop()
  return { seconds: elapsed / 1000, share }
}

/** `tls` of /readyz. */
async function certificatesOf({ adminPort }: Server) {
  const response = await fetch(`http://127.0.0.1:${adminPort}/readyz`, {
    signal: AbortSignal.timeout(10_000),
  })
  const { tls } = (await response.json()) as {
    tls: { states: { valid: number }; contexts: number; default: string | null }
  }
  return tls
}

async function idleMemory({ pid }: Server): Promise<number> {
  await sleep(idle)
  return memory(pid).rss
}

async function waitFor(condition: () => Promise<boolean>, seconds: number, what: string): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await sleep(200)
  }
}

/** The numbers from `start` up to `end`, which is not one of them. */
function numbers(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index)
}

function perSecond(milliseconds: readonly number[]): Spread {
  return spreadOf(milliseconds.map((each) => 1000 / each))
}

function ratio(of: readonly number[], to: readonly number[]): Spread {
  return spreadOf(of.map((each, turn) => each / (to[turn] as number)))
}
