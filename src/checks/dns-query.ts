import { createSocket } from 'node:dgram'
import { connect, isIP } from 'node:net'
import {
  type Answer,
  AUTHENTIC_DATA,
  CHECKING_DISABLED,
  type DecodedPacket,
  decode,
  encode,
  type Packet,
  RECURSION_DESIRED,
  type RecordType,
  streamDecode,
  streamEncode,
} from 'dns-packet'
import { deadline } from './deadline.ts'

/** An answer of a name server, with the parts that c-ares does not show. */
export interface DnsAnswer {
  /** The RCODE, such as `NOERROR`. */
  readonly code: string
  /** The name server has verified the signatures of DNSSEC (the AD bit; RFC 4035, section 3.2.3). */
  readonly isAuthenticated: boolean
  readonly records: readonly Answer[]
}

/** `checkingDisabled`: the name server answers even if the signatures are not valid (the CD bit). */
export interface DnsQuestion {
  readonly type: RecordType
  readonly name: string
  readonly checkingDisabled?: boolean
}

/** Asks the name servers in turn. `undefined` if none of them answers. */
export type Ask = (question: DnsQuestion) => Promise<DnsAnswer | undefined>

/** Each name server is asked so often, as c-ares does. */
const tries = 2
/** In bytes: fits into every path without fragments (RFC 9715). */
const longestDatagram = 1232

/**
 * `servers` as Node.js writes them: an IP address, with a port if it is not 53. `timeout` is in milliseconds, for each try. Questions that
 * wait when the signal aborts end without an answer.
 */
export function openQuestions(servers: readonly string[], timeout: number, signal?: AbortSignal): Ask {
  return async (question) => {
    for (const server of Array.from({ length: tries }, () => servers).flat()) {
      const reply = await exchange(server, question, deadline(timeout, signal)).catch(() => undefined)
      if (reply)
        return { code: reply.rcode, isAuthenticated: reply.flag_ad, records: reply.answers as Answer[] }
    }
    return undefined
  }
}

/** `rcode` is missing in the typings. */
type Reply = DecodedPacket & { readonly rcode: string }

async function exchange(server: string, question: DnsQuestion, end: AbortSignal): Promise<Reply> {
  const { type, name, checkingDisabled } = question
  const id = crypto.getRandomValues(new Uint16Array(1))[0] as number
  const packet: Packet = {
    type: 'query',
    id,
    // The AD bit asks for the AD bit (RFC 6840, section 5.7).
    flags: RECURSION_DESIRED | AUTHENTIC_DATA | (checkingDisabled ? CHECKING_DISABLED : 0),
    questions: [{ type, name }],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: longestDatagram } as Answer],
  }
  const reply = await overUdp(server, packet, end)
  return reply.flag_tc ? overTcp(server, packet, end) : reply
}

const isReplyTo = (reply: DecodedPacket, { id }: Packet): boolean =>
  reply.id === id && reply.type === 'response'

function overUdp(server: string, packet: Packet, signal: AbortSignal): Promise<Reply> {
  const { address, port, family } = placeOf(server)
  const socket = createSocket({ type: family, signal })
  const reply = new Promise<Reply>((resolve, reject) => {
    socket.on('message', (bytes) => {
      const read = readReply(() => decode(bytes))
      // Others may send to the port as well.
      if (read && isReplyTo(read, packet)) resolve(read)
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('no answer in time')))
    // A connected socket takes datagrams only from this name server, and learns that nobody listens there.
    socket.connect(port, address, () => socket.send(encode(packet)))
  })
  return reply.finally(() => closeQuietly(socket))
}

const closeQuietly = (socket: { close(): unknown }): void => {
  try {
    socket.close()
  } catch {
    // The time limit has closed it.
  }
}

function overTcp(server: string, packet: Packet, signal: AbortSignal): Promise<Reply> {
  const { address, port } = placeOf(server)
  const socket = connect({ host: address, port, signal })
  const reply = new Promise<Reply>((resolve, reject) => {
    let bytes = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      if (bytes.length < 2 || bytes.length < 2 + bytes.readUInt16BE(0)) return
      const read = readReply(() => streamDecode(bytes) as DecodedPacket)
      if (read && isReplyTo(read, packet)) resolve(read)
      else reject(new Error('no DNS message'))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection ended')))
    socket.on('connect', () => socket.write(streamEncode(packet)))
  })
  return reply.finally(() => socket.destroy())
}

/** dns-packet throws at bytes that are no message. */
function readReply(read: () => DecodedPacket): Reply | undefined {
  try {
    return read() as Reply
  } catch {
    return undefined
  }
}

function placeOf(server: string) {
  const colon = isIP(server) === 0 ? server.lastIndexOf(':') : server.length
  const address = server.slice(0, colon).replace(/^\[|\]$/g, '')
  const port = Number(server.slice(colon + 1)) || 53
  return { address, port, family: address.includes(':') ? 'udp6' : 'udp4' } as const
}
