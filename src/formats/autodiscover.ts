import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { filledIn } from '../model/placeholders.ts'
import { serversFor } from '../model/safe-shape.ts'
import type {
  AccountSettings,
  Authentication,
  Protocol,
  ServerSettings,
  SocketType,
} from '../model/settings.ts'
import {
  type Format,
  isExpressible,
  type NotExpressible,
  type Refusal,
  type RefusalDocument,
} from './format.ts'
import { leaf } from './xml.ts'

const namespace = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'
const outlook = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

/**
 * Microsoft's Autodiscover in plain old XML, for IMAP, POP3 and SMTP ([MS-OXDSCLI], section 2.2.4; "POX Autodiscover
 * response for other mail"). Asked by Outlook up to 2019 by its old wizard, Thunderbird, FairEmail, Delta Chat, SnappyMail.
 */
export const autodiscover: Format = {
  name: 'autodiscover',
  mediaType: 'text/xml; charset=utf-8',
  personal: true,
  endpoints: [
    {
      path: '/autodiscover/autodiscover.xml',
      urls: (domain) => [
        `https://${domain}/autodiscover/autodiscover.xml`,
        `https://autodiscover.${domain}/autodiscover/autodiscover.xml`,
        `http://autodiscover.${domain}/autodiscover/autodiscover.xml`,
      ],
      request: 'autodiscover',
    },
  ],
  render(settings) {
    const servers = serversIn(settings)
    if (!isExpressible(servers)) return servers
    const document = create({ version: '1.0', encoding: 'UTF-8' })
    const response = document.ele(namespace, 'Autodiscover').ele(outlook, 'Response')
    if (settings.realName !== undefined) leaf(response.ele('User'), 'DisplayName', settings.realName)
    const account = response.ele('Account')
    // FairEmail reads no Protocol before it has seen these two.
    leaf(account, 'AccountType', 'email')
    leaf(account, 'Action', 'settings')
    for (const server of servers) writeProtocol(account, server, settings)
    writeServices(account, settings, servers)
    return `${document.end({ prettyPrint: true, wellFormed: true })}\n`
  },
  refuse,
}

/** The servers that Autodiscover has words for: an incoming one at least, and an outgoing one. */
export function serversIn(settings: AccountSettings): readonly ServerSettings[] | NotExpressible {
  const servers = serversFor(settings).filter(({ authentication }) =>
    authentication.some((method) => method in security),
  )
  const outgoing = servers.filter(({ type }) => type === 'smtp').length
  return outgoing > 0 && outgoing < servers.length
    ? servers
    : { notExpressible: 'Autodiscover knows passwords only, and a server here takes none' }
}

const types: Readonly<Record<Protocol, string>> = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' }

/** `SPA` is "secure password authentication", which is NTLM, and on by default. */
const security: Readonly<Partial<Record<Authentication, { spa: OnOff; authRequired: OnOff }>>> = {
  'password-cleartext': { spa: 'off', authRequired: 'on' },
  'password-encrypted': { spa: 'off', authRequired: 'on' },
  NTLM: { spa: 'on', authRequired: 'on' },
  none: { spa: 'off', authRequired: 'off' },
  'client-IP-address': { spa: 'off', authRequired: 'off' },
}
type OnOff = 'on' | 'off'

/** `Encryption` overrides `SSL` where it is known: from Outlook 2010 on. `TLS` is STARTTLS there. */
const encryption: Readonly<Record<SocketType, { ssl: OnOff; encryption: string }>> = {
  SSL: { ssl: 'on', encryption: 'SSL' },
  STARTTLS: { ssl: 'on', encryption: 'TLS' },
  plain: { ssl: 'off', encryption: 'None' },
}

function writeProtocol(account: XMLBuilder, server: ServerSettings, settings: AccountSettings): void {
  const { type, hostname, port, socketType, authentication, username } = server
  const method = authentication.find((candidate) => candidate in security) as Authentication
  const { spa, authRequired } = security[method] as { spa: OnOff; authRequired: OnOff }
  const protocol = account.ele('Protocol')
  leaf(protocol, 'Type', types[type])
  leaf(protocol, 'Server', hostname)
  leaf(protocol, 'Port', String(port))
  leaf(protocol, 'DomainRequired', 'off')
  writeLogin(protocol, username, settings)
  leaf(protocol, 'SPA', spa)
  leaf(protocol, 'SSL', encryption[socketType].ssl)
  leaf(protocol, 'Encryption', encryption[socketType].encryption)
  leaf(protocol, 'AuthRequired', authRequired)
  if (type === 'smtp') {
    leaf(protocol, 'UsePOPAuth', 'off')
    leaf(protocol, 'SMTPLast', 'off')
  }
}

/** Left out, it is the part before the @; so where logins are not told, it is what autoconfig would have filled in. */
function writeLogin(protocol: XMLBuilder, username: string, { address }: AccountSettings): void {
  const login = filledIn(username, address)
  if (login !== undefined) leaf(protocol, 'LoginName', login)
}

/** No type of Microsoft's; eM Client reads them, all others skip a type that they do not know. */
function writeServices(
  account: XMLBuilder,
  settings: AccountSettings,
  [mailbox]: readonly ServerSettings[],
): void {
  const { services } = settings.clientConfig
  for (const [type, url] of [
    ['CalDAV', services.caldav],
    ['CardDAV', services.carddav],
  ] as const) {
    if (url === undefined) continue
    const protocol = account.ele('Protocol')
    leaf(protocol, 'Type', type)
    leaf(protocol, 'Server', url)
    leaf(protocol, 'DomainRequired', 'off')
    writeLogin(protocol, (mailbox as ServerSettings).username, settings)
    leaf(protocol, 'SPA', 'off')
  }
}

/** [MS-OXDSCLI], section 2.2.4.1.1.3.2. */
const errors: Readonly<Record<Refusal['refusal'], { code: number; message: string }>> = {
  unknown: { code: 500, message: 'The e-mail address cannot be found.' },
  malformed: { code: 600, message: 'Invalid Request' },
  unsupported: { code: 601, message: 'The requested schema version is not supported.' },
  notExpressible: { code: 501, message: 'There are no settings of this kind for the e-mail address.' },
}

/**
 * Errors come with status 200: Outlook takes any other for an end point that is none. Delta Chat asks with GET, and takes
 * every 2xx for an answer that ends its search, so there it is 404.
 */
function refuse({ refusal }: Refusal, method: 'GET' | 'POST'): RefusalDocument {
  const { code, message } = errors[refusal]
  const document = create({ version: '1.0', encoding: 'UTF-8' })
  // Time and Id tell one server of a farm from another; ours are all alike, and so are the bytes.
  const error = document
    .ele(namespace, 'Autodiscover')
    .ele('Response')
    .ele('Error', { Time: '00:00:00.0000000', Id: '1' })
  leaf(error, 'ErrorCode', String(code))
  leaf(error, 'Message', message)
  error.ele('DebugData')
  const text = `${document.end({ prettyPrint: true, wellFormed: true })}\n`
  return { status: method === 'GET' ? 404 : 200, text }
}
