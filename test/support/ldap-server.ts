import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import {
  Boolean as AsnBoolean,
  Set as AsnSet,
  type AsnType,
  Constructed,
  Enumerated,
  fromBER,
  Integer,
  OctetString,
  Sequence,
} from 'asn1js'
import type { Test } from 'tap'
import type { Issued } from './certificates.ts'

/**
 * As much of an LDAP server (RFC 4511) as the source asks for: bind, StartTLS, search with pages, unbind. It reads and
 * writes BER with another library than the client, and can be made to fail in each step.
 */

export type Entry = Readonly<Record<string, readonly (string | Uint8Array)[]>>

/** A result code, or what a server does that gives none. */
type Diagnostic = number | 'hangs up' | 'is silent' | 'talks rubbish'

export interface LdapOptions {
  readonly entries?: readonly Entry[]
  readonly password?: string
  /** With this certificate: from the first byte, or after StartTLS. */
  readonly tls?: { readonly issued: Issued; readonly from: 'start' | 'StartTLS' }
  readonly pageSize?: number
}

/** One search as the server reads it. */
export interface Search {
  readonly base: string
  readonly filter: string
  readonly sizeLimit: number
  readonly attributes: readonly string[]
}

export class LdapServer {
  /** What it is made to do; each may be changed at any time. */
  bind: Diagnostic = 0
  startTls: Diagnostic = 0
  search: Diagnostic = 0
  /** What an attacker adds in clear to the answer to StartTLS. */
  injected = new Uint8Array()
  /** What it was asked: each connection, bind and search. */
  connections = 0
  readonly binds: string[] = []
  readonly searches: Search[] = []
  readonly #options: LdapOptions
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  port = 0

  constructor(options: LdapOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket))
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.port = (this.#server.address() as AddressInfo).port
  }

  /** Ends all connections; nobody is listening then. */
  async stop(): Promise<void> {
    this.hangUp()
    this.#server?.close()
    if (this.#server?.listening) await once(this.#server, 'close')
  }

  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  get open(): number {
    return this.#sockets.size
  }

  #serve(socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
    const { tls } = this.#options
    this.#listen(tls?.from === 'start' ? this.#encrypted(socket, tls.issued) : socket)
  }

  #encrypted(socket: Socket, { certificate, key }: Issued): TLSSocket {
    const encrypted = new TLSSocket(socket, { isServer: true, cert: certificate, key })
    encrypted.on('error', () => socket.destroy())
    return encrypted
  }

  #listen(socket: Socket): void {
    let received = Buffer.alloc(0)
    const read = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      for (;;) {
        const { offset, result } = fromBER(Uint8Array.from(received))
        if (offset <= 0) return
        received = received.subarray(offset)
        const [id, operation, controls] = partsOf(result) as [Integer, AsnType, AsnType | undefined]
        const answer = (tagNumber: number, value: AsnType[], ...more: AsnType[]) =>
          socket.write(
            new Uint8Array(
              new Sequence({
                value: [
                  id,
                  new Constructed({ idBlock: { tagClass: application, tagNumber }, value }),
                  ...more,
                ],
              }).toBER(),
            ),
          )
        this.#answer(socket, operation, controls, answer, read)
      }
    }
    socket.on('data', read)
  }

  #answer(
    socket: Socket,
    operation: AsnType,
    controls: AsnType | undefined,
    answer: (tagNumber: number, value: AsnType[], ...more: AsnType[]) => void,
    read: (chunk: Buffer) => void,
  ): void {
    const { tagNumber } = operation.idBlock
    const parts = partsOf(operation)
    const fail = (fault: Diagnostic, tagNumber: number) => {
      if (fault === 'hangs up') socket.destroy()
      else if (fault === 'talks rubbish') socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
      else if (fault !== 'is silent') answer(tagNumber, result(fault))
    }
    if (tagNumber === 0) {
      const [dn, password] = [textOf(parts[1]), textOf(parts[2])]
      this.binds.push(dn)
      const isWrong = this.bind === 0 && dn !== '' && password !== this.#options.password
      fail(isWrong ? 49 : this.bind, 1)
    } else if (tagNumber === 2) socket.end()
    else if (tagNumber === 23) {
      socket.cork()
      fail(this.startTls, 24)
      socket.write(this.injected)
      socket.uncork()
      const { tls } = this.#options
      if (this.startTls !== 0 || !tls) return
      socket.off('data', read)
      this.#listen(this.#encrypted(socket, tls.issued))
    } else if (tagNumber === 3) this.#find(parts, controls, answer, fail)
  }

  #find(
    parts: AsnType[],
    controls: AsnType | undefined,
    answer: (tagNumber: number, value: AsnType[], ...more: AsnType[]) => void,
    fail: (fault: Diagnostic, tagNumber: number) => void,
  ): void {
    const filter = parts[6] as AsnType
    const search = {
      base: textOf(parts[0]),
      sizeLimit: (parts[3] as Integer).valueBlock.valueDec,
      filter: showFilter(filter),
      attributes: partsOf(parts[7]).map(textOf),
    }
    this.searches.push(search)
    if (this.search !== 0) {
      fail(this.search, 5)
      return
    }
    const found = (this.#options.entries ?? []).filter((entry) => fits(filter, entry))
    const page = controls && pageOf(controls)
    const start = page ? Number(page.cookie) : 0
    const limit = page ? (this.#options.pageSize ?? page.size) : search.sizeLimit || found.length
    for (const entry of found.slice(start, start + limit)) {
      const wanted = Object.entries(entry).filter(([name]) =>
        search.attributes.some((attribute) => attribute.toLowerCase() === name.toLowerCase()),
      )
      const attributes = wanted.map(
        ([name, values]) =>
          new Sequence({
            value: [octets(name), new AsnSet({ value: values.map((value) => octets(value)) })],
          }),
      )
      answer(4, [octets(entry['dn']?.[0] ?? 'cn=somewhere'), new Sequence({ value: attributes })])
    }
    // A reference to another part of the tree, as Active Directory has them at the end.
    if (!page) answer(19, [octets('ldap://elsewhere.example.org/dc=elsewhere')])
    const isCut = found.length > start + limit
    if (page) answer(5, result(0), pageControl(isCut ? String(start + limit) : ''))
    else fail(isCut ? 4 : 0, 5)
  }
}

/** Starts one that ends with the test. */
export async function startLdap(t: Test, options: LdapOptions): Promise<LdapServer> {
  const server = new LdapServer(options)
  await server.start()
  t.teardown(() => server.stop())
  return server
}

const application = 2
const context = 3

const octets = (value: string | Uint8Array) =>
  new OctetString({ valueHex: Uint8Array.from(Buffer.from(value as string)) })

/** A server's own words, which may hold what was asked. */
const result = (code: number) => [new Enumerated({ value: code }), octets(''), octets('secret words')]

const partsOf = (type: AsnType | undefined): AsnType[] => (type as Constructed).valueBlock.value as AsnType[]

const textOf = (type: AsnType | undefined): string =>
  Buffer.from((type as OctetString).valueBlock.valueHexView).toString()

const pagedResults = '1.2.840.113556.1.4.319'

function pageOf(controls: AsnType): { size: number; cookie: string } {
  const control = partsOf(controls).find((control) => textOf(partsOf(control)[0]) === pagedResults)
  const value = partsOf(control).find(
    (part, index) => index > 0 && !(part instanceof AsnBoolean),
  ) as OctetString
  const [size, cookie] = partsOf(fromBER(Uint8Array.from(value.valueBlock.valueHexView)).result)
  return { size: (size as Integer).valueBlock.valueDec, cookie: textOf(cookie) }
}

function pageControl(cookie: string): AsnType {
  const value = new Sequence({ value: [new Integer({ value: 0 }), octets(cookie)] }).toBER()
  return new Constructed({
    idBlock: { tagClass: context, tagNumber: 0 },
    value: [new Sequence({ value: [octets(pagedResults), octets(new Uint8Array(value))] })],
  })
}

/** RFC 4511, section 4.5.1.7: and, or, not, equality, substrings, present. */
function fits(filter: AsnType, entry: Entry): boolean {
  const valuesOf = (attribute: AsnType | undefined) => {
    const name = textOf(attribute).toLowerCase()
    const found = Object.entries(entry).find(([key]) => key.toLowerCase() === name)
    return (found?.[1] ?? []).map((value) =>
      Buffer.from(value as string)
        .toString()
        .toLowerCase(),
    )
  }
  const { tagNumber } = filter.idBlock
  if (tagNumber === 7) return valuesOf(filter).length > 0
  const parts = partsOf(filter)
  if (tagNumber === 0) return parts.every((part) => fits(part, entry))
  if (tagNumber === 1) return parts.some((part) => fits(part, entry))
  if (tagNumber === 2) return !fits(parts[0] as AsnType, entry)
  if (tagNumber === 3) return valuesOf(parts[0]).includes(textOf(parts[1]).toLowerCase())
  const pieces = partsOf(parts[1]).map((piece) => textOf(piece).toLowerCase())
  return valuesOf(parts[0]).some((value) => pieces.every((piece) => value.includes(piece)))
}

/** The filter as the server reads it, with its values in quotes. */
function showFilter(filter: AsnType): string {
  const { tagNumber } = filter.idBlock
  if (tagNumber === 7) return `${textOf(filter)}=*`
  const parts = partsOf(filter)
  if (tagNumber === 2) return `!(${showFilter(parts[0] as AsnType)})`
  if (tagNumber < 2) return `(${parts.map(showFilter).join(tagNumber === 0 ? ' & ' : ' | ')})`
  if (tagNumber === 3) return `${textOf(parts[0])}=${JSON.stringify(textOf(parts[1]))}`
  return `${textOf(parts[0])}~${partsOf(parts[1])
    .map((piece) => JSON.stringify(textOf(piece)))
    .join('*')}`
}
