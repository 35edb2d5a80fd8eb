import { serversFor } from '../model/safe-shape.ts'
import type { AccountSettings, ClientConfig, Protocol, ServerSettings } from '../model/settings.ts'
import type { Format, NotExpressible } from './format.ts'

/**
 * PACC, "Automatic Configuration of Email, Calendar, and Contact Server Settings" (draft-ietf-mailmaint-pacc). It says
 * neither ports nor user names: TLS from the first byte on the standard ports, and people log in with their address. The
 * digest of these bytes stands in the DNS, so that they may depend on the settings only.
 */
export const pacc: Format = {
  name: 'pacc',
  mediaType: 'application/json',
  personal: false,
  verbatim: true,
  endpoints: [
    {
      path: '/.well-known/user-agent-configuration.json',
      urls: (domain) => [`https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`],
    },
  ],
  render(settings) {
    const { clientConfig } = settings
    const { published } = clientConfig.pacc
    if (published === 'never') return { notExpressible: 'the configuration says pacc: false' }
    const servers = expressibleServers(settings)
    const incoming = servers.some(({ type }) => type !== 'smtp')
    const outgoing = servers.some(({ type }) => type === 'smtp')
    if (!incoming || !outgoing) return { notExpressible: 'PACC knows TLS on 993 or 995 and on 465 only' }
    const byAddress =
      !clientConfig.ownLogins && servers.every(({ username }) => username === '%EMAILADDRESS%')
    if (published !== 'always' && !byAddress) return notByAddress
    const authentication = authenticationOf(clientConfig, servers)
    if (!authentication.password && !authentication['oauth-public']) {
      return {
        notExpressible:
          'PACC knows passwords and OAuth2, and the servers here take none, or no oAuth2 is named',
      }
    }
    return `${JSON.stringify(
      {
        protocols: protocolsOf(clientConfig, servers),
        authentication,
        info: infoOf(clientConfig),
      },
      null,
      2,
    )}\n`
  },
}

const notByAddress: NotExpressible = {
  notExpressible:
    'clients of PACC log in with the address, and the user name here is another; pacc: true publishes it all the same',
}

const ports: Readonly<Record<Protocol, number>> = { imap: 993, pop3: 995, smtp: 465 }

/** One of each protocol: PACC has no second. */
function expressibleServers(settings: AccountSettings): ServerSettings[] {
  const expressible = serversFor(settings).filter(
    ({ type, socketType, port }) => socketType === 'SSL' && port === ports[type],
  )
  return expressible.filter(
    ({ type }, index) => expressible.findIndex((other) => other.type === type) === index,
  )
}

function protocolsOf(
  { services, pacc: { submissionKeys } }: ClientConfig,
  servers: readonly ServerSettings[],
): object {
  const mail = servers.flatMap(({ type, hostname }) =>
    (type === 'smtp' ? submissionKeys : [type]).map((key) => [key, { host: hostname }]),
  )
  const urls = (['jmap', 'caldav', 'carddav'] as const).flatMap((key) => {
    const url = services[key]
    return url !== undefined && isPlainUrl(url) ? [[key, { url }]] : []
  })
  return Object.fromEntries([...mail, ...urls])
}

/** Without a port, and with a path: "not a bare origin". */
function isPlainUrl(text: string): boolean {
  const { port, pathname } = new URL(text)
  return port === '' && pathname !== '/'
}

interface PaccAuthentication {
  readonly 'oauth-public'?: { readonly issuer: string }
  readonly password: boolean
}

function authenticationOf(
  { services: { oAuth2 } }: ClientConfig,
  servers: readonly ServerSettings[],
): PaccAuthentication {
  return {
    ...(oAuth2 ? { 'oauth-public': { issuer: oAuth2.issuer } } : {}),
    password: servers.some(({ authentication }) =>
      authentication.some((method) => method.startsWith('password-')),
    ),
  }
}

function infoOf({ displayName, displayShortName, documentation: [page] }: ClientConfig): object {
  return {
    provider: { name: oneBlank(displayName), shortName: oneBlank(displayShortName) },
    ...(page ? { help: { documentation: page.url } } : {}),
  }
}

/** A name holds no two blanks on end. */
const oneBlank = (name: string): string => name.replace(/\s+/g, ' ')
