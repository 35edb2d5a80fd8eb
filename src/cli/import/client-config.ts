import type * as z from 'zod'
import { ports, services } from '../../hosts/expand-host.ts'
import { displayName, displayShortName, documentation, enable, webMail } from '../../hosts/fields.ts'
import { serverSection } from '../../hosts/server-section.ts'
import { oAuth2Section, servicesSection } from '../../hosts/services-section.ts'
import { type Domain, parseDomain } from '../../model/address.ts'
import {
  authentications,
  type Documentation,
  protocols,
  type ServerTemplate,
  type SocketType,
  socketTypes,
} from '../../model/settings.ts'
import { hostnameTemplate } from '../../reading/fields.ts'
import type { Part } from './part.ts'

/** What a file of the ISPDB says, in the words of our configuration. */
export interface ImportedClientConfig {
  readonly domains: readonly Domain[]
  /** What hosts and domains may say each for themselves. */
  readonly names: Names
  /** Options of POP3 beside the rest, as the configuration has them. */
  readonly servers: readonly ImportedServer[]
  readonly enable?: object | undefined
  readonly webMail?: string | object | undefined
  readonly oAuth2?: object | undefined
  readonly services?: object | undefined
}

export interface Names {
  readonly id: Domain
  readonly displayName: string
  readonly displayShortName: string
  readonly documentation: readonly Documentation[]
}

export type ImportedServer = Omit<ServerTemplate, 'pop3'>

/** A `clientConfig` -> what we can say of it, and told what we cannot; `undefined` where nothing is left to be served. */
export function importClientConfig(root: Part): ImportedClientConfig | undefined {
  const version = root.attribute('version')
  if (version !== '1.1') root.tell(`version ${version ?? '1.0, which is none,'} is written as 1.1`)
  const provider = root.first('emailProvider')
  if (!provider) {
    root.drop('it has no emailProvider')
    return undefined
  }
  const domains = domainsOf(provider)
  const servers = provider.all('incomingServer', 'outgoingServer').flatMap((part) => importServer(part) ?? [])
  const names = domains[0] && namesOf(root, provider, domains[0])
  const pages = { enable: importEnable(root, provider), webMail: importWebMail(root) }
  const others = { oAuth2: importOAuth2(root), services: importServices(root) }
  provider.close()
  root.close()
  if (!names) return root.drop('no domain is left that can be served')
  for (const [what, present] of [
    ['incoming', servers.some(({ type }) => type !== 'smtp')],
    ['outgoing', servers.some(({ type }) => type === 'smtp')],
  ] as const)
    if (!present) return root.drop(`no ${what} server is left, and clients refuse a document without one`)
  return { domains, names, servers, ...pages, ...others }
}

function domainsOf(provider: Part): Domain[] {
  const domains = provider.all('domain').flatMap((part) => {
    part.close()
    const domain = parseDomain(part.text)
    if (!domain) part.drop(`"${part.text}" is no domain`)
    return domain ?? []
  })
  return [...new Set(domains)]
}

function namesOf(root: Part, provider: Part, firstDomain: Domain): Names {
  const written = provider.attribute('id')
  const id = parseDomain(written ?? '') ?? firstDomain
  if (id !== written)
    provider.tell(`id="${written ?? ''}" is no host name in small letters; ${id} is written`)
  const longName = nameOf(provider, 'displayName', displayName, 60) ?? id
  const shortName = nameOf(provider, 'displayShortName', displayShortName, 20) ?? longName.slice(0, 20).trim()
  const pages = [...provider.all('documentation', 'instruction'), ...moved(root, provider, 'documentation')]
  return {
    id,
    displayName: longName,
    displayShortName: shortName,
    documentation: pages.flatMap((part) => importPage(part) ?? []),
  }
}

/** A name as it is, or as much of it as there is room for. */
function nameOf(
  provider: Part,
  name: string,
  schema: z.ZodType<string>,
  longest: number,
): string | undefined {
  const part = provider.first(name)
  if (!part) {
    provider.tell(`has no ${name}, which clients need; one is made up`)
    return undefined
  }
  part.close()
  const text = part.text.slice(0, longest).trim()
  if (text !== part.text) part.tell(`is longer than ${longest} characters; "${text}" is written`)
  return part.fitting(schema, text) as string | undefined
}

/** What older files have below the root. */
function moved(root: Part, provider: Part, name: string): Part[] {
  const parts = root.all(name)
  for (const part of parts) part.tell(`is written inside ${provider.name}`)
  return parts
}

function importPage(part: Part): Documentation | undefined {
  if (part.name === 'instruction') part.tell('is the old name of documentation, and written so')
  const page = { url: part.attribute('url') ?? '', descr: textsOf(part, 'descr') }
  part.close()
  return part.fitting(documentation.element, page) as Documentation | undefined
}

function importEnable(root: Part, provider: Part): object | undefined {
  const [part, ...others] = [...provider.all('enable'), ...moved(root, provider, 'enable')]
  for (const other of others) other.drop('there is one already')
  if (!part) return undefined
  const enabled = { visiturl: part.attribute('visiturl') ?? '', instruction: textsOf(part, 'instruction') }
  part.close()
  return part.fitting(enable, enabled) as object | undefined
}

function textsOf(parent: Part, name: 'descr' | 'instruction'): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const part of parent.all(name)) {
    const language = part.attribute('lang') ?? 'default'
    part.close()
    if (language in texts) part.drop(`there is a text in ${language} already`)
    else texts[language] = part.text
  }
  return texts
}

function importWebMail(root: Part): string | object | undefined {
  const part = root.first('webMail')
  if (!part) return undefined
  const page = part.first('loginPage')
  const loginPage = page?.attribute('url')
  page?.close()
  const info = part.first('loginPageInfo')
  part.close()
  if (loginPage === undefined) return part.drop('it has no loginPage')
  if (part.fitting(webMail, loginPage, 'loginPage') === undefined) return undefined
  if (loginPage.includes('%')) part.tell('in the loginPage the server fills in the domain')
  const loginPageInfo = info && importLoginPageInfo(info)
  const whole = loginPageInfo && info.fitting(webMail, { loginPage, loginPageInfo })
  return (whole ?? loginPage) as string | object
}

function importLoginPageInfo(part: Part): object {
  const prefix = part.attribute('waitForRedirectionURLPrefix')
  const fields = (['usernameField', 'passwordField', 'loginButton'] as const).flatMap((name) => {
    const field = part.first(name)
    if (!field) return []
    const [id, named] = [field.attribute('id'), field.attribute('name')]
    field.close()
    if (id === undefined && named === undefined) {
      field.drop('it has neither id nor name')
      return []
    }
    return [[name, { ...(id !== undefined && { id }), ...(named !== undefined && { name: named }) }]]
  })
  const info = {
    url: part.attribute('url'),
    ...(prefix !== undefined && { waitForRedirectionURLPrefix: prefix }),
    username: part.leaf('username'),
    ...Object.fromEntries(fields),
  }
  part.close()
  return info
}

function importOAuth2(root: Part): object | undefined {
  const part = root.first('oAuth2')
  if (!part) return undefined
  const issuer = part.leaf('issuer') ?? ''
  const oAuth2 = {
    issuer: issuer.includes('://') ? issuer : `https://${issuer}`,
    ...Object.fromEntries(['authURL', 'tokenURL', 'scope'].map((name) => [name, part.leaf(name)])),
  }
  part.close()
  if (issuer.includes('://')) part.tell('of the issuer the host name alone is written')
  return part.fitting(oAuth2Section, oAuth2, 'oAuth2') as object | undefined
}

/** CalDAV and CardDAV in the words of 1.1 and of 1.2. */
function importServices(root: Part): object | undefined {
  const found: Record<string, string> = {}
  for (const part of root.all('calendar', 'addressBook', 'addressbook')) {
    const key = part.name === 'calendar' ? 'caldav' : 'carddav'
    const type = part.attribute('type')
    const url = part.leaf('serverURL') ?? part.leaf('url')
    if (type !== key) part.drop(`its type is ${type}, not ${key}`)
    else if (key in found) part.drop('there is one already')
    else if (part.fitting(servicesSection, { [key]: url })) {
      found[key] = url as string
      part.all('authentication', 'username')
      part.tell(
        `is kept as services.${key}, and written in the words of version 1.2, with the login of the mailbox`,
      )
      part.close()
    }
  }
  return Object.keys(found).length > 0 ? found : undefined
}

/** What older files call them. */
const oldNames: Readonly<Record<string, string>> = {
  plain: 'password-cleartext',
  secure: 'password-encrypted',
}

function importServer(part: Part): ImportedServer | undefined {
  const type = protocols.find((name) => name === part.attribute('type'))
  if (!type || (type === 'smtp') !== (part.name === 'outgoingServer'))
    return part.drop(`the type "${part.attribute('type') ?? ''}" is none that the configuration has`)
  const hostname = part.leaf('hostname')
  const socketType = socketTypes.find((name) => name === part.leaf('socketType'))
  const port = Number(part.leaf('port'))
  const username = part.leaf('username')
  const authentication = part.all('authentication').flatMap((method) => {
    method.close()
    const found = authentications.find((name) => name === (oldNames[method.text] ?? method.text))
    if (!found) method.drop(`"${method.text}" is no method that the configuration has`)
    else if (found !== method.text)
      method.tell(`"${method.text}" is the old name of ${found}, and written so`)
    return found ?? []
  })
  const options = type === 'pop3' ? pop3Of(part) : {}
  part.close()
  if (!socketType) return part.drop(`its socketType is none of ${socketTypes.join(', ')}`)
  if (authentication.length === 0) return part.drop('no authentication is left')
  if (username === undefined) part.tell('has no username; that of the first server is written')
  const server = {
    type,
    hostname,
    port,
    socketType,
    authentication,
    ...(username !== undefined && { username }),
    ...options,
  }
  const kept = part.fitting(serverSection, server) as ImportedServer | undefined
  if (kept?.hostname.includes('%'))
    part.tell(`in the hostname ${kept.hostname} the server fills in the domain`)
  return kept && { ...kept, hostname: inSmallLetters(part, kept.hostname) }
}

function inSmallLetters(part: Part, hostname: string): string {
  const written = hostnameTemplate().parse(hostname)
  if (written !== hostname) part.tell(`the hostname ${hostname} is written as ${written}`)
  return written
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false }

function pop3Of(server: Part): Record<string, unknown> {
  const part = server.first('pop3')
  if (!part) return {}
  const days = part.leaf('daysToLeaveMessagesOnServer')
  const interval = part.first('checkInterval')
  const minutes = interval?.attribute('minutes')
  interval?.close()
  const flags = (['leaveMessagesOnServer', 'downloadOnBiff'] as const).flatMap((name) => {
    const text = part.leaf(name)
    const value = booleans[text ?? '']
    if (text !== undefined && value === undefined)
      part.tell(`${name} "${text}" is neither true nor false; not kept`)
    return value === undefined ? [] : [[name, value]]
  })
  part.close()
  if (days !== undefined && !flags.some(([name]) => name === 'leaveMessagesOnServer'))
    part.tell('says for how many days messages stay; leaveMessagesOnServer is written with it')
  return {
    ...Object.fromEntries(flags),
    ...(days !== undefined && { daysToLeaveMessagesOnServer: Number(days) }),
    ...(minutes !== undefined && { checkInterval: Number(minutes) }),
  }
}

/** The short name of a server that has one: `imaps`. */
export function shortName({
  type,
  socketType,
  port,
}: Pick<ServerTemplate, 'type' | 'socketType' | 'port'>): string | undefined {
  const name = Object.entries(services).find(
    ([, service]) => service.type === type && service.socketType === (socketType as SocketType),
  )?.[0]
  return port === ports[type][socketType] ? name : undefined
}
