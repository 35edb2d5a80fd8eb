import { createHmac } from 'node:crypto'
import type { Domain } from '../model/address.ts'
import { type AccountTable, hasDomain } from './account-table.ts'
import type { Accounts, AccountsData } from './accounts.ts'

/** The number of login names of a domain that decoys imitate. */
const samples = 200

/**
 * Invents login names for unknown addresses, so that nobody can distinguish these from known ones. A decoy has the form of a
 * real login name of the domain (`user0001`: letters stay, digits change), is the same each time, and is never a real login
 * name. It is derived from a secret (HMAC, RFC 2104) and the MD5 of the address, since Evolution sends only the MD5.
 */
export class Decoys {
  readonly #accounts: Accounts
  readonly #secret: Uint8Array
  /** Every real login name. */
  readonly #taken: AccountTable
  readonly #shapes = new Map<Domain, readonly string[]>()

  constructor(accounts: Accounts, { secret, taken }: NonNullable<AccountsData['decoys']>) {
    this.#accounts = accounts
    this.#secret = secret
    this.#taken = taken
  }

  /** Returns `undefined` if the domain has no login names to imitate. */
  login(domain: Domain, digest: string): string | undefined {
    const shapes = this.#shapesOf(domain)
    if (shapes.length === 0) return undefined
    let login: string
    let round = 0
    do {
      const numbers = new Numbers(createHmac('sha256', this.#secret).update(`${round}\0${digest}`).digest())
      const shape = shapes[numbers.below(shapes.length)] as string
      login = likeShape(shape, numbers, round++)
    } while (hasDomain(this.#taken, login))
    return login
  }

  #shapesOf(domain: Domain): readonly string[] {
    let shapes = this.#shapes.get(domain)
    if (!shapes) {
      const found: string[] = []
      for (const login of this.#accounts.logins(domain)) if (found.push(login) === samples) break
      shapes = found
      this.#shapes.set(domain, shapes)
    }
    return shapes
  }
}

/**
 * If a decoy is a real login name, another round follows. Numbers keep their leading zeros up to the first of these rounds,
 * and their length up to the second; after that, decoys are longer.
 */
const rounds = { zerosStay: 20, lengthStays: 60 } as const

/** Replaces the digits; if there are none, the letters. */
function likeShape(shape: string, numbers: Numbers, round: number): string {
  const digit = () => String(numbers.below(10))
  if (round >= rounds.lengthStays) return `${shape.replace(/\d/g, digit)}${digit()}${digit()}`
  if (!/\d/.test(shape)) {
    const letterFrom = (first: number) => () => String.fromCharCode(first + numbers.below(26))
    return shape.replace(/[a-z]/g, letterFrom(0x61)).replace(/[A-Z]/g, letterFrom(0x41))
  }
  if (round >= rounds.zerosStay) return shape.replace(/\d/g, digit)
  return shape.replace(/\d+/g, (number) => {
    const zeros = number.length - number.replace(/^0+(?=\d)/, '').length
    return `${number.slice(0, zeros)}${1 + numbers.below(9)}${number.slice(zeros + 1).replace(/\d/g, digit)}`
  })
}

/** Numbers from the bytes of a digest, which repeat after the last byte. */
class Numbers {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** A number from 0 to `limit` - 1; `limit` is at most 2^16. */
  below(limit: number): number {
    const high = this.#bytes[this.#at++ % this.#bytes.length] as number
    const low = this.#bytes[this.#at++ % this.#bytes.length] as number
    return ((high << 8) | low) % limit
  }
}
