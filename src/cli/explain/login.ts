import type { EmailAddress } from '../../model/address.ts'
import type { Resolution } from '../../resolver/resolution.ts'
import type { SourceExplanation } from './sources.ts'

/** The login name of the person, if it differs from `username` of the host. */
export interface LoginExplanation {
  /**
   * `public`: the login name is shown to every client; `link`: only by a personal link; `unknown`: the address is of no account;
   * `unavailable`: a source that may know it did not answer; `byAddress`: no address was asked for.
   */
  readonly shown: 'public' | 'link' | 'unknown' | 'unavailable' | 'byAddress'
  /** Absent in an explanation of the running server unless every client is shown it. */
  readonly name?: string
  /** Why the login name is unknown, if a file or a source says so: `virtual:5 has two mailboxes`. */
  readonly why?: string
}

/**
 * `undefined` if the domain has no login names: then `username` is used. `linked`: the settings that a personal link of the
 * address shows. `why`: the reason that the files and sources give if they know no login name.
 */
export function explainLogin(
  { confidential, clientConfig }: Resolution,
  linked: Resolution,
  address: EmailAddress | undefined,
  sources: readonly SourceExplanation[],
  why: string | undefined,
): LoginExplanation | undefined {
  const { hidesLogins, servers } = linked.clientConfig
  if (!hidesLogins && !linked.confidential) return undefined
  if (!address) return { shown: 'byAddress' }
  if (hidesLogins) {
    const isCertain = sources.every(({ askedFor, answered }) => askedFor === 'host' || answered)
    return isCertain ? { shown: 'unknown', ...(why !== undefined && { why }) } : { shown: 'unavailable' }
  }
  const name = servers[0]?.username as string
  const isPublic = confidential && clientConfig.servers[0]?.username === name
  return { shown: isPublic ? 'public' : 'link', name }
}

/** For people. */
export function describeLogin({
  shown,
  name,
  why = 'no account of this address is known',
}: LoginExplanation): string {
  switch (shown) {
    case 'public':
      return `${name}, shown to every client`
    case 'link':
      return name === undefined
        ? 'a known login name, shown only by a personal link'
        : `${name}, shown only by a personal link`
    case 'unknown':
      return why
    case 'unavailable':
      return 'not known now: a source that may know the account did not answer'
    case 'byAddress':
      return 'the login name of the account, which differs by address'
  }
}
