import type { Ports, Rule, World } from './world.ts'

/** Situations that real clients were driven through. Each is the same customer and provider with one thing changed. */
export interface Situation {
  readonly address: string
  readonly world: World
  /** The person answers yes if the client asks. */
  readonly agrees?: true
}

export const domain = 'customer.example'
export const address = `jane@${domain}`

const server = (type: string, port: number, socketType: string) => {
  const element = type === 'smtp' ? 'outgoingServer' : 'incomingServer'
  return `<${element} type="${type}"><hostname>mx1.hoster.example</hostname><port>${port}</port><socketType>${socketType}</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></${element}>`
}

export const documentOf = (servers: readonly string[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="hoster.example"><domain>${domain}</domain>
<displayName>Hoster Mail</displayName><displayShortName>Hoster</displayShortName>
${servers.join('\n')}
</emailProvider></clientConfig>
`
export const imap = server('imap', 993, 'SSL')
export const smtp = server('smtp', 465, 'SSL')
const pop3 = server('pop3', 995, 'SSL')
export const settings = documentOf([imap, pop3, smtp])

const protocol = (type: string, port: number) =>
  `<Protocol><Type>${type}</Type><Server>mx1.hoster.example</Server><Port>${port}</Port><LoginName>${address}</LoginName><SPA>off</SPA><SSL>on</SSL></Protocol>`

export const exchangeSettings = `<?xml version="1.0"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response>
<Account><AccountType>email</AccountType><Action>settings</Action>${protocol('IMAP', 993)}${protocol('SMTP', 465)}</Account>
</Response></Autodiscover>
`

const page = '<html><head><title>Not found</title></head><body><h1>Not found</h1></body></html>'
export const parkedPage =
  '<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8></head><body><p>Buy me<br></body></html>'
const parkedXhtml =
  '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>Buy me</body></html>'

export const open: Ports = { http: 'open', https: 'open' }
const databases = ['autoconfig.thunderbird.net', 'live.thunderbird.net', 'v1.ispdb.net']
export const mx = `${domain}. IN MX 10 mx1.hoster.example.`
const ns = `${domain}. IN NS ns1.registrar.example.`

interface Changes {
  readonly hosts?: readonly string[]
  readonly ports?: Readonly<Record<string, Ports>>
  readonly dns?: readonly string[]
  readonly http?: readonly Rule[]
}

/** Everything answers 404, except what the rules say. */
export function worldOf({ hosts = [sub, domain], ports = {}, dns = [ns, mx], http = [] }: Changes): World {
  const names = [...databases, ...hosts].map((name) => [name, open])
  return {
    hosts: {
      ...Object.fromEntries(names),
      'mx1.hoster.example': { http: 'closed', https: 'closed' },
      ...ports,
    },
    dns,
    http: [...http, rule('*', '.*', { method: '*', status: 404, type: 'text/html', body: page })],
  }
}

interface RuleChanges {
  readonly scheme?: string
  readonly method?: string
  readonly query?: string
  readonly status?: number
  readonly type?: string | undefined
  readonly location?: string
  readonly body?: string | null
  readonly delayMs?: number
}

export function rule(host: string, path: string, changes: RuleChanges = {}): Rule {
  const { scheme = '*', method = 'GET', status = 200, body = settings, location, query, delayMs } = changes
  const type = 'type' in changes ? changes.type : 'text/xml; charset=utf-8'
  const headers = [
    ...(type ? [['Content-Type', type] as const] : []),
    ...(location ? [['Location', location] as const] : []),
  ]
  return {
    ...{ host, path, scheme, method, status, headers, body },
    ...(query !== undefined && { query }),
    ...(delayMs !== undefined && { delayMs }),
  }
}

export const sub = `autoconfig.${domain}`
export const subPath = '/mail/config-v1\\.1\\.xml'
export const wellKnownPath = '/\\.well-known/autoconfig/mail/config-v1\\.1\\.xml'
const exchangePath = '(?i:/autodiscover/autodiscover\\.xml)'
const wellKnown = rule(domain, wellKnownPath)

const at = (changes: Changes): Situation => ({ address, world: worldOf(changes) })
/** The host for autoconfig answers like this. */
const answering = (changes: RuleChanges, ...more: readonly Rule[]): Situation =>
  at({ http: [rule(sub, subPath, changes), ...more] })

const byExchange: Changes = {
  hosts: ['autodiscover.hoster.example', domain],
  dns: [ns, `_autodiscover._tcp.${domain}. IN SRV 0 0 443 autodiscover.hoster.example.`],
  http: [rule('autodiscover.hoster.example', exchangePath, { method: 'POST', body: exchangeSettings })],
}

const bücher = 'xn--bcher-kva.example'

export const situations: Readonly<Record<string, Situation>> = {
  autoconfig: answering({}),
  'everything 404': at({}),
  'parked everywhere': at({
    hosts: [sub, `autodiscover.${domain}`, domain],
    http: [rule(`*${domain}`, '.*', { method: '*', type: 'text/html', body: parkedXhtml })],
  }),
  'parked autoconfig host': at({
    http: [rule(sub, '.*', { type: 'text/html', body: parkedPage }), wellKnown],
  }),
  'bad certificate': at({
    ports: { [sub]: { http: 'open', https: 'bad-certificate' } },
    http: [rule(sub, subPath)],
  }),
  'redirect to another host': at({
    hosts: [sub, domain, 'settings.provider.example'],
    http: [
      rule(sub, subPath, {
        status: 301,
        location: 'https://settings.provider.example/mail/config-v1.1.xml',
        body: null,
      }),
      rule('settings.provider.example', subPath),
    ],
  }),
  'relative redirect': at({
    http: [
      rule(sub, subPath, { status: 302, location: '/settings/customer.xml', body: null }),
      rule(sub, '/settings/.*'),
    ],
  }),
  'byte order mark': answering({ body: `\uFEFF${settings}` }),
  'no content type': answering({ type: undefined }),
  'truncated document': answering(
    { body: settings.slice(0, settings.indexOf('</emailProvider>')) },
    wellKnown,
  ),
  'status 500': at({
    http: [
      rule(sub, '.*', { scheme: 'https', status: 500, type: 'text/html', body: page }),
      rule(sub, subPath),
      wellKnown,
    ],
  }),
  'only at the provider': at({
    hosts: ['autoconfig.hoster.example'],
    dns: [`${domain}. IN NS ns1.hoster.example.`, mx],
    http: [rule('autoconfig.hoster.example', subPath, { query: `.*emailaddress=[^&]*(?:%40|@)${domain}.*` })],
  }),
  'only Autodiscover': at({
    hosts: [`autodiscover.${domain}`, domain],
    dns: [ns],
    http: [rule(`*${domain}`, exchangePath, { method: '*', body: exchangeSettings })],
  }),
  'Autodiscover by SRV': at(byExchange),
  'Autodiscover by SRV, and the person agrees': { ...at(byExchange), agrees: true },
  'two servers of a type': answering({
    body: documentOf([server('imap', 143, 'STARTTLS'), imap, pop3, server('smtp', 587, 'STARTTLS'), smtp]),
  }),
  'slow answer': answering({ delayMs: 8000 }, wellKnown),
  'internationalised domain': {
    address: `jane@${bücher}`,
    world: worldOf({
      hosts: [`autoconfig.${bücher}`, bücher],
      dns: [`${bücher}. IN MX 10 mx1.hoster.example.`],
      http: [rule(`autoconfig.${bücher}`, subPath)],
    }),
  },
}
