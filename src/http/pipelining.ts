import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Turns } from './turns.ts'

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

/** Requests of one connection without an answer, the one that is being answered included. */
export const mostUnanswered = 16

/** Of all connections together, in each turn of the event loop. */
const pipelinedPerTurn = 16

/**
 * Answers the requests of a connection one after the other, each when the answer before it is written. Otherwise a client that sends
 * requests and reads nothing keeps as many answers in memory as it likes. A connection with more unanswered requests is closed, and
 * `onTooMany` called. Clients that wait for their answers, which are nearly all, pay nothing for it.
 */
export function oneAtATime(handle: RequestHandler, onTooMany: () => void): RequestHandler {
  const waiting = new WeakMap<Socket, number>()
  const turns = new Turns(pipelinedPerTurn)
  return (request, response) => {
    // Node.js gives a response its socket when the responses before it are finished.
    if (response.socket !== null) {
      handle(request, response)
      return
    }
    const { socket } = request
    if (socket.destroyed) return
    const others = waiting.get(socket) ?? 0
    // One more request is being answered.
    if (others + 1 >= mostUnanswered) {
      onTooMany()
      cut(socket)
      return
    }
    waiting.set(socket, others + 1)
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) as number) - 1)
      turns.add(() => handle(request, response))
    })
  }
}

/** The property of Node's parser that takes a request. It returns 2 if no other request may follow: the rest is not HTTP. */
interface Parser {
  onIncoming?: (request: { upgrade: boolean }) => number
}

/**
 * Closes a connection, and stops its parser: otherwise Node.js makes an object of every request among the bytes that it has already
 * received, which may be thousands.
 */
function cut(socket: Socket): void {
  socket.destroy()
  const { parser } = socket as { parser?: Parser }
  if (!parser) return
  parser.onIncoming = (request) => {
    request.upgrade = true
    return 2
  }
}
