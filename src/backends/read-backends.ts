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
    const password = await readPassword(settings, path, reading)
    const place = reading.report.locate(path)
    if (kind.hasPassword?.(settings)) await reading.warnIfExposed(place.file, path)
    return [{ kind: kind.key, settings, ...(password !== undefined && { password }), place }]
  })
  return (await Promise.all(configs)).flat()
}

/** `driver` is a package as npm accepts it, with or without a version. */
function checkDriver(
  driver: string | undefined,
  path: Path,
  { report }: Reading,
  resolvePackage: ResolvePackage,
): void {
  if (driver === undefined) return
  const name = driver.replace(/@.*/, '')
  try {
    resolvePackage(name)
  } catch {
    report.error(path, `requires the package ${name}, which is not installed: npm install ${driver}`)
  }
}

async function readPassword(
  { passwordFile }: BackendSettings,
  path: Path,
  reading: Reading,
): Promise<string | undefined> {
  if (passwordFile === undefined) return undefined
  const read = await reading.readSecretFile(passwordFile, [...path, 'passwordFile'])
  return (
    read &&
    Buffer.from(read.bytes)
      .toString()
      .replace(/\r?\n$/, '')
  )
}
