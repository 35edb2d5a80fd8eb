import { dirname, join, relative, resolve } from 'node:path'
import { failure, type Result, success } from '../model/result.ts'
import { endOf, type FileEnd } from './file-end.ts'
import { disk, type FileRead, type FileSource } from './file-source.ts'
import { noAnswer, PatientTurns } from './patient-turns.ts'
import { readFailure } from './read-failure.ts'
import { type SizeLimit, sizeLimits } from './size-limits.ts'

/** A file that was read, or should have been, and its fingerprint at that moment (`fingerprint.ts`). */
export interface ReadFile {
  readonly file: string
  readonly fingerprint: string
  /** Its content could be read. */
  readonly hasContent?: true
  /** Absent for a file whose end says nothing about the rest. */
  readonly end?: FileEnd
}

export interface FilesOptions {
  readonly source?: FileSource | undefined
  /** How long the file system may take for one file, in milliseconds. */
  readonly timeLimit?: number | undefined
  /** Called for each file that is read. */
  readonly onRead?: ((file: ReadFile) => void) | undefined
}

/** Milliseconds. A large map on a slow disk takes a few seconds. */
const timeLimit = 20_000

/**
 * Reads the files that a configuration names, and keeps a list of them: when one of them changes, the configuration is
 * reloaded.
 */
export class Files {
  readonly read: ReadFile[] = []
  readonly #configFile: string
  readonly #source: FileSource
  readonly #turns: PatientTurns
  readonly #onRead: (file: ReadFile) => void

  constructor(configFile: string, options: FilesOptions) {
    this.#configFile = configFile
    this.#source = options.source ?? disk
    this.#turns = new PatientTurns(options.timeLimit ?? timeLimit)
    this.#onRead = options.onRead ?? (() => undefined)
  }

  /** The name of a file for opening and for messages. Relative names count from the directory of the configuration. */
  nameOf(name: string): string {
    const file = resolve(dirname(this.#configFile), name)
    return relative('.', file).startsWith('..') ? file : relative('.', file)
  }

  async open(file: string, limit: SizeLimit): Promise<FileRead> {
    const read = await this.#turns.run(() => this.#source.read(file, sizeLimits[limit]))
    const { fingerprint, content } = read ?? unanswered
    const hasContent = content.ok && { hasContent: true as const }
    const end = content.ok && hasEnd.has(limit) && { end: endOf(content.value) }
    this.#remember({ file, fingerprint, ...hasContent, ...end })
    return { fingerprint, content }
  }

  /** Reads a file only if it no longer has this fingerprint. */
  async openChanged(
    file: string,
    limit: SizeLimit,
    before: string | undefined,
  ): Promise<FileRead | 'unchanged'> {
    if (before === undefined || before !== (await this.#fingerprint(file))) return this.open(file, limit)
    this.read.push({ file, fingerprint: before, hasContent: true })
    return 'unchanged'
  }

  /** How others can use a file with a secret. */
  exposureOf(file: string): Promise<string | undefined> {
    return this.#turns.run(() => this.#source.exposureOf(file))
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
    this.#remember({ file: directory, fingerprint: await this.#fingerprint(directory) })
    try {
      const found = await this.#turns.run(() => this.#source.filesIn(directory, extension))
      return found ? success(found) : failure(`cannot be read: ${noAnswer}`)
    } catch (error) {
      return failure(`cannot be read: ${readFailure(error as NodeJS.ErrnoException)}`)
    }
  }

  async #fingerprint(file: string): Promise<string> {
    return (await this.#turns.run(() => this.#source.fingerprint(file))) ?? unanswered.fingerprint
  }

  #remember(file: ReadFile): void {
    this.read.push(file)
    this.#onRead(file)
  }
}

/** As soon as the file system answers, the fingerprint is another one. */
const unanswered: FileRead = { fingerprint: 'no answer', content: failure(noAnswer) }

/** Files that people and scripts write line by line. */
const hasEnd: ReadonlySet<SizeLimit> = new Set(['configuration', 'map'])
