import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls'
import type { Test } from 'tap'
import type { Protocol, SocketType } from '../../src/model/settings.ts'
import type { Issued } from './certificates.ts'

export interface MailServerOptions {
  readonly type: Protocol
  readonly socketType: SocketType
  readonly issued?: Issued
  /** By default 127.0.0.2, so that the client has another address. */
  readonly address?: string
  readonly port?: number
  readonly tls?: SecureContextOptions
  /** The answer to a line in place of the usual one. An empty answer is silence. */
  readonly answer?: (line: string, isSecure: boolean) => string | undefined
}

const greetings: Readonly<Record<Protocol, string>> = {
  imap: '* OK ready',
  pop3: '+OK ready',
  smtp: '220-mail.example.org\r\n220 ready',
}

/** What a well-configured server answers: passwords only over TLS, one account. */
function usual(type: Protocol, line: string, isSecure: boolean): string {
  const [first = '', second = ''] = line.split(' ')
  const word = (type === 'imap' ? second : first).toUpperCase()
  const replies: Record<string, string> = {
    'imap CAPABILITY': `* CAPABILITY IMAP4rev1 ${isSecure ? 'AUTH=PLAIN' : 'STARTTLS LOGINDISABLED'}\r\n${first} OK done`,
    'imap STARTTLS': `${first} OK begin`,
    'pop3 CAPA': `+OK\r\n${isSecure ? 'USER\r\nSASL PLAIN LOGIN' : 'STLS'}\r\n.`,
    'pop3 STLS': '+OK begin',
    'pop3 USER': isSecure ? '+OK' : '-ERR [AUTH] use TLS first',
    'smtp EHLO': `250-mail.example.org\r\n250-SIZE 12582912\r\n250-${isSecure ? 'AUTH PLAIN LOGIN' : 'STARTTLS'}\r\n250 8BITMIME`,
    'smtp STARTTLS': '220 begin',
  }
  return replies[`${type} ${word}`] ?? { imap: `${first} BAD`, pop3: '-ERR', smtp: '500 what?' }[type]
}

/** A small mail server on the loopback. `lines` is what clients sent. */
export async function mailServer(t: Test, options: MailServerOptions) {
  const { type, socketType, issued, address = '127.0.0.2', port = 0, tls = {}, answer } = options
  const secureContext = issued && createSecureContext({ cert: issued.certificate, key: issued.key, ...tls })
  const lines: string[] = []
  const sockets = new Set<Socket>()

  function serve(socket: Socket, isSecure: boolean, greets: boolean): void {
    sockets.add(socket)
    socket.on('error', () => {})
    const say = (line: string, text: string) => {
      const said = answer?.(line, isSecure) ?? text
      if (said === 'CLOSE') socket.destroy()
      else if (said !== '') socket.write(`${said}\r\n`)
      return said
    }
    if (greets) say('', greetings[type])
    let rest = ''
    socket.on('data', (bytes) => {
      const all = `${rest}${bytes.toString('latin1')}`.split('\r\n')
      rest = all.pop() as string
      for (const line of all) {
        lines.push(line)
        const said = say(line, usual(type, line, isSecure))
        if (!/(STARTTLS|STLS)$/.test(line) || !/OK|220/.test(said)) continue
        socket.removeAllListeners('data')
        secure(socket, false)
      }
    })
  }
  const secure = (socket: Socket, greets: boolean) => {
    const secured = new TLSSocket(socket, { isServer: true, ...(secureContext && { secureContext }) })
    secured.on('error', () => {})
    secured.on('secure', () => serve(secured, true, greets))
  }
  let connections = 0
  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    if (socketType === 'SSL') secure(socket, true)
    else serve(socket, false, true)
  })
  server.listen(port, address)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { address, port: (server.address() as AddressInfo).port, lines, connections: () => connections }
}
