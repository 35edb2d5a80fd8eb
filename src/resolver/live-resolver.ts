import { Backends } from '../backends/backends.ts'
import type { CachedBackendOptions } from '../backends/cached-backend.ts'
import type { Config, LoadResult } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { loadConfigInWorker } from '../config/load-in-worker.ts'
import { ConfigError, type Diagnostic } from '../model/diagnostic.ts'
import type { ReadFile } from '../reading/files.ts'
import { FileWatcher } from './file-watcher.ts'
import { Resolver } from './resolver.ts'

/** The result of the last attempts to load the configuration. */
export interface LoadState {
  readonly loadedAt: Date
  readonly reloads: { readonly succeeded: number; readonly failed: number }
  /** Why the last attempt failed; absent if it succeeded. */
  readonly lastError?: { readonly at: Date; readonly errors: readonly Diagnostic[] }
}

export type ReloadResult =
  | {
      readonly config: Config
      /** The sources that the reload has opened again, and how many answers each has kept. */
      readonly reopened: readonly { readonly source: string; readonly keptAnswers: number }[]
    }
  | { readonly errors: readonly Diagnostic[] }

export interface LiveResolverOptions {
  /** Reads the configuration at start, when no request waits yet. */
  readonly load: () => Promise<LoadResult>
  /** Reads it again while requests are answered, so not in this thread. It may keep what has not changed. */
  readonly reload: (inUse: Config) => Promise<LoadResult>
  readonly onReload?: (result: ReloadResult) => void
  /** Called when a backend becomes unavailable, and without a problem when it is available again. */
  readonly onBackend?: NonNullable<CachedBackendOptions['onProblem']>
  /** The same for its announcements of changes. */
  readonly onNotify?: NonNullable<CachedBackendOptions['onNotifyProblem']>
  /** Milliseconds between two checks of the files. */
  readonly pollInterval: number
  readonly now: () => Date
}

/** A change takes effect within five of these, so within five seconds. */
const pollInterval = 900

/**
 * The resolver in use. A reload builds the next one beside it and then replaces it; if the new configuration has an error, the
 * old one stays in use.
 */
export class LiveResolver {
  readonly #options: LiveResolverOptions
  readonly #watcher: FileWatcher
  #current: Resolver
  #backends: Backends
  #state: LoadState
  #running: Promise<void> | undefined
  #again = false
  #closed = false

  /** Loads a configuration file and watches it and the files that it names. Rejects with `ConfigError`. */
  static openFile(
    file: string,
    options: Partial<Pick<LiveResolverOptions, 'onReload' | 'onBackend' | 'onNotify' | 'now'>> = {},
  ): Promise<LiveResolver> {
    const load = () => loadConfig(file)
    return LiveResolver.open({
      load,
      reload: loadConfigInWorker,
      pollInterval,
      now: () => new Date(),
      ...options,
    })
  }

  /** Rejects with `ConfigError` if the configuration has errors. */
  static async open(options: LiveResolverOptions): Promise<LiveResolver> {
    const result = await options.load()
    if ('errors' in result) throw new ConfigError(result.errors, result.warnings)
    const { config, files } = result
    return new LiveResolver(options, config, files, await openBackends(config, options))
  }

  private constructor(
    options: LiveResolverOptions,
    config: Config,
    files: readonly ReadFile[],
    backends: Backends,
  ) {
    this.#options = options
    this.#backends = backends
    backends.greet()
    this.#current = resolverOf(config, backends, options)
    this.#state = { loadedAt: options.now(), reloads: { succeeded: 0, failed: 0 } }
    this.#watcher = new FileWatcher(files, {
      pollInterval: options.pollInterval,
      onChange: () => this.reload(),
    })
  }

  /** Immutable: a request uses one resolver from start to end. */
  get current(): Resolver {
    return this.#current
  }

  get state(): LoadState {
    return this.#state
  }

  /** Every file that was read, or should have been. */
  get files(): readonly string[] {
    return this.#watcher.files.map(({ file }) => file)
  }

  /** Loads the configuration again; resolves when the newest is in use, or rejected. Never rejects itself. */
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
    this.#watcher.close()
    await this.#running
    await this.#backends.close()
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
    const result = await this.#useNext().catch((error: Error) => ({ errors: this.#errorsOf(error) }))
    // The loading thread can fail without a list of files; then the old list is kept.
    this.#watcher.update(this.#watcher.files)
    if ('config' in result) {
      this.#state = { loadedAt: now(), reloads: { succeeded: succeeded + 1, failed } }
    } else {
      const lastError = { at: now(), errors: result.errors }
      this.#state = { ...this.#state, reloads: { succeeded, failed: failed + 1 }, lastError }
    }
    onReload?.(result)
  }

  /** Rejects if the new configuration cannot be used; its files are watched nevertheless, since a fix changes them. */
  async #useNext(): Promise<Extract<ReloadResult, { config: Config }>> {
    const result = await this.#options.reload(this.#current.config)
    this.#watcher.update(result.files)
    if ('errors' in result) throw new ConfigError(result.errors, result.warnings)
    const { config } = result
    const before = this.#backends
    const next = await openBackends(config, this.#options, before)
    let unused = next
    try {
      this.#current = resolverOf(config, next, this.#options)
      this.#backends = next
      unused = before
      next.greet()
    } finally {
      // Running requests end before, or use cached answers.
      void unused.closeExcept(this.#backends)
    }
    const reopened = next.all
      .filter((each) => !before.all.includes(each))
      .map(({ name, state: { keptAnswers = 0 } }) => ({ source: name, keptAnswers }))
    return { config, reopened }
  }

  #errorsOf(error: Error): readonly Diagnostic[] {
    if (error instanceof ConfigError) return error.errors
    const place = { file: this.#current.config.file, line: 1, column: 1, path: '' }
    return [{ ...place, message: `cannot be loaded: ${error.message}` }]
  }
}

function resolverOf(config: Config, backends: Backends, { now }: LiveResolverOptions): Resolver {
  return new Resolver(config, { now: () => now().getTime(), backends })
}

function openBackends(
  config: Config,
  { now, onBackend, onNotify }: LiveResolverOptions,
  before?: Backends,
): Promise<Backends> {
  return Backends.open(config.backends, {
    now: () => now().getTime(),
    ...(onBackend && { onProblem: onBackend }),
    ...(onNotify && { onNotifyProblem: onNotify }),
    ...(before && { before }),
  })
}
