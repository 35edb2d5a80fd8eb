import * as z from 'zod'
import type { Extent } from '../extent.ts'

/** A copy of a file. */
const savedFile = z.object({
  /** The absolute name of the file. */
  file: z.string(),
  fingerprint: z.string(),
  /** The name of the copy. */
  copy: z.string().regex(/^[0-9a-f]{32}$/),
  /** Of the copy, in bytes. */
  size: z.int(),
})
export type SavedFile = z.infer<typeof savedFile>

const extent: z.ZodType<Extent> = z.object({
  domains: z.int(),
  logins: z.int(),
  ispdbDomains: z.int(),
  sections: z.array(z.string()),
  ends: z.array(z.tuple([z.string(), z.enum(['mark', 'line', 'middle'])])),
  maxLoss: z.int(),
})

/** Lists the copies of the files of a configuration. */
const manifest = z.object({
  version: z.literal(1),
  /** The absolute name of the configuration file. */
  config: z.string(),
  savedAt: z.iso.datetime(),
  extent,
  files: z.array(savedFile),
})
export type Manifest = z.infer<typeof manifest>

/** `undefined` if the text is not a manifest of this version. */
export function parseManifest(text: string): Manifest | undefined {
  try {
    return manifest.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
