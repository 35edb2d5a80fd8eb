import { Backends, withoutPlaces } from '../backends/backends.ts'
import type { CachedBackendOptions } from '../backends/cached-backend.ts'
import type { Config, LoadResult } from '../config/config.ts'
import { ConfigError, type Diagnostic } from '../model/diagnostic.ts'
import type { ReadFile } from '../reading/files.ts'
import { fingerprint } from '../reading/fingerprint.ts'
import { inBatches } from '../reading/in-batches.ts'
import { Resolver } from './resolver.ts'

/** What came of the last attempts to load the configuration. */
export interface LoadState {
  readonly loadedAt: Date
  readonly reloads: { readonly succeeded: number; readonly failed: number }
  /** Why the newest attempt failed; absent when it did not. */
  readonly lastError?: { readonly at: Date; readonly errors: readonly Diagnostic[] }
}

export interface LiveResolverOptions {
  /** Reads the configuration at start, in this thread: nobody waits for answers yet. */
  readonly load: () => Promise<LoadResult>
  /** Reads it while requests are answered; not in this thread. What has not changed may be taken over. */
  readonly reload: (inForce: Config) => Promise<LoadResult>
  readonly onReload?: (
    result: { readonly config: Config } | { readonly errors: readonly Diagnostic[] },
  ) => void
  /** Told when a source begins not to answer, and without a problem when it does again. */
  readonly onSource?: NonNullable<CachedBackendOptions['onProblem']>
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
export class LiveResolver {
  readonly #options: LiveResolverOptions
  #current: Resolver
  #remote: { readonly of: string; readonly sources: Backends }
  #state: LoadState
  #files: readonly ReadFile[]
  #running: Promise<void> | undefined
  #again = false
  #closed = false
  #timer: NodeJS.Timeout | undefined
  #lastSeen: string
  #restless = 0

  /** Rejects with `ConfigError` if the configuration has faults. */
  static async open(options: LiveResolverOptions): Promise<LiveResolver> {
    const outcome = await options.load()
    if ('errors' in outcome) throw new ConfigError(outcome.errors, outcome.warnings)
    const { config, files } = outcome
    return new LiveResolver(options, config, files, await openRemote(config, options))
  }

  private constructor(
    options: LiveResolverOptions,
    config: Config,
    files: readonly ReadFile[],
    backends: { readonly of: string; readonly sources: Backends },
  ) {
    this.#options = options
    this.#remote = backends
    this.#current = resolverOf(config, backends.sources, options)
    this.#state = { loadedAt: options.now(), reloads: { succeeded: 0, failed: 0 } }
    this.#files = files
    this.#lastSeen = asRead(files)
    this.#watch()
  }

  /** Never changes: a request takes it once and keeps to it. */
  get current(): Resolver {
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
    const { onReload, now } = this.#options
    const { succeeded, failed } = this.#state.reloads
    const result = await this.#useNext().catch((error: Error) => ({ errors: this.#faultsOf(error) }))
    this.#lastSeen = asRead(this.#files)
    if ('config' in result) {
      this.#state = { loadedAt: now(), reloads: { succeeded: succeeded + 1, failed } }
    } else {
      const lastError = { at: now(), errors: result.errors }
      this.#state = { ...this.#state, reloads: { succeeded, failed: failed + 1 }, lastError }
    }
    onReload?.(result)
  }

  /** Rejects where what was read cannot be served; its files are looked at from now on all the same. */
  async #useNext(): Promise<{ readonly config: Config }> {
    const outcome = await this.#options.reload(this.#current.config)
    this.#files = outcome.files
    if ('errors' in outcome) throw new ConfigError(outcome.errors, outcome.warnings)
    const { config } = outcome
    // Sources that are configured as before stay open, and what they have said is not forgotten.
    const isSame = this.#remote.of === identityOf(config)
    const opened = isSame ? undefined : await openRemote(config, this.#options)
    let unused = opened
    try {
      const next = opened ?? this.#remote
      this.#current = resolverOf(config, next.sources, this.#options)
      if (opened) unused = this.#remote
      this.#remote = next
    } finally {
      // Requests that are under way end first, or with what was said before.
      void unused?.sources.close()
    }
    return { config }
  }

  #faultsOf(error: Error): readonly Diagnostic[] {
    if (error instanceof ConfigError) return error.errors
    const place = { file: this.#current.config.file, line: 1, column: 1, path: '' }
    return [{ ...place, message: `could not be loaded: ${error.message}` }]
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

function resolverOf(config: Config, backends: Backends, { now }: LiveResolverOptions): Resolver {
  return new Resolver(config, { now: () => now().getTime(), backends })
}

async function openRemote(config: Config, { now, onSource }: LiveResolverOptions) {
  const sources = await Backends.open(config.backends, {
    now: () => now().getTime(),
    ...(onSource && { onProblem: onSource }),
  })
  return { of: identityOf(config), sources }
}

/** Of what is asked over the network. */
const identityOf = ({ backends }: Config): string => JSON.stringify(withoutPlaces(backends))

const asRead = (files: readonly ReadFile[]): string => files.map((file) => file.fingerprint).join('\n')
