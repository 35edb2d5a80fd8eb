import type { AccountsData } from '../accounts/accounts.ts'
import type { BackendConfig } from '../backends/backends.ts'
import type { IspdbFolder } from '../ispdb/folder.ts'
import type { LinksConfig } from '../links/link-keys.ts'
import type { Domain } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { ClientConfig } from '../model/settings.ts'
import type { Signing } from '../signing/signing-identity.ts'
import type { HttpSettings } from './schema.ts'

/** A configuration without faults. Plain data, maps and shared buffers: it can cross to another thread. */
export interface Config {
  readonly file: string
  readonly providerId: Domain
  /** The name that this service is reached by. */
  readonly publicName?: Domain
  /** The provider of each host, by the host's key. */
  readonly hosts: ReadonlyMap<string, ClientConfig>
  /** The host that answers at the provider's own domain for domains that nobody mapped. */
  readonly defaultHost?: ClientConfig
  readonly trustedProxies: readonly string[]
  readonly http: HttpSettings
  /** How profiles are signed, where they are to be. */
  readonly signing?: Signing
  /** What each kind of source has read, in the order of `sourceKinds`. */
  readonly sources: readonly unknown[]
  /** What addresses log in with. */
  readonly accounts?: AccountsData
  /** Personal set-up links, and their keys. */
  readonly links?: LinksConfig
  /** What is asked over the network. */
  readonly backends: readonly BackendConfig[]
  /** Folders of ISPDB files, and what was read there. */
  readonly ispdb: readonly IspdbFolder[]
  readonly warnings: readonly Diagnostic[]
}

/** A file that was read, and what it looked like then (`fingerprint.ts`). */
export interface ReadFile {
  readonly file: string
  readonly fingerprint: string
}

/** What came of reading a configuration: it, or its faults; and every file that a change of would matter. */
export type Outcome = { readonly files: readonly ReadFile[] } & (
  | { readonly config: Config }
  | { readonly errors: readonly Diagnostic[]; readonly warnings: readonly Diagnostic[] }
)
