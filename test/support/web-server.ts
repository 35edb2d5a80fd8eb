import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import type { Issued } from './certificates.ts'

/** The first byte of TLS: a handshake record. */
const handshake = 0x16

/** An answer of somebody else: a status, a body and headers; `undefined` for silence. */
export type Foreign = readonly [status: number, body?: string, headers?: Record<string, string>] | undefined

/** A web server in front of our server, with http and https on one port. `foreign` has answers by URL. */
export async function webServer(
  t: Test,
  app: FastifyInstance,
  { certificate, key }: Issued,
  foreign: Readonly<Record<string, Foreign>>,
) {
  const asked: string[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const scheme = 'encrypted' in request.socket ? 'https' : 'http'
    const url = `${scheme}://${request.headers.host}${request.url}`
    asked.push(`${request.method} ${url}`)
    if (url in foreign) {
      const answer = foreign[url]
      if (answer) response.writeHead(answer[0], answer[2]).end(answer[1])
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { statusCode, rawPayload, headers } = await app.inject({
      method: request.method as 'GET',
      url: request.url as string,
      headers: request.headers as Record<string, string>,
      payload: Buffer.concat(chunks),
    })
    response.writeHead(statusCode, headers as Record<string, string>).end(rawPayload)
  }
  const http = createHttpServer(handle)
  const https = createHttpsServer({ cert: certificate, key }, handle)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', (first) => {
      socket.pause()
      socket.unshift(first)
      ;(first[0] === handshake ? https : http).emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  })
  server.listen(0, '127.0.0.2')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { asked, place: `127.0.0.2:${(server.address() as AddressInfo).port}` }
}
