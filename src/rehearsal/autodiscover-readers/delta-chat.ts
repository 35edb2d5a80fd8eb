import { checkTags } from '../readers/quick-xml.ts'
import { account, Incomplete, Rejected, reject, type Server } from '../readers/reader.ts'
import { decode, descendants, type Element, parseXml, textOf } from '../readers/xml.ts'
import { isSuccess, type Reader } from './reader.ts'

/**
 * Delta Chat 2.62: a bare GET, without so much as a User-Agent, and quick-xml events with names in any case. Whatever
 * parses ends its search, the ISPDB included, though there be no server in it: `endsTheSearch` is the message then. It tries
 * every server in turn; the first stands for them here.
 */
export const deltaChat: Reader = {
  name: 'Delta Chat',
  needs: 'imap',

  asks: () => ({ method: 'GET', headers: { 'user-agent': '' } }),

  read(answer, { address }) {
    if (!isSuccess(answer)) reject(`status ${answer.status}`)
    checkTags(decode(answer.body))
    const elements = [...descendants(parseXml(answer.body, { recovers: true }).root)]
    const redirect = elements.find(({ name }) => name.toLowerCase() === 'redirecturl')
    if (redirect) throw new Redirected(textOf(redirect).trim())
    const servers = elements
      .filter(({ name }) => name.toLowerCase() === 'protocol')
      .map((protocol) => complete(protocol, address))
      .filter((server) => server !== undefined)
    const [incoming, outgoing] = ['imap', 'smtp'].map((type) =>
      servers.find((server) => server.type === type),
    )
    if (!incoming && !outgoing) throw new Incomplete(endsTheSearch)
    return account(incoming, outgoing)
  },
}

/** The document names another URL, which Delta Chat asks next. */
export class Redirected extends Rejected {
  readonly url: string

  constructor(url: string) {
    super('asks on at another URL')
    this.url = url
  }
}

export const endsTheSearch = 'the search ends here, without a server'

function complete(protocol: Element, address: string): Server | undefined {
  const type = lastText(protocol, 'type')
  const hostname = lastText(protocol, 'server')
  const port = lastText(protocol, 'port')
  if (type === undefined || hostname === undefined || port === undefined) return undefined
  return {
    type: type.toLowerCase(),
    hostname,
    port: /^\+?\d+$/.test(port) && Number(port) <= 65535 ? Number(port) : 0,
    // `on`, nothing and anything else alike: it tries TLS, then STARTTLS.
    socketType: lastText(protocol, 'ssl') === 'off' ? 'plain' : 'automatic',
    username: address,
  }
}

/** CDATA and entities are events of their own and are not text. */
function lastText(protocol: Element, name: string): string | undefined {
  return [...descendants(protocol)]
    .filter((element) => element.name.toLowerCase() === name)
    .flatMap(({ parts }) => parts.filter(({ kind }) => kind === 'text').map(({ text }) => text.trim()))
    .findLast((text) => text !== '')
}
