import { isDeepStrictEqual } from 'node:util'
import { oAuth2Section, servicesSection } from '../../hosts/services-section.ts'
import type { ElementReader } from './element-reader.ts'
import type { ImportedServer } from './server.ts'

/** The elements of services, and the key that each has under `services:`; its `type` is the same word. */
const serviceKeys: Readonly<Record<string, string>> = {
  incomingServer: 'jmap',
  calendar: 'caldav',
  addressbook: 'carddav',
  addressBook: 'carddav',
  setupServer: 'managesieve',
}

/**
 * Services other than mail, with the element names of version 1.1 or 1.2. `servers` are those of type `jmap`. Many generators
 * write calendars and address books into `emailProvider`; if a service is there and outside as well, the one outside is used.
 */
export function importServices(
  { root, provider, servers }: Record<'root' | 'provider', ElementReader> & { servers: ElementReader[] },
  mailbox: ImportedServer | undefined,
  oAuth2: object | undefined,
): object | undefined {
  const services: Record<string, unknown> = {}
  const names = Object.keys(serviceKeys).filter((name) => name !== 'incomingServer')
  const outside = root.all(...names)
  for (const reader of [...servers, ...outside, ...provider.all(...names)]) {
    const key = serviceKeys[reader.name] as string
    const type = reader.attribute('type')
    if (type !== key) reader.drop(`the type must be "${key}"`)
    else if (key in services) reader.drop(`services.${key} is already set`)
    else {
      const isUrl = key !== 'managesieve'
      const url = isUrl ? reader.leaf('url') : undefined
      const value = isUrl ? (url ?? reader.leaf('serverURL')) : importTcpService(reader)
      if (value === undefined)
        reader.drop(isUrl ? 'it has no url' : 'it must have a hostname, and a port that is a number')
      else if (reader.validated(servicesSection, { [key]: value }) !== undefined) {
        services[key] = value
        const isSame =
          hasLoginOf(mailbox, reader, isUrl && { oAuth2 }) &&
          reader.name !== 'addressBook' &&
          (!isUrl || url !== undefined) &&
          (outside.includes(reader) || servers.includes(reader))
        reader.close()
        if (!isSame)
          reader.report(
            `is converted to services.${key}; it is served as version 1.2 defines it, with the username and authentication of the mailbox`,
          )
      }
    }
  }
  return Object.keys(services).length > 0 ? services : undefined
}

/** `services.managesieve`: a host name alone means port 4190 with STARTTLS. */
function importTcpService(reader: ElementReader): string | object | undefined {
  const [hostname, port = '', socketType] = ['hostname', 'port', 'socketType'].map((name) =>
    reader.leaf(name),
  )
  if (hostname === undefined || !/^\d+$/.test(port)) return undefined
  return port === '4190' && socketType === 'STARTTLS'
    ? hostname
    : { hostname, port: Number(port), socketType }
}

/** Does the service have the login that we serve for it? That is the login of the first mail server. */
function hasLoginOf(
  mailbox: ImportedServer | undefined,
  reader: ElementReader,
  http: false | { oAuth2: object | undefined },
): boolean {
  const methods = reader.all('authentication').map((method) => {
    method.attribute('system')
    method.close()
    return method.text
  })
  const username = reader.leaf('username')
  const { authentication = [] } = mailbox ?? {}
  const hasPassword = authentication.some((method) => method.startsWith('password-'))
  const served = http
    ? [...(http.oAuth2 ? ['OAuth2'] : []), ...(hasPassword ? ['Basic'] : [])]
    : authentication
  return username === mailbox?.username && isDeepStrictEqual(methods, served)
}

export function importOAuth2(root: ElementReader): object | undefined {
  const reader = root.first('oAuth2')
  if (!reader) return undefined
  const issuer = reader.leaf('issuer') ?? ''
  const keys = Object.keys(oAuth2Section.shape).filter((key) => key !== 'issuer')
  const oAuth2 = {
    issuer: issuer.includes('://') ? issuer : `https://${issuer}`,
    ...Object.fromEntries(
      keys.flatMap((name) => {
        const text = reader.leaf(name)
        return text === undefined ? [] : [[name, text]]
      }),
    ),
  }
  reader.close()
  if (issuer.includes('://')) reader.report('the server writes only the host name of the issuer')
  return reader.validated(oAuth2Section, oAuth2, 'oAuth2') as object | undefined
}
