import { account, reject, type Server } from '../readers/reader.ts'
import { childrenNamed, type Element, firstChild, parseXml, textOf } from '../readers/xml.ts'
import { isSuccess, type Reader, requestSchema, responseSchema } from './reader.ts'

/**
 * SnappyMail: SimpleXML made into arrays. It never sends the address: it asks about `autodiscover@` the domain, and takes
 * people to log in with their address only if that very text comes back as `LoginName`. A single `Protocol` is no list,
 * and an error to it.
 */
export const snappymail: Reader = {
  name: 'SnappyMail',
  needs: 'imap',

  asks: ({ domain }) => ({
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8" ?>
    <Autodiscover xmlns="${requestSchema}">
      <Request>
        <AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema>
        <EMailAddress>autodiscover@${domain}</EMailAddress>
      </Request>
    </Autodiscover>`,
  }),

  read(answer, { domain, address }) {
    if (!isSuccess(answer)) reject(`status ${answer.status}`)
    const response = only(parseXml(answer.body).root, 'Response')
    const found = (response && only(response, 'Account')) ?? reject('no Account')
    const protocols = childrenNamed(found, 'Protocol')
    if (protocols.length === 0) reject('no Protocol')
    if (value(found, 'AccountType') !== 'email') reject('no account of mail')
    if (protocols.length === 1) reject('no list of Protocol')
    const servers = protocols.map((protocol) => read(protocol, `autodiscover@${domain}`, address))
    return account(
      servers.find(({ type }) => type === 'IMAP'),
      servers.find(({ type }) => type === 'SMTP'),
    )
  },
}

function read(protocol: Element, asked: string, address: string): Server {
  const type = value(protocol, 'Type') ?? ''
  const port = Number(value(protocol, 'Port'))
  const isSsl = value(protocol, 'SSL') === 'on'
  return {
    type,
    hostname: value(protocol, 'Server') ?? '',
    port,
    socketType: type === 'IMAP' ? incomingSocketType(isSsl, port) : outgoingSocketType(isSsl, port),
    username: value(protocol, 'LoginName') === asked ? address : '',
  }
}

const incomingSocketType = (isSsl: boolean, port: number): string =>
  isSsl ? (port === 993 ? 'SSL' : 'STARTTLS') : ''

const outgoingSocketType = (isSsl: boolean, port: number): string =>
  port === 587 ? 'STARTTLS' : isSsl ? 'SSL' : ''

/** Of two elements with one name it makes a list, in which it finds nothing; a prefix hides an element from it. */
function only(parent: Element, name: string): Element | undefined {
  return childrenNamed(parent, name).length === 1 ? firstChild(parent, name) : undefined
}

/** Of an empty element it makes an empty array, which equals no text. */
function value(parent: Element, name: string): string | undefined {
  const element = only(parent, name)
  return element && element.children.length === 0 && textOf(element) !== '' ? textOf(element) : undefined
}
