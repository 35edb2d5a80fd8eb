import { formatEmailAddress } from '../model/address.ts'
import { fillPlaceholders } from '../model/placeholders.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { Authentication, Protocol, ServerSettings, SocketType } from '../model/settings.ts'
import type { Format } from './format.ts'
import { qrText } from './qr-text.ts'

/**
 * What Thunderbird for Android scans from "Export for Mobile" (thunderbird-android, `qr-code-format.md`, version 1): the
 * account without its password, which the app then asks for.
 */
export const thunderbirdQr: Format = {
  name: 'thunderbird-qr',
  mediaType: 'application/json; charset=utf-8',
  personal: true,
  endpoints: [
    { path: '/thunderbird/qr.svg', picture: 'svg' },
    { path: '/thunderbird/qr.png', picture: 'png' },
    { path: '/setup/:token/thunderbird-qr.svg', picture: 'svg', request: 'link' },
    { path: '/setup/:token/thunderbird-qr.png', picture: 'png', request: 'link' },
  ],
  render(settings) {
    const { clientConfig, address, realName, incoming: wanted } = settings
    if (!address) return { notExpressible: 'it is for one address: ask with ?emailaddress=' }
    if (clientConfig.ownLogins)
      return { notExpressible: 'people log in with names of their own: a personal link has it' }
    if (!isAscii(address.localPart)) return { notExpressible: 'it holds ASCII addresses only' }
    const servers = serversFor(settings)
    const incoming = servers.find(({ type }) => (wanted ? type === wanted : type !== 'smtp'))
    // One of each there always is; but not of the kind that is asked for.
    const outgoing = servers.find(({ type }) => type === 'smtp') as ServerSettings
    if (!incoming) return { notExpressible: `there is no ${wanted} server` }
    const server = ({ type, hostname, port, socketType, authentication, username }: ServerSettings) => [
      protocols[type],
      hostname,
      port,
      securities[socketType],
      authentications[preferred(authentication)],
      fillPlaceholders(username, address),
    ]
    // The name is no option; without one, mail shows what most people would guess.
    const identity = [formatEmailAddress(address), realName ?? address.localPart]
    return qrText(JSON.stringify([1, [1, 1], server(incoming), [[server(outgoing), identity]]]))
  },
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)

/** A password where there is one: the app knows OAuth2 for hosts that are built in only. */
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
