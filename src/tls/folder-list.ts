import { join } from 'node:path'
import { failure } from '../model/result.ts'
import type { ReadFile } from '../reading/files.ts'
import { fingerprint } from '../reading/fingerprint.ts'
import { inBatches } from '../reading/in-batches.ts'
import { noAnswer, type PatientTurns } from '../reading/patient-turns.ts'
import { type CertificateFiles, keyOf, type TlsSettings } from './certificate-files.ts'
import { listFolder, subdirectories } from './folder.ts'

/** The certificates of a directory, when it was last listed. A directory that is suddenly empty, or gone, changes nothing. */
export class FolderList {
  readonly #turns: PatientTurns
  readonly #most: number | undefined
  #pairs: readonly CertificateFiles[] = []
  #problem: string | undefined

  constructor(turns: PatientTurns, most?: number) {
    this.#turns = turns
    this.#most = most
  }

  get pairs(): readonly CertificateFiles[] {
    return this.#pairs
  }

  get problem(): string | undefined {
    return this.#problem
  }

  /** Lists the directory, and returns all directories whose change may change the list. Without one, there are no certificates. */
  async update(
    folder: TlsSettings['folder'],
    isInUse: (files: CertificateFiles) => boolean,
  ): Promise<readonly ReadFile[]> {
    if (!folder) {
      this.#pairs = []
      this.#problem = undefined
      return []
    }
    const { directory } = folder
    const below = [...subdirectories].map((name) => join(directory, name))
    const read = async (file: string) => ({ file, fingerprint: await fingerprint(file) })
    // Before they are listed, so that a change meanwhile is noticed.
    const directories = await inBatches([directory, ...below], read)
    this.#problem = await this.#list(folder, isInUse)
    return directories
  }

  async #list(
    folder: NonNullable<TlsSettings['folder']>,
    isInUse: (files: CertificateFiles) => boolean,
  ): Promise<string | undefined> {
    const { directory } = folder
    const listing = await this.#turns.run(() => listFolder(folder, this.#most))
    const listed = listing ?? failure(`cannot be read: ${noAnswer}`)
    if (!listed.ok) return `${directory} ${listed.error}`
    const { pairs, ignored } = listed.value
    const keys = new Set(pairs.map(keyOf))
    const inUse = this.#pairs.filter(isInUse)
    if (inUse.length > 0 && !inUse.some((files) => keys.has(keyOf(files))))
      return `${directory} contains none of its certificates any more; they stay in use`
    this.#pairs = pairs
    return ignored === 0 ? undefined : `${directory} has too many entries; ${ignored} of them are ignored`
  }
}
