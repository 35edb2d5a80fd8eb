import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { paths } from '../model/paths.ts'
import { fillDomain, loginFrom } from '../model/placeholders.ts'
import { failure, type Result, success } from '../model/result.ts'
import { serversFor, writtenDocumentation } from '../model/safe-shape.ts'
import { serviceNames } from '../model/service-names.ts'
import { isPersonal, serviceUrlOf, type UrlService } from '../model/service-urls.ts'
import type {
  AccountSettings,
  Authentication,
  Protocol,
  ServerSettings,
  SocketType,
} from '../model/settings.ts'
import type { Format, Refusal, RefusalDocument } from './format.ts'
import { leaf } from './xml.ts'

const namespace = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006'
const outlook = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

/**
 * Microsoft's Autodiscover in plain XML, for IMAP, POP3 and SMTP ([MS-OXDSCLI], section 2.2.4; "POX Autodiscover response for
 * other mail"). Outlook up to 2019 (its old wizard), Thunderbird, FairEmail, Delta Chat and SnappyMail ask for it.
 */
export const autodiscover: Format = {
  name: 'autodiscover',
  mediaType: 'text/xml; charset=utf-8',
  personal: true,
  endpoints: [
    {
      path: paths.autodiscover,
      otherSpellings: ['/Autodiscover/Autodiscover.xml', '/AutoDiscover/AutoDiscover.xml'],
      urls: (domain) => [
        `https://${domain}${paths.autodiscover}`,
        `https://${serviceNames.autodiscover}.${domain}${paths.autodiscover}`,
        `http://${serviceNames.autodiscover}.${domain}${paths.autodiscover}`,
      ],
      request: 'autodiscover',
    },
  ],
  render(settings) {
    const servers = expressibleServers(settings)
    if (!servers.ok) return servers
    const document = create({ version: '1.0', encoding: 'UTF-8' })
    const response = document.ele(namespace, 'Autodiscover').ele(outlook, 'Response')
    if (settings.realName !== undefined) leaf(response.ele('User'), 'DisplayName', settings.realName)
    const account = response.ele('Account')
    // FairEmail ignores a Protocol before these two.
    leaf(account, 'AccountType', 'email')
    leaf(account, 'Action', 'settings')
    const [help] = writtenDocumentation(settings.clientConfig)
    if (help) leaf(account, 'ServiceHome', fillDomain(help.url, settings.domain))
    for (const server of servers.value) writeProtocol(account, server, settings)
    writeServices(account, settings, servers.value)
    return success(`${document.end({ prettyPrint: true, wellFormed: true })}\n`)
  },
  refuse,
}

/** The servers that Autodiscover can express: at least an incoming and an outgoing one. */
export function expressibleServers(settings: AccountSettings): Result<readonly ServerSettings[]> {
  const servers = serversFor(settings).filter(({ authentication }) =>
    authentication.some((method) => method in security),
  )
  const outgoing = servers.filter(({ type }) => type === 'smtp').length
  return outgoing > 0 && outgoing < servers.length
    ? success(servers)
    : failure('Autodiscover supports only passwords, and a server here accepts none')
}

const types: Readonly<Record<Protocol, string>> = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' }

/** `SPA` is "secure password authentication": NTLM. It is on by default. */
const security: Readonly<Partial<Record<Authentication, { spa: OnOff; authRequired: OnOff }>>> = {
  'password-cleartext': { spa: 'off', authRequired: 'on' },
  'password-encrypted': { spa: 'off', authRequired: 'on' },
  NTLM: { spa: 'on', authRequired: 'on' },
  none: { spa: 'off', authRequired: 'off' },
  'client-IP-address': { spa: 'off', authRequired: 'off' },
}
type OnOff = 'on' | 'off'

/** `Encryption` overrides `SSL` since Outlook 2010. Its `TLS` means STARTTLS. */
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

/**
 * Without a LoginName, Outlook uses the part before the @. So this writes the value of autoconfig's placeholder, even if
 * login names are hidden.
 */
function writeLogin(protocol: XMLBuilder, username: string, { address }: AccountSettings): void {
  const login = loginFrom(username, address)
  if (login !== undefined) leaf(protocol, 'LoginName', login)
}

/** Microsoft does not define these types. eM Client reads them; other clients skip unknown types. */
function writeServices(
  account: XMLBuilder,
  settings: AccountSettings,
  [mailbox]: readonly ServerSettings[],
): void {
  for (const type of ['CalDAV', 'CardDAV'] as const) {
    const url = serviceUrlOf(type.toLowerCase() as UrlService, settings)
    if (url === undefined || isPersonal(url)) continue
    const protocol = account.ele('Protocol')
    leaf(protocol, 'Type', type)
    leaf(protocol, 'Server', url)
    leaf(protocol, 'DomainRequired', 'off')
    writeLogin(protocol, (mailbox as ServerSettings).username, settings)
    leaf(protocol, 'SPA', 'off')
  }
}

/** [MS-OXDSCLI], section 2.2.4.1.1.3.2. */
const errors: Readonly<Record<Refusal['reason'], { code: number; message: string }>> = {
  unknownDomain: { code: 500, message: 'The e-mail address cannot be found.' },
  invalidLink: { code: 500, message: 'The e-mail address cannot be found.' },
  malformed: { code: 600, message: 'Invalid Request' },
  unsupported: { code: 601, message: 'The requested schema version is not supported.' },
  notExpressible: { code: 501, message: 'There are no settings of this kind for the e-mail address.' },
}

/**
 * The reasons that a POST gets with status 200, as [MS-OXDSCLI], section 3.2.5 has it: the endpoint is right, and the request is not.
 * Outlook treats any other status as a missing endpoint (Microsoft's documentation; we ran no Outlook).
 *
 * If there are no settings, no known client needs 200: for Outlook the endpoint is then missing, which is so, and it tries the next
 * one; Thunderbird, FairEmail and SnappyMail treat 404 like an answer without settings (their code was read). EmailEngine ends its
 * whole search at a 200 (its detection was run). Delta Chat uses GET and ends its search at any 2xx (it was run, too), so a GET never gets 200.
 */
const answered: ReadonlySet<Refusal['reason']> = new Set(['malformed', 'unsupported'])

function refuse({ reason }: Refusal, method: 'GET' | 'POST'): RefusalDocument {
  const { code, message } = errors[reason]
  const document = create({ version: '1.0', encoding: 'UTF-8' })
  // Time and Id identify a server of a farm. Constant ones keep the bytes the same.
  const error = document
    .ele(namespace, 'Autodiscover')
    .ele('Response')
    .ele('Error', { Time: '00:00:00.0000000', Id: '1' })
  leaf(error, 'ErrorCode', String(code))
  leaf(error, 'Message', message)
  error.ele('DebugData')
  const text = `${document.end({ prettyPrint: true, wellFormed: true })}\n`
  return { status: method === 'POST' && answered.has(reason) ? 200 : 404, text }
}
