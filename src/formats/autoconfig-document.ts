import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { type Domain, inULabels } from '../model/address.ts'
import { fillDomain } from '../model/placeholders.ts'
import { serversFor, writtenDocumentation } from '../model/safe-shape.ts'
import { serviceUrlOf, type UrlService } from '../model/service-urls.ts'
import type {
  AccountSettings,
  ClientConfig,
  Enable,
  LoginPageInfo,
  Pop3Settings,
  ServerSettings,
  Services,
  Texts,
} from '../model/settings.ts'
import { leaf, literal } from './xml.ts'

/**
 * Mozilla's autoconfig document: version 1.1 (draft-bucksch-autoconfig-00), or 1.2 (draft-ietf-mailmaint-autoconfig-06) if it
 * contains services that only 1.2 defines. The ISPDB uses `oAuth2` in 1.1.
 *
 * The order of the elements, no other attribute, and no repeated element but `documentation`: without each of these, a client
 * discards the document. An internationalised domain has two `<domain>`: Thunderbird needs one in A-labels, and Thunderbird for
 * iOS reads only the first; Mustang discards the document unless one is the domain as the person typed it, in U-labels.
 */
export function autoconfigDocument(settings: AccountSettings, withServices: boolean): string {
  const { domain, clientConfig } = settings
  return documentOf(settings, spellingsOf(domain), withServices ? clientConfig.services : {})
}

function spellingsOf(domain: Domain): string[] {
  const unicode = inULabels(domain)
  return unicode === undefined ? [domain] : [domain, unicode]
}

/**
 * A document for the public ISPDB, which accepts version 1.1 only: one for all domains of a provider. Clients fill in the domain.
 * It has each domain once, in A-labels: the database makes a file of each `<domain>`.
 */
export function ispdbDocument(clientConfig: ClientConfig, domains: readonly Domain[]): string {
  const { oAuth2 } = clientConfig.services
  return documentOf({ domain: '%EMAILDOMAIN%' as Domain, clientConfig }, domains, oAuth2 ? { oAuth2 } : {})
}

function documentOf(settings: AccountSettings, domains: readonly string[], services: Services): string {
  const { domain, clientConfig } = settings
  const document = create({ version: '1.0', encoding: 'UTF-8' })
  const root = document.ele('clientConfig', { version: needsVersion12(services) ? '1.2' : '1.1' })
  const emailProvider = root.ele('emailProvider', { id: clientConfig.id })
  for (const name of domains) leaf(emailProvider, 'domain', name)
  leaf(emailProvider, 'displayName', clientConfig.displayName)
  leaf(emailProvider, 'displayShortName', clientConfig.displayShortName)
  const servers = serversFor(settings)
  // Services have the username of the first server: FairEmail uses the last username of a document for everything.
  const [mailbox] = servers as [ServerSettings]
  for (const server of servers.filter(({ type }) => type !== 'smtp'))
    writeServer(emailProvider, 'incomingServer', server)
  // After the others: Geary, FairEmail and SnappyMail look at the first incoming server only.
  writeUrlService(emailProvider, 'incomingServer', 'jmap', settings, services, mailbox)
  for (const server of servers.filter(({ type }) => type === 'smtp'))
    writeServer(emailProvider, 'outgoingServer', server)
  for (const { url, descr } of writtenDocumentation(clientConfig))
    writeTexts(emailProvider.ele('documentation', { url: literal(fillDomain(url, domain)) }), 'descr', descr)
  if (clientConfig.enable) writeEnable(emailProvider, clientConfig.enable)
  writeServices(root, settings, services, mailbox)
  if (clientConfig.webMail !== undefined)
    writeWebMail(root, fillDomain(clientConfig.webMail, domain), clientConfig)
  return `${document.end({ prettyPrint: true, wellFormed: true })}\n`
}

const needsVersion12 = ({ jmap, caldav, carddav, managesieve }: Services): boolean =>
  [jmap, caldav, carddav, managesieve].some((service) => service !== undefined)

function writeServer(
  parent: XMLBuilder,
  name: 'incomingServer' | 'outgoingServer',
  server: ServerSettings,
): void {
  const element = parent.ele(name, { type: server.type })
  writeTcpServer(element, server)
  if (server.pop3) writePop3(element.ele('pop3'), server.pop3)
}

function writePop3(element: XMLBuilder, { checkInterval, ...options }: Pop3Settings): void {
  for (const name of ['leaveMessagesOnServer', 'daysToLeaveMessagesOnServer', 'downloadOnBiff'] as const)
    if (options[name] !== undefined) leaf(element, name, String(options[name]))
  if (checkInterval !== undefined) element.ele('checkInterval', { minutes: String(checkInterval) })
}

function writeTcpServer(
  element: XMLBuilder,
  server: Pick<ServerSettings, 'hostname' | 'port' | 'socketType' | 'authentication' | 'username'>,
): void {
  leaf(element, 'hostname', server.hostname)
  leaf(element, 'port', String(server.port))
  leaf(element, 'socketType', server.socketType)
  for (const method of server.authentication) leaf(element, 'authentication', method)
  leaf(element, 'username', server.username)
}

function writeEnable(parent: XMLBuilder, { visiturl, instruction }: Enable): void {
  writeTexts(parent.ele('enable', { visiturl: literal(visiturl) }), 'instruction', instruction)
}

function writeTexts(parent: XMLBuilder, name: 'descr' | 'instruction', texts: Texts): void {
  for (const [lang, text] of Object.entries(texts))
    leaf(parent, name, text, lang === 'default' ? {} : { lang })
}

/** With shape `safe`, only the URL: FairEmail uses the username of a `loginPageInfo` for the mailbox. */
function writeWebMail(root: XMLBuilder, loginPage: string, { host, loginPageInfo }: ClientConfig): void {
  const element = root.ele('webMail')
  element.ele('loginPage', { url: literal(loginPage) })
  if (loginPageInfo && host.shape === 'all') writeLoginPageInfo(element, loginPageInfo)
}

function writeLoginPageInfo(parent: XMLBuilder, info: LoginPageInfo): void {
  const { url, waitForRedirectionURLPrefix: prefix, username } = info
  const attributes = prefix === undefined ? { url } : { url, waitForRedirectionURLPrefix: prefix }
  const element = parent.ele('loginPageInfo', literals(attributes))
  leaf(element, 'username', username)
  for (const name of ['usernameField', 'passwordField', 'loginButton'] as const)
    if (info[name]) element.ele(name, literals({ ...info[name] }))
}

const literals = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, literal(value)]))

function writeServices(
  root: XMLBuilder,
  settings: AccountSettings,
  services: Services,
  mailbox: ServerSettings,
): void {
  const { managesieve, oAuth2 } = services
  writeUrlService(root, 'addressbook', 'carddav', settings, services, mailbox)
  writeUrlService(root, 'calendar', 'caldav', settings, services, mailbox)
  if (managesieve) {
    const { authentication, username } = mailbox
    writeTcpServer(root.ele('setupServer', { type: 'managesieve' }), {
      ...managesieve,
      authentication,
      username,
    })
  }
  if (oAuth2) {
    const element = root.ele('oAuth2')
    leaf(element, 'authURL', oAuth2.authURL)
    leaf(element, 'tokenURL', oAuth2.tokenURL)
    // A host name, as in the draft's example and in the whole ISPDB.
    leaf(element, 'issuer', new URL(oAuth2.issuer).hostname)
    leaf(element, 'scope', oAuth2.scope)
    // Mustang reads these two; other clients skip them.
    for (const name of ['clientID', 'clientSecret'] as const)
      if (oAuth2[name] !== undefined) leaf(element, name, oAuth2[name])
  }
}

function writeUrlService(
  parent: XMLBuilder,
  name: 'incomingServer' | 'addressbook' | 'calendar',
  type: UrlService,
  settings: AccountSettings,
  services: Services,
  mailbox: ServerSettings,
): void {
  // The draft lets clients fill in the address here as well as in `username`.
  const url = services[type] && serviceUrlOf(type, settings)
  if (url === undefined) return
  const { oAuth2 } = services
  const { authentication, username } = mailbox
  const element = parent.ele(name, { type })
  leaf(element, 'url', url)
  if (oAuth2) leaf(element, 'authentication', 'OAuth2')
  if (authentication.some((method) => method.startsWith('password-')))
    leaf(element, 'authentication', 'Basic', { system: 'http' })
  leaf(element, 'username', username)
}
