import type { AccountsData } from '../accounts/accounts.ts'
import type { AcmeConfig } from '../acme/challenges.ts'
import type { BackendConfig } from '../backends/backends.ts'
import type { DomainsData } from '../domains/mapped-domains.ts'
import type { NextHops } from '../hosts/host-names.ts'
import type { IspdbFolder } from '../ispdb/folder.ts'
import type { LimitStore } from '../limits/read-store.ts'
import type { LinksConfig } from '../links/read-links.ts'
import type { Domain } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { PageSettings } from '../model/page-settings.ts'
import type { ClientConfig } from '../model/settings.ts'
import type { ReadFile } from '../reading/files.ts'
import type { Signing } from '../signing/signing-identity.ts'
import type { TlsSettings } from '../tls/certificate-files.ts'
import type { HttpSettings } from './http-section.ts'
import type { WatchSettings } from './read-watch.ts'
import type { ReloadSettings } from './reload-section.ts'

/** A valid configuration. Plain data, maps and shared memory, so that another thread can read it. */
export interface Config {
  readonly file: string
  /** The sections that have a value, in the order of the file. */
  readonly sections: readonly string[]
  readonly providerId: Domain
  readonly providerName: string
  /** The page for people whose domain is not known. */
  readonly page: PageSettings
  /** The host name of this service. */
  readonly publicName?: Domain
  /** The configuration for clients of each host, by the key of the host. */
  readonly hosts: ReadonlyMap<string, ClientConfig>
  /** The host for unknown domains when a client asks at the provider's own domain. */
  readonly defaultHost?: ClientConfig
  readonly trustedProxies: readonly string[]
  readonly http: HttpSettings
  /** Where several servers count requests together. */
  readonly limitStore?: LimitStore
  readonly reload: ReloadSettings
  /** Absent if nothing is checked regularly. */
  readonly watch?: WatchSettings
  /** Absent if the service speaks no TLS itself. */
  readonly tls?: TlsSettings
  /** Absent if profiles are not signed. */
  readonly signing?: Signing
  /** Absent if no challenges are answered. */
  readonly acme?: AcmeConfig
  /** The domains of `domains:` and `domainFiles:`. */
  readonly domains: DomainsData
  /** The hosts that next hops of maps and sources mean. */
  readonly nextHops: NextHops
  /** Login names. */
  readonly accounts?: AccountsData
  /** Personal setup links. */
  readonly links?: LinksConfig
  /** In the order in which they are asked. */
  readonly backends: readonly BackendConfig[]
  /** Directories of ISPDB files. */
  readonly ispdb: readonly IspdbFolder[]
  readonly warnings: readonly Diagnostic[]
}

/** The configuration, or its errors and warnings. `files` contains every file whose change may change the result. */
export type LoadResult = {
  readonly files: readonly ReadFile[]
  /** There may be more files than these. */
  readonly isIncomplete?: true
} & (
  | { readonly config: Config }
  | { readonly errors: readonly Diagnostic[]; readonly warnings: readonly Diagnostic[] }
)
