import * as z from 'zod'
import type { BackendKind, BackendSettings } from './backend.ts'
import { ldap } from './ldap/ldap.ts'
import { mx } from './mx/mx.ts'
import { sql } from './sql/sql.ts'

/** Every kind of source that is asked over the network. */
export const backendKinds: readonly BackendKind[] = [sql, ldap, mx] as unknown as readonly BackendKind[]

/** One entry of `sources:`: a kind, and what it says. */
const sourceSection = z
  .strictObject(Object.fromEntries(backendKinds.map(({ key, schema }) => [key, schema.optional()])))
  .refine(
    (entry) => Object.values(entry).filter((settings) => settings !== undefined).length === 1,
    `must be one of ${backendKinds.map(({ key }) => key).join(', ')}, with its settings below it`,
  )

export const sourcesSection = z.array(sourceSection)
export type SourcesSection = readonly Readonly<Record<string, BackendSettings | undefined>>[]
