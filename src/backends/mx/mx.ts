import type { MxRecord } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import * as z from 'zod'
import { type Domain, parseDomain } from '../../model/address.ts'
import { domainName } from '../../reading/fields.ts'
import { type Backend, type BackendKind, backendSettings } from '../backend.ts'
import { untilAborted, within } from '../until-aborted.ts'

/** The DNS: a domain whose mail comes to one of our hosts is served from that host. */

const resolver = z.string().refine((value) => {
  if (isIP(value) !== 0) return true
  const [, six, four = six, port] = /^(?:\[([^\]]*)\]|([\d.]*)):(\d{1,5})$/.exec(value) ?? []
  const family = six === undefined ? 4 : 6
  return isIP(four ?? '') === family && Number(port) >= 1 && Number(port) <= 65_535
}, 'must be an IP address, such as 127.0.0.1, 127.0.0.1:5353 or [::1]:5353')

const schema = z.strictObject({
  resolver: z.array(resolver).min(1).max(10).optional().meta({
    description: "The name servers that are asked, in this order. The system's by default.",
  }),
  hosts: z
    .record(domainName(), z.string().min(1))
    .default({})
    .meta({ description: 'The name of an MX, and the host that it belongs to, by key or host name.' }),
  ...backendSettings,
})

export type MxSettings = z.infer<typeof schema>

export const mx: BackendKind<MxSettings> = {
  key: 'mx',
  schema,
  open: async (settings) => openMx(settings),
}

function openMx({ resolver, hosts, timeout }: MxSettings): Backend {
  const resolvers = resolver?.map((server) => resolverOf([server], timeout)) ?? [systemResolver(timeout)]
  const patience = Math.floor((900 * timeout) / resolvers.length)
  /** The one that answered last, which is asked first. */
  let first = 0

  /** What the first name server says that says something; each is given its part of the time. */
  async function ask(domain: Domain, signal: AbortSignal, turn = 0): Promise<MxRecord[]> {
    const index = (first + turn) % resolvers.length
    try {
      const records = await resolveMx(resolvers[index] as Resolver, domain, patience, signal)
      first = index
      return records
    } catch (error) {
      if (signal.aborted || turn === resolvers.length - 1) throw error
      return ask(domain, signal, turn + 1)
    }
  }

  return {
    failsByDomain: true,
    async findHost(domain, signal) {
      const names = bestOf(await ask(domain, signal))
      const ours = names.find((name) => Object.hasOwn(hosts, name))
      if (ours !== undefined) return hosts[ours]
      // Of several with equal preference, which is ours is for those to say who know all hosts.
      return names.length > 1 ? `smtp:${names.map((name) => `[${name}]`).join(',')}` : names[0]
    },
    /** Asks each name server, though one would do, for a name that is nobody's ever (RFC 6761, section 6.4). */
    async check(signal) {
      const outcomes = await Promise.allSettled(
        resolvers.map((resolver) => resolveMx(resolver, 'example.invalid', patience, signal)),
      )
      const errors = outcomes.flatMap((outcome, index) =>
        outcome.status === 'rejected' ? [`${resolver?.[index] ?? 'the DNS'}: ${outcome.reason.message}`] : [],
      )
      if (errors.length > 0) throw new Error(errors.join('; '))
    },
    async close() {
      for (const resolver of resolvers) resolver.cancel()
    },
  }
}

function resolverOf(servers: readonly string[], timeout: number): Resolver {
  const resolver = new Resolver({ timeout: Math.ceil(1000 * timeout), tries: 1 })
  resolver.setServers(servers)
  return resolver
}

/**
 * Goes from one name server to the next by itself. It looks at the clock as seldom as its timeout passes, so that one
 * that is silent may cost it twice that.
 */
function systemResolver(timeout: number): Resolver {
  const others = new Resolver().getServers().length - 1
  return new Resolver({ timeout: Math.ceil((1000 * timeout) / Math.max(1, 4 * others)), tries: 1 })
}

/** None for a domain that is not there, or has no MX. */
async function resolveMx(
  resolver: Resolver,
  domain: string,
  patience: number,
  signal: AbortSignal,
): Promise<MxRecord[]> {
  try {
    return await within(patience, signal, (signal) => untilAborted(resolver.resolveMx(domain), signal))
  } catch (error) {
    signal.throwIfAborted()
    const { code } = error as { code?: unknown }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    // Not the message of Node.js, which holds the domain.
    throw new Error(`the MX cannot be looked up: ${typeof code === 'string' ? code : 'not in time'}`)
  }
}

/**
 * The names with the lowest preference, in an order that does not change by chance. Those behind them are for when
 * these are down, or are told to spammers; mail of the domain is not kept there. A null MX (RFC 7505) is no name.
 */
function bestOf(records: readonly MxRecord[]): Domain[] {
  const best = Math.min(...records.map(({ priority }) => priority))
  const names = records
    .filter(({ priority }) => priority === best)
    .map(({ exchange }) => parseDomain(exchange))
  return [...new Set(names.filter((name) => name !== undefined))].sort()
}
