import Negotiator from 'negotiator'
import type { Route } from './route.ts'

/** A route that shares its path with others, for clients that prefer a media type. */
export interface Representation {
  readonly route: Route
  /** Absent for the representation that all other clients get. */
  readonly accept?: string | undefined
}

/** The route of a path. If it has several representations, the `Accept` header chooses (RFC 9110, section 12.5.1). */
export function representationRoute(representations: readonly Representation[]): Route {
  const fallback = representations.find(({ accept }) => accept === undefined)?.route as Route
  if (representations.length === 1) return fallback
  const others = representations.filter(({ accept }) => accept !== undefined)
  // One log for the path, whichever format answers.
  const { format: _, ...common } = fallback
  return {
    ...common,
    async answer(request, ...context) {
      const response = await choose(request.headers.accept).answer(request, ...context)
      return { ...response, headers: [...response.headers, 'Vary', 'Accept'] }
    },
  }

  /** `*` and `text/*` mean the fallback: only a client that names a media type prefers it. */
  function choose(accept: string | undefined): Route {
    const wanted = new Negotiator({ headers: { accept: accept?.toLowerCase() } }).mediaTypes()
    const named = wanted.find((type) => others.some((other) => other.accept === type))
    const first = wanted.findIndex((type) => type.includes('*') || type.startsWith('text/plain'))
    const isPreferred = named !== undefined && (first === -1 || wanted.indexOf(named) < first)
    return (isPreferred && others.find((other) => other.accept === named)?.route) || fallback
  }
}
