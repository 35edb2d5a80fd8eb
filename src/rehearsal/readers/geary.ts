import { account, type Reader, reject, type Server } from './reader.ts'
import { type Element, parseXml, textOf } from './xml.ts'

/**
 * Geary 43: the first incomingServer must be IMAP, the first outgoingServer SMTP, and nothing is looked at
 * twice: no trimming, no placeholders, and `<username>` not at all (the form is filled in with the address).
 */
export const geary: Reader = {
  name: 'Geary',
  needs: 'imap',
  username: 'never read',

  read(document, asked) {
    const provider = first(parseXml(document).root, 'emailProvider') ?? reject('no emailProvider')
    return account(
      server(first(provider, 'incomingServer'), 'imap', asked.address),
      server(first(provider, 'outgoingServer'), 'smtp', asked.address),
    )
  },
}

function server(element: Element | undefined, type: string, username: string): Server | undefined {
  if (element === undefined) return undefined
  if (element.attributes['type'] !== type) reject('Unsupported protocol')
  const value = (name: string) => contentOf(first(element, name))
  return {
    type,
    hostname: value('hostname'),
    port: Number(value('port')),
    // Every other word is no encryption.
    socketType: ['SSL', 'STARTTLS'].includes(value('socketType')) ? value('socketType') : 'plain',
    username,
  }
}

/** libxml2 keeps the prefix apart from the name, so Geary alone takes `<m:emailProvider>`. */
function first(parent: Element, name: string): Element | undefined {
  return parent.children.find((child) => child.name.replace(/^.*:/, '') === name)
}

function contentOf(element: Element | undefined): string {
  return element ? textOf(element) : ''
}
