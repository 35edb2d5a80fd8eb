import * as z from 'zod'
import { DomainMap, type MappedDomains, type TableRule } from './domain-map.ts'
import { addSection, domainSection } from './domain-section.ts'
import { entryOf, namesOf, ruleOf } from './domain-table.ts'
import { addMapFile } from './map-file.ts'
import type { Source, SourceKind } from './source.ts'

const domainFilesSection = z
  .array(z.string().min(1))
  .default([])
  .meta({ description: 'Postfix-style maps, domain and host on a line; relative to this file.' })

/** The domains that the admin maps to a host: under `domains:`, and in the map files under `domainFiles:`. */
export const mappedDomains: SourceKind<MappedDomains> = {
  shape: { domains: domainSection, domainFiles: domainFilesSection },
  async read(sections, reading) {
    const domains = (sections['domains'] ?? {}) as z.infer<typeof domainSection>
    const names = (sections['domainFiles'] ?? []) as z.infer<typeof domainFilesSection>
    const files = await Promise.all(
      names.map((name, index) => reading.readFile(name, ['domainFiles', index])),
    )
    const readable = files.filter((file) => file !== undefined)
    const inline = Object.keys(domains)
    const map = new DomainMap(
      readable.reduce((sum, { bytes }) => sum + countLines(bytes), inline.length),
      readable.reduce((sum, { bytes }) => sum + bytes.length, inline.join('').length),
    )
    addSection(map, domains, reading)
    for (const { file, bytes } of readable) addMapFile(map, file, bytes, reading)
    return map.finish()
  },
  open,
}

function open({ table, rules }: MappedDomains): Source {
  return {
    size: table.size,
    hasWildcards: table.hasWildcards,
    find: (pattern) => rules[ruleOf(table, pattern)]?.provider,
    explain(pattern) {
      const entry = entryOf(table, pattern)
      return entry && { ...(rules[entry.rule] as TableRule), line: entry.line }
    },
    patterns: () => namesOf(table),
    providers: () => new Set(rules.map((rule) => rule.provider)),
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 1
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines++
  return lines
}
