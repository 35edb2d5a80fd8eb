import { dirname, join, resolve } from 'node:path'
import { failure } from '../../model/result.ts'
import type { FileRead, FileSource } from '../../reading/file-source.ts'
import { absent } from '../../reading/fingerprint.ts'
import { readFailure } from '../../reading/read-failure.ts'
import { readRegularFile } from '../../reading/regular-file.ts'
import type { SavedFile } from './manifest.ts'

/** Reads the copies of files, by the names of the files. */
export class CopiedFiles implements FileSource {
  readonly #directory: string
  readonly #files: ReadonlyMap<string, SavedFile>

  constructor(directory: string, files: readonly SavedFile[]) {
    this.#directory = directory
    this.#files = new Map(files.map((saved) => [saved.file, saved]))
  }

  async read(file: string, limit: number): Promise<FileRead> {
    const saved = this.#files.get(resolve(file))
    if (!saved) return { fingerprint: absent, content: failure(readFailure({ code: 'ENOENT' })) }
    const { fingerprint, copy, size } = saved
    const { content } = await readRegularFile(join(this.#directory, copy), limit)
    const isComplete = !content.ok || content.value.length === size
    return { fingerprint, content: isComplete ? content : failure('the copy is incomplete') }
  }

  async fingerprint(file: string): Promise<string> {
    return this.#files.get(resolve(file))?.fingerprint ?? absent
  }

  /** Copies are private. */
  async exposureOf(): Promise<undefined> {
    return undefined
  }

  async filesIn(directory: string, extension: string): Promise<string[]> {
    const inside = [...this.#files.keys()].filter((file) => dirname(file) === resolve(directory))
    const names = inside
      .filter((file) => file.endsWith(extension))
      .map((file) => file.slice(dirname(file).length + 1))
    return names.sort().map((name) => join(directory, name))
  }
}
