import { Resolver } from 'node:dns/promises'
import { absolute, quoted } from '../dns/zone.ts'
import { failure, type Result, success } from '../model/result.ts'
import { type Ask, openQuestions } from './dns-query.ts'

/** Why a name server returned no records; `isCertain` if there are none. */
export interface NoRecords {
  readonly isCertain: boolean
  /** The records exist, and their DNSSEC signatures are not valid. */
  readonly isBogus?: true
  /** For people. */
  readonly why: string
}

/** The types that the checks ask for, and their data as in a zone file, so that records are compared as text. */
const types = {
  A: (resolver, name) => resolver.resolve4(name),
  AAAA: (resolver, name) => resolver.resolve6(name),
  CNAME: async (resolver, name) => (await resolver.resolveCname(name)).map(nameOf),
  MX: async (resolver, name) =>
    (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${nameOf(exchange)}`),
  SRV: async (resolver, name) =>
    (await resolver.resolveSrv(name)).map(
      (record) => `${record.priority} ${record.weight} ${record.port} ${nameOf(record.name)}`,
    ),
  TXT: async (resolver, name) => (await resolver.resolveTxt(name)).map((parts) => quoted(parts.join(''))),
  CAA: async (resolver, name) =>
    (await resolver.resolveCaa(name)).flatMap(({ critical, ...properties }) =>
      Object.entries(properties)
        // That of the record, in Node.js 24.
        .filter(([tag]) => tag !== 'type')
        .map(([tag, value]) => `${critical} ${tag} "${value}"`),
    ),
} as const satisfies Readonly<Record<string, (resolver: Resolver, name: string) => Promise<string[]>>>

export type RecordType = keyof typeof types

/** Names are compared in lower case; c-ares writes the root as an empty name. */
const nameOf = (name: string): string => (name === '' ? '.' : absolute(name.toLowerCase()))

/** The records of a name, from the name servers of this machine or from chosen ones. */
export type NameServer = (type: RecordType, name: string) => Promise<Result<readonly string[], NoRecords>>

/** The codes of c-ares. All others mean that nobody knows. */
const certain: Readonly<Record<string, string>> = {
  ENOTFOUND: 'NXDOMAIN: the name does not exist',
  ENODATA: 'no such record',
}

const uncertain: Readonly<Record<string, string>> = {
  ESERVFAIL: 'SERVFAIL: the name servers of the domain fail',
  EREFUSED: 'REFUSED: the name server does not answer for this name',
  ECONNREFUSED: 'the name server is not reachable from this network',
  ETIMEOUT: 'no answer of the name server',
}

/**
 * `timeout` is in milliseconds. `ask` sees more of the answers. Queries that run when the signal aborts end without an answer.
 */
export function openNameServer(
  servers: readonly string[],
  timeout: number,
  signal?: AbortSignal,
): { readonly names: NameServer; readonly ask: Ask } {
  const resolver = new Resolver({ timeout, tries: 2 })
  signal?.addEventListener('abort', () => resolver.cancel(), { once: true })
  if (servers.length > 0) resolver.setServers(servers)
  const ask = openQuestions(resolver.getServers(), timeout, signal)
  return {
    names: async (type, name) =>
      asked(types[type](resolver, name), () => ask({ type, name, checkingDisabled: true })),
    ask,
  }
}

/** A validating name server answers SERVFAIL if signatures are not valid, and the records if it must not look at them. */
async function asked<T>(
  answer: Promise<T>,
  askUnchecked: () => ReturnType<Ask>,
): Promise<Result<T, NoRecords>> {
  try {
    return success(await answer)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ESERVFAIL' && answered.includes((await askUnchecked())?.code))
      return failure({
        isCertain: false,
        isBogus: true,
        why: 'the DNSSEC signatures are not valid (SERVFAIL, and an answer with checking disabled)',
      })
    const known = certain[code]
    return failure({ isCertain: known !== undefined, why: known ?? uncertain[code] ?? `error ${code}` })
  }
}

const answered: readonly unknown[] = ['NOERROR', 'NXDOMAIN']
