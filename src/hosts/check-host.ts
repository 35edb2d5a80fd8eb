import {
  displayNameWarnings,
  documentationWarnings,
  serverWarnings,
  serviceWarnings,
  usernameWarnings,
} from '../model/client-warnings.ts'
import { hostnameWarnings } from '../model/name-warnings.ts'
import { writtenServers } from '../model/safe-shape.ts'
import type { ClientConfig, MailHost, ServerTemplate } from '../model/settings.ts'
import type { Path } from '../reading/path.ts'
import type { Report } from '../reading/report.ts'
import type { HostSection } from './host-section.ts'
import type { DomainServicesSection } from './services-section.ts'

/** Reports the errors that the schema cannot find, and warns about what breaks a client. */
export function checkHost(
  section: HostSection,
  clientConfig: ClientConfig,
  path: Path,
  report: Report,
): void {
  checkServers(clientConfig, path, report)
  warnAboutHostnames(section, path, report)
  warnAboutServers(section, clientConfig, path, report)
  warnAboutServices(section.services, clientConfig.host, path, report)
  warnAboutTexts(section, path, report)
}

/** The texts of a provider, a host or a domain. */
type NamesAndPages = {
  readonly [Key in 'displayName' | 'displayShortName' | 'documentation' | 'username']?:
    | HostSection[Key]
    | undefined
}

/** Warns about the names and pages of a provider, a host or a domain. */
export function warnAboutTexts(
  { displayName, displayShortName, documentation, username }: NamesAndPages,
  path: Path,
  report: Report,
): void {
  const warn = (key: string, messages: readonly string[]) => {
    for (const message of messages) report.warn([...path, key], message)
  }
  if (displayName !== undefined) warn('displayName', displayNameWarnings(displayName, 30))
  if (displayShortName !== undefined) warn('displayShortName', displayNameWarnings(displayShortName, 12))
  if (username !== undefined) warn('username', usernameWarnings(username))
  for (const { index, message } of documentationWarnings(documentation ?? []))
    report.warn([...path, 'documentation', index], message)
}

/** Warns about `services:` of a host, or of a domain on that host. */
export function warnAboutServices(
  { managesieve, ...urls }: DomainServicesSection,
  host: Pick<MailHost, 'shape'>,
  path: Path,
  report: Report,
): void {
  const services = Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== false))
  for (const { key, message } of serviceWarnings(host, services))
    report.warn([...path, 'services', key], message)
  const sieve = [...path, 'services', 'managesieve']
  if (typeof managesieve === 'string') warnAboutHostname(managesieve, sieve, report)
  else if (managesieve) warnAboutHostname(managesieve.hostname, [...sieve, 'hostname'], report)
}

function warnAboutHostnames({ hostname, servers }: HostSection, path: Path, report: Report): void {
  warnAboutHostname(hostname, [...path, 'hostname'], report)
  for (const [index, server] of servers.entries())
    if (typeof server !== 'string')
      warnAboutHostname(server.hostname, [...path, 'servers', index, 'hostname'], report)
}

function warnAboutHostname(name: string | undefined, place: Path, report: Report): void {
  // An invalid name has a stand-in.
  if (name === undefined || report.hasError(place)) return
  for (const message of hostnameWarnings(name)) report.warn(place, message)
}

/** A document needs a server for incoming mail and one for outgoing mail. */
function checkServers({ servers, host }: ClientConfig, path: Path, report: Report): void {
  const list = [...path, 'servers']
  // The server that is missing may be the invalid one.
  if (report.lostEntries(list) || report.hasError([...path, 'shape'])) return
  const written = writtenServers({ servers, host })
  const need = (isWanted: (server: ServerTemplate) => boolean, kind: string, example: string) => {
    if (written.some(isWanted)) return
    const message = servers.some(isWanted)
      ? `has no ${kind} server that every client accepts; use SSL or STARTTLS with password-cleartext for one, or set "shape: all"`
      : `has no ${kind} server: clients reject a document without one; add ${example}`
    report.error(list, message)
  }
  need((server) => server.type !== 'smtp', 'incoming', 'imaps')
  need((server) => server.type === 'smtp', 'outgoing', 'submissions')
}

function warnAboutServers(
  section: HostSection,
  { servers, host }: ClientConfig,
  path: Path,
  report: Report,
): void {
  for (const { index, key, message } of serverWarnings(host, servers)) {
    const isShort = typeof section.servers[index] === 'string'
    report.warn([...path, 'servers', index, ...(isShort ? [] : [key])], message)
  }
  for (const [index, server] of section.servers.entries()) {
    const username = typeof server === 'string' ? undefined : server.username
    for (const message of username === undefined ? [] : usernameWarnings(username))
      report.warn([...path, 'servers', index, 'username'], message)
  }
  const usernames = new Set(writtenServers({ servers, host }).map(({ username }) => username))
  if (usernames.size > 1)
    report.warn([...path, 'servers'], 'have different usernames: FairEmail uses the last one for all servers')
}
