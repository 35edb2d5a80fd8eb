import { parseDomain } from '../model/address.ts'
import type { ClientConfig } from '../model/settings.ts'
import type { Path } from '../reading/path.ts'
import { readMapValue } from '../reading/postfix-map.ts'
import type { Report } from '../reading/report.ts'
import { suggestion } from '../reading/suggestion.ts'

/** Finds hosts by the names that the admin may use for them. */
export class HostNames {
  readonly #configs: ReadonlyMap<string, ClientConfig>
  readonly #keys: readonly string[]

  /** `keys` include those of invalid hosts. A key has precedence over a host name, and the first of two equal host names. */
  constructor(hosts: ReadonlyMap<string, ClientConfig>, keys: readonly string[]) {
    const byName = [...hosts.values()]
      .reverse()
      .map((clientConfig) => [clientConfig.host.hostname, clientConfig] as const)
    this.#configs = new Map<string, ClientConfig>([...byName, ...hosts])
    this.#keys = keys
  }

  /** By key or host name, in upper or lower case. */
  find(name: string): ClientConfig | undefined {
    return this.#configs.get(name) ?? this.#configs.get(parseDomain(name) ?? '')
  }

  /** The same for a value in the configuration; reports an error if there is no such host. */
  require(name: string, path: Path, report: Report): ClientConfig | undefined {
    const clientConfig = this.find(name)
    if (!clientConfig && !this.mayBeInvalid(name)) report.error(path, this.noSuchHost(name))
    return clientConfig
  }

  /** The host for a value of a map file or an answer of a backend: a key, a host name, or a transport with a next hop. */
  meantBy(value: string): ClientConfig | undefined {
    const read = readMapValue(value)
    if ('host' in read) return this.find(read.host)
    return read.nextHops.map((name) => this.find(name)).find((clientConfig) => clientConfig !== undefined)
  }

  /**
   * Could the name belong to an invalid host? Then the reference to it may be right. The host name of an invalid host is
   * unknown, so it could be any host name.
   */
  mayBeInvalid(name: string): boolean {
    const invalid = this.#keys.filter((key) => !this.#configs.has(key))
    return invalid.includes(name) || (invalid.length > 0 && name.includes('.'))
  }

  noSuchHost(name: string): string {
    return `there is no host "${name}"${this.didYouMean(name)}`
  }

  /** The end of a message about an unknown host. */
  didYouMean(name: string): string {
    const near = suggestion(name, [...this.#configs.keys(), ...this.#keys])
    return (
      near || (this.#keys.length > 0 ? `; the hosts are ${this.#keys.join(', ')}` : '; there are no hosts')
    )
  }
}
