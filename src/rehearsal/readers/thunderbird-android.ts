import { isLegalHostname } from './hostname.ts'
import { type Asked, account, fill, type Reader, reject, type Server } from './reader.ts'
import { builtInOAuth2 } from './thunderbird.ts'
import { childrenNamed, type Element, firstChild, parseXml, textOf } from './xml.ts'

/**
 * Thunderbird for Android and K-9: `RealAutoconfigParser`. Every IMAP and SMTP server must be perfect, also
 * the second and third, or the whole document is discarded; servers of other types are skipped. No text is
 * trimmed.
 */
export const thunderbirdAndroid: Reader = {
  name: 'Thunderbird for Android',
  needs: 'imap',
  username: 'as written',

  read(document, asked) {
    const { root } = parseXml(document)
    if (root.name !== 'clientConfig') reject("Missing 'clientConfig' element")
    const provider = firstChild(root, 'emailProvider') ?? reject("Missing 'emailProvider' element")
    const id = provider.attributes['id'] ?? reject("Missing 'emailProvider.id' attribute")
    if (!isLegalHostname(id.trim())) reject("Invalid 'emailProvider.id' attribute")

    const domains = childrenNamed(provider, 'domain').map((domain) => fill(leaf(domain), asked).trim())
    if (!domains.some(isLegalHostname)) reject("Valid 'domain' element required")

    const [incoming] = servers(provider, 'incomingServer', 'imap', asked)
    const [outgoing] = servers(provider, 'outgoingServer', 'smtp', asked)
    return account(incoming, outgoing)
  },
}

function servers(provider: Element, name: string, type: string, asked: Asked): readonly Server[] {
  return childrenNamed(provider, name)
    .filter((server) => server.attributes['type'] === type)
    .map((server) => perfect(server, type, asked))
}

function perfect(server: Element, type: string, asked: Asked): Server {
  const hostname = fill(last(server, 'hostname'), asked)
  if (!isLegalHostname(hostname)) reject(`Invalid 'hostname' value: '${hostname}'`)
  const port = last(server, 'port')
  if (!/^[+-]?\d+$/.test(port) || Number(port) < 0 || Number(port) > 65535)
    reject(`Invalid 'port' value: '${port}'`)
  const socketType = last(server, 'socketType')
  if (socketType !== 'SSL' && socketType !== 'STARTTLS') reject(`Unknown 'socketType' value: '${socketType}'`)
  const authentication = childrenNamed(server, 'authentication')
    .map(leaf)
    .find((value) => passwords.includes(value) || (value === 'OAuth2' && builtInOAuth2.has(hostname)))
  return {
    type,
    hostname,
    port: Number(port),
    socketType,
    username: fill(last(server, 'username'), asked),
    authentication: authentication ?? reject("No usable 'authentication' element found"),
  }
}

const passwords = ['password-cleartext', 'password-encrypted']

/** Of a repeated element the last, where Thunderbird on the desktop takes the first. */
function last(server: Element, name: string): string {
  return childrenNamed(server, name).map(leaf).at(-1) ?? reject(`Missing '${name}' element`)
}

function leaf(element: Element): string {
  if (element.children.length > 0) reject(`Expected text, but got START_TAG in '${element.name}'`)
  return textOf(element)
}
