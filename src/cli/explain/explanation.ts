import { formats } from '../../documents/formats.ts'
import { formatPattern } from '../../domains/pattern.ts'
import type { Format } from '../../formats/format.ts'
import { type Domain, formatEmailAddress } from '../../model/address.ts'
import { lookupOf } from '../../model/lookup.ts'
import { fillDomain, fillPlaceholders } from '../../model/placeholders.ts'
import { serversFor } from '../../model/safe-shape.ts'
import {
  type AccountSettings,
  accountSettings,
  type ClientConfig,
  type IspdbDocument,
  type Limits,
} from '../../model/settings.ts'
import { nearest } from '../../reading/suggestion.ts'
import { isResolution, type NotFound, type Reason, type Resolution } from '../../resolver/resolution.ts'
import type { Resolver } from '../../resolver/resolver.ts'
import { type Asked, readAsked } from './asked.ts'
import { explainLogin, type LoginExplanation } from './login.ts'
import { askSources, type SourceExplanation } from './sources.ts'

/** Which host serves a domain, and why, and what clients get. Plain data: what `--json` and the admin listener print. */
export interface Explanation {
  readonly domain: Domain
  readonly address?: string
  /** `host`: settings of a mail host; `ispdb`: a document of the ISPDB; `nobody`: clients get 404. */
  readonly servedBy: 'host' | 'ispdb' | 'nobody'
  readonly host?: HostName
  readonly because: { readonly kind: Reason['kind'] | 'unknown' | 'refused' | 'ispdb'; readonly text: string }
  readonly moves: readonly { readonly at: string; readonly host: HostName }[]
  readonly servers: readonly ServerExplanation[]
  readonly login?: LoginExplanation
  readonly webmail?: string
  readonly enable?: string
  readonly limits: Limits
  /** The URLs that clients ask. */
  readonly urls: readonly string[]
  readonly notExpressible: readonly { readonly format: string; readonly why: string }[]
  readonly ispdb?: { readonly file: string; readonly served: boolean }
  readonly sources: readonly SourceExplanation[]
  readonly didYouMean?: { readonly pattern: string; readonly text: string }
}

export interface HostName {
  readonly key: string
  readonly hostname: string
}

export interface ServerExplanation {
  readonly type: string
  readonly hostname: string
  readonly port: number
  readonly socketType: string
  readonly authentication: readonly string[]
  /** With the placeholders filled in, if an address was asked for. */
  readonly username: string
  readonly template: string
}

/** The largest number of domains that is searched for a similar one: a running server has other work. */
const searched = 20_000

/**
 * For the running server: explains a pasted text by the configuration in use. A login name that clients get only by a personal link
 * is omitted, since every program on the machine can ask.
 */
export async function explainBy(resolver: Resolver, text: string): Promise<Explanation | undefined> {
  const asked = readAsked(text)
  const explanation = asked && (await explainAsked(asked, resolver, true))
  return explanation?.login?.shown === 'link' ? { ...explanation, login: { shown: 'link' } } : explanation
}

/** `isServing`: the process also answers clients, so it must not work for long. */
export async function explainAsked(
  { domain, address, requestHost }: Asked,
  resolver: Resolver,
  isServing = false,
): Promise<Explanation> {
  const values = { domain, address, requestHost }
  const found = await resolver.resolve(lookupOf(values))
  const document = resolver.ispdb?.find(domain, 'ispdb')
  const about = { domain, ...(address && { address: formatEmailAddress(address) }) }
  const sources = await askSources(domain, address, found, resolver)
  if (!isResolution(found)) {
    const because = document
      ? ({ kind: 'ispdb', text: `${document.file} of the ISPDB names it` } as const)
      : whyNot(domain, found, resolver)
    const isSearched = because.kind === 'unknown' && !(isServing && resolver.size > searched)
    const similar = isSearched ? similarTo(domain, resolver) : undefined
    return {
      ...about,
      servedBy: document ? 'ispdb' : 'nobody',
      because,
      ...nothing,
      ...(document && { urls: documentUrls(domain, document), ispdb: { file: document.file, served: true } }),
      sources,
      ...(similar && { didYouMean: similar }),
    }
  }
  const { clientConfig, reason } = found
  const linked = await resolver.resolve(lookupOf({ ...values, link: {} }))
  const settings = accountSettings(found.domain, clientConfig, { address })
  const why = address && (await resolver.explainLogin(address, clientConfig))
  const login = explainLogin(found, linked as Resolution, address, sources, why)
  // Documents of the ISPDB have precedence over these.
  const isFallback =
    reason.kind === 'backendUnavailable' || (reason.kind === 'mapped' && reason.pattern === '.')
  return {
    ...about,
    domain: found.domain,
    servedBy: document && isFallback ? 'ispdb' : 'host',
    host: nameOf(clientConfig),
    because: { kind: reason.kind, text: because(reason, found.domain, resolver) },
    moves: movesOf(found.domain, resolver),
    servers: serversFor(settings).map(({ type, hostname, port, socketType, authentication, username }) => ({
      ...{ type, hostname, port, socketType, authentication },
      username: settings.address ? fillPlaceholders(username, settings.address) : username,
      template: username,
    })),
    ...(login && { login }),
    ...(clientConfig.webMail && { webmail: fillDomain(clientConfig.webMail, found.domain) }),
    ...(clientConfig.enable && { enable: clientConfig.enable.visiturl }),
    limits: clientConfig.host.limits,
    urls: [
      ...formats
        .filter((format) => format.render(settings).ok)
        .flatMap((format) => urlsOf(format, found.domain)),
      ...(document && isFallback ? documentUrls(found.domain, document) : []),
    ],
    notExpressible: formats.flatMap((format) => whyNotExpressible(format, settings)),
    ...(document && { ispdb: { file: document.file, served: isFallback } }),
    sources,
  }
}

const nothing = { moves: [], servers: [], limits: {}, urls: [], notExpressible: [] } as const

const nameOf = ({ host: { key, hostname } }: ClientConfig): HostName => ({ key, hostname })

function because(reason: Reason, domain: Domain, resolver: Resolver): string {
  switch (reason.kind) {
    case 'mapped': {
      const found = resolver.ruleFor(domain)
      return `${found?.rule.file}:${found?.rule.line} maps ${formatPattern(reason.pattern)} to it`
    }
    case 'hostName':
      return 'this is the host name of that host'
    case 'defaultHost':
      return "this is the provider's own domain, and provider.defaultHost is that host"
    case 'backend':
      return `the source ${reason.backend} names that host`
    case 'backendUnavailable':
      return resolver.config.defaultHost
        ? 'a source is unavailable, and provider.defaultHost is that host'
        : 'a source is unavailable, and that host is the only one'
  }
}

const movesOf = (domain: Domain, resolver: Resolver): Explanation['moves'] =>
  (resolver.ruleFor(domain)?.rule.moves ?? []).map(({ at, clientConfig }) => ({
    at: new Date(at).toISOString(),
    host: nameOf(clientConfig),
  }))

const urlsOf = ({ endpoints }: Format, domain: Domain): string[] =>
  endpoints.flatMap(({ urls }) => urls?.(domain) ?? [])

/** Formats that cannot express the settings; those for one person are tried with an address. */
function whyNotExpressible(format: Format, settings: AccountSettings): Explanation['notExpressible'] {
  const { domain, address = { localPart: 'x', domain } } = settings
  const text = format.render({ ...settings, address })
  return text.ok ? [] : [{ format: format.name, why: text.error }]
}

/** Where the document of the ISPDB for the domain is served. */
function documentUrls(domain: Domain, { serve }: IspdbDocument): string[] {
  const endpoints = formats.flatMap((format) =>
    format.endpoints.filter((endpoint) => (serve === 'all' ? endpoint.serve : endpoint.serve === 'ispdb')),
  )
  return endpoints.flatMap(({ path, urls: known }) => known?.(domain) ?? [path.replace(':domain', domain)])
}

function whyNot(domain: Domain, { certain }: NotFound, resolver: Resolver): Explanation['because'] {
  const refusal = resolver.refusalOf(domain)
  if (refusal) {
    const { file, line, pattern } = refusal
    const text = `${file}:${line} says that ${formatPattern(pattern)} takes no mail here (error:, discard: or retry:)`
    return { kind: 'refused', text }
  }
  const { config, backends } = resolver
  const hosts = [...config.hosts.values()].map(({ host }) => host.hostname)
  const sources = certain ? ', no source maps it to one of the hosts' : ', a source is unavailable'
  const text = `no entry of domains: or of a map file matches it${backends ? sources : ''}, and it is not one of: ${hosts.join(', ')}`
  return { kind: 'unknown', text }
}

function similarTo(domain: Domain, resolver: Resolver): Explanation['didYouMean'] {
  const pattern = nearest(domain, [...resolver.patterns()].map(formatPattern))
  const similar = pattern?.replace(/^\*\./, 'any.') as Domain | undefined
  const rule = similar && resolver.ruleFor(similar)?.rule
  if (pattern === undefined || !rule) return undefined
  return {
    pattern,
    text: `${pattern}, which ${rule.file}:${rule.line} maps to ${rule.clientConfig.host.key}`,
  }
}
