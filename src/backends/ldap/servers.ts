import type { Entry, SearchOptions } from 'ldapts'
import { untilAborted, within } from '../until-aborted.ts'
import { ConnectionLost, type Driver, LdapConnection, type LdapServer, type Network } from './connection.ts'

/** For how long a server that failed comes after the others, in milliseconds. */
const setAside = 30_000

/** For how long nobody knocks again when all have failed, in milliseconds: a wrong password may lock the account. */
const pause = 1000

interface Open {
  readonly server: LdapServer
  readonly connection: LdapConnection
}

/** Servers that all say the same: the first that can be reached is asked, over one connection that is kept. */
export class LdapServers {
  readonly #driver: Driver
  readonly #servers: readonly LdapServer[]
  readonly #patience: number
  readonly #network: Network
  readonly #now: () => number
  readonly #closed = new AbortController()
  readonly #failedAt = new Map<LdapServer, number>()
  #open: Open | undefined
  #opening: Promise<Open> | undefined
  #failed: { readonly error: unknown; readonly at: number } | undefined

  /** `timeout`: how long one question may take, in seconds; each server can be tried within it. */
  constructor(
    driver: Driver,
    servers: readonly LdapServer[],
    timeout: number,
    network: Network,
    now: () => number,
  ) {
    this.#driver = driver
    this.#servers = servers
    this.#patience = Math.floor((900 * timeout) / servers.length)
    this.#network = network
    this.#now = now
  }

  /** Asks again if the connection is lost: it may have been so for long, or another server may answer. */
  async search(base: string, options: SearchOptions, signal: AbortSignal): Promise<Entry[]> {
    signal.throwIfAborted()
    try {
      return await this.#search(base, options, signal)
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      return await this.#search(base, options, signal)
    }
  }

  /** Over a connection of its own, on which nobody else waits. */
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

  async #connection(signal: AbortSignal): Promise<Open> {
    this.#closed.signal.throwIfAborted()
    if (!this.#open?.connection.isOpen) return untilAborted(this.#connect(), signal)
    // An earlier server may be back; nobody waits for it.
    if (this.#inOrder()[0] !== this.#open.server) this.#connect().catch(() => {})
    return this.#open
  }

  /** One attempt at a time, however many ask. */
  async #connect(): Promise<Open> {
    const failed = this.#failed
    if (failed && this.#now() < failed.at + pause) throw failed.error
    this.#opening ??= this.#reopen().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #reopen(): Promise<Open> {
    try {
      const open = await this.#openAny(this.#closed.signal)
      // What is still under way on the old one is asked again on this.
      this.#open?.connection.close()
      this.#open = open
      return open
    } catch (error) {
      this.#failed = { error, at: this.#now() }
      throw error
    }
  }

  async #openAny(signal: AbortSignal): Promise<Open> {
    const errors: string[] = []
    for (const server of this.#inOrder()) {
      try {
        const connection = await within(this.#patience, signal, (signal) =>
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

  /** As the admin has them, those that failed a short while ago behind the others. */
  #inOrder(): LdapServer[] {
    const now = this.#now()
    const isAside = (server: LdapServer) => now < (this.#failedAt.get(server) ?? -Infinity) + setAside
    return this.#servers.toSorted((one, other) => Number(isAside(one)) - Number(isAside(other)))
  }
}
