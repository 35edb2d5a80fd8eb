import * as z from 'zod'
import {
  displayName,
  displayShortName,
  documentation,
  enable,
  expandPages,
  pacc,
  username,
  webMail,
} from '../hosts/fields.ts'
import { displayNameWarnings, documentationWarnings, usernameWarnings } from '../model/client-warnings.ts'
import type { ClientConfig } from '../model/settings.ts'
import { domainName } from '../reading/fields.ts'
import { type DomainMap, howToWriteDomains, type Move, parsePattern } from './domain-map.ts'
import type { Reading } from './source.ts'

/** `domains:` of the configuration: each domain and its host, and what it says otherwise than its host. */

const move = z.strictObject({
  at: z.iso
    .datetime({
      offset: true,
      error: 'must be a time with its distance from UTC, such as 2027-01-10T02:00:00+01:00',
    })
    .transform((time) => Date.parse(time)),
  host: z.string().meta({ description: 'The key of the host from then on.' }),
})

const override = z.strictObject({
  host: z.string().meta({ description: 'The key of a host.' }),
  moves: z.array(move).min(1).optional().meta({
    description: 'When the domain goes over to another host, the first first: at and host.',
  }),
  id: domainName().optional().meta({ description: "emailProvider id, where it is not the host's." }),
  displayName: displayName.optional(),
  displayShortName: displayShortName.optional(),
  username: username.optional(),
  webMail: webMail.optional(),
  enable: enable.optional(),
  documentation: documentation.optional(),
  pacc: pacc.optional(),
  disclose: z
    .enum(['link', 'public'])
    .optional()
    .meta({ description: 'Who is told what an address logs in with; as under accounts:.' }),
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
  const plainRules = new Map<ClientConfig, number>()

  /** One rule for all domains that are plainly on a host. */
  function plainRule(clientConfig: ClientConfig, file: string): number {
    const rule = plainRules.get(clientConfig) ?? map.addRule(clientConfig, file)
    plainRules.set(clientConfig, rule)
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
    /** A host by its key, which stands there. */
    const hostAt = (key: string, path: readonly (string | number)[]): ClientConfig | undefined => {
      const clientConfig = hosts.find(key)
      if (!clientConfig && !hosts.isFaulty(key))
        fault(`there is no host "${key}"${hosts.didYouMean(key)}`, reading.placeOf(path))
      return clientConfig
    }
    const isPlain = typeof value === 'string'
    const clientConfig = hostAt(isPlain ? value : value.host, isPlain ? keyPath : [...keyPath, 'host'])
    if (!clientConfig) continue
    const { file, line } = reading.placeOfKey(keyPath)
    if (!isPlain) warnOf(name, value, reading)
    const moves = isPlain
      ? []
      : (value.moves ?? []).flatMap(({ at, host }, index) => {
          const path = [...keyPath, 'moves', index]
          const earlier = value.moves?.[index - 1]
          if (earlier && earlier.at >= at)
            fault('must be later than the move before it', reading.placeOf([...path, 'at']))
          const next = hostAt(host, [...path, 'host'])
          return next ? [{ at, clientConfig: overridden(next, value) }] : []
        })
    const rule = isPlain
      ? plainRule(clientConfig, file)
      : addOverridden(
          map,
          { at: Number.NEGATIVE_INFINITY, clientConfig: overridden(clientConfig, value) },
          moves,
          file,
        )
    const conflict = map.add(pattern, rule, line)
    if (conflict) fault(conflict)
  }
}

/** A rule for what a domain says otherwise; who serves before a move knows when that ends. */
function addOverridden(map: DomainMap, first: Move, moves: readonly Move[], file: string): number {
  const [{ clientConfig }, ...later] = [first, ...moves].map((stage, index): Move => {
    const end = moves[index]
    return end ? { ...stage, clientConfig: { ...stage.clientConfig, changesAt: end.at } } : stage
  }) as [Move, ...Move[]]
  return map.addRule(clientConfig, file, later)
}

function overridden(
  clientConfig: ClientConfig,
  { host: _host, moves: _moves, username, pacc, disclose, webMail, enable, ...rest }: Override,
): ClientConfig {
  const said = Object.entries(rest).filter(([, value]) => value !== undefined)
  const { loginPageInfo, ...others } = clientConfig
  return {
    // How to log in goes with the page.
    ...(webMail === undefined ? clientConfig : others),
    ...(Object.fromEntries(said) as Partial<ClientConfig>),
    ...expandPages({ webMail, enable }),
    ...(pacc === undefined ? {} : { pacc: { ...clientConfig.pacc, published: pacc ? 'always' : 'never' } }),
    ...(disclose === undefined ? {} : { disclosure: disclose }),
    servers:
      username === undefined
        ? clientConfig.servers
        : clientConfig.servers.map((server) => ({ ...server, username })),
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
