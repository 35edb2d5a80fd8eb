import type { Domain, EmailAddress } from '../model/address.ts'
import { fillPlaceholders } from '../model/placeholders.ts'
import { entriesOf, hasDomain } from './account-table.ts'
import { type DecoyTables, scopeOf } from './decoy-tables.ts'
import { type LoginRule, loginFromAddress } from './login-rule.ts'
import { NumberedLogins } from './numbered-logins.ts'
import { lowest, Numbers } from './numbers.ts'
import { withoutExtension } from './target.ts'

/** The unknown address that a decoy is for. Evolution sends only its MD5. */
export interface DecoySubject {
  readonly digest: string
  readonly address?: EmailAddress
  /** `username` of the domain, with its placeholders. */
  readonly username: string
}

/** The number of rules of a domain that are imitated: those of the most addresses. */
const mostRules = 16

interface WeightedRule {
  readonly rule: LoginRule
  readonly text: string
  readonly weight: number
}

/**
 * Invents login names for unknown addresses, so that nobody can distinguish these from known ones. A decoy is made by a rule
 * that real login names of the domain follow, as often as these do, and may itself be a real login name: if it never were,
 * repeated questions would reveal the real ones. It is derived from a secret (HMAC, RFC 2104) and the MD5 of the address.
 *
 * Choices are weighted rendezvous hashes: when login names are added, only those decoys change that the new ones need, since
 * an address whose login name changes is an unknown one.
 */
export class Decoys {
  readonly #tables: DecoyTables
  readonly #secret: Uint8Array
  readonly #numbered: NumberedLogins
  readonly #rules = new Map<Domain, readonly WeightedRule[]>()

  constructor({ secret, ...tables }: DecoyTables & { readonly secret: Uint8Array }) {
    this.#tables = tables
    this.#secret = secret
    this.#numbered = new NumberedLogins(tables.numbered)
  }

  /**
   * Returns `undefined` if the domain has no login names to imitate, and for a decoy that follows from the address if only the MD5
   * is known.
   */
  login(domain: Domain, { digest, address, username }: DecoySubject): string | undefined {
    const numbersOf = (purpose: string) => new Numbers(this.#secret, `${purpose}\0${digest}`)
    const rule = this.#choose(this.#rulesOf(domain), numbersOf)
    if (!rule) return undefined
    switch (rule.kind) {
      case 'username':
        return address && fillPlaceholders(username, bare(address))
      case 'address':
        return address && loginFromAddress(rule, address.localPart)
      case 'letters':
        return randomLetters(rule.shape, numbersOf('letters'))
      case 'number': {
        const own = scopeOf(rule.shape, domain)
        const scope = hasDomain(this.#tables.numbered, own) ? own : scopeOf(rule.shape)
        return this.#numbered.draw(scope, rule.shape, numbersOf)
      }
    }
  }

  #choose(rules: readonly WeightedRule[], numbersOf: (purpose: string) => Numbers): LoginRule | undefined {
    if (rules.length < 2) return rules[0]?.rule
    return rules[lowest(rules.map(({ text, weight }) => numbersOf(text).score(weight)))]?.rule
  }

  #rulesOf(domain: Domain): readonly WeightedRule[] {
    let rules = this.#rules.get(domain)
    if (!rules) {
      rules = [...entriesOf(this.#tables.rules, domain)]
        .map(({ localPart: text, target }) => ({ rule: JSON.parse(text), text, weight: Number(target) }))
        .sort((a, b) => b.weight - a.weight)
        .slice(0, mostRules)
      this.#rules.set(domain, rules)
    }
    return rules
  }
}

/** As files spell a mailbox. */
const bare = ({ localPart, domain }: EmailAddress): EmailAddress => ({
  localPart: withoutExtension(localPart.toLowerCase()),
  domain,
})

function randomLetters(shape: string, numbers: Numbers): string {
  const letterFrom = (first: number) => () => String.fromCharCode(first + numbers.below(26))
  return shape.replace(/a/g, letterFrom(0x61)).replace(/A/g, letterFrom(0x41))
}
