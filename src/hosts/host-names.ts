import { parseDomain } from '../model/address.ts'
import type { ClientConfig } from '../model/settings.ts'
import { readMapValue } from '../reading/postfix-map.ts'
import { suggestion } from '../reading/suggestion.ts'

/** The hosts that domains are mapped to, by the names that the admin may use for them. */
export class HostNames {
  readonly #providers: ReadonlyMap<string, ClientConfig>
  readonly #keys: readonly string[]

  /** `keys` are those of faulty hosts too. A host's name leads to the first host that has it; a key comes before it. */
  constructor(hosts: ReadonlyMap<string, ClientConfig>, keys: readonly string[]) {
    const byName = [...hosts.values()]
      .reverse()
      .map((clientConfig) => [clientConfig.host.hostname, clientConfig] as const)
    this.#providers = new Map<string, ClientConfig>([...byName, ...hosts])
    this.#keys = keys
  }

  /** By key or host name, in any case. */
  find(name: string): ClientConfig | undefined {
    return this.#providers.get(name) ?? this.#providers.get(parseDomain(name) ?? '')
  }

  /** The host that a value of a map or the answer of a source means: by key, by name, or as a next hop of a transport. */
  meantBy(value: string): ClientConfig | undefined {
    const read = readMapValue(value)
    if ('host' in read) return this.find(read.host)
    return read.nextHops.map((name) => this.find(name)).find((clientConfig) => clientConfig !== undefined)
  }

  /**
   * May it be a host that has faults? Then a domain on it is not to blame. The name of such a host is not known, so
   * any name may be its.
   */
  isFaulty(name: string): boolean {
    const faulty = this.#keys.filter((key) => !this.#providers.has(key))
    return faulty.includes(name) || (faulty.length > 0 && name.includes('.'))
  }

  /** For a message about a name that is nobody's. */
  didYouMean(name: string): string {
    return (
      suggestion(name, [...this.#providers.keys(), ...this.#keys]) ||
      `; there are ${this.#keys.join(', ') || 'none'}`
    )
  }
}
