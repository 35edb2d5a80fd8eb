import { formatEmailAddress } from '../model/address.ts'
import { paths, setupFiles, setupPath } from '../model/paths.ts'
import { fillPlaceholders } from '../model/placeholders.ts'
import { failure } from '../model/result.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { Authentication, Protocol, ServerSettings, SocketType } from '../model/settings.ts'
import type { Format } from './format.ts'
import { svgHeaders } from './picture-headers.ts'
import { qrText } from './qr-text.ts'

/**
 * An account without its password, in the format that Thunderbird for Android scans ("Export for Mobile";
 * thunderbird-android, `qr-code-format.md`, version 1).
 */
export const thunderbirdQr: Format = {
  name: 'thunderbird-qr',
  mediaType: 'application/json; charset=utf-8',
  personal: true,
  endpoints: [
    { path: paths.thunderbirdQr, picture: 'svg', headers: svgHeaders },
    { path: '/thunderbird/qr.png', picture: 'png' },
    {
      path: setupPath(`${setupFiles.thunderbirdQr}.svg`),
      picture: 'svg',
      request: 'link',
      headers: svgHeaders,
    },
    { path: setupPath(`${setupFiles.thunderbirdQr}.png`), picture: 'png', request: 'link' },
  ],
  render(settings) {
    const { clientConfig, address, realName, incoming: wanted } = settings
    if (!address) return failure('the QR code is for one address; add ?emailaddress=')
    if (clientConfig.hidesLogins)
      return failure("this domain's usernames are not public; ask your provider for a personal setup link")
    if (!isAscii(address.localPart)) return failure("Thunderbird's QR codes support only ASCII addresses")
    const servers = serversFor(settings)
    const incoming = servers.find(({ type }) => (wanted ? type === wanted : type !== 'smtp'))
    // Every configuration has an incoming and an outgoing server, but perhaps not of the wanted protocol.
    const outgoing = servers.find(({ type }) => type === 'smtp') as ServerSettings
    if (!incoming) return failure(`there is no ${wanted} server`)
    const server = ({ type, hostname, port, socketType, authentication, username }: ServerSettings) => [
      protocols[type],
      hostname,
      port,
      securities[socketType],
      authentications[preferred(authentication)],
      fillPlaceholders(username, address),
    ]
    // The display name is mandatory; without one, the local part is what most people would expect.
    const identity = [formatEmailAddress(address), realName ?? address.localPart]
    return qrText(JSON.stringify([1, [1, 1], server(incoming), [[server(outgoing), identity]]]))
  },
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII includes them
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)

/** A password if possible: the app supports OAuth2 only for hosts that it has built in. */
const preferred = (offered: readonly Authentication[]): Authentication =>
  offered.find((method) => method.startsWith('password-')) ?? (offered[0] as Authentication)

const protocols: Readonly<Record<Protocol, number>> = { imap: 0, pop3: 1, smtp: 0 }

const securities: Readonly<Record<SocketType, number>> = { plain: 0, STARTTLS: 2, SSL: 3 }

const authentications: Readonly<Record<Authentication, number>> = {
  none: 0,
  'client-IP-address': 0,
  'password-cleartext': 1,
  'password-encrypted': 2,
  GSSAPI: 3,
  NTLM: 4,
  'TLS-client-cert': 5,
  OAuth2: 6,
}
