import { createHash } from 'node:crypto'
import { pacc } from '../formats/pacc.ts'
import type { Domain } from '../model/address.ts'
import { serversFor } from '../model/safe-shape.ts'
import { serviceNames } from '../model/service-names.ts'
import { partsOf, serviceUrlOf } from '../model/service-urls.ts'
import type { AccountSettings, ClientConfig, Protocol, ServerSettings } from '../model/settings.ts'
import type { Stage } from './stages.ts'

/** A record of a zone. Names are fully qualified, without the final dot; `.` is the root. */
export type DnsRecord = { readonly name: string } & (
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'CNAME'; readonly target: string }
  | {
      readonly type: 'SRV'
      readonly priority: number
      readonly weight: number
      readonly port: number
      readonly target: string
    }
  | { readonly type: 'TXT'; readonly text: string }
)

/** Records that belong together, with a remark for people; or only a remark. */
export interface DnsSection {
  readonly remark: string
  readonly records: readonly DnsRecord[]
}

export interface RecordOptions {
  /** The IP addresses of this service, for A and AAAA records instead of a CNAME. */
  readonly addresses?: readonly string[]
  /** Later settings of the domain: the PACC digests of all of them must be published before they come into force. */
  readonly next?: readonly Stage[]
}

/**
 * Every record that a domain needs, so that clients find all that is served here. SRV as in RFC 6186 and 8314 (mail), 6764
 * (calendars, contacts), 8620 (JMAP) and 5804 (ManageSieve). A service without TLS from the first byte that is not offered has the
 * target `.`, so that clients do not guess.
 */
export function dnsRecords(settings: AccountSettings, options: RecordOptions = {}): DnsSection[] {
  return [
    { remark: 'where mail clients ask for the settings', records: nameRecords(settings, options) },
    ...paccSections(settings, options),
    { remark: 'the mail servers, for clients that ask the DNS', records: mailRecords(settings) },
    ...usernameHints(settings),
    ...serviceSections(settings),
    certificateHint(settings),
  ]
}

function nameRecords(
  { domain, clientConfig }: AccountSettings,
  { addresses = [] }: RecordOptions,
): DnsRecord[] {
  const { publicName } = clientConfig
  const names = [serviceNames.autoconfig, serviceNames.autodiscover].flatMap((name) =>
    leadHere(`${name}.${domain}`, publicName, addresses),
  )
  const target = publicName ?? `${serviceNames.autodiscover}.${domain}`
  return [
    ...names,
    srv(`_${serviceNames.autodiscover}._tcp`, domain, { priority: 0, weight: 0, port: 443, target }),
  ]
}

/** A CNAME to the public name, or the IP addresses. The public name itself has no CNAME. */
function leadHere(name: string, publicName: Domain | undefined, addresses: readonly string[]): DnsRecord[] {
  if (addresses.length > 0) {
    return addresses.map((address) => ({ name, type: address.includes(':') ? 'AAAA' : 'A', address }))
  }
  return publicName === undefined || name === publicName ? [] : [{ name, type: 'CNAME', target: publicName }]
}

function paccSections(settings: AccountSettings, { addresses = [], next = [] }: RecordOptions): DnsSection[] {
  const now = pacc.render(settings)
  const later = next.map((stage) => ({ document: pacc.render(stage.settings), when: whenOf(stage) }))
  /** When the document with a digest is in force, and when there is no document. */
  const digests = new Map<string, Set<string>>()
  const without = new Set<string>()
  for (const { document, when } of [{ document: now, when: 'now' }, ...later]) {
    if (!document.ok) without.add(when)
    else {
      const digest = digestOf(document.value)
      digests.set(digest, (digests.get(digest) ?? new Set()).add(when))
    }
  }
  if (!now.ok && digests.size === 0) {
    return [{ remark: `no PACC: ${now.error}`, records: [] }]
  }
  const { domain, clientConfig } = settings
  const texts = [...digests.keys()].map(
    (digest): DnsRecord => ({
      name: `_${serviceNames.pacc}.${domain}`,
      type: 'TXT',
      text: `v=UAAC1; a=sha256; d=${digest}`,
    }),
  )
  const records = [
    ...leadHere(`${serviceNames.pacc}.${domain}`, clientConfig.publicName, addresses),
    ...texts,
  ]
  if (digests.size === 1 && without.size === 0) {
    return [
      { remark: 'PACC: the digest of the document; a change of its content needs a new one', records },
      ...keyHints(clientConfig),
    ]
  }
  return [
    { remark: 'PACC: the digests of the current and the later documents', records },
    { remark: paccTimes([...digests.values()], without), records: [] },
    ...keyHints(clientConfig),
  ]
}

/** The digest that version 0.1 printed is of a document with `submit` only. */
const keyHints = ({ pacc: { submissionKeys } }: ClientConfig): DnsSection[] =>
  submissionKeys.length === 1
    ? []
    : [
        {
          remark:
            'the PACC document names outgoing mail submit and smtp; a digest from version 0.1 is of a document with submit only: replace it, or set pacc: { submissionKey: submit }',
          records: [],
        },
      ]

const whenOf = ({ at }: Stage): string =>
  at === undefined ? 'after the change' : `from ${new Date(at).toISOString()} on`

/** The remark about several digests. */
function paccTimes(digests: readonly ReadonlySet<string>[], without: ReadonlySet<string>): string {
  const [only, ...others] = digests.map(listOf)
  const times = digests.map((when, index) => `(${index + 1}) ${listOf(when)}`)
  const withoutLater = [...without].filter((when) => when !== 'now')
  return [
    ...(others.length === 0
      ? [`the PACC digest is for: ${only}`]
      : [
          `the PACC digests, in this order, are for: ${times.join(', ')}`,
          'remove each digest when it no longer applies',
        ]),
    ...(without.has('now') ? ['there is no document now'] : []),
    ...(withoutLater.length > 0
      ? [`there is no document ${listOf(withoutLater)}; remove the records before then`]
      : []),
  ].join('; ')
}

const listOf = (texts: Iterable<string>): string => [...texts].join(' and ')

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64')

/**
 * RFC 6186, section 3, and RFC 8314, section 5.1: one service for TLS from the first byte, one for STARTTLS. `_smtps` is the old name
 * of `_submissions`, and the only one that aerc asks for: without it, aerc finds no outgoing server.
 */
const mailServices: readonly { readonly service: string; readonly type: Protocol; readonly tls: boolean }[] =
  [
    { service: '_imaps._tcp', type: 'imap', tls: true },
    { service: '_imap._tcp', type: 'imap', tls: false },
    { service: '_pop3s._tcp', type: 'pop3', tls: true },
    { service: '_pop3._tcp', type: 'pop3', tls: false },
    { service: '_submissions._tcp', type: 'smtp', tls: true },
    { service: '_smtps._tcp', type: 'smtp', tls: true },
    { service: '_submission._tcp', type: 'smtp', tls: false },
  ]

function mailRecords(settings: AccountSettings): DnsRecord[] {
  const { domain } = settings
  const servers = serversFor(settings)
  const incoming = servers.filter(({ type }) => type !== 'smtp')
  const outgoing = servers.filter(({ type }) => type === 'smtp')
  // Clients also compare the priorities of IMAP and POP3 (RFC 6186, section 3.4).
  const priorityOf = (server: ServerSettings) =>
    10 * (server.type === 'smtp' ? outgoing : incoming).indexOf(server)
  return mailServices.flatMap(({ service, type, tls }) => {
    const offered = servers.filter((server) => server.type === type && (server.socketType === 'SSL') === tls)
    // EmailEngine takes the target `.` of a TLS service for a server with an empty name.
    if (offered.length === 0) return tls ? [] : [notOffered(service, domain)]
    return offered.map((server) =>
      srv(service, domain, {
        priority: priorityOf(server),
        weight: 1,
        port: server.port,
        target: server.hostname,
      }),
    )
  })
}

/** SRV records contain no username, and FairEmail from Google Play asks a domain for nothing else. */
function usernameHints(settings: AccountSettings): DnsSection[] {
  const { hidesLogins } = settings.clientConfig
  const usernames = new Set(serversFor(settings).map(({ username }) => username))
  if (!hidesLogins && [...usernames].every((username) => username === '%EMAILADDRESS%')) return []
  const isLocalPart = !hidesLogins && usernames.size === 1 && usernames.has('%EMAILLOCALPART%')
  const how = isLocalPart
    ? 'the username here is the part before the @: aerc and SnappyMail log in with the address, FairEmail tries both'
    : 'the usernames here can differ from the address: aerc and SnappyMail log in with the address, FairEmail tries the address and the part before the @'
  return [
    {
      remark: `SRV records contain no username; ${how}; unless the mail server also accepts the address, people must type their username`,
      records: [],
    },
  ]
}

function serviceSections(settings: AccountSettings): DnsSection[] {
  const { domain } = settings
  const { managesieve } = settings.clientConfig.services
  const jmap = serviceUrlOf('jmap', settings)
  const records: DnsRecord[] = []
  if (jmap !== undefined) records.push(srv('_jmap._tcp', domain, overTls(jmap)))
  for (const kind of ['caldav', 'carddav'] as const) {
    const url = serviceUrlOf(kind, { ...settings, address: undefined })
    if (url === undefined) continue
    const { pathname } = partsOf(url)
    const service = `_${kind}s._tcp`
    records.push(srv(service, domain, overTls(url)))
    // Without it, clients ask for /.well-known/caldav (RFC 6764, section 6).
    if (pathname !== undefined)
      records.push({ name: `${service}.${domain}`, type: 'TXT', text: `path=${pathname}` })
    records.push(notOffered(`_${kind}._tcp`, domain))
  }
  if (managesieve) {
    const { port, hostname } = managesieve
    records.push(srv('_sieve._tcp', domain, { priority: 0, weight: 1, port, target: hostname }))
  }
  return records.length > 0 ? [{ remark: 'services other than mail', records }] : []
}

function overTls(text: string) {
  const { hostname, port } = partsOf(text)
  return { priority: 0, weight: 1, port: port === '' ? 443 : Number(port), target: hostname }
}

/** RFC 8659: a CAA record of the domain applies to all names below it. */
const certificateHint = ({ domain }: AccountSettings): DnsSection => ({
  remark: `if ${domain} has CAA records, they must allow the certificate authority of this service for the names above, as in ${domain}. CAA 0 issue "letsencrypt.org"`,
  records: [],
})

const srv = (
  service: string,
  domain: Domain,
  rest: {
    readonly priority: number
    readonly weight: number
    readonly port: number
    readonly target: string
  },
): DnsRecord => ({ name: `${service}.${domain}`, type: 'SRV', ...rest })

/** RFC 2782: "the service is decidedly not available at this domain". */
const notOffered = (service: string, domain: Domain): DnsRecord =>
  srv(service, domain, { priority: 0, weight: 0, port: 0, target: '.' })
