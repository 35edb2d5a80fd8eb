import { type Asked, account, fillBare, Incomplete, type Reader, reject, type Server } from './reader.ts'
import { childrenNamed, descendants, type Element, parseXml, textOf } from './xml.ts'

/**
 * GNOME Online Accounts from 3.51: IMAP and SMTP only. Any document whose root is clientConfig ends its
 * search, even an empty one. A username that is not exactly one placeholder is dropped, and a host name is
 * taken unchanged.
 */
export const gnomeOnlineAccounts: Reader = {
  name: 'GNOME Online Accounts',
  needs: 'imap',
  username: 'bare placeholders only',

  read(document, asked) {
    const { root } = parseXml(document)
    if (root.name !== 'clientConfig') reject('Failed to parse Autoconfig XML')
    const provider = find(root, 'emailProvider') ?? empty()
    return account(
      childrenNamed(provider, 'incomingServer')
        .map((element) => server(element, asked))
        .find(isOfType('imap')),
      childrenNamed(provider, 'outgoingServer')
        .map((element) => server(element, asked))
        .find(isOfType('smtp')),
    )
  },
}

function empty(): never {
  throw new Incomplete('the search ends here, with nothing found')
}

function server(element: Element, asked: Asked): Server {
  const value = (name: string) => contentOf(find(element, name))
  const port = Number.parseInt(value('port'), 10)
  return {
    type: element.attributes['type'] ?? '',
    hostname: value('hostname'),
    port: port > 0 && port < 65535 ? port : 0,
    socketType: socketTypes[value('socketType').toLowerCase()] ?? '',
    username: placeholder(value('username'), asked),
  }
}

const socketTypes: Readonly<Record<string, string>> = { ssl: 'SSL', starttls: 'STARTTLS', plain: 'plain' }

function placeholder(text: string, asked: Asked): string {
  const upper = text.toUpperCase()
  return upper === '%EMAILDOMAIN%' ? asked.domain : (fillBare(upper, asked) ?? '')
}

function isOfType(type: string): (server: Server) => boolean {
  return (server) => server.type === type
}

function find(parent: Element, name: string): Element | undefined {
  return [...descendants(parent)].find((element) => element.name === name)
}

function contentOf(element: Element | undefined): string {
  return element ? textOf(element) : ''
}
