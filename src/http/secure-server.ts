import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { HttpSettings } from '../config/schema.ts'
import type { Certificates } from '../tls/certificates.ts'
import { tlsOptions } from '../tls/key-pair.ts'
import type { AccessLog } from './access-log.ts'
import { serverOptions } from './server-options.ts'

export interface SecureServerOptions {
  readonly http: HttpSettings
  readonly certificates: Certificates
  readonly accessLog: AccessLog
  /** Milliseconds. */
  readonly ticketKeyLife?: number
}

/** Seconds that a client may take for its handshake, if a request may take longer. */
const longestHandshake = 10

/** Milliseconds after which the keys of session tickets are replaced: with them, recorded sessions of TLS 1.2 can be read. */
const longestTicketKeyLife = 24 * 3600_000

/**
 * The listener for https. It has the limits of the other one, and answers no request itself: `clientServer` does. A client without a
 * name, or with an unknown one, gets the default certificate.
 */
export function secureServer({
  http,
  certificates,
  accessLog,
  ticketKeyLife = longestTicketKeyLife,
}: SecureServerOptions): Server {
  const options = serverOptions(http, (code) => accessLog.clientErrors.add(code))
  const { requestTimeout, keepAliveTimeout, connectionTimeout, clientErrorHandler } = options
  // Our own, because those that Node.js makes are lost with each new default certificate.
  let ticketKeys = randomBytes(48)
  const server = createServer({
    ...options.http,
    requestTimeout,
    keepAliveTimeout,
    ...tlsOptions,
    ticketKeys,
    handshakeTimeout: Math.min(http.requestTimeout, longestHandshake) * 1000,
    SNICallback(name, done) {
      const context = certificates.contextFor(name)
      if (context instanceof Promise) context.then((loaded) => done(null, loaded), done)
      else done(null, context)
    },
  })
  server.timeout = connectionTimeout
  server.on('clientError', clientErrorHandler)
  // Otherwise Node.js passes them on as errors of HTTP.
  server.removeAllListeners('tlsClientError')
  server.on('tlsClientError', ({ code }: NodeJS.ErrnoException, socket) => {
    accessLog.tlsErrors.add(code)
    socket.destroy()
  })
  server.on('secureConnection', (socket: TLSSocket) => accessLog.addHandshake(socket.isSessionReused()))
  certificates.watchDefault(({ certificate, key }) =>
    server.setSecureContext({ cert: certificate, key, ...tlsOptions, ticketKeys }),
  )
  const timer = setInterval(() => {
    ticketKeys = randomBytes(48)
    server.setTicketKeys(ticketKeys)
  }, ticketKeyLife).unref()
  server.once('close', () => clearInterval(timer))
  return server
}
