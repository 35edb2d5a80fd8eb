import * as z from 'zod'
import type { BackendKind } from './backend.ts'
import { ldap } from './ldap/ldap.ts'
import { mx } from './mx/mx.ts'
import { sql } from './sql/sql.ts'

/** Every kind of backend. */
export const backendKinds: readonly BackendKind[] = [sql, ldap, mx] as unknown as readonly BackendKind[]

/** One entry of `sources:`: the key of a kind, and its settings. */
const sourceSection = z
  .strictObject(Object.fromEntries(backendKinds.map(({ key, schema }) => [key, schema.optional()])))
  .refine(
    (entry) => Object.values(entry).filter((settings) => settings !== undefined).length === 1,
    `must have exactly one of ${backendKinds.map(({ key }) => key).join(', ')}, with its settings`,
  )

/** `sources:` of the configuration. */
export const sourcesSection = z.array(sourceSection).default([]).meta({
  description: 'Backends for domains and accounts that are not in the files. They are asked in this order.',
})
export type SourcesSection = z.infer<typeof sourcesSection>
