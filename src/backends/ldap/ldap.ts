import type { Entry, SearchOptions } from 'ldapts'
import { type Domain, type EmailAddress, formatEmailAddress } from '../../model/address.ts'
import { type Backend, type BackendContext, type BackendKind, probe } from '../backend.ts'
import { type Driver, LdapConnection, type LdapServer, type Network } from './connection.ts'
import { anyValueFilter, type FilterValues, fillFilter } from './filter.ts'
import { LdapServers } from './servers.ts'
import { type LdapSettings, ldapSection } from './settings.ts'

/** The host of a domain and the login of an address from LDAP (RFC 4511). */
export const ldap: BackendKind<LdapSettings> = {
  key: 'ldap',
  schema: ldapSection.meta({ description: 'An LDAP server (docs/ldap.md).' }),
  // ldapts 9 requires Node.js 22.
  driver: () => 'ldapts@8',
  queriesOf: ({ base, domain, account }) => ({ base, domain, account }),
  files: ['authorityFile'],
  open: (settings, context) => openLdap(settings, context, {}, Date.now),
}

interface LdapQuery {
  readonly base: string
  readonly filter: string
  readonly attribute: string
}

/** Like `open`, with the network and the clock (in milliseconds) as arguments. */
export async function openLdap(
  settings: LdapSettings,
  { password, files: { authorityFile: ca } = {} }: BackendContext,
  machine: Network,
  now: () => number,
): Promise<Backend> {
  const { startTls, bindDn, timeout } = settings
  const domain = settings.domain && { ...settings.domain, base: settings.domain.base ?? settings.base }
  const account = settings.account && { ...settings.account, base: settings.account.base ?? settings.base }
  const { name } = domain ?? {}
  const driver = await import('ldapts')
  const network = ca === undefined ? machine : { ...machine, ca }
  const list = settings.url.map((url) => ({ url, startTls, bindDn, password }))
  const servers = new LdapServers(driver, list, timeout, network, now)

  const checks = [
    ...(domain ? [{ key: 'domain', query: domain, values: filterValues(probe.domain) }] : []),
    ...(account ? [{ key: 'account', query: account, values: filterValues(probe) }] : []),
  ]

  /** The first value of each entry that matches, without duplicates. */
  async function search(query: LdapQuery, values: FilterValues, signal: AbortSignal): Promise<string[]> {
    const entries = await servers.search(query.base, searchOptions(query, values, timeout), signal)
    return [...new Set(entries.flatMap((entry) => valuesOf(entry, query.attribute).slice(0, 1)))]
  }

  return {
    concurrency: settings.queries,
    status: () => ({ connections: servers.connections }),
    ...(domain && {
      // Of several hosts, the result is always the same one: servers return them in any order.
      async findHost(name: Domain, signal: AbortSignal) {
        const hosts = await search(domain, filterValues(name), signal)
        return hosts.sort()[0]
      },
    }),
    ...(account && {
      // An address of several people has no login, as in an alias map.
      async findLogin(address: EmailAddress, signal: AbortSignal) {
        const [login, other] = await search(account, filterValues(address), signal)
        return other === undefined ? login : undefined
      },
    }),
    ...(domain &&
      name !== undefined && {
        async *list(signal: AbortSignal) {
          const { base, filter, attribute } = domain
          const options = { filter: anyValueFilter(filter), attributes: [attribute, ...name], timeLimit: 0 }
          for await (const entries of servers.pages(base, options, signal)) {
            for (const entry of entries) {
              const [host] = valuesOf(entry, attribute)
              if (host === undefined) continue
              const names = name.flatMap((one) => valuesOf(entry, one))
              for (const domain of new Set(names)) yield { domain, host }
            }
          }
        },
      }),
    /** Checks every server, not only the first that answers. */
    async check(signal) {
      const outcomes = await Promise.allSettled(
        list.map((server) => checkServer(driver, server, network, checks, signal)),
      )
      const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '))
    },
    close: () => servers.close(),
  }
}

/** Two entries are enough to know that there are several. */
const searchOptions = (
  { filter, attribute }: LdapQuery,
  values: FilterValues,
  timeout: number,
): SearchOptions => ({
  filter: fillFilter(filter, values),
  attributes: [attribute],
  sizeLimit: 2,
  timeLimit: Math.ceil(timeout),
})

/** In lower case, because servers may compare case-sensitively. */
function filterValues(key: Domain | EmailAddress): FilterValues {
  if (typeof key === 'string') return { s: key, u: '', d: key }
  const { localPart, domain } = key
  return { s: formatEmailAddress(key).toLowerCase(), u: localPart.toLowerCase(), d: domain }
}

/** The non-empty strings among the values of an attribute. Servers may spell its name in any case. */
function valuesOf(entry: Entry, attribute: string): string[] {
  return Object.entries(entry)
    .filter(([name]) => name.toLowerCase() === attribute.toLowerCase())
    .flatMap(([, values]): (string | Buffer)[] => [values].flat())
    .filter((value) => typeof value === 'string' && value !== '') as string[]
}

/** A query to test, and the values to test it with. */
interface Check {
  readonly key: string
  readonly query: LdapQuery
  readonly values: FilterValues
}

/** Rejects if a server does not answer a query, or has no entry that could ever be an answer. */
async function checkServer(
  driver: Driver,
  server: LdapServer,
  network: Network,
  checks: readonly Check[],
  signal: AbortSignal,
): Promise<void> {
  const connection = await LdapConnection.open(driver, server, network, signal)
  let current = ''
  try {
    for (const { key, query, values } of checks) {
      current = key
      const { base, filter, attribute } = query
      await connection.search(base, searchOptions(query, values, 0), signal)
      const all = {
        filter: `(&${anyValueFilter(filter)}(${attribute}=*))`,
        attributes: ['1.1'],
        sizeLimit: 1,
      }
      const found = await connection.search(base, all, signal)
      if (found.length > 0) continue
      throw new Error(
        `${server.url}: no entry matches the filter and has the attribute ${attribute}, or bindDn may not read it`,
      )
    }
  } catch (error) {
    throw new Error(`${current}: ${(error as Error).message}`)
  } finally {
    await connection.close()
  }
}
