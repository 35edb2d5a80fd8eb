import * as z from 'zod'
import type { BackendKind } from './backend.ts'
import { ldap } from './ldap/ldap.ts'
import { mx } from './mx/mx.ts'
import { sql } from './sql/sql.ts'

/** Every kind of backend. */
export const backendKinds: readonly BackendKind[] = [sql, ldap, mx] as unknown as readonly BackendKind[]

/** One entry of `sources:`, a mapping with one key: the kind, with its settings. */
const sourceSection = z
  .strictObject(Object.fromEntries(backendKinds.map(({ key, schema }) => [key, schema.optional()])))
  .refine(
    (entry) => Object.values(entry).filter((settings) => settings !== undefined).length === 1,
    `must have exactly one of the keys ${backendKinds.map(({ key }) => key).join(', ')}`,
  )

/** `sources:` of the configuration. */
export const sourcesSection = z.array(sourceSection).default([]).meta({
  description:
    'Backends for domains and accounts that are not in the files. They are asked in this order. Each entry has exactly one key, its kind.',
})
export type SourcesSection = z.infer<typeof sourcesSection>
