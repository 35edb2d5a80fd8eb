import { v5 as uuidV5 } from 'uuid'
import { settingsCatalogue } from '../messages/catalogue.ts'
import type { Domain, EmailAddress } from '../model/address.ts'
import { formatEmailAddress } from '../model/address.ts'
import { paths, setupFiles, setupPath } from '../model/paths.ts'
import { fillDomain, loginOf } from '../model/placeholders.ts'
import { failure, type Result, success } from '../model/result.ts'
import { serversFor } from '../model/safe-shape.ts'
import { partsOf, serviceUrlOf } from '../model/service-urls.ts'
import type { AccountSettings, Authentication, ServerSettings } from '../model/settings.ts'
import type { Format } from './format.ts'
import { type PlistDict, plist } from './plist.ts'

/**
 * Apple's configuration profile for a mail account (developer.apple.com, "Mail" and "TopLevel" payloads), which iPhones, iPads
 * and Macs install when somebody opens it. It never contains a password: the device asks for it. The names of the account are
 * derived from its address (RFC 9562, UUID version 5), so a profile that is installed again replaces the earlier one. This includes a
 * profile of mail alone, which has the same identifiers: two profiles would set up the same mail account twice.
 */
export const mobileconfig: Format = {
  name: 'mobileconfig',
  mediaType: 'application/x-apple-aspen-config',
  personal: true,
  signed: true,
  endpoints: [{ path: paths.profile }, { path: setupPath(setupFiles.profile), request: 'link' }],
  fileName: ({ domain }) => `${domain}.mobileconfig`,
  render(settings) {
    const mail = mailPayload(settings)
    if (!mail.ok) return mail
    const { displayName } = settings.clientConfig
    const words = settingsCatalogue(settings.languages)
    const profile = {
      PayloadContent: [mail.value, ...(settings.only === 'mail' ? [] : davPayloads(settings))],
      PayloadDescription: descriptionOf(settings),
      PayloadDisplayName: words.text('profile-title', { account: accountName(settings) }),
      PayloadIdentifier: identifier(settings),
      PayloadOrganization: displayName,
      PayloadRemovalDisallowed: false,
      PayloadType: 'Configuration',
      PayloadUUID: uuid(settings, 'profile'),
      PayloadVersion: 1,
    }
    return success(plist(profile))
  },
}

/** The text that the device shows before it installs the profile, with the page where people find help. */
function descriptionOf({ clientConfig, domain, languages }: AccountSettings): string {
  const words = settingsCatalogue(languages)
  const text = words.text('profile-description', { provider: clientConfig.displayName })
  const [help] = clientConfig.documentation
  return help ? `${text} ${words.text('profile-help', { url: fillDomain(help.url, domain) })}` : text
}

/** Can a profile express the settings? Cheaper than rendering one. */
export const hasProfile = (settings: AccountSettings): boolean => mailPayload(settings).ok

/** `EmailAuth…` for each method; Apple's profiles cannot express tokens and certificates. */
const authentications: Readonly<Partial<Record<Authentication, string>>> = {
  'password-cleartext': 'EmailAuthPassword',
  'password-encrypted': 'EmailAuthCRAMMD5',
  NTLM: 'EmailAuthNTLM',
  none: 'EmailAuthNone',
  'client-IP-address': 'EmailAuthNone',
}

const accountTypes = { imap: 'EmailTypeIMAP', pop3: 'EmailTypePOP' } as const

function mailPayload(settings: AccountSettings): Result<PlistDict> {
  const { address, realName } = settings
  const servers = serversFor(settings)
  const incoming = (settings.incoming ? [settings.incoming] : (['imap', 'pop3'] as const))
    .map((type) => servers.find((server) => server.type === type))
    .find((server) => server !== undefined)
  // Every configuration has an incoming and an outgoing server, but perhaps not of the wanted protocol.
  const outgoing = servers.find(({ type }) => type === 'smtp') as ServerSettings
  if (!incoming) return failure(`there is no ${settings.incoming} server`)
  const incomingAuthentication = authenticationOf(incoming)
  const outgoingAuthentication = authenticationOf(outgoing)
  if (incomingAuthentication === undefined || outgoingAuthentication === undefined) {
    return failure("Apple's profiles support only passwords, and a server here accepts none")
  }
  const type = incoming.type as keyof typeof accountTypes
  return success({
    ...payload(settings, 'com.apple.mail.managed', type),
    EmailAccountDescription: accountName(settings),
    EmailAccountName: realName,
    EmailAccountType: accountTypes[type],
    EmailAddress: address && formatEmailAddress(address),
    IncomingMailServerAuthentication: incomingAuthentication,
    IncomingMailServerHostName: incoming.hostname,
    IncomingMailServerPortNumber: incoming.port,
    // Off by default. On for STARTTLS as well: the device distinguishes the two by the port.
    IncomingMailServerUseSSL: incoming.socketType !== 'plain',
    IncomingMailServerUsername: loginOf(incoming.username, settings),
    OutgoingMailServerAuthentication: outgoingAuthentication,
    OutgoingMailServerHostName: outgoing.hostname,
    OutgoingMailServerPortNumber: outgoing.port,
    OutgoingMailServerUseSSL: outgoing.socketType !== 'plain',
    OutgoingMailServerUsername: loginOf(outgoing.username, settings),
    OutgoingPasswordSameAsIncomingPassword: incoming.username === outgoing.username,
  })
}

const authenticationOf = ({ authentication }: ServerSettings): string | undefined =>
  authentication.map((method) => authentications[method]).find((word) => word !== undefined)

function davPayloads(settings: AccountSettings): PlistDict[] {
  return (['CalDAV', 'CardDAV'] as const).flatMap((word) => {
    const kind = word.toLowerCase() as 'caldav' | 'carddav'
    const text = serviceUrlOf(kind, settings)
    if (text === undefined) return []
    // Without a path, the device finds it (RFC 6764, section 6).
    const { hostname, port, pathname } = partsOf(text)
    const [mailbox] = serversFor(settings) as [ServerSettings]
    return [
      {
        ...payload(settings, `com.apple.${kind}.account`, kind),
        [`${word}AccountDescription`]: accountName(settings),
        [`${word}HostName`]: hostname,
        [`${word}Port`]: port === '' ? 443 : Number(port),
        [`${word}PrincipalURL`]: pathname === '/' ? undefined : pathname,
        [`${word}UseSSL`]: true,
        [`${word}Username`]: loginOf(mailbox.username, settings),
      },
    ]
  })
}

/** The keys of every payload. The device updates an installed payload with the same identifier and UUID. */
function payload(settings: AccountSettings, type: string, kind: string): PlistDict {
  return {
    PayloadDisplayName: accountName(settings),
    PayloadIdentifier: `${identifier(settings)}.${kind}`,
    PayloadType: type,
    PayloadUUID: uuid(settings, kind),
    PayloadVersion: 1,
  }
}

/** The name in the device's list of accounts. */
const accountName = ({ clientConfig, domain, address }: AccountSettings): string =>
  `${clientConfig.displayShortName} (${address ? formatEmailAddress(address) : domain})`

/** The identifier of the account in reverse DNS: a profile replaces the one with the same identifier. */
const identifier = (settings: AccountSettings): string =>
  `${settings.domain.split('.').reverse().join('.')}.mail.${uuid(settings, 'account')}`

/** RFC 9562, section 6.6: the name space of domain names. */
const dnsNamespace = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'

/** In upper case, as Apple's own tools write them. */
const uuid = ({ domain, address }: AccountSettings, kind: string): string =>
  uuidV5(`${kind}.${nameOf(domain, address)}`, dnsNamespace).toUpperCase()

/** Jane@ and jane@ are one account. */
const nameOf = (domain: Domain, address: EmailAddress | undefined): string =>
  address ? formatEmailAddress(address).toLowerCase() : domain
