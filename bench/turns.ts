import type { Client } from './client.ts'
import type { Outcome } from './load.ts'
import type { Server } from './server.ts'
import { type Spread, spreadOf } from './spread.ts'

/**
 * Short slices: other load on the machine affects all servers alike, and a bad moment affects one slice only. The first two
 * seconds of each server are not counted, because V8 is still compiling.
 */
const defaultTurns = 50
const milliseconds = { slice: 150, warmUp: 4_000 }

/** Loads the servers in turn, and returns the outcomes of each, one per turn. */
export async function takeTurns<Name extends string>(
  client: Client,
  servers: Readonly<Record<Name, Server>>,
  turns = defaultTurns,
): Promise<Record<Name, readonly Outcome[]>> {
  const names = Object.keys(servers) as Name[]
  for (const name of names) await saturate(client, servers[name], milliseconds.warmUp)

  const outcomes = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Outcome[]>
  for (let turn = 0; turn < turns; turn++) {
    const first = turn % names.length // so that each is first, and last, equally often
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      outcomes[name].push(await saturate(client, servers[name], milliseconds.slice))
    }
  }
  return outcomes
}

/** As many requests as the server can answer. Rejects if an answer is wrong or missing. */
export async function saturate(client: Client, server: Server, milliseconds: number): Promise<Outcome> {
  const {
    port,
    pid,
    candidate: { name, among, right },
  } = server
  const outcome = await client.run({ port, pid, domains: 10_000, among, right, milliseconds })
  if (outcome.mistake !== undefined) throw new Error(`${name}: ${outcome.mistake}`)
  return outcome
}

/** The measure to compare in two outcomes. */
export type Measure = (outcome: Outcome) => number

export const cpuPerRequest: Measure = (outcome) => outcome.serverCpu / outcome.right
export const throughput: Measure = (outcome) => outcome.right / outcome.elapsed
/** The share of its core that the server used. If it is well below 1, the client was the limit, and throughput is meaningless. */
export const busy: Measure = (outcome) => outcome.serverCpu / outcome.elapsed
export const p50: Measure = (outcome) => outcome.p50
export const p99: Measure = (outcome) => outcome.p99

/** The ratio of one measure in these outcomes to that in the others, turn by turn. */
export function ratio(measure: Measure, of: readonly Outcome[], to: readonly Outcome[]): Spread {
  return spreadOf(of.map((outcome, turn) => measure(outcome) / measure(to[turn] as Outcome)))
}
