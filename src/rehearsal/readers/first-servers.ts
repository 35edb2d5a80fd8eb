import { type Asked, fillBare, type Server } from './reader.ts'
import { childrenNamed, type Element, firstChild, parseXml, textOf } from './xml.ts'

/** The servers of a document as clients with a simple document tree read them; each client chooses from them. */
export interface Servers {
  readonly incoming: readonly Server[]
  readonly outgoing: readonly Server[]
}

export interface Habits {
  /** Words for `<socketType>` in lower case. All others mean `otherwise`. */
  readonly socketTypes: Readonly<Record<string, string>>
  readonly otherwise: string
  readonly username: (text: string, asked: Asked) => string
}

/** `undefined` if the document has no emailProvider in a clientConfig. */
export function readServers(document: Uint8Array, asked: Asked, habits: Habits): Servers | undefined {
  const { root } = parseXml(document)
  const provider = root.name === 'clientConfig' ? firstChild(root, 'emailProvider') : undefined
  if (!provider) return undefined
  const servers = (name: string) =>
    childrenNamed(provider, name).map((element) => serverOf(element, asked, habits))
  return { incoming: servers('incomingServer'), outgoing: servers('outgoingServer') }
}

export const ofType = (servers: readonly Server[], ...types: readonly string[]): Server | undefined =>
  servers.find(({ type }) => types.includes(type))

/** For clients that know a username only as a whole placeholder, and take the address for anything else. */
export const addressOrLocalPart = (text: string, asked: Asked): string =>
  fillBare(text, asked) ?? asked.address

function serverOf(element: Element, asked: Asked, { socketTypes, otherwise, username }: Habits): Server {
  const value = (name: string) => {
    const child = firstChild(element, name)
    return child ? textOf(child).trim() : ''
  }
  return {
    type: element.attributes['type'] ?? '',
    hostname: value('hostname'),
    port: Number.parseInt(value('port'), 10) || 0,
    socketType: socketTypes[value('socketType').toLowerCase()] ?? otherwise,
    username: username(value('username'), asked),
  }
}

export const tlsAndStartTls: Habits['socketTypes'] = { ssl: 'SSL', starttls: 'STARTTLS' }
