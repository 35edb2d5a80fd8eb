import * as z from 'zod'
import type { ClientConfig } from '../model/settings.ts'
import { DomainMap, type MappedDomains, type Move, type TableRule } from './domain-map.ts'
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

function open({ table, rules }: MappedDomains, now: () => number): Source {
  return {
    size: table.size,
    hasWildcards: table.hasWildcards,
    find(pattern) {
      const rule = rules[ruleOf(table, pattern)]
      return rule?.moves === undefined ? rule?.clientConfig : providerAt(rule, rule.moves, now())
    },
    explain(pattern) {
      const entry = entryOf(table, pattern)
      if (!entry) return undefined
      const rule = rules[entry.rule] as TableRule
      const { file, moves = [] } = rule
      return {
        clientConfig: providerAt(rule, moves, now()),
        file,
        line: entry.line,
        moves: moves.filter(({ at }) => at > now()),
      }
    },
    patterns: () => namesOf(table),
    clientConfigs: () =>
      new Set(
        rules.flatMap(({ clientConfig, moves = [] }) => [
          clientConfig,
          ...moves.map((move) => move.clientConfig),
        ]),
      ),
  }
}

/** Who serves at a time: the last that the domain has gone over to. */
function providerAt({ clientConfig }: TableRule, moves: readonly Move[], time: number): ClientConfig {
  return moves.findLast(({ at }) => at <= time)?.clientConfig ?? clientConfig
}

function countLines(bytes: Uint8Array): number {
  let lines = 1
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines++
  return lines
}
