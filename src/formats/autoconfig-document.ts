import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { writtenDocumentation, writtenServers } from '../domain/safe-shape.ts'
import type { AccountSettings, Documentation, Provider, ServerSettings } from '../domain/settings.ts'
import { leaf, literal } from './xml.ts'

/**
 * Mozilla's autoconfig document: version 1.1 (draft-bucksch-autoconfig-00), or 1.2 (draft-ietf-mailmaint-autoconfig-06)
 * where it tells of services that only 1.2 has words for.
 *
 * The order of the elements, no attribute but those here, and no element twice but `documentation`: each of these
 * keeps a client from discarding the document.
 */
export function autoconfigDocument({ domain, provider }: AccountSettings, withServices: boolean): string {
  const { services } = provider
  const tellsMore = withServices && Object.keys(services).length > 0
  const document = create({ version: '1.0', encoding: 'UTF-8' })
  const root = document.ele('clientConfig', { version: tellsMore ? '1.2' : '1.1' })
  const emailProvider = root.ele('emailProvider', { id: provider.id })
  leaf(emailProvider, 'domain', domain)
  leaf(emailProvider, 'displayName', provider.displayName)
  leaf(emailProvider, 'displayShortName', provider.displayShortName)
  const servers = writtenServers(provider)
  for (const server of servers.filter(({ type }) => type !== 'smtp'))
    writeServer(emailProvider, 'incomingServer', server)
  // Behind the others: Geary, FairEmail and SnappyMail look at the first incoming server only.
  if (tellsMore) writeUrlService(emailProvider, 'incomingServer', 'jmap', services.jmap, provider)
  for (const server of servers.filter(({ type }) => type === 'smtp'))
    writeServer(emailProvider, 'outgoingServer', server)
  for (const page of writtenDocumentation(provider)) writeDocumentation(emailProvider, page)
  if (tellsMore) writeServices(root, provider)
  // An address alone: FairEmail would take the user name of a loginPageInfo for the mailbox's.
  if (provider.webMail !== undefined) root.ele('webMail').ele('loginPage', { url: literal(provider.webMail) })
  return `${document.end({ prettyPrint: true, wellFormed: true })}\n`
}

function writeServer(
  parent: XMLBuilder,
  name: 'incomingServer' | 'outgoingServer',
  server: ServerSettings,
): void {
  const element = parent.ele(name, { type: server.type })
  writeTcpServer(element, server)
  if (server.pop3) {
    const { leaveMessagesOnServer, daysToLeaveMessagesOnServer } = server.pop3
    const pop3 = element.ele('pop3')
    leaf(pop3, 'leaveMessagesOnServer', String(leaveMessagesOnServer))
    if (daysToLeaveMessagesOnServer !== undefined) {
      leaf(pop3, 'daysToLeaveMessagesOnServer', String(daysToLeaveMessagesOnServer))
    }
  }
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

function writeDocumentation(parent: XMLBuilder, { url, descr }: Documentation): void {
  const element = parent.ele('documentation', { url: literal(url) })
  for (const [lang, text] of Object.entries(descr)) leaf(element, 'descr', text, { lang })
}

function writeServices(root: XMLBuilder, provider: Provider): void {
  const { carddav, caldav, managesieve, oAuth2 } = provider.services
  writeUrlService(root, 'addressbook', 'carddav', carddav, provider)
  writeUrlService(root, 'calendar', 'caldav', caldav, provider)
  if (managesieve) {
    const { authentication, username } = mailbox(provider)
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
    // A host name in the example of the draft, and in all of the ISPDB.
    leaf(element, 'issuer', new URL(oAuth2.issuer).hostname)
    leaf(element, 'scope', oAuth2.scope)
  }
}

function writeUrlService(
  parent: XMLBuilder,
  name: 'incomingServer' | 'addressbook' | 'calendar',
  type: string,
  url: string | undefined,
  provider: Provider,
): void {
  if (url === undefined) return
  const { authentication, username } = mailbox(provider)
  const element = parent.ele(name, { type })
  leaf(element, 'url', url)
  if (provider.services.oAuth2) leaf(element, 'authentication', 'OAuth2')
  if (authentication.some((method) => method.startsWith('password-')))
    leaf(element, 'authentication', 'Basic', { system: 'http' })
  leaf(element, 'username', username)
}

/** The server whose login is that of the services: FairEmail takes the last user name of a document for all. */
const mailbox = (provider: Provider): ServerSettings => writtenServers(provider)[0] as ServerSettings
