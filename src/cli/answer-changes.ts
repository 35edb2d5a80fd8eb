import type { Rule } from '../domains/mapped-domains.ts'
import { writtenDocumentation, writtenServers } from '../model/safe-shape.ts'
import type { ClientConfig, PaccSettings } from '../model/settings.ts'

/** One difference between two answers; without `old` it is new, without `new` gone. */
export interface Change {
  /** `imap`, `webMail`, `caldav`, in the words of the configuration. */
  readonly what: string
  /** What of it, where it has several: `port`. */
  readonly key?: string
  readonly old?: string
  readonly new?: string
}

/** Who serves a domain, and to whom it is said to go over. */
export type Serving = Pick<Rule, 'clientConfig' | 'moves'>

/** What a mail client, now or later, is told otherwise; nothing where all answers stay as they are. */
export function servingChanges(old: Serving, next: Serving): Change[] {
  return [...answerChanges(old.clientConfig, next.clientConfig), ...moveChanges(old.moves, next.moves)]
}

export function answerChanges(old: ClientConfig, next: ClientConfig): Change[] {
  const [before, after] = [answerOf(old), answerOf(next)]
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((what): Change[] => {
    const [one, other] = [before[what], after[what]]
    if (one && other) return aspectChanges(what, one, other)
    return [{ what, ...told('old', one && wholeOf(one)), ...told('new', other && wholeOf(other)) }]
  })
  const [order, nextOrder] = [orderOf(old), orderOf(next)]
  return changes.length === 0 && order !== nextOrder
    ? [{ what: 'order of servers', old: order, new: nextOrder }]
    : changes
}

/** A part of an answer: what it says under which key. What has but one thing to say has it under `''`. */
type Part = Readonly<Record<string, string | undefined>>
type Answer = Readonly<Record<string, Part>>

/** All that a provider tells clients. What is new in one does not compile until it is here. */
const parts: { readonly [Key in keyof Required<ClientConfig>]: (clientConfig: ClientConfig) => Answer } = {
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
  enable: ({ enable }): Answer =>
    enable ? { enable: { visiturl: enable.visiturl, ...enable.instruction } } : {},
  documentation: (clientConfig) => single('documentation', pagesOf(clientConfig)),
  services: ({ services: { managesieve, oAuth2, ...urls } }) => ({
    ...Object.assign({}, ...Object.entries(urls).map(([name, url]) => single(name, url))),
    ...(managesieve && { managesieve: { ...managesieve, port: String(managesieve.port) } }),
    ...(oAuth2 && { oAuth2: { ...oAuth2 } }),
  }),
  // Beside the servers and pages that it lets pass, the shape decides whether the ordinary document tells of services.
  host: ({ host, services }) =>
    single(
      'services in every document',
      host.shape === 'all' && Object.keys(services).length > 0 ? 'yes' : undefined,
    ),
  pacc: ({ pacc: { published, submissionKeys } }) => ({
    pacc: { '': paccWords[published], submissionKey: submissionKeys.join(', ') },
  }),
  publicName: ({ publicName }) => single('publicName', publicName),
  disclosure: ({ disclosure }) => single('disclose', disclosure),
  // Of `accounts:` and the sources, not of the host.
  ownLogins: () => ({}),
  // The moves themselves are compared.
  changesAt: () => ({}),
}

const paccWords: Readonly<Record<PaccSettings['published'], string>> = {
  byAddress: 'by default',
  always: 'true',
  never: 'false',
}

const answers = new WeakMap<ClientConfig, Answer>()

function answerOf(clientConfig: ClientConfig): Answer {
  const known = answers.get(clientConfig)
  if (known) return known
  const answer: Answer = Object.assign({}, ...Object.values(parts).map((part) => part(clientConfig)))
  answers.set(clientConfig, answer)
  return answer
}

const single = (what: string, text: string | undefined): Answer =>
  text === undefined ? {} : { [what]: { '': text } }

/** `imap`, and the second of them `imap 2`. */
function serversOf(clientConfig: ClientConfig): Answer {
  const servers = writtenServers(clientConfig)
  const entries = servers.map((server, index) => {
    const { type, hostname, port, socketType, authentication, username, pop3 } = server
    const number = servers.slice(0, index + 1).filter((other) => other.type === type).length
    const part: Part = {
      hostname,
      port: String(port),
      socketType,
      authentication: authentication.join(', '),
      username,
      ...Object.fromEntries(Object.entries(pop3 ?? {}).map(([option, value]) => [option, String(value)])),
    }
    return [number === 1 ? type : `${type} ${number}`, part] as const
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

function aspectChanges(what: string, old: Part, next: Part): Change[] {
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .filter((key) => old[key] !== next[key])
    .map((key) => ({ what, ...(key && { key }), ...told('old', old[key]), ...told('new', next[key]) }))
}

/** A whole part on one line. */
const wholeOf = (part: Part): string =>
  Object.values(part)
    .filter((text) => text !== undefined)
    .join(' ')

const told = <Key extends string>(key: Key, text: string | undefined): { readonly [K in Key]?: string } =>
  (text === undefined ? {} : { [key]: text }) as { readonly [K in Key]?: string }

function moveChanges(old: Serving['moves'], next: Serving['moves']): Change[] {
  const times = [...new Set([...old, ...next].map(({ at }) => at))].sort((a, b) => a - b)
  return times.flatMap((at): Change[] => {
    const time = new Date(at).toISOString()
    const [from, to] = [old, next].map((moves) => moves.find((move) => move.at === at)?.clientConfig)
    if (from && to && from.host.key === to.host.key) {
      return answerChanges(from, to).map((change) => ({ ...change, what: `from ${time} on, ${change.what}` }))
    }
    return [{ what: `move at ${time}`, ...told('old', from?.host.key), ...told('new', to?.host.key) }]
  })
}
