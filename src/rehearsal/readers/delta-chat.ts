import { checkTags } from './quick-xml.ts'
import { type Asked, account, fill, type Reader, type Server } from './reader.ts'
import { decode, descendants, type Element, parseXml } from './xml.ts'

/**
 * Delta Chat 2.62: quick-xml events, names in any case. It tries every server in turn; the first stands for
 * them here. A server that lacks a host, a port or a username is dropped, and CDATA is no text to it.
 */
export const deltaChat: Reader = {
  name: 'Delta Chat',
  needs: 'imap',
  username: 'as written',

  read(document, asked) {
    checkTags(decode(document))
    const { root } = parseXml(document, { recovers: true })
    const lowerCased = { ...asked, address: asked.address.toLowerCase() }
    const servers = [...descendants(root)]
      .filter(({ name }) => /^(?:incoming|outgoing)server$/i.test(name))
      .map((server) => complete(server, lowerCased))
    return account(
      servers.find((server) => server?.type === 'imap'),
      servers.find((server) => server?.type === 'smtp'),
    )
  },
}

function complete(server: Element, asked: Asked): Server | undefined {
  const type = Object.entries(server.attributes).find(([name]) => name.toLowerCase() === 'type')?.[1] ?? ''
  const hostname = lastText(server, 'hostname')
  const port = lastText(server, 'port')
  const username = lastText(server, 'username')
  if (hostname === undefined || port === undefined || username === undefined) return undefined
  return {
    type: type.toLowerCase(),
    hostname: fill(hostname, asked),
    port: /^\+?\d+$/.test(port) && Number(port) <= 65535 ? Number(port) : 0,
    // An unknown word: it tries TLS, then STARTTLS.
    socketType: socketTypes[lastText(server, 'sockettype')?.toLowerCase() ?? ''] ?? 'automatic',
    username: fill(username, asked),
  }
}

const socketTypes: Readonly<Record<string, string>> = { ssl: 'SSL', starttls: 'STARTTLS', plain: 'plain' }

/** An entity is an event of its own and is not text, so of `a&amp;b` only `b` is left. */
function lastText(server: Element, name: string): string | undefined {
  return [...descendants(server)]
    .filter((element) => element.name.toLowerCase() === name)
    .flatMap(({ parts }) => parts.filter(({ kind }) => kind === 'text').map(({ text }) => text.trim()))
    .findLast((text) => text !== '')
}
