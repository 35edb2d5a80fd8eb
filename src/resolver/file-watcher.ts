import type { ReadFile } from '../reading/files.ts'
import { fingerprint } from '../reading/fingerprint.ts'
import { inBatches } from '../reading/in-batches.ts'

export interface FileWatcherOptions {
  /** Milliseconds between two looks at the files. */
  readonly pollInterval: number
  /** The files differ from what was read, and have stopped changing. */
  readonly onChange: () => Promise<void>
}

/**
 * How many looks in a row may find the files changing. Then they are read anyway: with a look each second, a change takes effect
 * within five.
 */
const restlessLooks = 3

/** The pause after a look is at least this many times as long as the look, however many files there are. */
const pausePerLook = 50

/**
 * Looks at files by name (stat). Inode watches miss changes when Kubernetes replaces a symbolic link, and on bind mounts.
 */
export class FileWatcher {
  readonly #options: FileWatcherOptions
  #files: readonly ReadFile[]
  #lastSeen: string
  #restless = 0
  #closed = false
  #timer: NodeJS.Timeout | undefined

  constructor(files: readonly ReadFile[], options: FileWatcherOptions) {
    this.#options = options
    this.#files = files
    this.#lastSeen = fingerprintsOf(files)
    this.#scheduleLook()
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

  #scheduleLook(lastLook = 0): void {
    if (this.#closed) return
    const pause = Math.max(this.#options.pollInterval, pausePerLook * lastLook)
    this.#timer = setTimeout(async () => {
      this.#scheduleLook(await this.#look())
    }, pause)
    this.#timer.unref()
  }

  /** Returns the duration of the look, in milliseconds. */
  async #look(): Promise<number> {
    const files = this.#files
    const started = performance.now()
    const seen = fingerprintsOf(
      await inBatches(files, async ({ file }) => ({ file, fingerprint: await fingerprint(file) })),
    )
    const duration = performance.now() - started
    // A reload happened meanwhile, and the fingerprints are older than it.
    /* c8 ignore next -- a matter of milliseconds, which no test can bring about at will */
    if (files !== this.#files) return duration
    const isSettled = seen === this.#lastSeen || ++this.#restless > restlessLooks
    this.#lastSeen = seen
    if (seen === fingerprintsOf(files)) this.#restless = 0
    else if (isSettled && !this.#closed) {
      this.#restless = 0
      await this.#options.onChange()
    }
    return duration
  }
}

const fingerprintsOf = (files: readonly ReadFile[]): string =>
  files.map((file) => file.fingerprint).join('\n')
