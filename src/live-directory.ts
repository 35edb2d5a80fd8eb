import type { Config, Outcome, ReadFile } from './config/config.ts'
import { fingerprint } from './config/fingerprint.ts'
import { Directory } from './directory.ts'
import { ConfigError, type Fault } from './domain/fault.ts'
import { inBatches } from './sources/in-batches.ts'
import type { LookUpsOptions } from './sources/look-ups.ts'
import { RemoteSources } from './sources/remote-sources.ts'

/** What came of the last attempts to load the configuration. */
export interface LoadState {
  readonly loadedAt: Date
  readonly reloads: { readonly succeeded: number; readonly failed: number }
  /** Why the newest attempt failed; absent when it did not. */
  readonly lastError?: { readonly at: Date; readonly faults: readonly Fault[] }
}

export interface LiveDirectoryOptions {
  /** Reads the configuration at start, in this thread: nobody waits for answers yet. */
  readonly load: () => Promise<Outcome>
  /** Reads it while requests are answered; not in this thread. What has not changed may be taken over. */
  readonly reload: (inForce: Config) => Promise<Outcome>
  readonly onReload?: (result: { readonly config: Config } | { readonly faults: readonly Fault[] }) => void
  /** Told when a source begins not to answer, and without a problem when it does again. */
  readonly onSource?: NonNullable<LookUpsOptions['onProblem']>
  /** Between two looks at the files, in milliseconds. */
  readonly pollInterval: number
  readonly now: () => Date
}

/**
 * How many looks may find the files different from the look before, until they are read all the same: with one a
 * second, a change is in force within five.
 */
const patience = 3

/** Of the time between two looks, a look takes no more than a part of so many, however many files there are. */
const restAfterLook = 50

/**
 * The directory in force. A reload builds the next one beside it and swaps one reference; with a fault in it the one
 * in force stays. Files are looked at by name (stat), not by inode watches, which go deaf when Kubernetes swaps a
 * symbolic link, and on bind mounts.
 */
export class LiveDirectory {
  readonly #options: LiveDirectoryOptions
  #current: Directory
  #remote: { readonly of: string; readonly sources: RemoteSources }
  #state: LoadState
  #files: readonly ReadFile[]
  #running: Promise<void> | undefined
  #again = false
  #closed = false
  #timer: NodeJS.Timeout | undefined
  #lastSeen: string
  #restless = 0

  /** Rejects with `ConfigError` if the configuration has faults. */
  static async open(options: LiveDirectoryOptions): Promise<LiveDirectory> {
    const outcome = await options.load()
    if ('faults' in outcome) throw new ConfigError(outcome.faults, outcome.warnings)
    const { config, files } = outcome
    return new LiveDirectory(options, config, files, await openRemote(config, options))
  }

  private constructor(
    options: LiveDirectoryOptions,
    config: Config,
    files: readonly ReadFile[],
    remote: { readonly of: string; readonly sources: RemoteSources },
  ) {
    this.#options = options
    this.#remote = remote
    this.#current = directoryOf(config, remote.sources, options)
    this.#state = { loadedAt: options.now(), reloads: { succeeded: 0, failed: 0 } }
    this.#files = files
    this.#lastSeen = asRead(files)
    this.#watch()
  }

  /** Never changes: a request takes it once and keeps to it. */
  get current(): Directory {
    return this.#current
  }

  get state(): LoadState {
    return this.#state
  }

  /** Every file that was read, or would have been. */
  get files(): readonly string[] {
    return this.#files.map(({ file }) => file)
  }

  /** Loads the configuration again; resolves when the newest of it is in force, or refused. Never rejects. */
  reload(): Promise<void> {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#reloadUntilDone().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
    await this.#remote.sources.close()
  }

  async #reloadUntilDone(): Promise<void> {
    do {
      this.#again = false
      await this.#reloadOnce()
    } while (this.#again && !this.#closed)
  }

  async #reloadOnce(): Promise<void> {
    const { reload, onReload, now } = this.#options
    const { succeeded, failed } = this.#state.reloads
    const outcome = await reload(this.#current.config).catch(
      (error: Error): Outcome => this.#notLoaded(error),
    )
    this.#files = outcome.files
    this.#lastSeen = asRead(outcome.files)
    if ('config' in outcome) {
      await this.#useRemote(outcome.config)
      this.#current = directoryOf(outcome.config, this.#remote.sources, this.#options)
      this.#state = { loadedAt: now(), reloads: { succeeded: succeeded + 1, failed } }
      onReload?.({ config: outcome.config })
    } else {
      const lastError = { at: now(), faults: outcome.faults }
      this.#state = { ...this.#state, reloads: { succeeded, failed: failed + 1 }, lastError }
      onReload?.({ faults: outcome.faults })
    }
  }

  #notLoaded(error: Error): Outcome {
    const place = { file: this.#current.config.file, line: 1, column: 1, path: '' }
    const fault = { ...place, message: `could not be loaded: ${error.message}` }
    return { files: this.#files, faults: [fault], warnings: [] }
  }

  /** Sources that are configured as before stay open, and what they have said is not forgotten. */
  async #useRemote(config: Config): Promise<void> {
    if (this.#remote.of === JSON.stringify(config.remote)) return
    const before = this.#remote.sources
    this.#remote = await openRemote(config, this.#options)
    // Requests that are under way end first, or with what was said before.
    void before.close()
  }

  #watch(lastLook = 0): void {
    if (this.#closed) return
    const pause = Math.max(this.#options.pollInterval, restAfterLook * lastLook)
    this.#timer = setTimeout(async () => {
      this.#watch(await this.#look())
    }, pause)
    this.#timer.unref()
  }

  /**
   * Loads again when the files differ from what was read, and have stopped changing: nobody is writing them any more.
   * Gives the time that the look took, in milliseconds.
   */
  async #look(): Promise<number> {
    const read = this.#files
    const started = performance.now()
    const seen = asRead(
      await inBatches(read, async ({ file }) => ({ file, fingerprint: await fingerprint(file) })),
    )
    const took = performance.now() - started
    // A reload came between; what was seen is of the files before it.
    /* c8 ignore next -- a matter of milliseconds, which no test can bring about at will */
    if (read !== this.#files) return took
    const settled = seen === this.#lastSeen || ++this.#restless > patience
    this.#lastSeen = seen
    if (seen === asRead(read)) this.#restless = 0
    else if (settled && !this.#closed) {
      this.#restless = 0
      await this.reload()
    }
    return took
  }
}

function directoryOf(config: Config, remote: RemoteSources, { now }: LiveDirectoryOptions): Directory {
  return new Directory(config, { now: () => now().getTime(), remote })
}

async function openRemote(config: Config, { now, onSource }: LiveDirectoryOptions) {
  const sources = await RemoteSources.open(config.remote, {
    now: () => now().getTime(),
    ...(onSource && { onProblem: onSource }),
  })
  return { of: JSON.stringify(config.remote), sources }
}

const asRead = (files: readonly ReadFile[]): string => files.map((file) => file.fingerprint).join('\n')
