import { type Asked, account, fillBare, type Reader, reject, type Server } from './reader.ts'
import { childrenNamed, type Element, firstChild, parseXml, textOf } from './xml.ts'

/**
 * enough_mail, the library of Maily: a body whose first character is not `<` is no document. It takes the
 * first server of each direction, whatever its type, and knows a username only as a whole placeholder.
 */
export const enoughMail: Reader = {
  name: 'enough_mail',
  username: 'bare placeholders only',

  read(document, asked) {
    if (document[0] !== '<'.charCodeAt(0)) reject('the body does not start with <')
    const { root } = parseXml(document)
    if (root.name !== 'clientConfig') reject('no clientConfig')
    const provider = firstChild(root, 'emailProvider') ?? reject('no emailProvider')
    const first = (name: string) => childrenNamed(provider, name).map((element) => server(element, asked))[0]
    return account(first('incomingServer'), first('outgoingServer'))
  },
}

function server(element: Element, asked: Asked): Server {
  const value = (name: string) => contentOf(firstChild(element, name))
  const port = value('port').trim()
  return {
    type: (element.attributes['type'] ?? '').toLowerCase(),
    hostname: value('hostname'),
    port: /^[+-]?\d+$/.test(port) ? Number(port) : 0,
    socketType: socketTypes[value('socketType').toUpperCase()] ?? '',
    username: fillBare(value('username').toUpperCase(), asked) ?? '',
  }
}

const socketTypes: Readonly<Record<string, string>> = { SSL: 'SSL', STARTTLS: 'STARTTLS', PLAIN: 'plain' }

function contentOf(element: Element | undefined): string {
  return element ? textOf(element) : ''
}
