import { createHmac } from 'node:crypto'

/** Numbers from the bytes of a digest, which repeat after the sixteenth number. */
export class Numbers {
  readonly #bytes: Buffer
  #at = 0

  constructor(secret: Uint8Array, text: string) {
    this.#bytes = createHmac('sha512', secret).update(text).digest()
  }

  /** A number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.#fraction() * limit)
  }

  /** Of several choices, that with the lowest score wins as often as its weight says. */
  score(weight: number): number {
    const fraction = this.#fraction()
    return weight === 0 ? Number.POSITIVE_INFINITY : -Math.log(1 - fraction) / weight
  }

  #fraction(): number {
    const value = this.#bytes.readUInt32BE(4 * (this.#at++ % 16))
    return value / 2 ** 32
  }
}

/** The index of the lowest score. */
export const lowest = (scores: readonly number[]): number => scores.indexOf(Math.min(...scores))
