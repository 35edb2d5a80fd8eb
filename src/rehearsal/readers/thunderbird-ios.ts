import { type Asked, account, fill, type Reader, reject, type Server } from './reader.ts'
import { childrenNamed, type Element, firstChild, parseXml } from './xml.ts'

/**
 * Thunderbird for iOS: the XML becomes JSON, and the JSON is decoded into Swift types that have no case for
 * the unknown. One unexpected word in one server, or one missing element, and the whole document is
 * discarded.
 */
export const thunderbirdIos: Reader = {
  name: 'Thunderbird for iOS',
  username: 'as written',

  read(document, asked) {
    const { root } = parseXml(document)
    if (root.name !== 'clientConfig') reject('no clientConfig')
    const provider = firstChild(root, 'emailProvider') ?? reject('no emailProvider')
    const displayName = required(provider, 'displayName', asked)
    required(provider, 'displayShortName', asked)
    required(provider, 'domain', asked)
    for (const { attributes } of childrenNamed(provider, 'documentation')) {
      if (attributes['url'] !== undefined && !URL.canParse(attributes['url']))
        reject('documentation: not a URL')
    }
    const oAuth2 = firstChild(root, 'oAuth2')
    if (oAuth2) for (const name of ['authURL', 'issuer', 'scope', 'tokenURL']) required(oAuth2, name, asked)

    const servers = provider.children
      .filter(({ name }) => name === 'incomingServer' || name === 'outgoingServer')
      .map((server) => decode(server, asked))
    return {
      ...account(
        servers.find(({ type }) => type !== 'smtp'),
        servers.find(({ type }) => type === 'smtp'),
      ),
      displayName,
    }
  },
}

const types = ['imap', 'pop3', 'smtp']
const socketTypes = ['SSL', 'STARTTLS']
const authentications = [
  'client-IP-address',
  'OAuth2',
  'password-cleartext',
  'password-encrypted',
  'smtp-after-pop',
]

function decode(server: Element, asked: Asked): Server {
  const port = required(server, 'port', asked)
  if (!/^[+-]?\d+$/.test(port)) reject(`port: '${port}' is not an Int`)
  const [authentication] = childrenNamed(server, 'authentication').map((element) =>
    oneOf(authentications, lastPiece(element, asked) ?? '', 'authentication'),
  )
  return {
    type: oneOf(types, server.attributes['type'] ?? '', 'type'),
    hostname: required(server, 'hostname', asked),
    port: Number(port),
    socketType: oneOf(socketTypes, required(server, 'socketType', asked), 'socketType'),
    username: required(server, 'username', asked),
    ...(authentication !== undefined && { authentication }),
  }
}

function oneOf(values: readonly string[], value: string, name: string): string {
  return values.includes(value) ? value : reject(`${name}: no case for '${value}'`)
}

function required(parent: Element, name: string, asked: Asked): string {
  const values = childrenNamed(parent, name).map((element) => lastPiece(element, asked))
  return values.findLast((value) => value !== undefined) ?? reject(`${name} is missing`)
}

/** `foundCharacters` is called for each piece, entities apart, and each call overwrites the one before. */
function lastPiece(element: Element, asked: Asked): string | undefined {
  const piece = element.parts.map(({ text }) => text.trim()).findLast((text) => text !== '')
  return piece === undefined ? undefined : fill(piece, asked)
}
