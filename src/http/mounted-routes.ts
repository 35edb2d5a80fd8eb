import type { Route } from './route.ts'

/** The routes at one URL of Fastify's router. */
export interface MountedRoutes {
  /** A wildcard for routes with a parameter, since Fastify limits the length of parameters, and tokens are long. */
  readonly url: string
  readonly routes: readonly Route[]
}

export function mount(routes: readonly Route[]): MountedRoutes[] {
  const byUrl = new Map<string, Route[]>()
  for (const route of routes) {
    const [before = '', parameter] = route.path.split(':')
    const url = parameter === undefined ? before : `${before}*`
    byUrl.set(url, [...(byUrl.get(url) ?? []), route])
  }
  const mounted = [...byUrl].map(([url, some]) => ({ url, routes: some }))
  const spellings = routes.flatMap(
    (route) => route.otherSpellings?.map((url) => ({ url, routes: [route] })) ?? [],
  )
  return [...mounted, ...spellings]
}

/** The route for the text that the wildcard matches, and its parameter; `undefined` if no route matches. */
export function matchRoute(
  { routes }: MountedRoutes,
  rest: string | undefined,
): { readonly route: Route; readonly parameter?: string } | undefined {
  if (rest === undefined) return { route: routes[0] as Route }
  for (const route of routes) {
    const parameter = parameterIn(rest, route.path)
    if (parameter !== undefined) return { route, parameter }
  }
  return undefined
}

/** `abc/settings.json` and `/setup/:token/settings.json` -> `abc`. */
function parameterIn(rest: string, path: string): string | undefined {
  const suffix = path.replace(/^.*:\w+/, '')
  const trimmed = rest.endsWith('/') ? rest.slice(0, -1) : rest
  const parameter = trimmed.slice(0, trimmed.length - suffix.length)
  const isMatch = trimmed.toLowerCase().endsWith(suffix) && parameter !== '' && !parameter.includes('/')
  return isMatch ? parameter : undefined
}
