import type * as z from 'zod'
import type { HostNames } from '../hosts/host-names.ts'
import type { Domain } from '../model/address.ts'
import type { Diagnostic, Place } from '../model/diagnostic.ts'
import type { ClientConfig } from '../model/settings.ts'

/**
 * What a source is asked for: a domain (`example.org`), all below it (`.example.org`), or the catch-all (`.`).
 */
export type Pattern = string

/** `a.b.example.org` -> `.b.example.org`, `.example.org`, `.org`, `.`: from the most specific on. */
export function* wildcardsFor(domain: Domain): Generator<Pattern> {
  for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1)) yield domain.slice(dot)
  if (domain.includes('.')) yield '.'
}

/** What a source says of a pattern, and where the admin wrote it. */
export interface Rule {
  readonly clientConfig: ClientConfig
  readonly file: string
  readonly line: number
  /** What is named in advance: when, in milliseconds since 1970, and to whom the domain goes over. */
  readonly moves: readonly { readonly at: number; readonly clientConfig: ClientConfig }[]
}

/** Somewhere settings come from, opened and ready to be asked. */
export interface Source {
  /** The domains and patterns it holds. */
  readonly size: number
  /** Does it hold patterns, so that parents of a domain are worth asking for? */
  readonly hasWildcards: boolean
  find(pattern: Pattern): ClientConfig | undefined
  /** The same answer with its place; for people, not for the hot path. */
  explain(pattern: Pattern): Rule | undefined
  /** Every pattern it holds; for people who look for a near one. */
  patterns(): Iterable<Pattern>
  /** Every provider that it may answer with. */
  clientConfigs(): Iterable<ClientConfig>
}

/** What a source is read with. */
export interface Reading {
  readonly hosts: HostNames
  fault(fault: Diagnostic): void
  warn(fault: Diagnostic): void
  /** Where a part of the configuration file stands. */
  placeOf(path: readonly (string | number)[]): Place
  placeOfKey(path: readonly (string | number)[]): Place
  /**
   * The bytes of a file that the configuration names (relative to it), and the name to speak of it;
   * `undefined` when it cannot be read, which is then a fault already.
   */
  readFile(
    name: string,
    path: readonly (string | number)[],
  ): Promise<{ file: string; bytes: Uint8Array } | undefined>
  /**
   * The XML files of a folder that the configuration names, sorted, by the names to speak of them; those of a folder
   * `below` where it has none itself. `undefined` when there are none, which is then a fault already.
   */
  listFolder(
    name: string,
    path: readonly (string | number)[],
    below: string,
  ): Promise<readonly string[] | undefined>
  /** A file of such a folder, unless it is as it was when it had the fingerprint. */
  readAgain(file: string, fingerprint: string | undefined): Promise<FileRead | 'unchanged'>
}

/** What came of reading a file, and what it looked like then. */
export type FileRead = { readonly fingerprint: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly problem: string }
)

/**
 * A kind of source: its keys of the configuration, how they are read, and how what was read is opened.
 * What `read` gives may cross to another thread: plain data, maps and shared buffers only.
 */
export interface SourceKind<Data = unknown> {
  readonly shape: z.ZodRawShape
  read(sections: Readonly<Record<string, unknown>>, reading: Reading): Promise<Data>
  /** `now` gives milliseconds since 1970. */
  open(data: Data, now: () => number): Source
}
