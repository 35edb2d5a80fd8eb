import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ReadFile } from '../../reading/files.ts'
import { readRegularFile } from '../../reading/regular-file.ts'
import { sizeLimits } from '../../reading/size-limits.ts'
import type { Config, LoadResult } from '../config.ts'
import { type Extent, extentOf } from '../extent.ts'
import { loadConfig } from '../load.ts'
import { CopiedFiles } from './copied-files.ts'
import { copyToDirectory, flush, privateMode } from './copy-file.ts'
import { type Manifest, parseManifest, type SavedFile } from './manifest.ts'

export interface SavedFilesOptions {
  /** The directory of the admin. The copies are in a directory of their own below it, which is private. */
  readonly state: string
  /** The configuration file. Copies of another one are ignored. */
  readonly config: string
  readonly now: () => Date
  /** Called when files cannot be saved, or saved files cannot be used. */
  readonly onProblem: (problem: string) => void
}

/**
 * Copies of the files of the last good configuration, for a start with one that cannot be used. A manifest lists the copies, and
 * replacing it is the last step, so the copies that it lists always belong together.
 */
export class SavedFiles {
  readonly directory: string
  readonly #options: SavedFilesOptions
  readonly #config: string
  #manifest: Manifest | undefined
  #saving: Promise<void> = Promise.resolve()
  #isStopped = false

  /** Never rejects. */
  static async open(options: SavedFilesOptions): Promise<SavedFiles> {
    const saved = new SavedFiles(options)
    const { content } = await readRegularFile(saved.#manifestFile, sizeLimits.configuration)
    const manifest = content.ok ? parseManifest(Buffer.from(content.value).toString()) : undefined
    if (content.ok && !manifest) options.onProblem(`${saved.#manifestFile} is invalid; ignored`)
    if (manifest?.config === saved.#config) saved.#manifest = manifest
    return saved
  }

  private constructor(options: SavedFilesOptions) {
    this.#options = options
    this.directory = join(options.state, 'last-good')
    this.#config = resolve(options.config)
  }

  get saved(): { readonly at: Date; readonly extent: Extent } | undefined {
    const manifest = this.#manifest
    return manifest && { at: new Date(manifest.savedAt), extent: manifest.extent }
  }

  /** Loads the saved configuration; `undefined` if nothing is saved, or the copies cannot be used. */
  async load(): Promise<Extract<LoadResult, { config: Config }> | undefined> {
    if (!this.#manifest) return undefined
    const result = await loadConfig(this.#options.config, { source: this.#copies() })
    if ('config' in result) return result
    this.#options.onProblem(`the copies in ${this.directory} cannot be used: ${result.errors[0]?.message}`)
    return undefined
  }

  /** The content of the last good version of a file. */
  async read(file: string): Promise<Uint8Array | undefined> {
    const { content } = await this.#copies().read(file, sizeLimits.map)
    return content.ok ? content.value : undefined
  }

  /** Saves a good configuration and its files. Copies only files that have changed. Never rejects. */
  save(config: Config, files: readonly ReadFile[]): Promise<void> {
    this.#saving = this.#saving.then(() =>
      this.#save(config, files).catch(({ message }: Error) =>
        this.#options.onProblem(`the configuration cannot be saved: ${message}`),
      ),
    )
    return this.#saving
  }

  /** Resolves when nothing is being saved. */
  get settled(): Promise<void> {
    return this.#saving
  }

  stop(): void {
    this.#isStopped = true
  }

  get #manifestFile(): string {
    return join(this.directory, 'manifest.json')
  }

  #copies(): CopiedFiles {
    return new CopiedFiles(this.directory, this.#manifest?.files ?? [])
  }

  async #save(config: Config, files: readonly ReadFile[]): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 })
    await chmod(this.directory, 0o700)
    const copies = await this.#copyAll(config, files)
    if (!copies || this.#isStopped) return
    const extent = extentOf(config, files)
    const before = this.#manifest
    if (before && JSON.stringify([before.files, before.extent]) === JSON.stringify([copies, extent])) return
    const savedAt = this.#options.now().toISOString()
    await this.#replaceManifest({ version: 1, config: this.#config, savedAt, extent, files: copies })
    await this.#removeOthers(copies)
  }

  /** Returns `undefined` if a file has changed since it was read: a reload follows, which saves the files again. */
  async #copyAll(config: Config, files: readonly ReadFile[]): Promise<SavedFile[] | undefined> {
    const present = new Set(await readdir(this.directory))
    const earlier = new Map(
      this.#manifest?.files.filter(({ copy }) => present.has(copy)).map((saved) => [saved.file, saved]),
    )
    const broken = new Set(
      config.ispdb.flatMap((folder) =>
        folder.files.filter(({ isBroken }) => isBroken).map(({ file }) => resolve(file)),
      ),
    )
    const copies = new Map<string, SavedFile>()
    for (const { file: name, fingerprint, hasContent } of files) {
      if (this.#isStopped) return undefined
      const file = resolve(name)
      const isGood = hasContent && !broken.has(file)
      const known = earlier.get(file)
      const copy =
        known?.fingerprint === fingerprint || !isGood
          ? known
          : await copyToDirectory(file, fingerprint, this.directory)
      if (copy) copies.set(file, copy)
      else if (isGood) return undefined
    }
    return [...copies.values()]
  }

  async #replaceManifest(manifest: Manifest): Promise<void> {
    const temporary = `${this.#manifestFile}.new`
    await writeFile(temporary, JSON.stringify(manifest), { mode: privateMode })
    await flush(temporary)
    await rename(temporary, this.#manifestFile)
    await flush(this.directory)
    this.#manifest = manifest
  }

  async #removeOthers(copies: readonly SavedFile[]): Promise<void> {
    const listed = new Set(copies.map(({ copy }) => copy))
    const others = (await readdir(this.directory)).filter(
      (name) => /^[0-9a-f]{32}(\.new)?$/.test(name) && !listed.has(name),
    )
    for (const name of others) await rm(join(this.directory, name))
  }
}
