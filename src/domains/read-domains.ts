import * as z from 'zod'
import type { HostNames } from '../hosts/host-names.ts'
import type { Reading } from '../reading/reading.ts'
import { addSection } from './add-section.ts'
import { DomainMap } from './domain-map.ts'
import type { DomainsSection } from './domain-section.ts'
import { addMapFile } from './map-file.ts'
import type { DomainsData } from './mapped-domains.ts'

/** `domainFiles:` of the configuration. */
export const domainFilesSection = z.array(z.string().min(1)).default([]).meta({
  description:
    'Files in the format of a Postfix map: one domain and its host per line. Relative to this file.',
})

/** Reads `domains:` and all files of `domainFiles:` into one table. */
export async function readDomains(
  domains: DomainsSection,
  domainFiles: readonly string[],
  hosts: HostNames,
  reading: Reading,
): Promise<DomainsData> {
  const read = await Promise.all(
    domainFiles.map((name, index) => reading.readFile(name, ['domainFiles', index])),
  )
  const files = read.filter((file) => file !== undefined)
  const names = Object.keys(domains)
  const map = new DomainMap(
    files.reduce((sum, { bytes }) => sum + countLines(bytes), names.length),
    files.reduce((sum, { bytes }) => sum + bytes.length, names.join('').length),
  )
  addSection(map, domains, hosts, reading.report)
  for (const { file, bytes } of files) addMapFile(map, file, bytes, hosts, reading.report)
  return map.finish()
}

function countLines(bytes: Uint8Array): number {
  let lines = 1
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines++
  return lines
}
