import { isIP } from 'node:net'
import type * as Redis from '@redis/client'
import { describeError, type ErrorTexts } from '../backends/driver-errors.ts'
import { keepAliveDelay } from '../backends/keep-alive.ts'
import type { ListeningConnection } from '../backends/listener.ts'
import { answerWithin } from '../backends/until-aborted.ts'
import { type LimitStore, storeDriver } from './read-store.ts'
import { script } from './script.ts'

/** How long the store may take to connect, and for an answer, in seconds. No request waits for it. */
const timeout = 2

/** Requests to add to one bucket. */
export interface Addition {
  readonly key: string
  readonly requests: number
}

/** How buckets drain, in milliseconds. */
export interface Drain {
  readonly perRequest: number
  /** After this time, every bucket is empty. */
  readonly most: number
}

export interface StoreConnection extends ListeningConnection {
  /** Returns the milliseconds until each bucket is empty. Rejects, and ends the connection, if there is no such answer in time. */
  add(additions: readonly Addition[], drain: Drain): Promise<readonly number[]>
}

export type LoadRedis = () => Promise<Pick<typeof Redis, 'createClient'>>

export const loadRedis: LoadRedis = () => import('@redis/client')

/** Connects, and shows that buckets can be written and read. Rejects with an error for the admin. */
export async function connectToStore(store: LimitStore, load: LoadRedis): Promise<StoreConnection> {
  const { createClient } = await load().catch(() => {
    throw new Error(
      `the package ${storeDriver} is not installed or is incomplete: npm install ${storeDriver}`,
    )
  })
  const { host, port, user, password, database, tls, prefix } = store
  const client = createClient({
    socket: {
      ...{ host, port, connectTimeout: timeout * 1000, keepAliveInitialDelay: keepAliveDelay },
      ...(tls && { ...tls, tls: true, ...(isIP(host) === 0 && { servername: host }) }),
      reconnectStrategy: false,
    },
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...{ database, RESP: 2, disableOfflineQueue: true },
  })
  const lost = new AbortController()
  const lose = (error: unknown): never => {
    const problem = new Error(`${host}:${port}: ${problemOf(error)}`)
    lost.abort(problem)
    destroy()
    throw problem
  }
  const destroy = (): void => {
    if (client.isOpen) client.destroy()
  }
  client.on('error', (error) => lost.abort(new Error(`${host}:${port}: ${problemOf(error)}`)))
  const ask = <Value>(question: () => Promise<Value>): Promise<Value> =>
    answerWithin(timeout, question).catch(lose)
  const add = (additions: readonly Addition[], { perRequest, most }: Drain): Promise<readonly number[]> =>
    ask(async () => {
      const answer = await client.eval(script, {
        keys: additions.map(({ key }) => `${prefix}${key}`),
        arguments: [perRequest, most, ...additions.map(({ requests }) => requests)].map(String),
      })
      return fillsOf(answer, additions.length, most)
    })
  await ask(() => client.connect())
  // A store that cannot run the script, such as a replica or one without memory, is of no use.
  await add([{ key: 'probe', requests: 1 }], { perRequest: 1, most: 1000 })
  return { lost: lost.signal, ping: async () => void (await ask(() => client.ping())), destroy, add }
}

class UnexpectedAnswer extends Error {}

/** Whatever else uses the same keys, no client may be refused for longer than the limit allows. */
function fillsOf(answer: unknown, length: number, most: number): readonly number[] {
  const fills = Array.isArray(answer) ? answer.map(Number) : []
  if (fills.length !== length || !fills.every((fill) => fill >= 0 && fill <= most + 1))
    throw new UnexpectedAnswer()
  return fills
}

function problemOf(error: unknown): string {
  if (error instanceof UnexpectedAnswer) return 'unexpected answer; is it Redis or Valkey?'
  return describeError(error, errorTexts)
}

/** https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors, and the messages of the driver. */
const errorTexts: ErrorTexts = {
  codes: {},
  messages: [
    [/^WRONGPASS|^ERR (invalid password|AUTH)/, 'the server rejected the user or password'],
    [/^NOAUTH/, 'the server requires a password; set passwordFile'],
    [/^NOPERM/, 'the user has no permission for EVAL, TIME, GET and SET on keys with the prefix'],
    [/READONLY/, 'the server is a read-only replica'],
    [/OOM/, 'the server has no memory left'],
    [/^LOADING/, 'the server is starting up'],
    [/^has not answered|timeout/i, 'no response'],
    [/closed|[Dd]isconnect/, 'connection lost'],
    [/^ERR DB index/, 'there is no such database'],
  ],
}
