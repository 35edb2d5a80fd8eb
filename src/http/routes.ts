import { formats } from '../documents/formats.ts'
import type { Endpoint, Format, Refusal } from '../formats/format.ts'
import { withoutPerson } from '../model/lookup.ts'
import { accountSettings } from '../model/settings.ts'
import { page } from '../page/page-format.ts'
import type { Pages } from '../page/pages.ts'
import { isResolution } from '../resolver/resolution.ts'
import type { ProfileSigner } from '../signing/profile-signer.ts'
import { askElsewhere } from './ask-elsewhere.ts'
import { listingRoutes } from './listings.ts'
import { lookupByHost, lookupByPath, lookupByQuery } from './lookup.ts'
import { languagesOf, lookupReaders } from './lookup-readers.ts'
import { pageFileRoutes } from './page-files.ts'
import { pageRoute } from './page-route.ts'
import { PersonalResponses } from './personal-responses.ts'
import { redirectToHttps } from './redirect.ts'
import { type Representation, representationRoute } from './representations.ts'
import { type HttpResponse, subjectOf } from './response.ts'
import type { Route } from './route.ts'
import { type SharedDocuments, SharedResponses, sharedDocuments } from './shared-responses.ts'

/** Every route: one for each path of the endpoints of all formats, the files of the page, and the lists of the ISPDB. */
export function routesFor(signer: ProfileSigner, pages: Pages): readonly Route[] {
  const byPath = new Map<string, Representation[]>()
  for (const format of formats) {
    const documents = sharedDocuments(format)
    for (const endpoint of format.endpoints) {
      const route =
        format === page
          ? pageRoute(endpoint, pages)
          : format.personal || endpoint.request === 'link'
            ? personalRoute(format, endpoint, signer)
            : sharedRoute(format, endpoint, documents)
      const others = byPath.get(endpoint.path) ?? []
      byPath.set(endpoint.path, [...others, { route, accept: endpoint.accept }])
    }
  }
  return [...[...byPath.values()].map(representationRoute), ...pageFileRoutes, ...listingRoutes]
}

/** A document that everybody in a domain shares. */
function sharedRoute(format: Format, { path, serve }: Endpoint, documents: SharedDocuments): Route {
  const responses = new SharedResponses(format, documents, serve === 'ispdb')
  const hasParameter = path.includes(':')
  // A document with a published digest is the same for everyone in the domain.
  const lookupBy = format.verbatim
    ? lookupByHost
    : format.forEverybody
      ? (url: string, host: string) => withoutPerson(lookupByQuery(url, host))
      : lookupByQuery
  return {
    path,
    format: format.name,
    takesPost: false,
    isBusy: !hasParameter,
    answer({ url, host, headers, parameter }, resolver) {
      const lookup = hasParameter ? lookupByPath(parameter as string) : lookupBy(url, host)
      const found = serve ? resolver.resolveDocument(lookup, serve) : resolver.resolve(lookup)
      return found instanceof Promise
        ? found.then((later) => responses.respond(later, lookup, resolver, headers))
        : responses.respond(found, lookup, resolver, headers)
    },
  }
}

/** A document for one person, or for one kind of request. */
function personalRoute(format: Format, endpoint: Endpoint, signer: ProfileSigner): Route {
  const responses = new PersonalResponses(format, endpoint, signer)
  const { path, otherSpellings, request: kind = 'query' } = endpoint
  const readLookup = lookupReaders[kind]
  const isCostly = endpoint.picture !== undefined || format.signed === true
  return {
    path,
    otherSpellings,
    format: format.name,
    takesPost: kind === 'autodiscover',
    isBusy: false,
    async answer(request, resolver, takeTurn) {
      const method = request.method === 'POST' ? 'POST' : 'GET'
      const refuse = (refusal: Refusal) =>
        responses.refusal(refusal, method, { languages: languagesOf(request) })
      const lookup = await readLookup(request, resolver)
      if (!lookup.ok) return refuse(lookup.error)
      const found = await resolver.resolve(lookup.value)
      const elsewhere = askElsewhere(found, resolver.config.http)
      if (elsewhere) return elsewhere
      if (!isResolution(found)) return refuse({ reason: 'unknownDomain' })
      const settings = accountSettings(found.domain, found.clientConfig, lookup.value.person())
      const location = kind === 'autodiscover' ? redirectToHttps(request, settings) : undefined
      const { config } = resolver
      const write = async (): Promise<HttpResponse> => {
        if (location !== undefined) return responses.redirect(location)
        if (!isCostly || !takeTurn) return responses.document(settings, config, method)
        await responses.load(config)
        return takeTurn(() => responses.document(settings, config, method))
      }
      return { ...(await write()), subject: subjectOf(found) }
    },
    refuseBody: (status) => responses.refusal({ reason: 'malformed' }, 'POST', { status }),
  }
}
