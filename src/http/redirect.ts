import { paths } from '../model/paths.ts'
import { serviceNames } from '../model/service-names.ts'
import type { AccountSettings } from '../model/settings.ts'
import { parseHost } from './lookup.ts'
import type { RouteRequest } from './route.ts'

/**
 * Outlook's "HTTP redirect method" ([MS-OXDISCO], section 3.1.5.4): it sends a GET to `http://autodiscover.<domain>` and expects a
 * redirect to https. That leads to the public name, which has a certificate, so a customer's domain needs none. Returns `undefined`
 * for requests that are answered here: over https, or without a public name. The URL contains the domain, for clients that follow
 * with a GET.
 */
export function redirectToHttps(
  request: RouteRequest,
  { domain, clientConfig }: AccountSettings,
): string | undefined {
  const { publicName } = clientConfig
  const host = parseHost(request.host)
  const isSecure = /^https\b/i.test(String(request.headers['x-forwarded-proto'] ?? request.protocol))
  if (request.method === 'POST' || isSecure || publicName === undefined || host === publicName)
    return undefined
  const query = `?emailaddress=${domain}`
  // The client has already followed the redirect (a proxy may rewrite Host on every request).
  if (!host?.startsWith(`${serviceNames.autodiscover}.`) || request.url.endsWith(query)) return undefined
  return `https://${publicName}${paths.autodiscover}${query}`
}
