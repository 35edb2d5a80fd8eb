import type { Domain } from '../model/address.ts'
import { type AccountEntry, type AccountTable, buildAccountTable } from './account-table.ts'
import { loginOnHost, parseEnd } from './end.ts'
import { type LoginRule, ruleOf, shapeOf } from './login-rule.ts'

/** The login names that decoys imitate. Plain data in shared memory: built while a configuration is read, in another thread. */
export interface DecoyTables {
  /** Each domain, the rules of its login names as JSON, and how many addresses have a login name by this rule. */
  readonly rules: AccountTable
  /** The numbered login names of each shape; again for each domain that has enough of them (`scopeOf`). */
  readonly numbered: AccountTable
}

/**
 * A group of login names with the same first digits is imitated only if it has this many, so that no number of decoys reveals
 * where a single login name is.
 */
export const smallestGroup = 5

/** The key for the login names of a shape: those of one domain, or of all domains. */
export const scopeOf = (shape: string, domain = ''): string => `${domain}\n${shape}`

export interface BuiltDecoyTables {
  readonly tables: DecoyTables
  /** The number of addresses whose login name no decoy looks like. */
  readonly recognisable: number
}

/** `isHost`: is it the name of a mail host? `isHere`: is the mail of the domain on one of them? */
export function buildDecoyTables(
  entries: Iterable<AccountEntry>,
  isHost: (name: string) => boolean,
  isHere: (domain: Domain) => boolean,
): BuiltDecoyTables {
  const rules = new Counts()
  const numbered = new Map<string, Set<string>>()
  let recognisable = 0
  for (const { domain, localPart, target } of entries) {
    // Every other address of the domain has this login name, so the domain has no unknown addresses.
    if (localPart === '') continue
    const end = parseEnd(target)
    const login = loginOnHost(end, isHost)
    if (login === undefined) {
      if (!('mailbox' in end)) continue
      const isItself = end.mailbox.domain === domain && end.mailbox.localPart === localPart
      if (isItself) rules.add(domain, { kind: 'username' })
      else if (isHere(end.mailbox.domain as Domain)) recognisable++
      continue
    }
    const rule = ruleOf(login, localPart)
    rules.add(domain, rule)
    if (rule.kind === 'letters') recognisable++
    if (rule.kind !== 'number') continue
    const shape = shapeOf(login)
    for (const scope of [scopeOf(shape), scopeOf(shape, domain)])
      numbered.set(scope, (numbered.get(scope) ?? new Set()).add(login))
  }
  const tables = {
    rules: buildAccountTable(rules.entries()),
    numbered: buildAccountTable(loginsByScope(numbered)),
  }
  return { tables, recognisable }
}

function* loginsByScope(numbered: ReadonlyMap<string, ReadonlySet<string>>): Generator<AccountEntry> {
  for (const [scope, logins] of numbered) {
    if (!scope.startsWith('\n') && logins.size < smallestGroup) continue
    for (const login of logins) yield { domain: scope, localPart: login, target: '' }
  }
}

/** Counts the login names of each rule and domain. */
class Counts {
  readonly #counts = new Map<string, Map<string, number>>()

  add(domain: string, rule: LoginRule): void {
    const counts = this.#counts.get(domain) ?? new Map<string, number>()
    const key = JSON.stringify(rule)
    this.#counts.set(domain, counts.set(key, (counts.get(key) ?? 0) + 1))
  }

  *entries(): Generator<AccountEntry> {
    for (const [domain, counts] of this.#counts)
      for (const [rule, count] of counts) yield { domain, localPart: rule, target: String(count) }
  }
}
