import type { Rule } from '../domains/mapped-domains.ts'
import { writtenDocumentation, writtenServers } from '../model/safe-shape.ts'
import type { ClientConfig, PaccSettings } from '../model/settings.ts'

/** One change for clients. Without `old` the setting is new, without `new` it is removed. */
export interface Change {
  /** The setting, named as in the configuration: `imap`, `webMail`, `caldav`. */
  readonly what: string
  /** The key, if the setting has several: `port`. */
  readonly key?: string
  readonly old?: string
  readonly new?: string
}

/** The client configuration of a domain, and its scheduled moves to others. */
export type Serving = Pick<Rule, 'clientConfig' | 'moves'>

/** The changes for mail clients, now or at a scheduled move. Empty if all answers stay the same. */
export function servingChanges(old: Serving, next: Serving): Change[] {
  return [...clientConfigChanges(old.clientConfig, next.clientConfig), ...moveChanges(old.moves, next.moves)]
}

/** The changes for mail clients between two client configurations, without differences that no client can see. */
export function clientConfigChanges(old: ClientConfig, next: ClientConfig): Change[] {
  const [before, after] = [aspectsOf(old), aspectsOf(next)]
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((what): Change[] => {
    const [one, other] = [before[what], after[what]]
    if (one && other) return aspectChanges(what, one, other)
    return [
      { what, ...ifDefined('old', one && onOneLine(one)), ...ifDefined('new', other && onOneLine(other)) },
    ]
  })
  const [order, nextOrder] = [orderOf(old), orderOf(next)]
  return changes.length === 0 && order !== nextOrder
    ? [{ what: 'order of servers', old: order, new: nextOrder }]
    : changes
}

/** A setting that clients see: the text of each of its keys. A setting with one value has the key `''`. */
type Aspect = Readonly<Record<string, string | undefined>>
type Aspects = Readonly<Record<string, Aspect>>

/** All aspects of each field of a client configuration. A new field does not compile until it is here. */
const aspects: { readonly [Key in keyof Required<ClientConfig>]: (clientConfig: ClientConfig) => Aspects } = {
  id: ({ id }) => single('provider.id', id),
  displayName: ({ displayName }) => single('displayName', displayName),
  displayShortName: ({ displayShortName }) => single('displayShortName', displayShortName),
  servers: serversOf,
  webMail: ({ webMail }) => single('webMail', webMail),
  loginPageInfo: ({ loginPageInfo, host }) =>
    single(
      'loginPageInfo',
      loginPageInfo && host.shape === 'all' ? JSON.stringify(loginPageInfo) : undefined,
    ),
  enable: ({ enable }): Aspects =>
    enable ? { enable: { visiturl: enable.visiturl, ...enable.instruction } } : {},
  documentation: (clientConfig) => single('documentation', pagesOf(clientConfig)),
  // For people, not for clients.
  page: () => ({}),
  services: ({ services: { managesieve, oAuth2, ...urls } }) => ({
    ...Object.assign({}, ...Object.entries(urls).map(([name, url]) => single(name, url))),
    ...(managesieve && { managesieve: { ...managesieve, port: String(managesieve.port) } }),
    ...(oAuth2 && { oAuth2: { ...oAuth2 } }),
  }),
  // The shape decides whether every document has the services; its effect on servers and pages is compared above.
  host: ({ host, services }) =>
    single(
      'services in every document',
      host.shape === 'all' && Object.keys(services).length > 0 ? 'yes' : undefined,
    ),
  pacc: ({ pacc: { published, submissionKeys } }) => ({
    pacc: { '': paccValues[published], submissionKey: submissionKeys.join(', ') },
  }),
  publicName: ({ publicName }) => single('publicName', publicName),
  disclosure: ({ disclosure }) => single('disclose', disclosure),
  // Depends on `accounts:` and the backends, not on the host.
  hidesLogins: () => ({}),
  // The moves are compared in `servingChanges`.
  changesAt: () => ({}),
}

const paccValues: Readonly<Record<PaccSettings['published'], string>> = {
  byAddress: 'by default',
  always: 'true',
  never: 'false',
}

const cache = new WeakMap<ClientConfig, Aspects>()

function aspectsOf(clientConfig: ClientConfig): Aspects {
  const cached = cache.get(clientConfig)
  if (cached) return cached
  const all: Aspects = Object.assign({}, ...Object.values(aspects).map((read) => read(clientConfig)))
  cache.set(clientConfig, all)
  return all
}

const single = (what: string, text: string | undefined): Aspects =>
  text === undefined ? {} : { [what]: { '': text } }

/** The first IMAP server is `imap`, the second is `imap 2`. */
function serversOf(clientConfig: ClientConfig): Aspects {
  const servers = writtenServers(clientConfig)
  const entries = servers.map((server, index) => {
    const { type, hostname, port, socketType, authentication, username, pop3 } = server
    const number = servers.slice(0, index + 1).filter((other) => other.type === type).length
    const aspect: Aspect = {
      hostname,
      port: String(port),
      socketType,
      authentication: authentication.join(', '),
      username,
      ...Object.fromEntries(Object.entries(pop3 ?? {}).map(([option, value]) => [option, String(value)])),
    }
    return [number === 1 ? type : `${type} ${number}`, aspect] as const
  })
  return Object.fromEntries(entries)
}

const orderOf = (clientConfig: ClientConfig): string =>
  writtenServers(clientConfig)
    .map(({ type }) => type)
    .join(', ')

function pagesOf(clientConfig: ClientConfig): string | undefined {
  const pages = writtenDocumentation(clientConfig).map(({ url, descr }) =>
    [url, ...Object.entries(descr).map(([lang, text]) => `${lang}: ${text}`)].join(' '),
  )
  return pages.length > 0 ? pages.join(', ') : undefined
}

function aspectChanges(what: string, old: Aspect, next: Aspect): Change[] {
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .filter((key) => old[key] !== next[key])
    .map((key) => ({
      what,
      ...(key && { key }),
      ...ifDefined('old', old[key]),
      ...ifDefined('new', next[key]),
    }))
}

const onOneLine = (aspect: Aspect): string =>
  Object.values(aspect)
    .filter((text) => text !== undefined)
    .join(' ')

const ifDefined = <Key extends string>(
  key: Key,
  text: string | undefined,
): { readonly [K in Key]?: string } =>
  (text === undefined ? {} : { [key]: text }) as { readonly [K in Key]?: string }

function moveChanges(old: Serving['moves'], next: Serving['moves']): Change[] {
  const times = [...new Set([...old, ...next].map(({ at }) => at))].sort((a, b) => a - b)
  return times.flatMap((at): Change[] => {
    const time = new Date(at).toISOString()
    const [from, to] = [old, next].map((moves) => moves.find((move) => move.at === at)?.clientConfig)
    if (from && to && from.host.key === to.host.key) {
      return clientConfigChanges(from, to).map((change) => ({
        ...change,
        what: `from ${time} on, ${change.what}`,
      }))
    }
    return [
      { what: `move at ${time}`, ...ifDefined('old', from?.host.key), ...ifDefined('new', to?.host.key) },
    ]
  })
}
