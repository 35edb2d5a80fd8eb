import type { ReadFile } from './files.ts'
import { fingerprint } from './fingerprint.ts'

export interface FileWatcherOptions {
  /** Milliseconds between two checks of the files. */
  readonly pollInterval: number
  /** The files differ from what was read, and have stopped changing. */
  readonly onChange: () => Promise<void>
  /**
   * The file system does not answer for this file, so no change is seen until it does. `onChange` is called as soon as it
   * answers.
   */
  readonly onHang: (file: string) => void
  readonly fingerprint?: typeof fingerprint
  /** How long a check may wait for the file system before it hangs, in milliseconds. */
  readonly hangLimit?: number
}

/**
 * The number of consecutive checks that may find the files still changing. After that they are read anyway: with one check
 * per second, a change takes effect within five seconds.
 */
export const unsettledChecks = 3

/** The pause after a check is at least this many times as long as the check, so that many files do not keep the server busy. */
const pausePerCheck = 50

/** Milliseconds of work for one file. A check that takes longer waited for a busy machine, and must not delay the next. */
const workPerFile = 1

/** Milliseconds. */
const hangLimit = 20_000

/** Checks files by name (stat). Inode watches miss changes when Kubernetes replaces a symbolic link, and on bind mounts. */
export class FileWatcher {
  readonly #options: Required<FileWatcherOptions>
  #files: readonly ReadFile[]
  /** The files, as the last check found them. */
  #seen: readonly ReadFile[]
  #unsettled = 0
  #closed = false
  #timer: NodeJS.Timeout | undefined

  constructor(files: readonly ReadFile[], options: FileWatcherOptions) {
    this.#options = { fingerprint, hangLimit, ...options }
    this.#files = files
    this.#seen = files
    this.#scheduleCheck()
  }

  /** The files, as they were last read. */
  get files(): readonly ReadFile[] {
    return this.#files
  }

  /** The files were read again. */
  update(files: readonly ReadFile[]): void {
    this.#files = files
    this.#seen = files
  }

  /** Only these were read, so the others must change again before there is anything to read. */
  updateSome(files: readonly ReadFile[]): void {
    const names = new Set(files.map(({ file }) => file))
    this.update([...files, ...this.#seen.filter(({ file }) => !names.has(file))])
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #scheduleCheck(lastCheck = 0): void {
    if (this.#closed) return
    const pause = Math.max(this.#options.pollInterval, pausePerCheck * lastCheck)
    this.#timer = setTimeout(async () => {
      this.#scheduleCheck(await this.#check())
    }, pause)
    this.#timer.unref()
  }

  /** Returns the duration of the check without waiting, in milliseconds. */
  async #check(): Promise<number> {
    const files = this.#files
    const started = performance.now()
    const { seen, hung } = await this.#look(files)
    const duration = Math.min(performance.now() - started, files.length * workPerFile)
    // The configuration was reloaded meanwhile, and the fingerprints are older.
    if (files !== this.#files || this.#closed) return duration
    const isSettled = isSame(seen, this.#seen) || ++this.#unsettled > unsettledChecks
    this.#seen = seen
    if (!hung && isSame(seen, files)) this.#unsettled = 0
    else if (hung || isSettled) {
      this.#unsettled = 0
      await this.#options.onChange()
    }
    return duration
  }

  /** One file after another: each may occupy a thread of the process for hours if its file system does not answer. */
  async #look(
    files: readonly ReadFile[],
  ): Promise<{ readonly seen: readonly ReadFile[]; readonly hung: boolean }> {
    const seen: ReadFile[] = []
    let hung = false
    const alarm = setTimeout(() => {
      hung = true
      const { file } = files[seen.length] as ReadFile
      if (!this.#closed) this.#options.onHang(file)
    }, this.#options.hangLimit).unref()
    for (const file of files) seen.push({ ...file, fingerprint: await this.#options.fingerprint(file.file) })
    clearTimeout(alarm)
    return { seen, hung }
  }
}

/** Do two lists of the same files have the same fingerprints? */
const isSame = (files: readonly ReadFile[], others: readonly ReadFile[]): boolean =>
  files.every(({ fingerprint }, index) => fingerprint === others[index]?.fingerprint)
