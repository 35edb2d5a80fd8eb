import type * as z from 'zod'
import { readSection } from '../reading/read-section.ts'
import type { Report } from '../reading/report.ts'
import { unknownKey } from '../reading/schema-errors.ts'
import { type Sections, sections, standIns } from './schema.ts'

/** Validates each section by itself, and reports unknown keys. Returns `undefined` if the document is not a mapping. */
export function readSections(document: unknown, report: Report): Sections | undefined {
  if (!isMapping(document)) {
    report.error([], 'must be a mapping with provider, hosts and domains')
    return undefined
  }
  for (const key of Object.keys(document).filter((name) => !Object.hasOwn(sections, name)))
    report.errorAtKey([key], unknownKey(key, Object.keys(sections)))
  const read = (key: keyof Sections, schema: z.ZodType): unknown =>
    // An empty section (`domains:` without a value) is the same as none.
    readSection(schema, document[key] ?? undefined, [key], report, standIns[key])
  return Object.fromEntries(
    Object.entries(sections).map(([key, schema]) => [key, read(key as keyof Sections, schema)]),
  ) as Sections
}

/** The keys of a section that is a mapping, valid or not. */
export function keysOf(document: unknown, section: keyof Sections): string[] {
  const value = (document as Readonly<Record<string, unknown>>)[section]
  return isMapping(value) ? Object.keys(value) : []
}

/** The sections that have a value, in the order of the file. */
export function sectionsIn(document: unknown): string[] {
  const entries = Object.entries(document as Readonly<Record<string, unknown>>)
  return entries.flatMap(([key, value]) => (value === null ? [] : key))
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
