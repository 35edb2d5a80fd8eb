import { type Asked, account, fill, type Reader, reject, type Server } from './reader.ts'
import { childrenNamed, type Element, firstChild, parseXml, textOf } from './xml.ts'

/**
 * pimalaya (himalaya and its family): serde structures over serde-xml-rs. Unknown elements are skipped,
 * unknown values are not; a repeated field is an error, and so is a list whose elements do not follow one
 * another.
 */
export const pimalaya: Reader = {
  name: 'pimalaya',
  username: 'as written',

  read(document, asked) {
    const { root } = parseXml(document)
    if (root.attributes['version'] === undefined) reject('missing field `version`')
    const provider = once(root, 'emailProvider') ?? reject('missing field `emailProvider`')
    if (provider.attributes['id'] === undefined) reject('missing field `id`')
    once(provider, 'displayName')
    once(provider, 'displayShortName')
    list(provider, 'domain')
    for (const page of list(provider, 'documentation')) {
      if (page.attributes['url'] === undefined) reject('documentation: missing field `url`')
      if (list(page, 'descr').some((descr) => textOf(descr).trim() === ''))
        reject('descr: missing field `#text`')
    }
    const oAuth2 = once(root, 'oAuth2')
    if (oAuth2) {
      for (const name of ['issuer', 'scope', 'authURL', 'tokenURL']) {
        if (!once(oAuth2, name)) reject(`oAuth2: missing field \`${name}\``)
      }
    }

    const incoming = list(provider, 'incomingServer').map((server) => deserialize(server, asked))
    const outgoing = list(provider, 'outgoingServer').map((server) => deserialize(server, asked))
    return account(
      incoming.find((server) => server !== undefined),
      outgoing.find((server) => server !== undefined),
    )
  },
}

/** undefined for a server that is well formed but has no host or port to connect to. */
function deserialize(server: Element, asked: Asked): Server | undefined {
  const type = variant(types, server.attributes['type'] ?? '')
  const hostname = leaf(once(server, 'hostname'))
  const port = leaf(once(server, 'port'))
  if (port !== undefined && (!/^\+?\d+$/.test(port) || Number(port) > 65535))
    reject(`port: invalid digit in '${port}'`)
  const socketType = leaf(once(server, 'socketType'))
  const username = leaf(once(server, 'username')) ?? ''
  const [authentication] = list(server, 'authentication').map((element) =>
    variant(authentications, textOf(element).trim()),
  )
  const pop3 = once(server, 'pop3')
  if (pop3) deserializePop3(pop3)
  if (hostname === undefined || port === undefined) return undefined

  return {
    type,
    hostname: fill(hostname, asked),
    port: Number(port),
    socketType: socketType === undefined ? '' : variant(socketTypes, socketType),
    username: fill(username, asked),
    ...(authentication !== undefined && { authentication }),
  }
}

function deserializePop3(pop3: Element): void {
  for (const name of ['leaveMessagesOnServer', 'downloadOnBiff']) {
    const value = leaf(once(pop3, name))
    if (value !== undefined && value !== 'true' && value !== 'false')
      reject(`${name}: '${value}' is not a bool`)
  }
  const days = leaf(once(pop3, 'daysToLeaveMessagesOnServer'))
  if (days !== undefined && !/^\+?\d+$/.test(days))
    reject(`daysToLeaveMessagesOnServer: '${days}' is not a u64`)
}

const types: Readonly<Record<string, string>> = { imap: 'imap', pop3: 'pop3', smtp: 'smtp' }
const socketTypes: Readonly<Record<string, string>> = { SSL: 'SSL', STARTTLS: 'STARTTLS', plain: 'plain' }
/** `GSAPI` is what it knows Kerberos by, so the right spelling fails the document. */
const authentications: Readonly<Record<string, string>> = {
  'password-cleartext': 'password-cleartext',
  'password-encrypted': 'password-encrypted',
  NTLM: 'NTLM',
  GSAPI: 'GSSAPI',
  'client-IP-address': 'client-IP-address',
  'TLS-client-cert': 'TLS-client-cert',
  OAuth2: 'OAuth2',
  none: 'none',
}

function variant(variants: Readonly<Record<string, string>>, value: string): string {
  return variants[value] ?? reject(`unknown variant \`${value}\``)
}

function once(parent: Element, name: string): Element | undefined {
  if (childrenNamed(parent, name).length > 1) reject(`duplicate field \`${name}\``)
  return firstChild(parent, name)
}

function list(parent: Element, name: string): readonly Element[] {
  const start = parent.children.findIndex((child) => child.name === name)
  const elements = childrenNamed(parent, name)
  const inARow = elements.every((element, index) => parent.children[start + index] === element)
  return inARow ? elements : reject(`duplicate field \`${name}\`: its elements do not follow one another`)
}

function leaf(element: Element | undefined): string | undefined {
  return element && textOf(element).trim()
}
