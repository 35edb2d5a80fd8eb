import { tablePrefixError } from './file-kind.ts'
import type { FileRead, Files } from './files.ts'
import type { Path } from './path.ts'
import type { Report } from './report.ts'

/** For the readers of sections: the report, and the files that the configuration names. */
export class Reading {
  readonly report: Report
  readonly #files: Files

  constructor(report: Report, files: Files) {
    this.report = report
    this.#files = files
  }

  /**
   * The bytes of a file, and its name for messages. `path` is the place in the configuration that names the file: an error is
   * reported there if the file cannot be read.
   */
  async readFile(name: string, path: Path): Promise<{ file: string; bytes: Uint8Array } | undefined> {
    const file = this.#files.nameOf(name)
    const { content } = await this.#files.open(file)
    if (content.ok) return { file, bytes: content.value }
    this.report.error(path, tablePrefixError(name) ?? `cannot be read: ${content.error}`)
    return undefined
  }

  /** The same, but without reporting an error: the server can run without the file. */
  tryFile(name: string): Promise<FileRead> {
    return this.#files.open(this.#files.nameOf(name))
  }

  /** The files of a directory with an extension, by their names for messages; an error is reported if there are none. */
  async listFiles(name: string, path: Path, extension: string, below?: string): Promise<readonly string[]> {
    const directory = this.#files.nameOf(name)
    const files = await this.#files.list(directory, extension, below)
    if (files.ok) return files.value
    this.report.error(path, `${directory} ${files.error}`)
    return []
  }

  /** The bytes of one of these files. */
  async readListed(file: string): Promise<FileRead['content']> {
    return (await this.#files.open(file)).content
  }

  /** Reads one of these files, unless it still has the fingerprint. */
  readChanged(file: string, fingerprint: string | undefined): Promise<FileRead | 'unchanged'> {
    return this.#files.openChanged(file, fingerprint)
  }
}
