/** Whether the time of an answer reveals which addresses exist, if logins are public. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../src/config/load.ts'
import { autoconfig } from '../src/formats/autoconfig.ts'
import { lookupByQuery } from '../src/http/lookup.ts'
import { SharedResponses } from '../src/http/shared-responses.ts'
import { Resolver } from '../src/resolver/resolver.ts'
import { bench } from './bench.ts'
import { Connection } from './connection.ts'
import { domainAt, hostKeyAt, hostKeys } from './domains.ts'
import { build } from './ours.ts'
import { hostnameOf, provider } from './provider.ts'
import { startServer } from './server.ts'
import { type Spread, spreadOf } from './spread.ts'
import { figure, printResults, printTable, type Result } from './table.ts'

const domains = 100
/** Accounts per domain, and as many aliases of them. */
const accounts = 500
const turns = 50
const warmUp = 10
/** Addresses of each kind per turn. */
const addresses: Readonly<Record<Way, number>> = { 'in the process': 300, 'over HTTP': 300 }

/** The kinds of address. All have the same length. `control` has unknown addresses as well, to show the effect of chance. */
const kinds = { account: 'a', alias: 'b', unknown: 'x', control: 'y' } as const
type Kind = keyof typeof kinds
const kindNames = Object.keys(kinds) as Kind[]

/** Sends a request about one address, and returns the text of the answer. */
type Ask = (query: string, host: string) => string | Promise<string>
interface Asked {
  readonly ask: Ask
  readonly stop: () => void | Promise<void>
}

const path = '/mail/config-v1.1.xml'

const ways = ['in the process', 'over HTTP'] as const
type Way = (typeof ways)[number]

await bench(
  `Disclosure: known and unknown addresses of ${domains} domains with ${accounts * domains} accounts`,
  async (folder) => {
    const program = build()
    const rows: string[][] = []
    const results: Result[] = []
    for (const way of ways) {
      for (const decoys of [false, true]) {
        const config = writeConfig(folder, decoys)
        const { ask, stop } =
          way === 'over HTTP' ? await overHttp(program, config, folder) : await inProcess(config)
        await takeTurns(ask, way, decoys, warmUp) // while V8 compiles
        const { unknown, ...others } = await takeTurns(ask, way, decoys, turns)
        await stop()
        for (const [kind, times] of Object.entries(others)) {
          const what = `${way}, ${decoys ? 'decoys' : 'no decoys'}: ${kind} / unknown`
          const ratio = ratioOf(times, unknown)
          rows.push([
            what,
            ...[times, unknown].map((all) => figure(spreadOf(all.flat()).median)),
            ...[ratio.median, ratio.low, ratio.high, longerOf(times.flat(), unknown.flat())].map((number) =>
              number.toFixed(3),
            ),
          ])
          const measured = 100 * Math.abs(ratio.median - 1)
          if (kind !== 'control') results.push({ what: `${what}, apart by %`, measured, must: 10, aim: 5 })
        }
      }
    }
    printTable(['', 'median, µs', 'unknown, µs', 'ratio', 'low', 'high', 'took longer'], rows)
    console.log('low, high: quartiles of the ratio. took longer: in how many of all pairs; 0.5 is chance.\n')
    printResults(results)
  },
)

/** A configuration with public logins, and a Postfix map with the accounts. JSON is also YAML. */
function writeConfig(folder: string, decoys: boolean): string {
  const home = mkdtempSync(join(folder, 'disclosure-'))
  const lines: string[] = []
  for (let index = 0; index < domains * accounts; index++) {
    lines.push(`${addressOf('account', index)} user${String(index + 1).padStart(7, '0')}\n`)
    lines.push(`${addressOf('alias', index)} ${addressOf('account', index)}\n`)
  }
  writeFileSync(join(home, 'virtual'), lines.join(''))
  writeFileSync(join(home, 'secret'), randomBytes(32))
  const config = {
    provider,
    hosts: Object.fromEntries(hostKeys.map((key) => [key, { hostname: hostnameOf(key) }])),
    domains: Object.fromEntries(
      Array.from({ length: domains }, (_, index) => [domainAt(index), hostKeyAt(index)]),
    ),
    accounts: { disclose: 'public', decoys, secretFile: 'secret', files: ['virtual'] },
    http: { accessLog: false },
  }
  const file = join(home, 'autoconfig.yaml')
  writeFileSync(file, JSON.stringify(config))
  return file
}

function addressOf(kind: Kind, index: number): string {
  return `${kinds[kind]}${String(index).padStart(6, '0')}@${domainAt(index % domains)}`
}

/** The same function as in the server, without a socket. */
async function inProcess(config: string): Promise<Asked> {
  const outcome = await loadConfig(config)
  if ('errors' in outcome) throw new Error(outcome.errors[0]?.message)
  const resolver = new Resolver(outcome.config)
  const responses = new SharedResponses(autoconfig)
  const ask: Ask = (query, host) => {
    const lookup = lookupByQuery(path + query, host)
    const found = resolver.resolve(lookup)
    if (found instanceof Promise) throw new Error('not answered at once')
    const { body } = responses.respond(found, lookup, resolver, {})
    return typeof body === 'string' ? body : Buffer.from(body).toString('latin1')
  }
  return { ask, stop: () => {} }
}

async function overHttp(program: string, config: string, folder: string): Promise<Asked> {
  const listeners = (port: string, adminPort: string) => [
    ...['--host', '127.0.0.1', '--port', port, '--admin-host', '127.0.0.1', '--admin-port', adminPort],
  ]
  const server = await startServer(
    {
      name: 'ours',
      among: domains,
      right: [0],
      args: (port, adminPort) => [program, 'serve', '--config', config, ...listeners(port, adminPort)],
    },
    folder,
  )
  const connection = await Connection.open(server.port)
  return {
    async ask(query, host) {
      const answer = await connection.ask(`GET ${path}${query} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      if (answer?.status !== 200) throw new Error(`status ${answer?.status}`)
      return answer.body
    },
    async stop() {
      connection.close()
      await server.stop()
    },
  }
}

/** Microseconds of each answer, by kind and turn. */
async function takeTurns(
  ask: Ask,
  way: Way,
  decoys: boolean,
  turns: number,
): Promise<Record<Kind, number[][]>> {
  const count = addresses[way]
  const times = Object.fromEntries(kindNames.map((kind) => [kind, []])) as unknown as Record<Kind, number[][]>
  for (let turn = 0; turn < turns; turn++) {
    for (const kind of kindNames) times[kind].push([])
    for (let place = 0; place < count; place++) {
      const index = (turn * count + place) % (domains * accounts)
      const host = `autoconfig.${domainAt(index % domains)}`
      for (let step = 0; step < kindNames.length; step++) {
        // Each kind is first, and follows each other kind, equally often.
        const order = (place >> 2) % 2 === 0 ? step : kindNames.length - 1 - step
        const kind = kindNames[(place + order) % kindNames.length] as Kind
        const query = `?emailaddress=${addressOf(kind, index)}`
        const start = performance.now()
        const answered = ask(query, host)
        const body = answered instanceof Promise ? await answered : answered
        times[kind].at(-1)?.push(1000 * (performance.now() - start))
        const account = `user${String(index + 1).padStart(7, '0')}`
        const wrong = mistake(kind, body, account, decoys)
        if (wrong !== undefined) throw new Error(`${kind}: ${wrong}`)
      }
    }
  }
  return times
}

/** The error in an answer; undefined if the answer is right. */
function mistake(kind: Kind, body: string, account: string, decoys: boolean): string | undefined {
  const shown = /<username>([^<]*)</.exec(body)?.[1]
  if (kind === 'account' || kind === 'alias') return shown === account ? undefined : `shows ${shown}`
  const isRight = decoys ? shown !== account && /^user\d{7}$/.test(`${shown}`) : shown === '%EMAILADDRESS%'
  return isRight ? undefined : `shows ${shown}`
}

/** The ratio of the medians of two kinds, turn by turn. */
function ratioOf(of: readonly number[][], to: readonly number[][]): Spread {
  return spreadOf(of.map((all, turn) => spreadOf(all).median / spreadOf(to[turn] as number[]).median))
}

/** The share of pairs in which the first takes longer: what one request can reveal (the area under the ROC curve). */
function longerOf(of: readonly number[], to: readonly number[]): number {
  const sorted = to.toSorted((a, b) => a - b)
  let wins = 0
  for (const time of of) {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sorted[middle] as number) < time) low = middle + 1
      else high = middle
    }
    wins += low
  }
  return wins / (of.length * to.length)
}
