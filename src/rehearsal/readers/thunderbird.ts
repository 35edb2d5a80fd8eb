import { isLegalHostname } from './hostname.ts'
import { all, attribute, first, type Jxon, jxon, text } from './jxon.ts'
import { type Account, type Asked, account, fill, type Reader, reject, type Server } from './reader.ts'
import { parseXml } from './xml.ts'

/**
 * Thunderbird on the desktop, 153: `readFromXML` over JXON. The whole document needs an `id` and a `<domain>`
 * that are host names (not the right ones); an unusable server is skipped, and the first usable one of each
 * direction is taken.
 */
export const thunderbird: Reader = {
  name: 'Thunderbird',
  username: 'as written',

  read(document, asked) {
    const { root } = parseXml(document)
    if (root.name !== 'clientConfig') reject('no clientConfig')
    const provider = first(jxon(root), 'emailProvider') ?? reject('no emailProvider')

    hostname(attribute(provider, 'id')) ?? reject('the id is not a host name')
    const domains = all(provider, 'domain') ?? reject('no domain')
    if (!domains.some(hostname)) reject('no domain is a host name')

    const incoming = (all(provider, 'incomingServer') ?? []).map((server) =>
      usable(server, incomingTypes, asked),
    )
    const outgoing = (all(provider, 'outgoingServer') ?? []).map((server) => usable(server, ['smtp'], asked))
    const result: Account = account(
      incoming.find((server) => server !== undefined),
      outgoing.find((server) => server !== undefined),
    )
    // A missing name is the text "undefined", one with a `lang` attribute "[object Object]".
    return { ...result, displayName: fill(text(first(provider, 'displayName')), asked) }
  },
}

const incomingTypes = ['imap', 'pop3']

function usable(server: Jxon, types: readonly string[], asked: Asked): Server | undefined {
  const type = text(attribute(server, 'type'))
  const host = hostname(first(server, 'hostname'))
  const port = integer(first(server, 'port'))
  const socketType = (all(server, 'socketType') ?? []).map(text).find((value) => socketTypes.includes(value))
  const authentication = (all(server, 'authentication') ?? [])
    .map(text)
    .find((value) => passwords.includes(value) || (value === 'OAuth2' && host && builtInOAuth2.has(host)))
  if (!types.includes(type) || !host || port < 1 || port > 65535 || !socketType || !authentication)
    return undefined

  // Of a repeated element the first; a missing one is the text "undefined".
  const username = fill(text(first(server, 'username')), asked)
  return { type, hostname: fill(host, asked), port, socketType, username, authentication }
}

const socketTypes = ['plain', 'SSL', 'STARTTLS']
const passwords = ['password-cleartext', 'plain', 'password-encrypted', 'secure', 'GSSAPI', 'NTLM']

/**
 * A few of the hosts Thunderbird knows how to do OAuth2 with; for any other, `OAuth2` in a document counts
 * for nothing.
 */
export const builtInOAuth2: ReadonlySet<string> = new Set([
  'imap.gmail.com',
  'smtp.gmail.com',
  'outlook.office365.com',
  'smtp.office365.com',
  'imap.mail.yahoo.com',
  'smtp.mail.yahoo.com',
])

function hostname(value: Jxon | undefined): string | undefined {
  // Missing, empty, 0 and false alike.
  if (!value) return undefined
  const trimmed = text(value).trim()
  if (/^[a-zA-Z0-9\-.]*(?:%[A-Z0-9]+%[a-zA-Z0-9\-.]*)+$/.test(trimmed)) return trimmed
  return isLegalHostname(trimmed) ? trimmed.toLowerCase() : undefined
}

function integer(value: Jxon | undefined): number {
  return Math.trunc(typeof value === 'number' ? value : Number.parseInt(text(value), 10)) || 0
}
