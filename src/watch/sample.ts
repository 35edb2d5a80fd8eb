import { setImmediate } from 'node:timers/promises'
import type { Domain } from '../model/address.ts'
import type { Resolver } from '../resolver/resolver.ts'

/** So many names are skipped before requests get a turn. */
const slice = 5000

/** Most names that are looked at for one sample, since wildcards cannot be checked. */
const mostLookedAt = 20_000

/** Takes samples of the mapped domains, one after the other, so that each domain has its turn. */
export class Sample {
  readonly #random: () => number
  #resolver: Resolver | undefined
  #names: Iterator<string> | undefined
  /** The number of names before the next one. At the start it is a random one, so that replicas take different domains. */
  #position: number | undefined

  constructor(random: () => number) {
    this.#random = random
  }

  /** The next domains: as many as wanted, or all there are. Wildcards name no domain that could be checked. */
  async next(resolver: Resolver, size: number): Promise<Domain[]> {
    if (size === 0) return []
    if (resolver !== this.#resolver) await this.#seek(resolver)
    const found: Domain[] = []
    const most = Math.min(resolver.size, mostLookedAt)
    for (let count = 0; count < most && found.length < size; count++) {
      const name = this.#take(resolver)
      if (!name.startsWith('.')) found.push(name as Domain)
    }
    return found
  }

  /** Goes to the position in another table, which may be smaller. */
  async #seek(resolver: Resolver): Promise<void> {
    const { size } = resolver
    const position = this.#position ?? Math.floor(this.#random() * size)
    this.#resolver = resolver
    this.#restart(resolver)
    for (let count = 1; count <= Math.min(position, size - 1); count++) {
      this.#take(resolver)
      if (count % slice === 0) await setImmediate()
    }
  }

  #restart(resolver: Resolver): Iterator<string> {
    this.#position = 0
    this.#names = resolver.patterns()[Symbol.iterator]()
    return this.#names
  }

  #take(resolver: Resolver): string {
    const { done, value } = (this.#names as Iterator<string>).next()
    this.#position = (this.#position as number) + 1
    return done ? this.#afterEnd(resolver) : value
  }

  #afterEnd(resolver: Resolver): string {
    const { value } = this.#restart(resolver).next()
    this.#position = 1
    return value
  }
}
