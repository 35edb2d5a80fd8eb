import { v5 as uuidV5 } from 'uuid'
import type { Domain, EmailAddress } from '../model/address.ts'
import { formatEmailAddress } from '../model/address.ts'
import { loginOf } from '../model/placeholders.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { AccountSettings, Authentication, ServerSettings } from '../model/settings.ts'
import type { Format, NotExpressible } from './format.ts'
import { textsFor } from './mobileconfig-texts.ts'
import { type PlistDict, plist } from './plist.ts'

/**
 * Apple's configuration profile for a mail account (developer.apple.com, "Mail" and "TopLevel" payloads), which iPhones,
 * iPads and Macs install when it is opened. It never holds a password: the device asks for it. What names the account is
 * derived from its address (RFC 9562, UUID version 5), so that a profile that is installed again replaces the first.
 */
export const mobileconfig: Format = {
  name: 'mobileconfig',
  mediaType: 'application/x-apple-aspen-config',
  personal: true,
  signed: true,
  endpoints: [
    { path: '/apple/mail.mobileconfig' },
    { path: '/setup/:token/mail.mobileconfig', request: 'link' },
  ],
  fileName: ({ domain }) => `${domain}.mobileconfig`,
  render(settings) {
    const mail = mailPayload(settings)
    if ('notExpressible' in mail) return mail as NotExpressible
    const { displayName } = settings.clientConfig
    const texts = textsFor(settings.languages)
    return plist({
      PayloadContent: [mail, ...davPayloads(settings)],
      PayloadDescription: texts.description(displayName),
      PayloadDisplayName: texts.title(accountName(settings)),
      PayloadIdentifier: identifier(settings),
      PayloadOrganization: displayName,
      PayloadRemovalDisallowed: false,
      PayloadType: 'Configuration',
      PayloadUUID: uuid(settings, 'profile'),
      PayloadVersion: 1,
    })
  },
}

/** `EmailAuth…` for what a server takes; Apple's profile has no words for tokens and certificates. */
const authentications: Readonly<Partial<Record<Authentication, string>>> = {
  'password-cleartext': 'EmailAuthPassword',
  'password-encrypted': 'EmailAuthCRAMMD5',
  NTLM: 'EmailAuthNTLM',
  none: 'EmailAuthNone',
  'client-IP-address': 'EmailAuthNone',
}

const accountTypes = { imap: 'EmailTypeIMAP', pop3: 'EmailTypePOP' } as const

function mailPayload(settings: AccountSettings): PlistDict | NotExpressible {
  const { address, realName } = settings
  const servers = serversFor(settings)
  const incoming = (settings.incoming ? [settings.incoming] : (['imap', 'pop3'] as const))
    .map((type) => servers.find((server) => server.type === type))
    .find((server) => server !== undefined)
  // One of each there always is; but not of the kind that is asked for.
  const outgoing = servers.find(({ type }) => type === 'smtp') as ServerSettings
  if (!incoming) return { notExpressible: `there is no ${settings.incoming} server` }
  const incomingAuthentication = authenticationOf(incoming)
  const outgoingAuthentication = authenticationOf(outgoing)
  if (incomingAuthentication === undefined || outgoingAuthentication === undefined) {
    return { notExpressible: "Apple's profiles know passwords only, and a server here takes none" }
  }
  const type = incoming.type as keyof typeof accountTypes
  return {
    ...payload(settings, 'com.apple.mail.managed', type),
    EmailAccountDescription: accountName(settings),
    EmailAccountName: realName,
    EmailAccountType: accountTypes[type],
    EmailAddress: address && formatEmailAddress(address),
    IncomingMailServerAuthentication: incomingAuthentication,
    IncomingMailServerHostName: incoming.hostname,
    IncomingMailServerPortNumber: incoming.port,
    // Off by default, and for STARTTLS on as well: which of the two, the device knows by the port.
    IncomingMailServerUseSSL: incoming.socketType !== 'plain',
    IncomingMailServerUsername: loginOf(incoming.username, settings),
    OutgoingMailServerAuthentication: outgoingAuthentication,
    OutgoingMailServerHostName: outgoing.hostname,
    OutgoingMailServerPortNumber: outgoing.port,
    OutgoingMailServerUseSSL: outgoing.socketType !== 'plain',
    OutgoingMailServerUsername: loginOf(outgoing.username, settings),
    OutgoingPasswordSameAsIncomingPassword: incoming.username === outgoing.username,
  }
}

const authenticationOf = ({ authentication }: ServerSettings): string | undefined =>
  authentication.map((method) => authentications[method]).find((word) => word !== undefined)

function davPayloads(settings: AccountSettings): PlistDict[] {
  const { services } = settings.clientConfig
  return (['CalDAV', 'CardDAV'] as const).flatMap((word) => {
    const kind = word.toLowerCase() as 'caldav' | 'carddav'
    const text = services[kind]
    if (text === undefined) return []
    const url = new URL(text)
    const [mailbox] = serversFor(settings) as [ServerSettings]
    return [
      {
        ...payload(settings, `com.apple.${kind}.account`, kind),
        [`${word}AccountDescription`]: accountName(settings),
        [`${word}HostName`]: url.hostname,
        [`${word}Port`]: url.port === '' ? 443 : Number(url.port),
        [`${word}PrincipalURL`]: url.pathname === '/' ? undefined : url.pathname,
        [`${word}UseSSL`]: true,
        [`${word}Username`]: loginOf(mailbox.username, settings),
      },
    ]
  })
}

/** What every payload says of itself; the device updates those that agree with an installed one in both names. */
function payload(settings: AccountSettings, type: string, kind: string): PlistDict {
  return {
    PayloadDisplayName: accountName(settings),
    PayloadIdentifier: `${identifier(settings)}.${kind}`,
    PayloadType: type,
    PayloadUUID: uuid(settings, kind),
    PayloadVersion: 1,
  }
}

/** As it stands in the list of accounts. */
const accountName = ({ clientConfig, domain, address }: AccountSettings): string =>
  `${clientConfig.displayShortName} (${address ? formatEmailAddress(address) : domain})`

/** Names the account, in reverse DNS: a profile replaces the one of the same name. */
const identifier = (settings: AccountSettings): string =>
  `${settings.domain.split('.').reverse().join('.')}.mail.${uuid(settings, 'account')}`

/** RFC 9562, section 6.6: the name space of domain names. */
const dnsNamespace = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'

/** In capitals, as Apple's own tools write them. */
const uuid = ({ domain, address }: AccountSettings, kind: string): string =>
  uuidV5(`${kind}.${nameOf(domain, address)}`, dnsNamespace).toUpperCase()

/** Whoever types Jane@ or jane@ means one account. */
const nameOf = (domain: Domain, address: EmailAddress | undefined): string =>
  address ? formatEmailAddress(address).toLowerCase() : domain
