import { PageTemplates } from '../documents/page-templates.ts'
import { markerFor, Template } from '../documents/template.ts'
import type { Endpoint } from '../formats/format.ts'
import { type Lookup, lookupOf } from '../model/lookup.ts'
import { paths } from '../model/paths.ts'
import { type AccountSettings, accountSettings } from '../model/settings.ts'
import { clientFor, isClient } from '../page/clients.ts'
import { page } from '../page/page-format.ts'
import type { Pages } from '../page/pages.ts'
import { languageOf, type PlainPage } from '../page/render-page.ts'
import { isResolution } from '../resolver/resolution.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { pageHeaders } from './headers.ts'
import { parameter, parseHost } from './lookup.ts'
import { languagesOf, lookupReaders } from './lookup-readers.ts'
import { maxAgeOf } from './max-age.ts'
import { acceptsGzip, noneMatchHolds } from './negotiation.ts'
import { confidentialResponse, type HttpResponse, subjectOf } from './response.ts'
import type { Route, RouteRequest } from './route.ts'

/**
 * The page for people. Everybody in a domain gets the same page unless it is for one address: like the other documents, it is a
 * template, for each client configuration, language and first client.
 */
export function pageRoute({ path, request: kind }: Endpoint, pages: Pages): Route {
  const isLink = kind === 'link'
  const readLookup = lookupReaders[isLink ? 'link' : 'page']
  const templates = new PageTemplates()
  return {
    path,
    format: page.name,
    takesPost: false,
    isBusy: false,
    async answer(request, resolver) {
      const lookup = await readLookup(request, resolver)
      if (!lookup.ok) return plain('invalidLink', 404, request, resolver)
      const { domain: asked } = lookup.value
      if (asked === undefined && isAtPublicName(request, resolver))
        return plain('start', 200, request, resolver)
      const found = await resolver.resolve(asked === undefined ? lookup.value : atAnyHost(lookup.value))
      if (!isResolution(found))
        return plain(asked === undefined ? 'start' : 'unknown', 404, request, resolver)
      const { domain, clientConfig, confidential, certain } = found
      const person = { ...lookup.value.person(), ...clientOf(request) }
      const settings = accountSettings(domain, clientConfig, person)
      // A link is always about an address.
      const isPersonal = confidential || settings.address !== undefined
      const response =
        isPersonal || !certain ? personal(200, pages.settings(settings)) : shared(settings, request, resolver)
      return { ...response, subject: subjectOf(found) }
    },
  }

  function shared(settings: AccountSettings, request: RouteRequest, resolver: Resolver): HttpResponse {
    const { config } = resolver
    const { compress, maxAge } = config.http
    const seconds = maxAgeOf(settings.clientConfig, maxAge, () => resolver.now())
    const template = templateOf(settings)
    const isZipped = compress && acceptsGzip(request.headers['accept-encoding'])
    const { body, length, etag } = isZipped
      ? template.fillGzip(settings.domain)
      : template.fill(settings.domain)
    const headers = ['ETag', etag, 'Cache-Control', `public, max-age=${seconds}`, ...pageHeaders]
    headers.push('Vary', 'Accept-Encoding, Accept-Language, User-Agent')
    if (noneMatchHolds(request.headers['if-none-match'], etag)) return { status: 304, headers, body: '' }
    headers.push('Content-Type', page.mediaType, 'Content-Length', String(length))
    if (isZipped) headers.push('Content-Encoding', 'gzip')
    return { status: 200, headers, body }
  }

  function templateOf(settings: AccountSettings): Template {
    const { domain, clientConfig, client, choseClient, languages } = settings
    const marker = markerFor(domain)
    const variant = `${languageOf(clientConfig.page.design, languages)} ${client} ${choseClient} ${marker}`
    return templates.get(
      clientConfig,
      variant,
      () => new Template(pages.settings({ ...settings, domain: marker }), marker),
    )
  }

  function plain(kind: PlainPage, status: number, request: RouteRequest, { config }: Resolver): HttpResponse {
    const frame = {
      language: languageOf(config.page.design, languagesOf(request)),
      home: path === paths.page ? './' : '../',
      ...clientOf(request),
      providerName: config.providerName,
      page: config.page,
    }
    return personal(status, pages.plain(kind, frame))
  }
}

/** About one address, or about none that is known: no cache may store the page, and no search engine may list it. */
function personal(status: number, html: string): HttpResponse {
  const response = confidentialResponse(status, page.mediaType, html)
  response.headers.push(...pageHeaders)
  return response
}

/** A person who mistypes the domain must not see the settings of the domain at whose name they ask. */
const atAnyHost = (lookup: Lookup): Lookup =>
  lookupOf({ ...lookup.person(), domain: lookup.domain, link: lookup.link })

function clientOf({ url, headers }: RouteRequest): {
  readonly client: string
  readonly choseClient: boolean
} {
  const asked = parameter(url, 'client')
  return { client: clientFor(asked, headers['user-agent']), choseClient: isClient(asked) }
}

/** At the name of the service itself, no domain is meant: people choose theirs. */
const isAtPublicName = ({ host }: RouteRequest, { config: { publicName } }: Resolver): boolean =>
  publicName !== undefined && parseHost(host) === publicName
