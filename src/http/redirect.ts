import type { FastifyRequest } from 'fastify'
import type { AccountSettings } from '../model/settings.ts'
import { parseHost } from './lookup.ts'

/**
 * Outlook's "HTTP redirect method" ([MS-OXDISCO], section 3.1.5.4): it asks `http://autodiscover.<domain>` with a bare GET,
 * and expects to be sent to a URL of https. That is one of our public name, for which there is a certificate, so that a
 * customer's domain needs none of its own. `undefined` for every request that is to be answered where it came: over https,
 * and where we have no name to send anybody to. The domain goes along, for those who follow with a GET.
 */
export function redirectToHttps(
  request: FastifyRequest,
  { domain, clientConfig }: AccountSettings,
): string | undefined {
  const { publicName } = clientConfig
  const host = parseHost(request.host)
  const isSecure = /^https\b/i.test(String(request.headers['x-forwarded-proto'] ?? request.protocol))
  if (request.method === 'POST' || isSecure || publicName === undefined || host === publicName)
    return undefined
  const query = `?emailaddress=${domain}`
  // Who brings what we sent him with has been sent: a proxy may give every request the same Host.
  if (!host?.startsWith('autodiscover.') || request.raw.url?.endsWith(query)) return undefined
  return `https://${publicName}/autodiscover/autodiscover.xml${query}`
}
