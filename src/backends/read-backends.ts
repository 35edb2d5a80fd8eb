import type { Path } from '../reading/path.ts'
import type { Reading } from '../reading/reading.ts'
import type { BackendKind, BackendSettings } from './backend.ts'
import type { BackendConfig } from './backends.ts'
import { backendKinds, type SourcesSection } from './kinds.ts'

/** Throws for an npm package that is not installed. */
export type ResolvePackage = (name: string) => string

/** Reads `sources:`: the settings and password of each backend. A driver that is not installed is an error. */
export async function readBackends(
  section: SourcesSection,
  reading: Reading,
  resolvePackage: ResolvePackage,
): Promise<BackendConfig[]> {
  const configs = section.map(async (entry, index): Promise<BackendConfig[]> => {
    // The schema requires exactly one.
    const kind = backendKinds.find(({ key }) => entry[key] !== undefined) as BackendKind
    const settings = entry[kind.key] as BackendSettings
    const path = ['sources', index, kind.key]
    checkDriver(kind.driver?.(settings), path, reading, resolvePackage)
    const password = await readText(settings, 'passwordFile', path, reading)
    const files = await readTexts(settings, kind.files ?? [], path, reading)
    const place = reading.report.locate(path)
    if (kind.hasPassword?.(settings)) await reading.warnIfExposed(place.file, path)
    return [{ kind: kind.key, settings, ...(password !== undefined && { password }), ...files, place }]
  })
  return (await Promise.all(configs)).flat()
}

/** Reports a package that is not installed. `driver` is the package as npm accepts it, with or without a version. */
export function checkDriver(
  driver: string | undefined,
  path: Path,
  { report }: Reading,
  resolvePackage: ResolvePackage,
): void {
  if (driver === undefined) return
  const name = driver.replace(/(?<=.)@.*/, '')
  try {
    resolvePackage(name)
  } catch {
    report.error(path, `requires the package ${name}, which is not installed: npm install ${driver}`)
  }
}

/** The contents of the files that these settings name, by the key of the setting. */
export async function readTexts(
  settings: object,
  keys: readonly string[],
  path: Path,
  reading: Reading,
): Promise<Pick<BackendConfig, 'files'>> {
  const texts = keys.map(async (key) => [key, await readText(settings, key, path, reading)] as const)
  const found = (await Promise.all(texts)).filter(([, text]) => text !== undefined)
  return found.length > 0 ? { files: Object.fromEntries(found) } : {}
}

/** Certificates are public. */
const isSecret = (key: string): boolean => key === 'passwordFile' || key === 'keyFile'

/** The content of the file that a setting names, without the line break at its end. */
async function readText(
  settings: object,
  key: string,
  path: Path,
  reading: Reading,
): Promise<string | undefined> {
  const file = (settings as Readonly<Record<string, string | undefined>>)[key]
  if (file === undefined) return undefined
  const read = await (isSecret(key)
    ? reading.readSecretFile(file, [...path, key])
    : reading.readFile(file, [...path, key], 'secret'))
  return (
    read &&
    Buffer.from(read.bytes)
      .toString()
      .replace(/\r?\n$/, '')
  )
}
