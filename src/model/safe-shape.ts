import type { Domain } from './address.ts'
import { fillDomain } from './placeholders.ts'
import {
  type AccountSettings,
  type Authentication,
  type ClientConfig,
  type Documentation,
  protocols,
  type ServerSettings,
  type ServerTemplate,
} from './settings.ts'

/** The servers that a client is told of, in the order in which they are written; under the names they have for the domain. */
export function serversFor({
  domain,
  clientConfig,
}: Pick<AccountSettings, 'domain' | 'clientConfig'>): readonly ServerSettings[] {
  return writtenServers(clientConfig).map((server) => ({ ...server, hostname: hostnameFor(server, domain) }))
}

/** Filled in here, since half of the clients do not: Evolution, Geary, Horde, Nextcloud, FairEmail, GNOME Online Accounts. */
const hostnameFor = ({ hostname }: ServerTemplate, domain: Domain): Domain =>
  fillDomain(hostname, domain) as Domain

/**
 * The same, whatever the domain.
 *
 * Shape `safe`: at most one of a type, since Evolution takes the last of two and others the first; IMAP before POP3,
 * since Geary and FairEmail look at the first only; none without encryption, since Thunderbird for Android and for iOS
 * discard the whole document for it. Shape `all`: as the admin wrote them.
 */
export function writtenServers({
  servers,
  host,
}: Pick<ClientConfig, 'servers' | 'host'>): readonly ServerTemplate[] {
  if (host.shape === 'all') return servers
  return protocols.flatMap((type) => {
    const usable = servers
      .filter((server) => server.type === type && server.socketType !== 'plain')
      .map((server) => ({ ...server, authentication: safeAuthentication(server.authentication) }))
    return usable.filter((server) => server.authentication.length > 0).slice(0, 1)
  })
}

/**
 * The pages that a client is told of; in shape `safe`, those only that say what they are, since the reader of pimalaya
 * takes a page without `descr` for a broken document.
 */
export function writtenDocumentation(
  clientConfig: Pick<ClientConfig, 'documentation' | 'host'>,
): readonly Documentation[] {
  const { documentation, host } = clientConfig
  return host.shape === 'all'
    ? documentation
    : documentation.filter(({ descr }) => Object.keys(descr).length > 0)
}

/**
 * One password method; before it `OAuth2` where it is offered. KMail takes the strongest of several, Thunderbird for
 * iOS discards the document for a method that it does not know.
 */
function safeAuthentication(offered: readonly Authentication[]): Authentication[] {
  const password = offered.find(
    (method) => method === 'password-cleartext' || method === 'password-encrypted',
  )
  return [...(offered.includes('OAuth2') ? (['OAuth2'] as const) : []), ...(password ? [password] : [])]
}
