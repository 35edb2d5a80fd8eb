import { paths } from '../model/paths.ts'
import { failure, type Result, success } from '../model/result.ts'
import { serversFor } from '../model/safe-shape.ts'
import { serviceNames } from '../model/service-names.ts'
import { partsOf, serviceUrlOf } from '../model/service-urls.ts'
import type { AccountSettings, ClientConfig, Protocol, ServerSettings } from '../model/settings.ts'
import type { Format } from './format.ts'

/**
 * PACC, "Automatic Configuration of Email, Calendar, and Contact Server Settings" (draft-ietf-mailmaint-pacc). It contains neither
 * ports nor usernames: clients use TLS on the standard ports and log in with the address. The digest of these bytes is published
 * in the DNS, so they depend on the settings only.
 */
export const pacc: Format = {
  name: 'pacc',
  mediaType: 'application/json',
  personal: false,
  verbatim: true,
  endpoints: [
    {
      path: paths.pacc,
      urls: (domain) => [`https://${serviceNames.pacc}.${domain}${paths.pacc}`],
    },
  ],
  render(settings) {
    const { clientConfig } = settings
    const { published } = clientConfig.pacc
    if (published === 'never') return failure('the configuration has pacc: false')
    const servers = expressibleServers(settings)
    const incoming = servers.some(({ type }) => type !== 'smtp')
    const outgoing = servers.some(({ type }) => type === 'smtp')
    if (!incoming || !outgoing) return failure('PACC supports only TLS on ports 993 or 995 and 465')
    const byAddress =
      !clientConfig.hidesLogins && servers.every(({ username }) => username === '%EMAILADDRESS%')
    if (published !== 'always' && !byAddress) return notByAddress
    const authentication = authenticationOf(clientConfig, servers)
    if (!authentication.password && !authentication['oauth-public']) {
      return failure(
        'PACC supports only passwords and OAuth2; the servers accept neither, or oAuth2 is missing',
      )
    }
    const document = {
      protocols: protocolsOf(settings, servers),
      authentication,
      info: infoOf(clientConfig),
    }
    return success(`${JSON.stringify(document, null, 2)}\n`)
  },
}

const notByAddress: Result<never> = failure(
  'PACC clients log in with the address, but the username here is different; set pacc: true to publish the document anyway',
)

const ports: Readonly<Record<Protocol, number>> = { imap: 993, pop3: 995, smtp: 465 }

/** PACC has one server for each protocol. */
function expressibleServers(settings: AccountSettings): ServerSettings[] {
  const expressible = serversFor(settings).filter(
    ({ type, socketType, port }) => socketType === 'SSL' && port === ports[type],
  )
  return expressible.filter(
    ({ type }, index) => expressible.findIndex((other) => other.type === type) === index,
  )
}

function protocolsOf({ domain, clientConfig }: AccountSettings, servers: readonly ServerSettings[]): object {
  const { submissionKeys } = clientConfig.pacc
  const mail = servers.flatMap(({ type, hostname }) =>
    (type === 'smtp' ? submissionKeys : [type]).map((key) => [key, { host: hostname }]),
  )
  const urls = (['jmap', 'caldav', 'carddav'] as const).flatMap((key) => {
    // Without the address: the document is the same for everybody.
    const url = serviceUrlOf(key, { domain, clientConfig })
    return url !== undefined && isPlainUrl(url) ? [[key, { url }]] : []
  })
  return Object.fromEntries([...mail, ...urls])
}

/** Without a port, and with a path, the same for everybody: "not a bare origin". */
function isPlainUrl(text: string): boolean {
  const { port, pathname } = partsOf(text)
  return port === '' && pathname !== undefined && pathname !== '/'
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

/** A page with the domain in its URL is omitted: domains with the same settings must have the same digest in the DNS. */
function infoOf({ displayName, displayShortName, documentation }: ClientConfig): object {
  const page = documentation.find(({ url }) => !url.includes('%EMAILDOMAIN%'))
  return {
    provider: { name: singleSpaced(displayName), shortName: singleSpaced(displayShortName) },
    ...(page ? { help: { documentation: page.url } } : {}),
  }
}

/** PACC does not allow two spaces in a row. */
const singleSpaced = (name: string): string => name.replace(/\s+/g, ' ')
