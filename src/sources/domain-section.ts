import * as z from 'zod'
import { displayNameWarnings, documentationWarnings, usernameWarnings } from '../domain/client-warnings.ts'
import type { Provider } from '../domain/settings.ts'
import { displayName, displayShortName, documentation, pacc, username, webMail } from '../schema/mail.ts'
import { type DomainMap, howToWriteDomains, parsePattern } from './domain-map.ts'
import type { Reading } from './source.ts'

/** `domains:` of the configuration: each domain and its host, and what it says otherwise than its host. */

const override = z.strictObject({
  host: z.string().meta({ description: 'The key of a host.' }),
  displayName: displayName.optional(),
  displayShortName: displayShortName.optional(),
  username: username.optional(),
  webMail: webMail.optional(),
  documentation: documentation.optional(),
  pacc: pacc.optional(),
})
type Override = z.infer<typeof override>

export const domainSection = z
  .record(
    z.string(),
    z.union([z.string(), override], { error: 'must be the key of a host, or a map with a host' }),
  )
  .default({})
  .meta({
    description:
      'Each domain and its host. *.example.org covers all below example.org, * every domain that nothing else names.',
  })

export function addSection(map: DomainMap, domains: z.infer<typeof domainSection>, reading: Reading): void {
  const { hosts } = reading
  const plainRules = new Map<Provider, number>()

  /** One rule for all domains that are plainly on a host. */
  function plainRule(provider: Provider, file: string): number {
    const rule = plainRules.get(provider) ?? map.addRule(provider, file)
    plainRules.set(provider, rule)
    return rule
  }

  for (const [name, value] of Object.entries(domains)) {
    const keyPath = ['domains', name]
    const fault = (message: string, place = reading.placeOfKey(keyPath)) =>
      reading.fault({ ...place, path: `domains["${name}"]`, message })
    const pattern = parsePattern(name)
    if (pattern === undefined) {
      fault(`is not a domain; ${howToWriteDomains}`)
      continue
    }
    const key = typeof value === 'string' ? value : value.host
    const provider = hosts.find(key)
    if (!provider) {
      const message = `there is no host "${key}"${hosts.didYouMean(key)}`
      if (!hosts.isFaulty(key)) {
        fault(message, reading.placeOf(typeof value === 'string' ? keyPath : [...keyPath, 'host']))
      }
      continue
    }
    const { file, line } = reading.placeOfKey(keyPath)
    if (typeof value !== 'string') warnOf(name, value, reading)
    const rule =
      typeof value === 'string' ? plainRule(provider, file) : map.addRule(overridden(provider, value), file)
    const conflict = map.add(pattern, rule, line)
    if (conflict) fault(conflict)
  }
}

function overridden(provider: Provider, { host: _, username, pacc, ...rest }: Override): Provider {
  const said = Object.entries(rest).filter(([, value]) => value !== undefined)
  return {
    ...provider,
    ...(Object.fromEntries(said) as Partial<Provider>),
    ...(pacc === undefined ? {} : { pacc: { ...provider.pacc, published: pacc ? 'always' : 'never' } }),
    servers:
      username === undefined ? provider.servers : provider.servers.map((server) => ({ ...server, username })),
  }
}

function warnOf(
  name: string,
  { displayName, displayShortName, documentation, username }: Override,
  reading: Reading,
): void {
  const warn = (key: keyof Override, messages: readonly string[]) => {
    for (const message of messages) {
      const place = reading.placeOf(['domains', name, key])
      reading.warn({ ...place, path: `domains["${name}"].${key}`, message })
    }
  }
  if (displayName !== undefined) warn('displayName', displayNameWarnings(displayName, 30))
  if (displayShortName !== undefined) warn('displayShortName', displayNameWarnings(displayShortName, 12))
  if (documentation !== undefined) {
    warn(
      'documentation',
      documentationWarnings(documentation).map(({ message }) => message),
    )
  }
  if (username !== undefined) warn('username', usernameWarnings(username))
}
