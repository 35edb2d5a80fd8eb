import { checkDriver, type ResolvePackage, readTexts } from '../backends/read-backends.ts'
import { pemFiles, readTlsFiles, type TlsFiles } from '../backends/tls-files.ts'
import { success } from '../model/result.ts'
import type { Path } from '../reading/path.ts'
import type { Reading } from '../reading/reading.ts'
import { readSecret } from '../reading/secret.ts'
import type { LimitStoreSection } from './store-section.ts'
import { readStoreUrl, type StoreLocation } from './store-url.ts'

/** The npm package that talks to the store. */
export const storeDriver = '@redis/client'

/** `http.rateLimitStore` with its files. Plain data. Must never be logged. */
export interface LimitStore extends StoreLocation {
  readonly prefix: string
  /** The key of the digests. */
  readonly secret: Uint8Array
  /** TLS always verifies the certificate. */
  readonly tls: false | TlsFiles
}

const path: Path = ['http', 'rateLimitStore']

/** Reads the settings, the password and the other files of the store. A driver that is not installed is an error. */
export async function readLimitStore(
  section: LimitStoreSection,
  reading: Reading,
  resolvePackage: ResolvePackage,
): Promise<LimitStore | undefined> {
  const { report } = reading
  checkDriver(storeDriver, path, reading, resolvePackage)
  const { files = {} } = await readTexts(section, ['passwordFile', ...pemFiles], path, reading)
  const { passwordFile: password, ...tlsFiles } = files
  const secret = await secretOf(section.secretFile, reading)
  const url = readStoreUrl(section.url)
  if (!url.ok) {
    report.error([...path, 'url'], url.error)
    return undefined
  }
  const { isEncrypted, ...location } = url.value
  if (location.password !== undefined) await reading.warnIfExposed(report.locate(path).file, path)
  for (const key of pemFiles)
    if (section[key] && !isEncrypted) report.error([...path, key], 'requires rediss:// in url')
  if ((section.certificateFile === undefined) !== (section.keyFile === undefined))
    report.error([...path, 'certificateFile'], 'requires keyFile; set both or neither')
  const tls = isEncrypted ? readTlsFiles(tlsFiles) : success(false as const)
  if (!tls.ok) report.error(path, tls.error)
  return secret && tls.ok
    ? {
        ...location,
        ...(password !== undefined && { password }),
        tls: tls.value,
        secret,
        prefix: section.prefix,
      }
    : undefined
}

async function secretOf(name: string, reading: Reading): Promise<Uint8Array | undefined> {
  const read = await reading.readSecretFile(name, [...path, 'secretFile'])
  const secret = read && readSecret(read.bytes)
  if (!secret) return undefined
  // A copy, since a Buffer from another thread is none any more.
  if (secret.ok) return new Uint8Array(secret.value)
  reading.report.error([...path, 'secretFile'], `${read.file} ${secret.error}`)
  return undefined
}
