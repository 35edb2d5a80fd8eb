import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { unixAddress } from './client-address.ts'
import { plainText } from './headers.ts'
import { decode, parameter } from './lookup.ts'

/** Explains an address or a domain as JSON; `undefined` if the text is neither. */
export type Explain = (asked: string) => Promise<object | undefined>

/** Characters. A pasted URL with an address in it fits. */
const longestQuestion = 2000
/** How many are answered at once: each may query every source, and clients come first. */
const mostAtOnce = 4

/**
 * `GET /explain?address=…` for `explain --running`. Only the machine itself may ask, since the answer reveals which addresses exist,
 * and the admin listener may be open to a monitoring system.
 */
export function addExplain(app: FastifyInstance, explain: Explain): void {
  let running = 0
  app.get('/explain', async (request, reply) => {
    const refuse = (status: number, text: string) => reply.code(status).type(plainText).send(`${text}\n`)
    reply.header('cache-control', 'no-store')
    if (!isSameMachine(request.socket)) return refuse(403, 'Ask from the machine that the server runs on.')
    const asked = parameter(request.url, 'address')
    if (asked === undefined || asked.length > longestQuestion)
      return refuse(400, 'Use /explain?address=ADDRESS.')
    if (running >= mostAtOnce) return refuse(503, 'Too many questions at once; try again.')
    running++
    try {
      const explanation = await explain(decode(asked))
      return explanation ?? refuse(400, 'This is neither an address nor a domain.')
    } finally {
      running--
    }
  })
}

/** A machine reaches itself by a unix socket, a loopback address, or by one address at both ends. */
function isSameMachine({ remoteAddress = '', localAddress }: Socket): boolean {
  const isSame = remoteAddress === unixAddress || remoteAddress === localAddress
  return isSame || /^(::ffff:)?127\.|^::1$/.test(remoteAddress)
}
