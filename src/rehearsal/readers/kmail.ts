import { type Asked, account, fill, type Reader, reject, type Server } from './reader.ts'
import { childrenNamed, descendants, type Element, parseXml, textOf } from './xml.ts'

/**
 * KMail's account wizard 22.12: Qt's document tree. It lists every server and offers the first of each type;
 * of the authentication values it prefers the first that is more than a plain password, whatever their order.
 */
export const kmail: Reader = {
  name: 'KMail',
  username: 'as written',

  read(document, asked) {
    const { root } = parseXml(document)
    const provider =
      [...descendants(root)].find(({ name }) => name === 'emailProvider') ?? reject('no emailProvider')
    const first = (name: string, type: string) =>
      childrenNamed(provider, name)
        .filter((server) => server.attributes['type'] === type)
        .map((server) => fromElement(server, type, asked))
        .find((server) => server !== undefined)
    return account(
      first('incomingServer', 'imap') ?? first('incomingServer', 'pop3'),
      first('outgoingServer', 'smtp'),
    )
  },
}

function fromElement(server: Element, type: string, asked: Asked): Server | undefined {
  const last = (name: string) => childrenNamed(server, name).map(textOf).at(-1)
  const port = last('port')?.trim()
  if (port === undefined) return undefined
  const socketType = last('socketType') ?? ''
  return {
    type,
    hostname: fill(last('hostname') ?? '', asked),
    port: /^[+-]?\d+$/.test(port) ? Number(port) : 0,
    // The release of 2026 takes SSL for an unknown word; this one takes no encryption.
    socketType: ['SSL', 'STARTTLS'].includes(socketType) ? socketType : 'plain',
    username: fill(last('username') ?? '', asked),
    authentication: preferred(childrenNamed(server, 'authentication').map(textOf)),
  }
}

function preferred(values: readonly string[]): string {
  const [strong] = values.flatMap((value) => strongerThanPlain[value] ?? [])
  return strong ?? 'password-cleartext'
}

const strongerThanPlain: Readonly<Record<string, string>> = {
  'password-encrypted': 'password-encrypted',
  secure: 'password-encrypted',
  NTLM: 'NTLM',
  GSSAPI: 'GSSAPI',
  'client-ip-based': 'none',
  none: 'none',
  OAuth2: 'OAuth2',
}
