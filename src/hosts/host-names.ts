import { parseDomain } from '../model/address.ts'
import type { ClientConfig } from '../model/settings.ts'
import { nextHopsOf, readMapValue, spellNextHop, takesNoMail } from '../reading/next-hops.ts'
import type { Path } from '../reading/path.ts'
import type { Report } from '../reading/report.ts'
import { suggestion } from '../reading/suggestion.ts'

/** The hosts that `nextHops:` names, by the next hop in the spelling of `spellNextHop`. */
export type NextHops = ReadonlyMap<string, ClientConfig>

/** Finds hosts by the names that the admin may use for them. */
export class HostNames {
  readonly #configs: ReadonlyMap<string, ClientConfig>
  readonly #keys: readonly string[]
  readonly #nextHops: NextHops

  /** `keys` include those of invalid hosts. A key has precedence over a host name, and the first of two equal host names. */
  constructor(
    hosts: ReadonlyMap<string, ClientConfig>,
    keys: readonly string[],
    nextHops: NextHops = new Map(),
  ) {
    const byName = [...hosts.values()]
      .reverse()
      .map((clientConfig) => [clientConfig.host.hostname, clientConfig] as const)
    this.#configs = new Map<string, ClientConfig>([...byName, ...hosts])
    this.#keys = keys
    this.#nextHops = nextHops
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

  /** Reads `nextHops:` of the configuration. */
  readNextHops(section: Readonly<Record<string, string>>, report: Report): NextHops {
    const found = new Map<string, ClientConfig>()
    for (const [nextHop, host] of Object.entries(section)) {
      const path = ['nextHops', nextHop]
      const clientConfig = this.require(host, path, report)
      if (takesNoMail(nextHop)) report.errorAtKey(path, 'means that a domain takes no mail here; remove it')
      else if (clientConfig) found.set(spellNextHop(nextHop), clientConfig)
    }
    return found
  }

  /** The host for a value of a map file or an answer of a backend: a key, a host name, or a transport with a next hop. */
  meantBy(value: string): ClientConfig | undefined {
    if (takesNoMail(value)) return undefined
    return (
      this.#nextHops.get(spellNextHop(value)) ??
      nextHopsOf(value)
        .map(({ text, name }) => this.#named(text) ?? this.find(name) ?? this.#named(name))
        .find((clientConfig) => clientConfig !== undefined)
    )
  }

  /** Could the value mean an invalid host? Then nothing is reported about it. */
  mayMeanInvalid(value: string): boolean {
    return namesIn(value).some((name) => this.mayBeInvalid(name))
  }

  /**
   * Could the name belong to an invalid host? Then the reference to it may be right. The host name of an invalid host is
   * unknown, so it could be any host name.
   */
  mayBeInvalid(name: string): boolean {
    const invalid = this.#keys.filter((key) => !this.#configs.has(key))
    return invalid.includes(name) || (invalid.length > 0 && name.includes('.'))
  }

  /** The message repeats the name only if it could be one: the admin may have written something else there. */
  noSuchHost(name: string): string {
    const quoted = parseDomain(name) === undefined ? 'with this name' : `"${name}"`
    return `there is no host ${quoted}${this.didYouMean(name)}`
  }

  /** The end of a message about an unknown host. */
  didYouMean(name: string): string {
    return this.near(name) || this.list()
  }

  /** `; did you mean "…"?` for the names in a value of a map file, or an empty string. */
  nearValue(value: string): string {
    return this.near(namesIn(value)[0] ?? '')
  }

  /** `; the hosts are …`. */
  list(): string {
    return this.#keys.length > 0 ? `; the hosts are ${this.#keys.join(', ')}` : '; there are no hosts'
  }

  near(name: string): string {
    return suggestion(name, [...this.#configs.keys(), ...this.#keys])
  }

  #named(nextHop: string): ClientConfig | undefined {
    return this.#nextHops.get(spellNextHop(nextHop))
  }
}

function namesIn(value: string): readonly string[] {
  const read = readMapValue(value)
  return 'host' in read ? [read.host] : read.nextHops
}
