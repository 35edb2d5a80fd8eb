import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode } from 'dns-packet'
import type { Test } from 'tap'

const noSuchName = 3

/** A name server on loopback for the records given -> its address and port. It fails for names below `broken.example.org`. */
export async function nameServer(t: Test, records: readonly Answer[]): Promise<string> {
  const socket = createSocket('udp4')
  socket.on('message', (bytes, { port, address }) => {
    const { id = 0, questions = [] } = decode(bytes)
    const [question] = questions
    const named = records.filter(({ name }) => name === question?.name)
    const serverFailure = question?.name.endsWith('broken.example.org') ? 2 : 0
    const code = named.length > 0 ? 0 : serverFailure || noSuchName
    const answers = named.filter(({ type }) => type === question?.type)
    const packet = { id, type: 'response' as const, flags: AUTHORITATIVE_ANSWER | code, questions, answers }
    socket.send(encode(packet), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return `127.0.0.1:${socket.address().port}`
}
