import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { writtenDocumentation, writtenServers } from '../domain/safe-shape.ts'
import type { Documentation, ServerSettings } from '../domain/settings.ts'
import type { Format } from './format.ts'
import { leaf, literal } from './xml.ts'

/**
 * Mozilla's autoconfig document, version 1.1 (draft-ietf-mailmaint-autoconfig-06; draft-bucksch-autoconfig-00).
 *
 * The order of the elements, no attribute but those here, and no element twice but `documentation`: each of these
 * keeps a client from discarding the document. So does `text/xml`: Thunderbird takes nothing else but
 * `application/xml` and `text/rdf`.
 */
export const autoconfig: Format = {
  name: 'autoconfig',
  mediaType: 'text/xml; charset=utf-8',
  personal: false,
  endpoints: [
    {
      path: '/mail/config-v1.1.xml',
      urls: (domain) => [
        `https://autoconfig.${domain}/mail/config-v1.1.xml`,
        `http://autoconfig.${domain}/mail/config-v1.1.xml`,
      ],
    },
    {
      path: '/.well-known/autoconfig/mail/config-v1.1.xml',
      urls: (domain) => [
        `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
        `http://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
      ],
    },
    // The first that GNOME Online Accounts and SnappyMail ask for.
    {
      path: '/.well-known/mail-v1.xml',
      urls: (domain) => [`https://autoconfig.${domain}/.well-known/mail-v1.xml`],
    },
    // Nine puts /v1.1 in front of the path.
    { path: '/v1.1/mail/config-v1.1.xml' },
    // As an ISPDB: autoconfig.thunderbird.net and live.thunderbird.net.
    { path: '/v1.1/:domain' },
    { path: '/autoconfig/v1.1/:domain' },
  ],
  render({ domain, provider }) {
    const document = create({ version: '1.0', encoding: 'UTF-8' })
    const root = document.ele('clientConfig', { version: '1.1' })
    const emailProvider = root.ele('emailProvider', { id: provider.id })
    leaf(emailProvider, 'domain', domain)
    leaf(emailProvider, 'displayName', provider.displayName)
    leaf(emailProvider, 'displayShortName', provider.displayShortName)
    const servers = writtenServers(provider)
    for (const server of servers.filter(({ type }) => type !== 'smtp'))
      writeServer(emailProvider, 'incomingServer', server)
    for (const server of servers.filter(({ type }) => type === 'smtp'))
      writeServer(emailProvider, 'outgoingServer', server)
    for (const page of writtenDocumentation(provider)) writeDocumentation(emailProvider, page)
    // An address alone: FairEmail would take the user name of a loginPageInfo for the mailbox's.
    if (provider.webMail !== undefined)
      root.ele('webMail').ele('loginPage', { url: literal(provider.webMail) })
    return `${document.end({ prettyPrint: true, wellFormed: true })}\n`
  },
}

function writeServer(
  parent: XMLBuilder,
  name: 'incomingServer' | 'outgoingServer',
  server: ServerSettings,
): void {
  const element = parent.ele(name, { type: server.type })
  leaf(element, 'hostname', server.hostname)
  leaf(element, 'port', String(server.port))
  leaf(element, 'socketType', server.socketType)
  for (const method of server.authentication) leaf(element, 'authentication', method)
  leaf(element, 'username', server.username)
  if (server.pop3) {
    const { leaveMessagesOnServer, daysToLeaveMessagesOnServer } = server.pop3
    const pop3 = element.ele('pop3')
    leaf(pop3, 'leaveMessagesOnServer', String(leaveMessagesOnServer))
    if (daysToLeaveMessagesOnServer !== undefined) {
      leaf(pop3, 'daysToLeaveMessagesOnServer', String(daysToLeaveMessagesOnServer))
    }
  }
}

function writeDocumentation(parent: XMLBuilder, { url, descr }: Documentation): void {
  const element = parent.ele('documentation', { url: literal(url) })
  for (const [lang, text] of Object.entries(descr)) leaf(element, 'descr', text, { lang })
}
