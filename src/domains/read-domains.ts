import * as z from 'zod'
import type { HostNames } from '../hosts/host-names.ts'
import { endOption } from '../reading/map-entry.ts'
import type { Reading } from '../reading/reading.ts'
import { addSection } from './add-section.ts'
import { DomainMap } from './domain-map.ts'
import type { DomainsSection } from './domain-section.ts'
import { addMapFile, type MapFile } from './map-file.ts'
import type { DomainsData } from './mapped-domains.ts'

const fileWithOptions = z
  .strictObject({
    file: z.string().min(1).meta({ description: 'The name of the file. Relative to this file.' }),
    host: z.string().optional().meta({
      description: 'The host of every domain in the file whose line names no other configured host.',
    }),
    end: endOption,
  })
  .refine(({ host, end }) => host !== undefined || end, {
    message: 'is required unless "end" is true',
    path: ['host'],
  })

/** `domainFiles:` of the configuration. */
export const domainFilesSection = z
  .array(
    z.union([z.string().min(1), fileWithOptions], {
      error: 'must be the name of a file, or a mapping with file and host',
    }),
  )
  .default([])
  .meta({
    description:
      'Files in the format of a Postfix map: one domain and its host per line. For a list of domains without hosts, such as relay_domains of Postfix or userdomains of cPanel: { file: relay_domains, host: mx1 }. For a file whose last line must be "# end": { file: domains.map, end: true }. Relative to this file.',
  })
export type DomainFilesSection = z.infer<typeof domainFilesSection>

/** Reads `domains:` and all files of `domainFiles:` into one table. */
export async function readDomains(
  domains: DomainsSection,
  domainFiles: DomainFilesSection,
  hosts: HostNames,
  reading: Reading,
): Promise<DomainsData> {
  const read = await Promise.all(domainFiles.map((entry, index) => readEntry(entry, index, hosts, reading)))
  const files = read.filter((file) => file !== undefined)
  const names = Object.keys(domains)
  const map = new DomainMap(
    files.reduce((sum, { bytes }) => sum + countLines(bytes), names.length),
    files.reduce((sum, { bytes }) => sum + bytes.length, names.join('').length),
  )
  addSection(map, domains, hosts, reading.report)
  for (const file of files) addMapFile(map, file, hosts, reading.report)
  return map.finish()
}

async function readEntry(
  entry: DomainFilesSection[number],
  index: number,
  hosts: HostNames,
  reading: Reading,
): Promise<MapFile | undefined> {
  const path = ['domainFiles', index]
  const read = reading.readMap(entry, path)
  if (typeof entry === 'string' || entry.host === undefined) return read
  const host = hosts.require(entry.host, [...path, 'host'], reading.report)
  // The error about an unknown host is enough.
  const found = await read
  return found && host && { ...found, host }
}

function countLines(bytes: Uint8Array): number {
  let lines = 1
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines++
  return lines
}
