import { createHmac } from 'node:crypto'
import type { Domain } from '../model/address.ts'
import { type AccountTable, hasDomain } from './account-table.ts'
import type { Accounts, AccountsData } from './accounts.ts'

/** How many logins of a domain are looked at for their shape. */
const samples = 200

/**
 * Logins for addresses that are not known, so that nobody can tell them from those that are: of the shape of a real login
 * of the domain (`user0001`: letters stay, digits change), the same each time, and nobody's. They are derived from a secret
 * (HMAC, RFC 2104) and the MD5 of the address, so that who says only that gets the same.
 */
export class Decoys {
  readonly #accounts: Accounts
  readonly #secret: Uint8Array
  /** Every login that is somebody's. */
  readonly #taken: AccountTable
  readonly #shapes = new Map<Domain, readonly string[]>()

  constructor(accounts: Accounts, { secret, taken }: NonNullable<AccountsData['decoys']>) {
    this.#accounts = accounts
    this.#secret = secret
    this.#taken = taken
  }

  /** `undefined` for a domain that has no logins to be like. */
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

/** Up to these rounds numbers keep the zeros at their front, then their length; after that the login grows. */
const rounds = { zerosStay: 20, lengthStays: 60 } as const

/** Digits change; where there are none, letters do. */
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

/** Numbers from the bytes of a digest; after the last byte comes the first again. */
class Numbers {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** From 0 to below `limit`, which is at most 2^16. */
  below(limit: number): number {
    const high = this.#bytes[this.#at++ % this.#bytes.length] as number
    const low = this.#bytes[this.#at++ % this.#bytes.length] as number
    return ((high << 8) | low) % limit
  }
}
