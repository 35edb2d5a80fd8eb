import { duplexPair } from 'node:stream'
import { connect, createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'

/** TLS 1.0 and 1.1, which RFC 8996 forbids. OpenSSL offers them only below its lowest security level. */
export const oldTls: SecureContextOptions = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.1',
  ciphers: 'ALL:@SECLEVEL=0',
}

/**
 * Can OpenSSL on this machine use old TLS at all? If not, a refusal proves nothing. Two ends of a connection in memory find out,
 * with a cipher that needs no certificate.
 */
export function canUse(options: SecureContextOptions): Promise<boolean> {
  const ciphers = 'AECDH-AES128-SHA:@SECLEVEL=0'
  const [near, far] = duplexPair()
  return new Promise((resolve) => {
    const server = new TLSSocket(far, {
      isServer: true,
      secureContext: createSecureContext({ ...options, ciphers }),
    })
    const client = connect({ socket: near, rejectUnauthorized: false, ...options, ciphers })
    const end = (can: boolean) => () => {
      resolve(can)
      client.destroy()
      server.destroy()
    }
    client.on('secureConnect', end(true))
    client.on('error', end(false))
    server.on('error', end(false))
  })
}
