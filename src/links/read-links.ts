import type { Reading } from '../reading/reading.ts'
import { type LinkKey, readLinkKey } from './link-keys.ts'
import { type KeySection, keyKinds, type LinksSection } from './links-section.ts'

/** `links:` with the keys that were read. Plain data. */
export interface LinksConfig {
  /** Without a slash at the end. */
  readonly url: string
  /** The first key that can sign signs new links. All keys verify links. */
  readonly keys: readonly LinkKey[]
  /** In seconds. */
  readonly leeway: number
  /** The longest time that a link may be valid. */
  readonly maxDays: number
}

/** Reads `links:` and the files of its keys. */
export async function readLinks(section: LinksSection, reading: Reading): Promise<LinksConfig> {
  const { url, keys, leeway, maxDays } = section
  const read = await Promise.all(keys.map((key, index) => readKey(key, index, reading)))
  const first = new Map<string, number>()
  for (const [index, { kid }] of keys.entries()) {
    if (!first.has(kid)) first.set(kid, index)
    else {
      const { line } = reading.report.locate(['links', 'keys', first.get(kid) as number, 'kid'])
      reading.report.error(['links', 'keys', index, 'kid'], `is listed twice (first at line ${line})`)
    }
  }
  return { url: url.replace(/\/+$/, ''), keys: read.filter((key) => key !== undefined), leeway, maxDays }
}

async function readKey(section: KeySection, index: number, reading: Reading): Promise<LinkKey | undefined> {
  // The schema requires exactly one.
  const { kind, file } = keyKinds.find((one) => section[one.file] !== undefined) as (typeof keyKinds)[number]
  const path = ['links', 'keys', index, file]
  const name = section[file] as string
  const read = await (kind === 'public'
    ? reading.readFile(name, path, 'secret')
    : reading.readSecretFile(name, path))
  if (!read) return undefined
  const key = readLinkKey(section.kid, kind, read.bytes)
  if (key.ok) return key.value
  reading.report.error(path, `${read.file} ${key.error}`)
  return undefined
}
