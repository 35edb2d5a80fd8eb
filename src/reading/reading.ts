import { endMark, endOf } from './file-end.ts'
import { tablePrefixError } from './file-kind.ts'
import type { FileRead } from './file-source.ts'
import type { Files } from './files.ts'
import type { MapEntry } from './map-entry.ts'
import type { Path } from './path.ts'
import type { Report } from './report.ts'
import type { SizeLimit } from './size-limits.ts'

/** The advice for a secret that others can use. */
export const howToProtect =
  'set mode 0640 and the group of the server; for a secret of Kubernetes, defaultMode: 0440 and fsGroup'

/** For the readers of sections: the report, and the files that the configuration names. */
export class Reading {
  readonly report: Report
  readonly #files: Files

  constructor(report: Report, files: Files) {
    this.report = report
    this.#files = files
  }

  /** The name of a file for opening and for messages. Relative names count from the directory of the configuration. */
  readonly nameOf = (name: string): string => this.#files.nameOf(name)

  /**
   * The bytes of a file, and its name for messages. `path` is the place in the configuration that names the file: an error is
   * reported there if the file cannot be read.
   */
  async readFile(
    name: string,
    path: Path,
    limit: SizeLimit,
  ): Promise<{ file: string; bytes: Uint8Array } | undefined> {
    const file = this.#files.nameOf(name)
    const { content } = await this.#files.open(file, limit)
    if (content.ok) return { file, bytes: content.value }
    this.report.error(path, tablePrefixError(name) ?? `cannot be read: ${content.error}`)
    return undefined
  }

  /** The same for a file with a secret: also warns if others can use it. */
  async readSecretFile(name: string, path: Path): Promise<{ file: string; bytes: Uint8Array } | undefined> {
    const read = await this.readFile(name, path, 'secret')
    if (read) await this.warnIfExposed(read.file, path)
    return read
  }

  /** Warns if others can read or change a file that was read and contains a secret. */
  async warnIfExposed(file: string, path: Path): Promise<void> {
    const exposure = await this.#files.exposureOf(file)
    if (exposure !== undefined) this.report.warn(path, `${file} ${exposure}; ${howToProtect}`)
  }

  /** The same for a map; an error is reported if it requires a line `# end` and has none. */
  async readMap(entry: MapEntry, path: Path): Promise<{ file: string; bytes: Uint8Array } | undefined> {
    if (typeof entry === 'string') return this.readFile(entry, path, 'map')
    const read = await this.readFile(entry.file, [...path, 'file'], 'map')
    if (read && entry.end && endOf(read.bytes) !== 'mark')
      this.report.errorIn(
        read.file,
        lastLineOf(read.bytes),
        `the last line is not "${endMark}", so the file is incomplete; write the line, or remove "end: true" from the configuration`,
      )
    return read
  }

  /** Like `readFile`, but without reporting an error: the server can run without the file. */
  async tryFile(name: string, limit: SizeLimit): Promise<FileRead & { readonly file: string }> {
    const file = this.#files.nameOf(name)
    return { file, ...(await this.#files.open(file, limit)) }
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
  async readListed(file: string, limit: SizeLimit): Promise<FileRead['content']> {
    return (await this.#files.open(file, limit)).content
  }

  /** Reads one of these files, unless it still has the fingerprint. */
  readChanged(
    file: string,
    limit: SizeLimit,
    fingerprint: string | undefined,
  ): Promise<FileRead | 'unchanged'> {
    return this.#files.openChanged(file, limit, fingerprint)
  }
}

function lastLineOf(bytes: Uint8Array): number {
  let line = 1
  for (
    let at = bytes.indexOf(lineFeed);
    at !== -1 && at < bytes.length - 1;
    at = bytes.indexOf(lineFeed, at + 1)
  )
    line++
  return line
}

const lineFeed = 0x0a
