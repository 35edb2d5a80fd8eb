import type { ReadFile } from '../reading/files.ts'
import { fingerprint } from '../reading/fingerprint.ts'
import { inBatches } from '../reading/in-batches.ts'

export interface FileWatcherOptions {
  /** Milliseconds between two checks of the files. */
  readonly pollInterval: number
  /** The files differ from what was read, and have stopped changing. */
  readonly onChange: () => Promise<void>
}

/**
 * The number of consecutive checks that may find the files still changing. After that they are read anyway: with one check
 * per second, a change takes effect within five seconds.
 */
const unsettledChecks = 3

/** The pause after a check is at least this many times as long as the check, so that many files do not keep the server busy. */
const pausePerCheck = 50

/** Milliseconds of work for one file. A check that takes longer waited for a busy machine, and must not delay the next. */
const workPerFile = 1

/** Checks files by name (stat). Inode watches miss changes when Kubernetes replaces a symbolic link, and on bind mounts. */
export class FileWatcher {
  readonly #options: FileWatcherOptions
  #files: readonly ReadFile[]
  #lastSeen: string
  #unsettled = 0
  #closed = false
  #timer: NodeJS.Timeout | undefined

  constructor(files: readonly ReadFile[], options: FileWatcherOptions) {
    this.#options = options
    this.#files = files
    this.#lastSeen = fingerprintsOf(files)
    this.#scheduleCheck()
  }

  /** The files, as they were last read. */
  get files(): readonly ReadFile[] {
    return this.#files
  }

  /** The files were read again. */
  update(files: readonly ReadFile[]): void {
    this.#files = files
    this.#lastSeen = fingerprintsOf(files)
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
    const seen = fingerprintsOf(
      await inBatches(files, async ({ file }) => ({ file, fingerprint: await fingerprint(file) })),
    )
    const duration = Math.min(performance.now() - started, files.length * workPerFile)
    // The configuration was reloaded meanwhile, and the fingerprints are older.
    /* c8 ignore next -- takes milliseconds, so no test can cause it reliably */
    if (files !== this.#files) return duration
    const isSettled = seen === this.#lastSeen || ++this.#unsettled > unsettledChecks
    this.#lastSeen = seen
    if (seen === fingerprintsOf(files)) this.#unsettled = 0
    else if (isSettled && !this.#closed) {
      this.#unsettled = 0
      await this.#options.onChange()
    }
    return duration
  }
}

const fingerprintsOf = (files: readonly ReadFile[]): string =>
  files.map((file) => file.fingerprint).join('\n')
