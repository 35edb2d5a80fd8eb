import { stringify } from 'yaml'
import type { Port } from '../../rehearsal/world.ts'

/** The account that a client must end with, and how much of its zone the customer publishes. */
export interface Kind {
  /** The head of its column. */
  readonly title: string
  /** What a hoster configures, as the page shows it; the rest of the configuration is the same for all kinds. */
  readonly setting: string
  readonly parts?: Parts
  /** The address as people may type it, the usual spelling first. */
  readonly addresses: readonly string[]
  readonly right: Right
  readonly zone: Zone
}

/** Sections of the configuration that differ from the usual ones. */
export interface Parts {
  readonly host?: object
  /** Further hosts. */
  readonly hosts?: object
  readonly domains?: object
  readonly accounts?: object
  /** The domain is found by its MX, which a name server on loopback knows. */
  readonly byMx?: true
}

export interface Right {
  readonly incoming: readonly [type: string, port: number, socketType: string]
  readonly outgoing: readonly [port: number, socketType: string]
  /** The spellings that the mail server accepts. */
  readonly usernames: readonly string[]
  readonly authentication: readonly string[]
}

/** Which of the records that `dns` prints are published, and whether the service answers over HTTP. */
export interface Zone {
  readonly published: (name: string) => boolean
  readonly web: Port
  /** The host of the customer's MX. */
  readonly mx: string
}

export const customer = 'customer.example'
export const hoster = 'hoster.example'
export const mailHost = `mx1.${hoster}`
export const publicName = `autoconfig.${hoster}`

const jane = `jane@${customer}`

const whole: Zone = { published: () => true, web: 'open', mx: mailHost }
/** The mail of the domain passes through a filter of another company, so nobody finds the hoster by the MX. */
const filtered: Zone = { ...whole, mx: 'mx.filter.example' }

const tls: Right = {
  incoming: ['imap', 993, 'SSL'],
  outgoing: [465, 'SSL'],
  usernames: [jane],
  authentication: ['password-cleartext'],
}

const usual: Kind = { title: '', setting: '', addresses: [jane], right: tls, zone: whole }

const isOfMail = (name: string): boolean => /^_(imaps?|pop3s?|submissions?|smtps)\._tcp\./.test(name)

const map = { [jane]: 'user0001' }
const dav = { caldav: `https://dav.${hoster}/calendars/`, carddav: `https://dav.${hoster}/contacts/` }

const oAuth2 = {
  issuer: `https://id.${hoster}/`,
  authURL: `https://id.${hoster}/authorize`,
  tokenURL: `https://id.${hoster}/token`,
  scope: 'mail',
}

const withMethods = (authentication: readonly string[]) => ({
  host: { servers: ['imap', 'smtp'].map((type) => ({ type, authentication })), oAuth2 },
})
const eitherMethod = ['OAuth2', 'password-cleartext']

const bücher = 'xn--bcher-kva.example'

/** Servers and domains, in the first table. */
export const serverKinds: readonly Kind[] = [
  {
    ...usual,
    title: 'implicit TLS',
    setting: 'no `servers`: a host offers IMAP on 993, POP3 on 995 and SMTP on 465',
  },
  {
    ...usual,
    title: 'STARTTLS',
    setting: '`servers: [imap, pop3, submission]`',
    parts: { host: { servers: ['imap', 'pop3', 'submission'] } },
    right: { ...tls, incoming: ['imap', 143, 'STARTTLS'], outgoing: [587, 'STARTTLS'] },
  },
  {
    ...usual,
    title: 'POP3 only',
    setting: '`servers: [pop3s, submissions]`',
    parts: { host: { servers: ['pop3s', 'submissions'] } },
    right: { ...tls, incoming: ['pop3', 995, 'SSL'] },
  },
  {
    ...usual,
    title: 'IDN domain',
    setting:
      'a domain such as `bücher.example`. The mail server must accept both spellings of the address as the username',
    parts: { domains: { 'bücher.example': 'mx1' } },
    addresses: ['jane@bücher.example', `jane@${bücher}`],
    right: { ...tls, usernames: ['jane@bücher.example', `jane@${bücher}`] },
  },
]

/** Settings beside the servers, in the second table. */
export const featureKinds: readonly Kind[] = [
  {
    ...usual,
    title: 'calendars and contacts',
    setting: '`services: { caldav: …, carddav: … }`',
    parts: { host: { services: dav } },
  },
  {
    ...usual,
    title: '`shape: all` with JMAP',
    setting: '`shape: all`, `services: { jmap: …, caldav: …, carddav: … }`',
    parts: { host: { shape: 'all', services: { jmap: `https://jmap.${hoster}/session`, ...dav } } },
  },
  {
    ...usual,
    title: 'OAuth2 or a password',
    setting: '`authentication: [OAuth2, password-cleartext]` on both servers, and `oAuth2: …`',
    parts: withMethods(eitherMethod),
    right: { ...tls, authentication: eitherMethod },
  },
  {
    ...usual,
    title: 'OAuth2 only',
    setting: '`authentication: [OAuth2]` on both servers, and `oAuth2: …`',
    parts: withMethods(['OAuth2']),
    right: { ...tls, authentication: ['OAuth2'] },
  },
]

/** How people log in, in the third table. */
export const usernameKinds: readonly Kind[] = [
  {
    ...usual,
    title: 'the part before the @',
    setting: "`username: '%EMAILLOCALPART%'`",
    parts: { host: { username: '%EMAILLOCALPART%' } },
    right: { ...tls, usernames: ['jane'] },
  },
  {
    ...usual,
    title: 'a login, `disclose: link`',
    setting: '`accounts: { map: { jane@customer.example: user0001 } }`',
    parts: { accounts: { map } },
    right: { ...tls, usernames: ['user0001'] },
  },
  {
    ...usual,
    title: 'a login, `disclose: public`',
    setting: '`accounts: { disclose: public, map: { jane@customer.example: user0001 } }`',
    parts: { accounts: { disclose: 'public', map } },
    right: { ...tls, usernames: ['user0001'] },
  },
]

/** How much of the zone is published, in the fourth table. */
export const zoneKinds: readonly Kind[] = [
  {
    ...usual,
    title: '`autoconfig` only',
    setting: 'only the record `autoconfig`',
    zone: { ...filtered, published: (name) => name.startsWith('autoconfig.') },
  },
  {
    ...usual,
    title: 'MX only',
    setting:
      '`sources: [{ mx: {} }]`; the domain has only its MX record, which names your host. Your own domain has all its records, and is on another host',
    parts: {
      byMx: true,
      hosts: { office: { hostname: `office.${hoster}` } },
      domains: { [hoster]: 'office' },
    },
    zone: { ...whole, published: () => false },
  },
  {
    ...usual,
    title: 'SRV only',
    setting: 'only the SRV records of mail; nothing answers over HTTP',
    zone: { ...filtered, web: 'closed', published: isOfMail },
  },
  {
    ...usual,
    title: 'Autodiscover only',
    setting: 'only the records `autodiscover` and `_autodiscover._tcp`',
    zone: { ...filtered, published: (name) => /^_?autodiscover\./.test(name) },
  },
]

export const kinds: readonly Kind[] = [...serverKinds, ...featureKinds, ...usernameKinds, ...zoneKinds]

/** The whole configuration of a kind; `resolver` is the address of the name server for its source. */
export function configOf({ parts = {} }: Kind, resolver: string): string {
  const { host = {}, hosts = {}, domains = { [customer]: 'mx1' }, accounts, byMx } = parts
  return stringify({
    provider: { id: hoster, displayName: 'Hoster Mail', displayShortName: 'Hoster' },
    publicName,
    hosts: { mx1: { hostname: mailHost, ...host }, ...hosts },
    domains,
    ...(accounts && { accounts }),
    ...(byMx && { sources: [{ mx: { resolver: [resolver] } }] }),
  })
}
