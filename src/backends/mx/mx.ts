import type { MxRecord } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import * as z from 'zod'
import { type Domain, parseDomain } from '../../model/address.ts'
import { domainName } from '../../reading/fields.ts'
import { parseIpAndPort } from '../../reading/ip-and-port.ts'
import { type Backend, type BackendKind, backendSettings, concurrencySetting, probe } from '../backend.ts'
import { untilAborted, within } from '../until-aborted.ts'

const resolver = z
  .string()
  .refine(
    (text) => parseIpAndPort(text) !== undefined,
    'must be an IP address with an optional port, such as 127.0.0.1, 127.0.0.1:5353 or [::1]:5353',
  )

const schema = z.strictObject({
  resolver: z.array(resolver).min(1).max(10).optional().meta({
    description: "Name servers, in the order in which they are tried. Default: the system's name servers.",
  }),
  hosts: z
    .record(domainName(), z.string().min(1))
    .default({})
    .meta({ description: 'Maps the name of an MX to a host, given by its key or host name.' }),
  queries: concurrencySetting,
  ...backendSettings,
})

export type MxSettings = z.infer<typeof schema>

/** The host of a domain from its MX records: a domain is on the host that receives its mail. */
export const mx: BackendKind<MxSettings> = {
  key: 'mx',
  schema: schema.meta({ description: 'The MX of the domain, looked up in DNS (docs/ldap.md).' }),
  queriesOf: ({ hosts }) => hosts,
  open: async (settings) => openMx(settings),
}

function openMx({ resolver, hosts, queries, timeout }: MxSettings): Backend {
  const resolvers = resolver?.map((server) => resolverOf([server], timeout)) ?? [systemResolver(timeout)]
  /** How long each name server may take, in milliseconds. */
  const timeLimit = Math.floor((900 * timeout) / resolvers.length)
  /** The index of the name server that answered last. It is tried first. */
  let first = 0

  /** Returns the answer of the first name server that has one. */
  async function lookUp(domain: Domain, signal: AbortSignal, turn = 0): Promise<MxRecord[]> {
    const index = (first + turn) % resolvers.length
    try {
      const records = await resolveMx(resolvers[index] as Resolver, domain, timeLimit, signal)
      first = index
      return records
    } catch (error) {
      if (signal.aborted || turn === resolvers.length - 1) throw error
      return lookUp(domain, signal, turn + 1)
    }
  }

  return {
    concurrency: queries,
    failsByDomain: true,
    async findHost(domain, signal) {
      const names = bestOf(await lookUp(domain, signal))
      const ours = names.find((name) => Object.hasOwn(hosts, name))
      if (ours !== undefined) return hosts[ours]
      // If several names have equal preference, the caller finds the one that is a configured host.
      return names.length > 1 ? `smtp:${names.map((name) => `[${name}]`).join(',')}` : names[0]
    },
    /** Asks each name server, not only the first that answers, for a name that never exists. */
    async check(signal) {
      const outcomes = await Promise.allSettled(
        resolvers.map((resolver) => resolveMx(resolver, probe.domain, timeLimit, signal)),
      )
      const errors = outcomes.flatMap((outcome, index) =>
        outcome.status === 'rejected'
          ? [`${resolver?.[index] ?? 'system resolver'}: ${outcome.reason.message}`]
          : [],
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
 * A resolver that tries the name servers of the system in turn. It checks the clock only once per timeout, so a server
 * that does not answer may cost twice the timeout.
 */
function systemResolver(timeout: number): Resolver {
  const others = new Resolver().getServers().length - 1
  return new Resolver({ timeout: Math.ceil((1000 * timeout) / Math.max(1, 4 * others)), tries: 1 })
}

/** Returns no records if the domain does not exist or has no MX. `timeLimit` is in milliseconds. */
async function resolveMx(
  resolver: Resolver,
  domain: string,
  timeLimit: number,
  signal: AbortSignal,
): Promise<MxRecord[]> {
  try {
    return await within(timeLimit, signal, (signal) => untilAborted(resolver.resolveMx(domain), signal))
  } catch (error) {
    signal.throwIfAborted()
    const { code } = error as { code?: unknown }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    // The message of Node.js contains the domain, so it is not used.
    throw new Error(`the MX cannot be looked up: ${typeof code === 'string' ? code : 'timed out'}`)
  }
}

/**
 * The names with the lowest preference, sorted. The others are backups or decoys for spammers, and do not store the mail of
 * the domain. A null MX (RFC 7505) is not a name.
 */
function bestOf(records: readonly MxRecord[]): Domain[] {
  const best = Math.min(...records.map(({ priority }) => priority))
  const names = records
    .filter(({ priority }) => priority === best)
    .map(({ exchange }) => parseDomain(exchange))
  return [...new Set(names.filter((name) => name !== undefined))].sort()
}
