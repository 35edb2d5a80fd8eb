import { exposureOf } from './exposure.ts'
import { tablePrefixError } from './file-kind.ts'
import type { FileRead, Files } from './files.ts'
import type { Path } from './path.ts'
import type { Report } from './report.ts'

const howToProtect =
  'set mode 0640 and the group of the server; for a secret of Kubernetes, defaultMode: 0440 and fsGroup'

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

  /** The same for a file with a secret: also warns if others can use it. */
  async readSecretFile(name: string, path: Path): Promise<{ file: string; bytes: Uint8Array } | undefined> {
    const read = await this.readFile(name, path)
    if (read) await this.warnIfExposed(read.file, path)
    return read
  }

  /** Warns if others can read or change a file that was read and contains a secret. */
  async warnIfExposed(file: string, path: Path): Promise<void> {
    const exposure = await exposureOf(file)
    if (exposure !== undefined) this.report.warn(path, `${file} ${exposure}; ${howToProtect}`)
  }

  /** Like `readFile`, but without reporting an error: the server can run without the file. */
  async tryFile(name: string): Promise<FileRead & { readonly file: string }> {
    const file = this.#files.nameOf(name)
    return { file, ...(await this.#files.open(file)) }
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
