import { dirname, join, relative, resolve } from 'node:path'
import { failure, type Result, success } from '../model/result.ts'
import { filesIn } from './files-in.ts'
import { fingerprint, readWhole } from './fingerprint.ts'
import { readFailure } from './read-failure.ts'

/** A file that was read, and its fingerprint at that moment (`fingerprint.ts`). */
export interface ReadFile {
  readonly file: string
  readonly fingerprint: string
}

/** The bytes of a file, or why they cannot be read; and the fingerprint in either case. */
export interface FileRead {
  readonly fingerprint: string
  readonly content: Result<Uint8Array>
}

/**
 * Reads the files that a configuration names, and keeps a list of them: when one of them changes, the configuration is
 * reloaded.
 */
export class Files {
  readonly read: ReadFile[] = []
  readonly #configFile: string

  constructor(configFile: string) {
    this.#configFile = configFile
  }

  /** The name of a file for opening and for messages. Relative names count from the directory of the configuration. */
  nameOf(name: string): string {
    const file = resolve(dirname(this.#configFile), name)
    return relative('.', file).startsWith('..') ? file : relative('.', file)
  }

  async open(file: string): Promise<FileRead> {
    try {
      const { bytes, fingerprint } = await readWhole(file)
      this.read.push({ file, fingerprint })
      return { fingerprint, content: success(bytes) }
    } catch (error) {
      const now = await this.#remember(file)
      return { fingerprint: now, content: failure(reasonOf(error)) }
    }
  }

  /** Reads a file only if it no longer has this fingerprint. */
  async openChanged(file: string, before: string | undefined): Promise<FileRead | 'unchanged'> {
    if (before === undefined || before !== (await fingerprint(file))) return this.open(file)
    this.read.push({ file, fingerprint: before })
    return 'unchanged'
  }

  /**
   * The files of a directory with an extension, sorted; those of its subdirectory `below` if it has none itself. The directories
   * are remembered, too, because a file may be added.
   */
  async list(directory: string, extension: string, below?: string): Promise<Result<string[]>> {
    const here = await this.#filesIn(directory, extension)
    if (!here.ok || here.value.length > 0) return here
    const inside = below === undefined ? here : await this.#filesIn(join(directory, below), extension)
    return inside.ok && inside.value.length > 0 ? inside : failure(`contains no *${extension} file`)
  }

  async #filesIn(directory: string, extension: string): Promise<Result<string[]>> {
    await this.#remember(directory)
    try {
      return success(await filesIn(directory, extension))
    } catch (error) {
      return failure(`cannot be read: ${reasonOf(error)}`)
    }
  }

  async #remember(file: string): Promise<string> {
    const now = await fingerprint(file)
    this.read.push({ file, fingerprint: now })
    return now
  }
}

const reasonOf = (error: unknown): string => readFailure(error as NodeJS.ErrnoException)
