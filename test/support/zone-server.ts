import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { type Answer, AUTHENTIC_DATA, AUTHORITATIVE_ANSWER, decode, encode } from 'dns-packet'
import type { Test } from 'tap'

/** `NXDOMAIN`, `SERVFAIL` or `REFUSED` in place of records. `BOGUS` is `SERVFAIL` unless the client turns off validation. */
const codes = { SERVFAIL: 2, BOGUS: 2, NXDOMAIN: 3, REFUSED: 5 } as const

/** The records of a name, as `A mail.example.org` -> data of dns-packet. */
export type Zone = Record<string, readonly unknown[] | keyof typeof codes>

export interface NameServerOptions {
  /** The names of which the answers are authenticated. */
  readonly authenticates?: (name: string) => boolean
}

/** A name server on the loopback. A name of which the zone has no record does not exist. */
export async function nameServer(t: Test, zone: Zone, options: NameServerOptions = {}) {
  const queries: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (bytes, from: RemoteInfo) => {
    const { id = 0, questions = [], flag_cd } = decode(bytes)
    const [{ type = 'A', name = '' } = {}] = questions
    queries.push(`${type} ${name}`)
    const alias = zone[`CNAME ${name}`]
    const found = zone[`${type} ${name}`]
    const exists = Object.keys(zone).some((key) => key.split(' ')[1] === name)
    const isHidden = found === 'BOGUS' && flag_cd
    const code = isHidden
      ? 0
      : typeof found === 'string'
        ? codes[found]
        : found === undefined && !exists
          ? codes.NXDOMAIN
          : 0
    const authentic = options.authenticates?.(name) ? AUTHENTIC_DATA : 0
    const answers = [
      ...answersOf(type, name, found),
      ...(type === 'CNAME' || !Array.isArray(alias)
        ? []
        : [...answersOf('CNAME', name, alias), ...answersOf(type, alias[0], zone[`${type} ${alias[0]}`])]),
    ]
    const reply = encode({
      type: 'response',
      id,
      flags: AUTHORITATIVE_ANSWER | authentic | code,
      questions,
      answers,
    })
    socket.send(reply, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return { address: `127.0.0.1:${socket.address().port}`, queries, zone }
}

const answersOf = (type: string, name: string, found: Zone[string] | undefined): Answer[] =>
  (Array.isArray(found) ? found : []).map((data) => ({ type, name, ttl: 60, data }) as Answer)
