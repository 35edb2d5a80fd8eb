import { all, attribute, first, type Jxon, jxon, text } from './jxon.ts'
import { type Asked, account, fill, type Reader, reject, type Server } from './reader.ts'
import { parseXml } from './xml.ts'

/**
 * Mustang (Parula): JXON as in Thunderbird, but `<domain>` must hold the very domain that was looked up,
 * letter for letter, and a server without a username is unusable. OAuth2 is omitted here: it needs a
 * built-in host or an `<oAuth2>`.
 */
export const mustang: Reader = {
  name: 'Mustang',
  username: 'as written',

  read(document, asked) {
    const { root } = parseXml(document)
    if (root.name !== 'clientConfig') reject('Config syntax error')
    const provider = first(jxon(root), 'emailProvider') ?? reject('Config syntax error')
    if (!(all(provider, 'domain') ?? []).includes(asked.domain)) reject('Need proper <domain> in XML')
    const incoming = (all(provider, 'incomingServer') ?? []).map((server) => usable(server, asked))
    const outgoing = (all(provider, 'outgoingServer') ?? []).map((server) => usable(server, asked))
    return account(
      incoming.find((server) => server !== undefined),
      outgoing.find((server) => server !== undefined),
    )
  },
}

const types = ['imap', 'pop3', 'smtp']
const socketTypes = ['plain', 'SSL', 'STARTTLS']
const authentications = ['password-cleartext', 'basic', 'password-encrypted', 'GSSAPI', 'NTLM']

function usable(server: Jxon, asked: Asked): Server | undefined {
  const type = text(attribute(server, 'type'))
  const hostname = text(first(server, 'hostname'))
  const port = Number.parseInt(text(first(server, 'port')), 10)
  const socketType = (all(server, 'socketType') ?? []).map(text).find((value) => socketTypes.includes(value))
  const authentication = (all(server, 'authentication') ?? [])
    .map(text)
    .find((value) => authentications.includes(value))
  const username = first(server, 'username')
  const legal = /^[\p{Letter}\p{Number}\-.%]+$/u.test(hostname) && port >= 1 && port <= 65535
  if (!types.includes(type) || !legal || !socketType || !authentication || username === undefined)
    return undefined
  return {
    type,
    hostname: fill(hostname.toLowerCase(), asked),
    port,
    socketType,
    username: fill(text(username), asked),
    authentication,
  }
}
