import {
  type HostSection,
  type ProviderSection,
  pop3Options,
  type ServerSection,
  type ServiceName,
} from '../config/schema.ts'
import type { Domain } from '../model/address.ts'
import {
  displayNameWarnings,
  documentationWarnings,
  serverWarnings,
  serviceWarnings,
  usernameWarnings,
} from '../model/client-warnings.ts'
import { writtenServers } from '../model/safe-shape.ts'
import type {
  ClientConfig,
  MailHost,
  PaccSettings,
  Pop3Settings,
  ServerSettings,
  ServerTemplate,
  Services,
  SocketType,
} from '../model/settings.ts'
import { expandPages } from './fields.ts'

/** Something to say of a part of the section it was found in. */
export interface Remark {
  readonly path: readonly (string | number)[]
  readonly message: string
}

export const services: Readonly<Record<ServiceName, Pick<ServerSettings, 'type' | 'socketType'>>> = {
  imaps: { type: 'imap', socketType: 'SSL' },
  pop3s: { type: 'pop3', socketType: 'SSL' },
  submissions: { type: 'smtp', socketType: 'SSL' },
  smtps: { type: 'smtp', socketType: 'SSL' },
  imap: { type: 'imap', socketType: 'STARTTLS' },
  pop3: { type: 'pop3', socketType: 'STARTTLS' },
  submission: { type: 'smtp', socketType: 'STARTTLS' },
}

/** RFC 8314, section 3 for TLS from the first byte; RFC 9051, 1939 and 6409 for the rest. */
export const ports: Readonly<Record<ServerSettings['type'], Readonly<Record<SocketType, number>>>> = {
  imap: { SSL: 993, STARTTLS: 143, plain: 143 },
  pop3: { SSL: 995, STARTTLS: 110, plain: 110 },
  smtp: { SSL: 465, STARTTLS: 587, plain: 587 },
}

/** What all hosts share. */
export interface Common {
  readonly provider: ProviderSection
  readonly publicName: Domain | undefined
  readonly submissionKeys: PaccSettings['submissionKeys']
  readonly disclosure: ClientConfig['disclosure']
}

/** A host of the configuration with every default filled in. */
export function expandHost(
  key: string,
  section: HostSection,
  { provider, publicName, submissionKeys, disclosure }: Common,
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
    documentation: section.documentation ?? provider.documentation,
    services: expandServices(section),
    pacc: { published: publishedBy(section.pacc), submissionKeys },
    ...(publicName === undefined ? {} : { publicName }),
    disclosure,
  }
}

/** `pacc: true` and `pacc: false`; without either, who logs in with the address gets one. */
export const publishedBy = (pacc: boolean | undefined): PaccSettings['published'] =>
  pacc === undefined ? 'byAddress' : pacc ? 'always' : 'never'

function expandServices({ hostname, services, oAuth2 }: HostSection): Services {
  const { managesieve, ...urls } = services
  return {
    ...definedOnly(urls),
    ...(managesieve === undefined ? {} : { managesieve: expandManageSieve(managesieve, hostname) }),
    ...(oAuth2 === undefined ? {} : { oAuth2 }),
  }
}

function expandManageSieve(
  section: NonNullable<HostSection['services']['managesieve']>,
  hostname: Domain,
): NonNullable<Services['managesieve']> {
  return typeof section === 'string'
    ? { hostname: section, port: 4190, socketType: 'STARTTLS' }
    : { ...section, hostname: section.hostname ?? hostname }
}

function expandServer(server: ServiceName | ServerSection, host: HostSection): ServerTemplate {
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

/** Who says for how many days says that messages stay. */
function expandPop3(server: Partial<ServerSection>): Pop3Settings | undefined {
  const said = pop3Options.filter((option) => server[option] !== undefined)
  if (said.length === 0) return undefined
  return {
    ...(server.daysToLeaveMessagesOnServer === undefined ? {} : { leaveMessagesOnServer: true }),
    ...Object.fromEntries(said.map((option) => [option, server[option]])),
  }
}

/** What keeps a host from being served; paths begin within the host. */
export function hostErrors({ servers, host }: ClientConfig): Remark[] {
  const written = writtenServers({ servers, host })
  const errors: Remark[] = []
  const need = (present: (server: ServerTemplate) => boolean, what: string, example: string) => {
    if (written.some(present)) return
    const message = servers.some(present)
      ? `no ${what} server is left that every client accepts; give one SSL or STARTTLS and password-cleartext, or say shape: all`
      : `has no ${what} server, and clients refuse a document without one; add ${example}`
    errors.push({ path: ['servers'], message })
  }
  need((server) => server.type !== 'smtp', 'incoming', 'imaps')
  need((server) => server.type === 'smtp', 'outgoing', 'submissions')
  return errors
}

/** What would hurt a client; paths begin within the host. */
export function hostWarnings(section: HostSection, { servers, host, services }: ClientConfig): Remark[] {
  const { displayName, displayShortName, documentation } = section
  const ofServers = serverWarnings(host, servers).map(({ index, key, message }) => ({
    path: typeof section.servers[index] === 'string' ? ['servers', index] : ['servers', index, key],
    message,
  }))
  const ofUsernames = section.servers.flatMap((server, index) =>
    typeof server === 'string' || server.username === undefined
      ? []
      : usernameWarnings(server.username).map((message) => ({
          path: ['servers', index, 'username'],
          message,
        })),
  )
  const forms = new Set(writtenServers({ servers, host }).map((server) => server.username))
  const mixed = {
    path: ['servers'],
    message: 'have different user names: FairEmail takes the last one for all',
  }
  return [
    ...usernameWarnings(section.username).map((message) => ({ path: ['username'], message })),
    ...ofServers,
    ...ofUsernames,
    ...serviceWarnings(host, services).map(({ key, message }) => ({ path: ['services', key], message })),
    ...(forms.size > 1 ? [mixed] : []),
    ...providerWarnings({ displayName, displayShortName, documentation }),
  ]
}

/** Of what the provider says of itself, or a host otherwise. */
export function providerWarnings({
  displayName = '',
  displayShortName = '',
  documentation = [],
}: Pick<HostSection, 'displayName' | 'displayShortName' | 'documentation'>): Remark[] {
  return [
    ...displayNameWarnings(displayName, 30).map((message) => ({ path: ['displayName'], message })),
    ...displayNameWarnings(displayShortName, 12).map((message) => ({ path: ['displayShortName'], message })),
    ...documentationWarnings(documentation).map(({ index, message }) => ({
      path: ['documentation', index],
      message,
    })),
  ]
}

function definedOnly<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never
}
