import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, type Result, success } from '../model/result.ts'
import { readFailure } from '../reading/read-failure.ts'
import { type CertificateFiles, certificateName, type TlsSettings } from './certificate-files.ts'

/** The content of a directory of certificates. */
export interface FolderContent {
  /** Sorted by name. */
  readonly pairs: readonly CertificateFiles[]
  /** The directories whose change may change the list. */
  readonly directories: readonly string[]
  /** How many there are beyond `mostPairs`, which are ignored. */
  readonly ignored: number
}

/** More than this was named by mistake, such as the root of the file system. */
export const mostPairs = 50_000

/** The directories in which dehydrated, lego and certbot keep certificates, below their own. */
export const subdirectories: ReadonlySet<string> = new Set(['certs', 'certificates', 'live'])

/**
 * Lists the certificates of a directory, or of the directory that dehydrated (`certs`), lego (`certificates`) or certbot (`live`) has in
 * it: `NAME/fullchain.pem` with `NAME/privkey.pem`, and `NAME.crt` with `NAME.key`. It does not look whether there is a file in `NAME`:
 * certificates may come later. Never rejects.
 */
export async function listFolder(
  { directory, place }: NonNullable<TlsSettings['folder']>,
  most = mostPairs,
): Promise<Result<FolderContent>> {
  try {
    const entries = await entriesOf(directory)
    const below = entries.flatMap(({ name }) => (subdirectories.has(name) ? [join(directory, name)] : []))
    const pairs = pairsIn(directory, entries, place)
    for (const each of below) pairs.push(...pairsIn(each, await entriesOf(each), place))
    return success({
      pairs: pairs.slice(0, most),
      directories: [directory, ...below],
      ignored: Math.max(0, pairs.length - most),
    })
  } catch (error) {
    return failure(`cannot be read: ${readFailure(error as NodeJS.ErrnoException)}`)
  }
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  return entries.sort((a, b) => a.name.localeCompare(b.name))
}

function pairsIn(
  directory: string,
  entries: readonly Dirent[],
  place: CertificateFiles['place'],
): CertificateFiles[] {
  const names = new Set(entries.map(({ name }) => name))
  return entries.flatMap((entry) => {
    const { name } = entry
    if (name.startsWith('.') || subdirectories.has(name)) return []
    // certbot and people link to directories.
    if (entry.isDirectory() || (entry.isSymbolicLink() && !name.endsWith('.crt') && !name.endsWith('.key'))) {
      const [certificate, key] = [
        join(directory, name, 'fullchain.pem'),
        join(directory, name, 'privkey.pem'),
      ]
      return [{ certificate, key, hint: certificateName(name), isOptional: true as const, place }]
    }
    const base = /^(.+)\.crt$/.exec(name)?.[1]
    // Without a key it is the certificate of an authority, such as NAME.issuer.crt of lego.
    if (base === undefined || !names.has(`${base}.key`)) return []
    const [certificate, key] = [join(directory, name), join(directory, `${base}.key`)]
    // lego writes `_.example.org.crt` for `*.example.org`.
    return [{ certificate, key, hint: certificateName(base.replace(/^_\./, '*.')), place }]
  })
}
