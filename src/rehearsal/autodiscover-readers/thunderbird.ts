import { isLegalHostname } from '../readers/hostname.ts'
import { all, first, type Jxon, jxon, text } from '../readers/jxon.ts'
import { type Asked, account, fill, reject, type Server } from '../readers/reader.ts'
import { parseXml } from '../readers/xml.ts'
import { isSuccess, type Reader, requestSchema, responseSchema } from './reader.ts'

/**
 * Thunderbird on the desktop, 153: `ExchangeAutoDiscover` over JXON. It pastes the address into its request as it is, `&`
 * and all. Names count by prefix and letter, namespaces not at all; a block that it cannot read is skipped, and the first
 * good one of each direction is taken.
 */
export const thunderbird: Reader = {
  name: 'Thunderbird',

  asks: ({ address }) => ({
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?>
    <Autodiscover xmlns="${requestSchema}">
      <Request>
        <EMailAddress>${address}</EMailAddress>
        <AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema>
      </Request>
    </Autodiscover>`,
  }),

  read(answer, asked) {
    if (!isSuccess(answer)) reject(`status ${answer.status}`)
    // Compared with case; what is anything else is handed on as a string, in which there is nothing to be found.
    if (!['text/xml', 'application/xml', 'text/rdf'].some((type) => answer.contentType.startsWith(type)))
      reject('not XML by its media type')
    const { root } = parseXml(answer.body)
    if (root.name !== 'Autodiscover') reject('no Autodiscover')
    const found = first(first(jxon(root), 'Response'), 'Account')
    if (first(found, 'RedirectAddr') !== undefined) reject('asks on about another address')
    const protocols = all(found, 'Protocol') ?? reject('no Protocol')
    const servers = protocols.map((protocol) => usable(protocol, asked))
    return account(
      servers.find((server) => server !== undefined && server.type !== 'smtp'),
      servers.find((server) => server?.type === 'smtp'),
    )
  },
}

const types: Readonly<Record<string, string>> = { IMAP: 'imap', POP3: 'pop3', SMTP: 'smtp' }

/** Standard ports of servers that begin in plain text; TLS from the first byte is assumed at all others. */
const startTlsPorts: readonly number[] = [143, 110, 25, 587]

function usable(protocol: Jxon, asked: Asked): Server | undefined {
  const type = types[text(first(protocol, 'Type'))]
  const server = first(protocol, 'Server')
  const hostname = server ? text(server).trim() : ''
  const port = integer(first(protocol, 'Port'))
  if (type === undefined || !isLegalHostname(hostname) || port === 0) return undefined
  const words = { SSL: first(protocol, 'SSL'), Encryption: first(protocol, 'Encryption') }
  const spa = first(protocol, 'SPA')
  // It calls toLowerCase() on them, and an empty element is `true` to it: the block is lost.
  if ([...Object.values(words), spa].some((word) => word !== undefined && typeof word !== 'string'))
    return undefined
  const isPlain = isWord(words.SSL, 'off') || isWord(words.Encryption, 'none')
  const login = first(protocol, 'LoginName')
  return {
    type,
    hostname: hostname.toLowerCase(),
    port,
    socketType: isPlain ? 'plain' : startTlsPorts.includes(port) ? 'STARTTLS' : 'SSL',
    username: fill(login === undefined ? '%EMAILADDRESS%' : text(login), asked),
    authentication: isWord(spa, 'on') ? 'NTLM' : 'password-cleartext',
  }
}

const isWord = (value: Jxon | undefined, word: string): boolean => text(value).toLowerCase() === word

function integer(value: Jxon | undefined): number {
  return Math.trunc(typeof value === 'number' ? value : Number.parseInt(text(value), 10)) || 0
}
