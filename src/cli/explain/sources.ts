import { type BackendAnswer, isAnswer } from '../../backends/answer.ts'
import type { CachedBackend } from '../../backends/cached-backend.ts'
import type { Domain, EmailAddress } from '../../model/address.ts'
import { isResolution, type NotFound, type Resolution } from '../../resolver/resolution.ts'
import type { Resolver } from '../../resolver/resolver.ts'

/** The answer of a source about the host of the domain, or about the login name of the address. */
export interface SourceExplanation {
  readonly source: string
  readonly kind: string
  readonly askedFor: 'host' | 'login'
  readonly answered: boolean
  /** The host that it named. A login name is not repeated here. */
  readonly host?: string
  readonly known: boolean
  readonly problem?: string
}

/** Asks each source that an answer depends on. Their answers are in the cache, since the resolver asked them a moment ago. */
export async function askSources(
  domain: Domain,
  address: EmailAddress | undefined,
  found: Resolution | NotFound,
  resolver: Resolver,
): Promise<SourceExplanation[]> {
  const all = resolver.backends?.all ?? []
  const isMapped = isResolution(found) ? found.reason.kind === 'mapped' : resolver.refusalOf(domain)
  const ofHost = all.filter(({ backend, kind }) => backend.findHost && (!isMapped || kind === 'mx'))
  const ofLogin = address && isResolution(found) ? all.filter(({ hasLogins }) => hasLogins) : []
  const answers = [
    ...ofHost.map(async (source) => describe(source, 'host', await source.findHost(domain))),
    ...ofLogin.map(async (source) =>
      describe(source, 'login', await source.findLogin(address as EmailAddress)),
    ),
  ]
  return Promise.all(answers)
}

function describe(
  source: CachedBackend,
  askedFor: SourceExplanation['askedFor'],
  answer: BackendAnswer,
): SourceExplanation {
  const { problem } = source.state
  const { value } = answer
  const answered = isAnswer(answer)
  return {
    ...{ source: source.name, kind: source.kind, askedFor, answered, known: value !== undefined },
    ...(askedFor === 'host' && value !== undefined && { host: value }),
    ...(!answered && problem !== undefined && { problem }),
  }
}

/** A line about a source, for people. */
export function describeSource(explained: SourceExplanation): string {
  const { source, kind, askedFor, answered, known, host, problem } = explained
  if (kind === 'mx') {
    if (!answered) return 'the MX could not be looked up\n'
    return known ? `the MX points to ${host}\n` : 'there is no MX\n'
  }
  const what = askedFor === 'host' ? 'domain' : 'address'
  if (!answered)
    return `the source ${source} did not answer about the ${what}${problem === undefined ? '' : `: ${problem}`}\n`
  if (!known) return `the source ${source} was asked, and does not know the ${what}\n`
  return `the source ${source} knows the ${what}${host === undefined ? '' : `: its host is ${host}`}\n`
}
