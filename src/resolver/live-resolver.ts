import { untilAborted } from '../backends/until-aborted.ts'
import type { Config, LoadResult } from '../config/config.ts'
import { extentOf } from '../config/extent.ts'
import { loadConfig } from '../config/load.ts'
import { LoadThread } from '../config/load-in-worker.ts'
import { lossesBetween } from '../config/losses.ts'
import { ConfigError, type Diagnostic } from '../model/diagnostic.ts'
import { FileWatcher, type FileWatcherOptions } from '../reading/file-watcher.ts'
import type { ReadFile } from '../reading/files.ts'
import { noAnswer } from '../reading/patient-turns.ts'
import { type LoadState, type ReloadResult, type SavedConfig, stateAfter } from './load-state.ts'
import { type OpenConfig, type OpenOptions, openConfig } from './open-config.ts'
import { type FirstConfig, openFirst } from './open-first.ts'
import type { Resolver } from './resolver.ts'

export type { LoadState, ReloadResult, SavedConfig } from './load-state.ts'

export interface LiveResolverOptions
  extends OpenOptions,
    Pick<FileWatcherOptions, 'pollInterval' | 'fingerprint' | 'hangLimit'> {
  /** Reads the configuration at start, when no request waits yet. */
  readonly load: () => Promise<LoadResult>
  /**
   * Reads it again while requests are answered, so not in this thread. It may keep what has not changed. The signal aborts when
   * the resolver is closed.
   */
  readonly reload: (inUse: Config, signal: AbortSignal) => Promise<LoadResult>
  readonly onReload?: (result: ReloadResult) => void
  /** Keeps the last good configuration. */
  readonly saved?: SavedConfig | undefined
}

interface ReloadRequest {
  /** Did somebody ask for it, or has a file changed? */
  readonly isAsked: boolean
}

/** A change takes effect within five of these, so within five seconds. */
export const pollInterval = 900

/**
 * The resolver in use. A reload builds the next one beside it and then replaces it; if the new configuration has an error, the
 * old one stays in use.
 */
export class LiveResolver {
  readonly #options: LiveResolverOptions
  readonly #watcher: FileWatcher
  readonly #closing = new AbortController()
  #inUse: OpenConfig
  #state: LoadState
  #running: Promise<void> | undefined
  /** Another reload was requested meanwhile. */
  #next: ReloadRequest | undefined

  /** Loads a configuration file and watches it and the files that it names. Rejects with `ConfigError`. */
  static openFile(
    file: string,
    options: Partial<Pick<LiveResolverOptions, 'onReload' | 'onBackend' | 'onNotify' | 'now' | 'saved'>> = {},
  ): Promise<LiveResolver> {
    const thread = new LoadThread()
    return LiveResolver.open({
      load: () => loadConfig(file, { savedIspdbFile: async (name) => options.saved?.read(name) }),
      reload: (inUse, signal) => thread.load(inUse, signal),
      pollInterval,
      now: () => new Date(),
      ...options,
    })
  }

  /** Rejects with `ConfigError` if the configuration has errors and no saved one can be used. */
  static async open(options: LiveResolverOptions): Promise<LiveResolver> {
    return new LiveResolver(options, await openFirst(options))
  }

  private constructor(options: LiveResolverOptions, { inUse, files, state }: FirstConfig) {
    this.#options = options
    this.#inUse = inUse
    inUse.backends.greet()
    this.#state = state
    this.#watcher = new FileWatcher(files, {
      ...options,
      onChange: () => this.#request({ isAsked: false }),
      onHang: (file) => this.#finish({ errors: [errorIn(file, noAnswer)] }),
    })
    if (state.savedAt === undefined) this.#save(files)
  }

  /** Immutable: a request uses one resolver from start to end. */
  get current(): Resolver {
    return this.#inUse.resolver
  }

  get state(): LoadState {
    return this.#state
  }

  /** Every file that was read, or should have been. */
  get files(): readonly string[] {
    return this.#watcher.files.map(({ file }) => file)
  }

  get saved(): SavedConfig | undefined {
    return this.#options.saved
  }

  /**
   * Loads the configuration again, and uses it even if it has lost most domains. Resolves when the newest is in use, or rejected.
   * Never rejects itself.
   */
  reload(): Promise<void> {
    return this.#request({ isAsked: true })
  }

  /** Does not wait for files that are being read. */
  async close(): Promise<void> {
    this.#closing.abort()
    this.#watcher.close()
    this.#options.saved?.stop()
    await this.#running
    await this.#inUse.backends.close()
  }

  #request(request: ReloadRequest): Promise<void> {
    if (this.#running) {
      this.#next = this.#next?.isAsked ? this.#next : request
      return this.#running
    }
    this.#running = this.#reloadUntilDone(request).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #reloadUntilDone(first: ReloadRequest): Promise<void> {
    for (let request: ReloadRequest | undefined = first; request && !this.#isClosed; request = this.#next) {
      this.#next = undefined
      const result = await this.#useNext(request).catch((error: Error) => ({ errors: this.#errorsOf(error) }))
      if (!this.#isClosed) this.#finish(result)
    }
  }

  /** Rejects if the new configuration cannot be used; its files are watched nevertheless, since a fix changes them. */
  async #useNext({ isAsked }: ReloadRequest): Promise<ReloadResult> {
    const result = await this.#load()
    const { files } = result
    if (!isAsked && 'config' in result) {
      const losses = lossesBetween(this.#inUse.extent, extentOf(result.config, files))
      if (losses.length > 0) return { held: losses }
    }
    const before = this.#inUse.backends
    const next = await openConfig(result, this.#options, this.#inUse)
    this.#inUse = next
    next.backends.greet()
    this.#save(files)
    const reopened = next.backends.all
      .filter((each) => !before.all.includes(each))
      .map(({ name, state: { keptAnswers = 0 } }) => ({ source: name, keptAnswers }))
    return { config: this.current.config, reopened }
  }

  /** Whatever comes of it, it is not tried again before a file changes. */
  async #load(): Promise<LoadResult> {
    const { signal } = this.#closing
    try {
      const loading = this.#options.reload(this.current.config, signal)
      const result = await untilAborted(loading, signal)
      if (result.isIncomplete) this.#watcher.updateSome(result.files)
      else this.#watcher.update(result.files)
      return result
    } catch (error) {
      this.#watcher.updateSome([])
      throw error
    }
  }

  #finish(result: ReloadResult): void {
    const isKnown = 'held' in result && String(result.held) === String(this.#state.held?.losses)
    this.#state = stateAfter(this.#state, result, this.#options.now())
    if (!isKnown) this.#options.onReload?.(result)
  }

  #save(files: readonly ReadFile[]): void {
    void this.#options.saved?.save(this.current.config, files)
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  #errorsOf(error: Error): readonly Diagnostic[] {
    if (error instanceof ConfigError) return error.errors
    return [errorIn(this.current.config.file, `cannot be loaded: ${error.message}`)]
  }
}

const errorIn = (file: string, message: string): Diagnostic => ({
  file,
  line: 1,
  column: 1,
  path: '',
  message,
})
