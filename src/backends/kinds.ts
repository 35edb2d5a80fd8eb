import * as z from 'zod'
import { ldap } from './ldap/ldap.ts'
import { mx } from './mx/mx.ts'
import type { RemoteKind, RemoteSettings } from './backend.ts'
import { sql } from './sql/sql.ts'

/** Every kind of source that is asked over the network. */
export const remoteKinds: readonly RemoteKind[] = [sql, ldap, mx] as unknown as readonly RemoteKind[]

/** One entry of `sources:`: a kind, and what it says. */
const sourceSection = z
  .strictObject(Object.fromEntries(remoteKinds.map(({ key, schema }) => [key, schema.optional()])))
  .refine(
    (entry) => Object.values(entry).filter((settings) => settings !== undefined).length === 1,
    `must be one of ${remoteKinds.map(({ key }) => key).join(', ')}, with its settings below it`,
  )

export const sourcesSection = z.array(sourceSection)
export type SourcesSection = readonly Readonly<Record<string, RemoteSettings | undefined>>[]
