import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { RequestHandler } from './pipelining.ts'

/** Milliseconds that a client has to read the answer while it still sends. */
const patience = 1000

/**
 * Closes the connection of a request that is answered before its body has ended, as most methods are: the body may be endless. The
 * answer is the last that is sent. The rest of the
 * body is read for a moment, since a connection that is closed before everything is read loses the answer (RFC 9112, section 9.6).
 */
export function closeAfterUnreadBody(handle: RequestHandler): RequestHandler {
  return (request, response) => {
    if (hasBody(request)) {
      const { socket } = request
      const closeUnlessComplete = () => {
        if (!request.complete) closeSlowly(socket)
      }
      // The body may be among the bytes that are being parsed.
      response.once('finish', () => setImmediate(closeUnlessComplete))
      // Node.js calls it if the answer says "Connection: close".
      socket.destroySoon = () => {
        if (request.complete) Socket.prototype.destroySoon.call(socket)
        else closeSlowly(socket)
      }
    }
    handle(request, response)
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

function closeSlowly(socket: Socket): void {
  if (socket.writableEnded) return
  socket.end()
  const timer = setTimeout(() => socket.destroy(), patience)
  socket.once('close', () => clearTimeout(timer))
}
