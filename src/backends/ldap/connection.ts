import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { Client, Entry, SearchOptions } from 'ldapts'
import { keepAliveDelay } from '../keep-alive.ts'
import { untilAborted } from '../until-aborted.ts'
import { ConnectionLost, describeError, isFinal } from './error.ts'

export type Driver = typeof import('ldapts')

/** A server, and how to bind to it. */
export interface LdapServer {
  /** `ldap://host:port` or `ldaps://host:port`. */
  readonly url: string
  readonly startTls: boolean
  readonly bindDn?: string | undefined
  readonly password?: string | undefined
}

/** Name resolution and certificate authorities, if they differ from those of the system. */
export type Network = Pick<ConnectionOptions, 'ca' | 'lookup'>

/** RFC 4511, section 4.14.1. */
const startTlsOperation = '1.3.6.1.4.1.1466.20037'

/** Messages are small, so they are sent without delay. */
const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveDelay } as const

/**
 * A connection to one server, encrypted and bound. The driver would open a lost connection again by itself, but without
 * StartTLS and bind. So it gets an open socket, and never another one. If that is lost, the driver rejects what waits for an answer.
 */
export class LdapConnection {
  readonly #server: LdapServer
  readonly #socket: Socket
  readonly #client: Client

  /** Rejects with an error for the admin. */
  static async open(
    driver: Driver,
    server: LdapServer,
    network: Network,
    signal: AbortSignal,
  ): Promise<LdapConnection> {
    const { url, startTls, bindDn = '', password = '' } = server
    const { protocol, hostname, port } = new URL(url)
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    const clientOf = (socket: Socket) =>
      new driver.Client({ url: 'ldap://localhost', createConnection: () => socket })
    // A server treats a bind without a password as anonymous and accepts it (RFC 4513, section 5.1.2).
    if (bindDn !== '' && password === '') throw new Error('the passwordFile of bindDn is empty')
    const defaultPort = protocol === 'ldaps:' ? 636 : 389
    let socket: Socket = connect({ ...network, host, port: Number(port) || defaultPort, ...socketOptions })
    let step = 'cannot connect'
    try {
      await opened(socket, 'connect', signal)
      if (protocol === 'ldaps:' || startTls) {
        if (protocol === 'ldap:') {
          step = 'StartTLS failed'
          await untilAborted(clientOf(socket).exop(startTlsOperation), signal)
        }
        step = 'TLS failed'
        // The name in the certificate. The server name indication must not be an IP address (RFC 6066, section 3).
        const name = isIP(host) ? { host } : { host, servername: host }
        socket = connectTls({ ...network, ...name, socket })
        await opened(socket, 'secureConnect', signal)
      }
      step = 'bind failed'
      const client = clientOf(socket)
      await untilAborted(client.bind(bindDn, password), signal)
      return new LdapConnection(server, socket, client)
    } catch (error) {
      socket.destroy()
      throw new Error(`${url}: ${step}: ${signal.aborted ? 'timed out' : describeError(error)}`)
    }
  }

  private constructor(server: LdapServer, socket: Socket, client: Client) {
    this.#server = server
    this.#socket = socket
    this.#client = client
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  /**
   * Returns the entries that a search finds. Rejects with `ConnectionLost`, with a description of the result code, or with
   * the reason of the signal. On abort the connection is closed, because the server may hang.
   */
  async search(base: string, options: SearchOptions, signal: AbortSignal): Promise<Entry[]> {
    const { searchEntries } = await this.#answer(this.#client.search(base, options), signal)
    return searchEntries
  }

  /** Returns the entries page by page (RFC 2696), for searches that may find many. */
  async *pages(base: string, options: SearchOptions, signal: AbortSignal): AsyncGenerator<Entry[]> {
    const pages = this.#client.searchPaginated(base, { ...options, paged: { pageSize: 500 } })
    for (;;) {
      const page = await this.#answer(pages.next(), signal)
      if (page.done) return
      yield page.value.searchEntries
    }
  }

  async #answer<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await untilAborted(promise, signal)
    } catch (error) {
      if (signal.aborted) {
        this.#socket.destroy()
        throw signal.reason
      }
      const message = `${this.#server.url}: ${describeError(error)}`
      if (!isFinal(error)) {
        this.#socket.destroy()
        throw new ConnectionLost(message)
      }
      throw new Error(message)
    }
  }

  async close(): Promise<void> {
    await this.#client.unbind()
  }
}

/** Waits until the socket is open. Rejects with the reason of the signal or with the error of the socket. */
async function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<void> {
  // A later error is followed by `close`, which is handled.
  socket.on('error', () => {})
  await once(socket, event, { signal })
}
