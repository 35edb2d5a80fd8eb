import type { FastifyInstance } from 'fastify'
import { parseDomain } from '../model/address.ts'
import { domainOfServiceName } from '../model/service-names.ts'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import { plainText } from './headers.ts'

/** `/ask`, the protocol of Caddy's on_demand_tls: 200 allows a certificate for the name, any other status refuses it. */
export function addAsk(app: FastifyInstance, live: LiveResolver): void {
  app.get<{ Querystring: { domain?: string | string[] } }>('/ask', async (request, reply) => {
    const { domain: name } = request.query
    const allowed = typeof name === 'string' && (await mayHaveCertificate(live, name))
    const answer = allowed ? 'Allowed.\n' : 'Not allowed: this service does not serve the name.\n'
    return reply
      .code(allowed ? 200 : 404)
      .type(plainText)
      .send(answer)
  })
}

/**
 * Allows the public name, and `autoconfig.`, `autodiscover.` and `ua-auto-config.` of served domains and of our own names. It
 * does not allow domains that only the entry `*` or their MX leads here: anybody could point names at this server, until the
 * certificate authority blocks it.
 */
async function mayHaveCertificate({ current }: LiveResolver, name: string): Promise<boolean> {
  const domain = parseDomain(name)
  if (domain !== undefined && domain === current.config.publicName) return true
  const base = domain && domainOfServiceName(domain)
  const served = base && parseDomain(base)
  if (!served) return false
  if (current.isOwnName(served)) return true
  const found = current.ruleFor(served)
  return found ? found.pattern !== '.' : current.isKnownToBackend(served)
}
