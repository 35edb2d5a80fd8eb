import { once, setMaxListeners } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import type { Client, Entry, SearchOptions } from 'ldapts'
import { untilAborted } from '../until-aborted.ts'

export type Driver = typeof import('ldapts')

/** Who asks, and of which server. */
export interface LdapServer {
  /** `ldap://host:port` or `ldaps://host:port`. */
  readonly url: string
  readonly startTls: boolean
  readonly bindDn?: string | undefined
  readonly password?: string | undefined
}

/** The names and authorities that there are beside those of the system. */
export type Network = Pick<ConnectionOptions, 'ca' | 'lookup'>

/** RFC 4511, section 4.14.1. */
const startTlsOperation = '1.3.6.1.4.1.1466.20037'

/** Small messages at once; and an idle connection that something on the way has dropped is noticed. */
const alive = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const

/** The connection is gone, or of no more use; another may do better. */
export class ConnectionLost extends Error {}

/**
 * A connection to one server, encrypted and bound. The driver would open a lost one again by itself, without StartTLS
 * and bind: so it is handed a socket that is open, and never gets another.
 */
export class LdapConnection {
  readonly #server: LdapServer
  readonly #socket: Socket
  readonly #client: Client
  readonly #ended: AbortSignal

  /** Rejects with what is wrong, in words for the admin. */
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
    // A bind without a password would be taken for one of nobody, and succeed (RFC 4513, section 5.1.2).
    if (bindDn !== '' && password === '') throw new Error('the passwordFile of bindDn is empty')
    const defaultPort = protocol === 'ldaps:' ? 636 : 389
    let socket: Socket = connect({ ...network, host, port: Number(port) || defaultPort, ...alive })
    let step = 'cannot be reached'
    try {
      await opened(socket, 'connect', signal)
      if (protocol === 'ldaps:' || startTls) {
        if (protocol === 'ldap:') {
          step = 'does not offer StartTLS'
          await untilAborted(clientOf(socket).exop(startTlsOperation), signal)
          socket.removeAllListeners('data')
        }
        step = 'fails at TLS'
        // The name to be verified, and to be asked for, which an address must not be (RFC 6066, section 3).
        const name = isIP(host) ? { host } : { host, servername: host }
        socket = connectTls({ ...network, ...name, socket })
        await opened(socket, 'secureConnect', signal)
      }
      step = 'does not take the bind'
      const client = clientOf(socket)
      const connection = new LdapConnection(server, socket, client)
      await untilAborted(untilAborted(client.bind(bindDn, password), connection.#ended), signal)
      return connection
    } catch (error) {
      socket.destroy()
      throw new Error(`${url} ${step}: ${signal.aborted ? 'not in time' : reasonOf(error)}`)
    }
  }

  private constructor(server: LdapServer, socket: Socket, client: Client) {
    this.#server = server
    this.#socket = socket
    this.#client = client
    const ended = new AbortController()
    this.#ended = ended.signal
    // Every question that is under way listens to it.
    setMaxListeners(0, ended.signal)
    socket.once('close', () => ended.abort(new ConnectionLost()))
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  /**
   * The entries that a search finds. Rejects with `ConnectionLost`, with the words for the result code, or with the
   * reason of the signal; the connection is then closed, since the server may be as good as gone.
   */
  async search(base: string, options: SearchOptions, signal: AbortSignal): Promise<Entry[]> {
    const { searchEntries } = await this.#answer(this.#client.search(base, options), signal)
    return searchEntries
  }

  /** The same page by page (RFC 2696), for what may be many. */
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
      return await untilAborted(untilAborted(promise, this.#ended), signal)
    } catch (error) {
      if (signal.aborted) {
        this.#socket.destroy()
        throw signal.reason
      }
      const said = `${this.#server.url} answers: ${reasonOf(error)}`
      if (error instanceof ConnectionLost || !isAnswer(error)) {
        this.#socket.destroy()
        throw new ConnectionLost(said)
      }
      throw new Error(said)
    }
  }

  async close(): Promise<void> {
    await this.#client.unbind()
  }
}

/** Rejects with the reason of the signal, or with the socket's error. */
async function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<void> {
  // An error later on is followed by `close`, which tells of it.
  socket.on('error', () => {})
  await once(socket, event, { signal })
}

/** The result codes of RFC 4511, appendix A, that an admin may meet. */
const results: Readonly<Record<number, string>> = {
  1: 'operations error; Active Directory says so to those who are not bound',
  2: 'protocol error',
  3: 'it took the server too long',
  4: 'more entries than the server gives out',
  7: 'it does not take passwords',
  8: 'it wants stronger authentication, or TLS',
  10: 'a referral to another server',
  11: 'more than the server lets one ask for',
  13: 'it wants TLS',
  18: 'an attribute cannot be compared as the filter has it',
  32: 'there is no such base, or bindDn may not read it',
  34: 'the base or bindDn is not a DN',
  48: 'it does not take a bind of this kind',
  49: 'bindDn or its password is wrong',
  50: 'bindDn may not do that',
  51: 'busy',
  52: 'out of service',
  53: 'unwilling',
}
const outOfService = [51, 52]

/** The codes of OpenSSL for a certificate whose authority is not known. */
const unknownAuthority = /^(?:SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY))/

const codeOf = (error: unknown): number | string | undefined => (error as { code?: number | string }).code

/** Has the server answered, and would another answer the same? */
function isAnswer(error: unknown): boolean {
  const code = codeOf(error)
  return typeof code === 'number' && !outOfService.includes(code)
}

/** Words of ours, since those of servers may hold what was asked. */
function reasonOf(error: unknown): string {
  const code = codeOf(error)
  if (typeof code === 'number') return `${results[code] ?? 'it refuses'} (${code})`
  if (code === undefined) return 'the connection was broken off'
  const hint = unknownAuthority.test(code) ? '; NODE_EXTRA_CA_CERTS may name a file of authorities' : ''
  return `${code}${hint}`
}
