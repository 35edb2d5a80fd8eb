import { pageLanguages, settingsCatalogue } from '../messages/catalogue.ts'
import type { Domain } from '../model/address.ts'
import type { PageDesign } from '../model/page-settings.ts'
import { paths } from '../model/paths.ts'
import type {
  ClientConfig,
  Documentation,
  MailHost,
  PaccSettings,
  Pop3Settings,
  ServerSettings,
  ServerTemplate,
  SocketType,
} from '../model/settings.ts'
import { expandServices } from './expand-services.ts'
import { expandPages } from './fields.ts'
import type { HostSection } from './host-section.ts'
import { expandPage } from './page-fields.ts'
import type { ProviderSection } from './provider-section.ts'
import { pop3Options, type ServerName, type ServerSection } from './server-section.ts'

export const services: Readonly<Record<ServerName, Pick<ServerSettings, 'type' | 'socketType'>>> = {
  imaps: { type: 'imap', socketType: 'SSL' },
  pop3s: { type: 'pop3', socketType: 'SSL' },
  submissions: { type: 'smtp', socketType: 'SSL' },
  smtps: { type: 'smtp', socketType: 'SSL' },
  imap: { type: 'imap', socketType: 'STARTTLS' },
  pop3: { type: 'pop3', socketType: 'STARTTLS' },
  submission: { type: 'smtp', socketType: 'STARTTLS' },
}

/** RFC 8314, section 3 (TLS from the first byte); RFC 9051, 1939 and 6409 (STARTTLS and no encryption). */
export const ports: Readonly<Record<ServerSettings['type'], Readonly<Record<SocketType, number>>>> = {
  imap: { SSL: 993, STARTTLS: 143, plain: 143 },
  pop3: { SSL: 995, STARTTLS: 110, plain: 110 },
  smtp: { SSL: 465, STARTTLS: 587, plain: 587 },
}

/** The settings that all hosts share. */
export interface Common {
  readonly provider: ProviderSection
  readonly design: PageDesign
  readonly publicName: Domain | undefined
  readonly submissionKeys: PaccSettings['submissionKeys']
  readonly disclosure: ClientConfig['disclosure']
}

/** A host with all defaults filled in. */
export function expandHost(
  key: string,
  section: HostSection,
  { provider, design, publicName, submissionKeys, disclosure }: Common,
): ClientConfig {
  const host: MailHost = {
    key,
    hostname: section.hostname,
    limits: definedOnly(section.limits),
    shape: section.shape,
  }
  return {
    id: section.id ?? provider.id,
    displayName: section.displayName ?? provider.displayName,
    displayShortName: section.displayShortName ?? provider.displayShortName,
    host,
    servers: section.servers.map((server) => expandServer(server, section)),
    ...expandPages(section),
    documentation: section.documentation ?? provider.documentation ?? ownPage(publicName),
    page: expandPage(design, section, provider),
    services: {
      ...expandServices(section.services, section.hostname),
      ...(section.oAuth2 && { oAuth2: definedOnly(section.oAuth2) }),
    },
    pacc: { published: publishedBy(section.pacc), submissionKeys },
    ...(publicName === undefined ? {} : { publicName }),
    disclosure,
  }
}

/** The page for people, if the service has a name of its own. */
const ownPage = (publicName: Domain | undefined): readonly Documentation[] =>
  publicName === undefined
    ? []
    : [
        {
          url: `https://${publicName}${paths.page}?emailaddress=%EMAILDOMAIN%`,
          descr: Object.fromEntries(
            pageLanguages.map((language) => [language, settingsCatalogue([language]).text('page-link')]),
          ),
        },
      ]

/** Without `pacc:`, PACC is published where people log in with their address. */
const publishedBy = (pacc: boolean | undefined): PaccSettings['published'] =>
  pacc === undefined ? 'byAddress' : pacc ? 'always' : 'never'

function expandServer(server: ServerName | ServerSection, host: HostSection): ServerTemplate {
  const long: Partial<ServerSection> & Pick<ServerSettings, 'type'> =
    typeof server === 'string' ? services[server] : server
  const { type, port } = long
  const socketType = long.socketType ?? (port === ports[type].STARTTLS ? 'STARTTLS' : 'SSL')
  const pop3 = expandPop3(long)
  return {
    type,
    hostname: long.hostname ?? host.hostname,
    port: port ?? ports[type][socketType],
    socketType,
    authentication: long.authentication ?? ['password-cleartext'],
    username: long.username ?? host.username,
    ...(pop3 && { pop3 }),
  }
}

/** Setting a number of days implies leaving messages on the server. */
function expandPop3(server: Partial<ServerSection>): Pop3Settings | undefined {
  const given = pop3Options.filter((option) => server[option] !== undefined)
  if (given.length === 0) return undefined
  return {
    ...(server.daysToLeaveMessagesOnServer === undefined ? {} : { leaveMessagesOnServer: true }),
    ...Object.fromEntries(given.map((option) => [option, server[option]])),
  }
}

function definedOnly<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never
}
