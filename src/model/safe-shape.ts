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

/** The servers of a document, in order, with the host names that they have for the domain. */
export function serversFor({
  domain,
  clientConfig,
}: Pick<AccountSettings, 'domain' | 'clientConfig'>): readonly ServerSettings[] {
  return writtenServers(clientConfig).map((server) => ({ ...server, hostname: hostnameFor(server, domain) }))
}

/** The server fills in the domain, since half of the clients do not: Evolution, Geary, Horde, Nextcloud, FairEmail, GNOME Online Accounts. */
const hostnameFor = ({ hostname }: ServerTemplate, domain: Domain): Domain =>
  fillDomain(hostname, domain) as Domain

/**
 * The same for any domain.
 *
 * Shape `safe`: at most one server of a type, since Evolution uses the last of two and others the first; IMAP before POP3, since
 * Geary and FairEmail look at the first only; none without encryption, since Thunderbird for Android and for iOS discard the whole
 * document because of one. Shape `all`: as configured.
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

/** The pages of a document. Shape `safe` omits those without `descr`: pimalaya discards a document with such a page. */
export function writtenDocumentation(
  clientConfig: Pick<ClientConfig, 'documentation' | 'host'>,
): readonly Documentation[] {
  const { documentation, host } = clientConfig
  return host.shape === 'all'
    ? documentation
    : documentation.filter(({ descr }) => Object.keys(descr).length > 0)
}

/**
 * One password method, after `OAuth2` if that is offered. KMail uses the strongest of several; Thunderbird for iOS discards the
 * document because of a method that it does not know.
 */
function safeAuthentication(offered: readonly Authentication[]): Authentication[] {
  const password = offered.find(
    (method) => method === 'password-cleartext' || method === 'password-encrypted',
  )
  return [...(offered.includes('OAuth2') ? (['OAuth2'] as const) : []), ...(password ? [password] : [])]
}
