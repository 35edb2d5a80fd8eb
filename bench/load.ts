import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Connection } from './connection.ts'
import { Histogram } from './histogram.ts'
import { threadsCpu } from './proc.ts'
import { mistake, type Question, questions, type Right } from './questions.ts'

/** The requests to send, to which server, and for how long. */
export interface Load {
  readonly port: number
  /** The server's process: its CPU time is read at the first request and at the last answer. */
  readonly pid: number
  /** The number of domains to request in turn, spread over the first `among`. The same in all loads of one server. */
  readonly domains: number
  readonly among: number
  readonly right: Right
  readonly milliseconds: number
  /**
   * Open loop: requests per second, each timed from its scheduled time, so that a stall counts for every request that it
   * delays. Without it, the loop is closed: each connection sends its next request at once.
   */
  readonly perSecond?: number
}

/** Times in milliseconds. */
export interface Outcome {
  readonly right: number
  readonly wrong: number
  /** Broken connections and missing answers. */
  readonly failed: number
  /** The first error. */
  readonly mistake?: string
  readonly elapsed: number
  readonly serverCpu: number
  readonly p50: number
  readonly p99: number
  readonly longest: number
}

/** Sends requests over keep-alive connections, which it keeps from one load to the next. */
export class LoadGenerator {
  readonly #targets = new Map<number, Target>()

  /** Sends requests until the time is up or the signal comes, then waits for the outstanding answers. */
  async run(load: Load, signal: AbortSignal): Promise<Outcome> {
    const target = this.#targets.get(load.pid) ?? (await openTarget(load))
    this.#targets.set(load.pid, target)

    const tally = { right: 0, wrong: 0, failed: 0 }
    const latencies = new Histogram()
    let firstMistake: string | undefined

    const cpuBefore = threadsCpu(load.pid)
    const start = performance.now()
    let end = start + load.milliseconds
    signal.addEventListener('abort', () => (end = Math.min(end, performance.now())))
    const turns = load.perSecond === undefined ? () => performance.now() : timetable(start, load.perSecond)

    const askInTurn = async (slot: number): Promise<void> => {
      for (let meant = turns(); meant < end; meant = turns()) {
        const early = meant - performance.now()
        if (early > 0) await sleep(Math.ceil(early))
        const question = target.next()
        const connection = target.connections[slot]?.isOpen
          ? target.connections[slot]
          : await reopen(target, slot)
        const answer = await connection?.ask(question.request)
        latencies.add(performance.now() - meant)
        const wrong = answer && mistake(question, answer, load.right)
        tally[answer === undefined ? 'failed' : wrong === undefined ? 'right' : 'wrong']++
        firstMistake ??= answer === undefined ? 'no answer' : wrong
      }
    }
    await Promise.all(target.connections.map((_, slot) => askInTurn(slot)))

    return {
      ...tally,
      ...(firstMistake !== undefined && { mistake: firstMistake }),
      elapsed: performance.now() - start,
      serverCpu: threadsCpu(load.pid) - cpuBefore,
      p50: latencies.quantile(0.5),
      p99: latencies.quantile(0.99),
      longest: latencies.longest,
    }
  }
}

const connectionCount = 32

interface Target {
  readonly port: number
  readonly connections: Connection[]
  readonly next: () => Question
}

async function openTarget({ port, domains, among }: Load): Promise<Target> {
  const connections = await Promise.all(Array.from({ length: connectionCount }, () => Connection.open(port)))
  const list = questions(domains, among)
  let turn = 0
  return { port, connections, next: () => list[turn++ % list.length] as Question }
}

/** The scheduled time of each request. A connection that is late sends at once. */
function timetable(start: number, perSecond: number): () => number {
  let turn = 0
  return () => start + (turn++ * 1000) / perSecond
}

async function reopen(target: Target, slot: number): Promise<Connection | undefined> {
  const connection = await Connection.open(target.port).catch(() => undefined)
  if (connection) target.connections[slot] = connection
  return connection
}

/** As a process, it receives loads as messages and sends their outcomes back; 'stop' ends a load early. */
function serve(): void {
  const generator = new LoadGenerator()
  let stop = new AbortController()
  process.on('message', async (message: Load | 'stop') => {
    if (message === 'stop') return stop.abort()
    stop = new AbortController()
    process.send?.(await generator.run(message, stop.signal))
  })
  process.on('disconnect', () => process.exit())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve()
