import type { Entry, SearchOptions } from 'ldapts'
import { untilAborted, within } from '../until-aborted.ts'
import { type Driver, LdapConnection, type LdapServer, type Network } from './connection.ts'
import { ConnectionLost } from './error.ts'

/** How long a server that failed is tried only after the others, in milliseconds. */
const demotion = 30_000

/** How long to wait before connecting again after all servers failed, in milliseconds: a wrong password may lock the account. */
const backoff = 1000

interface OpenServer {
  readonly server: LdapServer
  readonly connection: LdapConnection
}

/** Servers with the same content. The first that is available gets all queries, over one connection that is kept open. */
export class LdapServers {
  readonly #driver: Driver
  readonly #servers: readonly LdapServer[]
  /** How long connecting to one server may take, in milliseconds. */
  readonly #connectTimeout: number
  readonly #network: Network
  readonly #now: () => number
  readonly #closed = new AbortController()
  readonly #failedAt = new Map<LdapServer, number>()
  #open: OpenServer | undefined
  #opening: Promise<OpenServer> | undefined
  #failed: { readonly error: unknown; readonly at: number } | undefined

  /** `timeout`: how long one query may take, in seconds. Each server can be tried within it. */
  constructor(
    driver: Driver,
    servers: readonly LdapServer[],
    timeout: number,
    network: Network,
    now: () => number,
  ) {
    this.#driver = driver
    this.#servers = servers
    this.#connectTimeout = Math.floor((900 * timeout) / servers.length)
    this.#network = network
    this.#now = now
  }

  /** All queries share one connection, which is never idle. */
  get connections(): { readonly open: number; readonly idle: number } {
    return { open: this.#open?.connection.isOpen ? 1 : 0, idle: 0 }
  }

  /** Searches again if the connection is lost: it may have been stale, and another server may answer. */
  async search(base: string, options: SearchOptions, signal: AbortSignal): Promise<Entry[]> {
    signal.throwIfAborted()
    try {
      return await this.#search(base, options, signal)
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      return await this.#search(base, options, signal)
    }
  }

  /** Uses a connection of its own, so that no other query waits for it. */
  async *pages(base: string, options: SearchOptions, signal: AbortSignal): AsyncGenerator<Entry[]> {
    const { connection } = await this.#openAny(signal)
    try {
      yield* connection.pages(base, options, signal)
    } finally {
      await connection.close()
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new Error('the source is closed'))
    await this.#opening?.catch(() => {})
    await this.#open?.connection.close()
  }

  async #search(base: string, options: SearchOptions, signal: AbortSignal): Promise<Entry[]> {
    const { server, connection } = await this.#connection(signal)
    try {
      return await connection.search(base, options, signal)
    } catch (error) {
      if (signal.aborted) this.#failedAt.set(server, this.#now())
      throw error
    }
  }

  async #connection(signal: AbortSignal): Promise<OpenServer> {
    this.#closed.signal.throwIfAborted()
    if (!this.#open?.connection.isOpen) return untilAborted(this.#connect(), signal)
    // A server earlier in the list may be available again. The query does not wait for it.
    if (this.#inOrder()[0] !== this.#open.server) this.#connect().catch(() => {})
    return this.#open
  }

  /** Makes one attempt at a time, for all queries together. */
  async #connect(): Promise<OpenServer> {
    const failed = this.#failed
    if (failed && this.#now() < failed.at + backoff) throw failed.error
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #reopen(): Promise<OpenServer> {
    try {
      const open = await this.#openAny(this.#closed.signal)
      // Queries that still run on the old connection are repeated on this one.
      this.#open?.connection.close()
      this.#open = open
      return open
    } catch (error) {
      this.#failed = { error, at: this.#now() }
      throw error
    }
  }

  async #openAny(signal: AbortSignal): Promise<OpenServer> {
    const errors: string[] = []
    for (const server of this.#inOrder()) {
      try {
        const connection = await within(this.#connectTimeout, signal, (signal) =>
          LdapConnection.open(this.#driver, server, this.#network, signal),
        )
        this.#failedAt.delete(server)
        return { server, connection }
      } catch (error) {
        signal.throwIfAborted()
        this.#failedAt.set(server, this.#now())
        errors.push((error as Error).message)
      }
    }
    throw new Error(errors.join('; '))
  }

  /** In the order of the configuration, with those that failed recently at the end. */
  #inOrder(): LdapServer[] {
    const now = this.#now()
    const isDemoted = (server: LdapServer) => now < (this.#failedAt.get(server) ?? -Infinity) + demotion
    return this.#servers.toSorted((one, other) => Number(isDemoted(one)) - Number(isDemoted(other)))
  }
}
