import { setTimeout as sleep } from 'node:timers/promises'
import type { SecureContext } from 'node:tls'
import type { Domain } from '../model/address.ts'
import { FileWatcher } from '../reading/file-watcher.ts'
import type { ReadFile } from '../reading/files.ts'
import { inBatches } from '../reading/in-batches.ts'
import { noAnswer } from '../reading/patient-turns.ts'
import { applyPair } from './apply-pair.ts'
import { Certificate } from './certificate.ts'
import { type CertificateFiles, keyOf, type TlsSettings } from './certificate-files.ts'
import { Contexts, secureContextOf } from './contexts.ts'
import { FolderList } from './folder-list.ts'
import { type KeyPair, whyNotValid } from './key-pair.ts'
import { NameIndex } from './name-index.ts'
import { NewProblems } from './new-problems.ts'
import { PairReader } from './pair-reader.ts'

export interface CertificatesOptions {
  readonly settings: TlsSettings
  /** The name whose certificate is the default, if the settings name none. */
  readonly publicName?: Domain | undefined
  readonly now: () => Date
  /** Called once for each problem, for ten at a time at most. */
  readonly onProblem: (problem: string) => void
  /** Called with the number of certificates that have replaced others. */
  readonly onRenewed?: (count: number) => void
  /** Milliseconds between two looks at the files. If there are many, the pause is longer. */
  readonly pollInterval?: number
  readonly mostContexts?: number
  /** If there are no more certificates than this, they are ready before anybody asks for them. */
  readonly mostReady?: number
  readonly reader?: PairReader
}

/**
 * The certificates of `tls:`, found by the name that a client asks for. The files are read once to know their names and dates; a
 * context is made when a client asks for its name. When files change, they are read again: a good pair replaces the one before it, and a
 * broken one does not.
 */
export class Certificates {
  readonly #options: CertificatesOptions
  readonly #contexts: Contexts
  readonly #reader: PairReader
  readonly #problems: NewProblems
  /** Settles when all files were read once. */
  readonly #firstLook: Promise<void>
  #settings: TlsSettings
  #publicName: Domain | undefined
  #all = new Map<string, Certificate>()
  readonly #folder: FolderList
  #index = new NameIndex()
  /** The names of files that are not read yet. */
  #hints: NameIndex | undefined = new NameIndex()
  readonly #reading = new Map<Certificate, Promise<boolean>>()
  #default: { readonly of: Certificate; readonly fingerprints: string; readonly pair: KeyPair } | undefined
  #onDefault: ((pair: KeyPair) => void) | undefined
  #watcher: FileWatcher | undefined
  #looking: Promise<void>
  #isClosed = false

  constructor(options: CertificatesOptions) {
    this.#options = options
    this.#settings = options.settings
    this.#publicName = options.publicName
    this.#reader = options.reader ?? new PairReader()
    this.#folder = new FolderList(this.#reader.turns)
    this.#contexts = new Contexts(options.mostContexts)
    this.#problems = new NewProblems(options.onProblem)
    this.#firstLook = this.#look()
    this.#looking = this.#firstLook
  }

  /** Resolves when all files were read once, or after so many milliseconds. */
  async ready(limit: number): Promise<void> {
    await Promise.race([this.#firstLook, sleep(limit, undefined, { ref: false })])
  }

  /**
   * The context for a name that a client has sent; `undefined` if there is none, and the default one is right. It is a promise only if
   * files are read for it, and those are only read for names that are known.
   */
  contextFor(servername: string): SecureContext | undefined | Promise<SecureContext | undefined> {
    const name = servername.toLowerCase()
    const certificate = this.#find(name)
    if (certificate) return this.#contextOf(certificate)
    return this.#hints && this.#contextAfterFirstLook(name, this.#hints)
  }

  /** Is there a valid certificate for the name? */
  covers(name: string): boolean {
    const facts = this.#find(name)?.facts
    return facts !== undefined && whyNotValid(facts, this.#now()) === undefined
  }

  /** Calls back with the default certificate, now and whenever it changes. */
  watchDefault(onDefault: (pair: KeyPair) => void): void {
    this.#onDefault = onDefault
    if (this.#default) onDefault(this.#default.pair)
  }

  /** Uses the settings of a new configuration. Resolves when their files are read. */
  use(settings: TlsSettings, publicName: Domain | undefined): Promise<void> {
    this.#settings = settings
    this.#publicName = publicName
    return this.#lookAgain()
  }

  /** To be called from time to time: certificates expire, or become valid, while no file changes. */
  async tick(): Promise<void> {
    const now = this.#now()
    const due = [...this.#all.values()].filter(({ retryAt = Number.POSITIVE_INFINITY }) => retryAt <= now)
    for (const certificate of due) certificate.fingerprints = undefined
    if (due.length > 0) await this.#lookAgain()
    else this.#report()
  }

  /** All certificates that were read, the listed ones first. */
  get all(): readonly Certificate[] {
    return [...this.#all.values()]
  }

  get default(): Certificate | undefined {
    return this.#default?.of
  }

  get folderProblem(): string | undefined {
    return this.#folder.problem
  }

  /** The number of contexts in memory. */
  get contexts(): number {
    return this.#contexts.size
  }

  close(): void {
    this.#isClosed = true
    this.#watcher?.close()
  }

  #find(name: string): Certificate | undefined {
    return this.#index.find(name, this.#now())
  }

  #contextOf(certificate: Certificate): SecureContext | undefined | Promise<SecureContext | undefined> {
    return (
      this.#contexts.get(certificate) ??
      this.#contexts.load(certificate, () => this.#loadContext(certificate))
    )
  }

  async #contextAfterFirstLook(name: string, hints: NameIndex): Promise<SecureContext | undefined> {
    const hinted = hints.find(name, this.#now())
    if (hinted) await this.#refresh(hinted)
    if (!this.#find(name)) await this.#firstLook
    const certificate = this.#find(name)
    return certificate && this.#contextOf(certificate)
  }

  /** If the files have just changed, the next look will find out what is wrong with them. */
  async #loadContext(certificate: Certificate): Promise<SecureContext | undefined> {
    const { pair, fingerprints } = await this.#reader.read(certificate.files)
    if (!pair.ok) return undefined
    const context = secureContextOf(pair.value, certificate.files.certificate)
    if (String(fingerprints) !== String(certificate.fingerprints))
      return context.ok ? context.value : undefined
    if (context.ok) {
      this.#contexts.set(certificate, context.value)
      return context.value
    }
    certificate.refuse(context.error, undefined)
    this.#rebuildIndex()
    this.#report()
    return undefined
  }

  #lookAgain(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look())
    return this.#looking
  }

  /** Reads everything that has changed. Never rejects. */
  async #look(): Promise<void> {
    if (this.#isClosed) return
    const { certificates, folder } = this.#settings
    const before = this.#all
    const isInUse = (files: CertificateFiles) => before.get(keyOf(files))?.facts !== undefined
    const directories = await this.#folder.update(folder, isInUse)
    const wanted = [...certificates, ...this.#folder.pairs]
    this.#all = new Map(
      wanted.map((files) => [keyOf(files), before.get(keyOf(files)) ?? new Certificate(files)]),
    )
    for (const [key, certificate] of before) if (!this.#all.has(key)) this.#contexts.delete(certificate)
    const all = [...this.#all.values()]
    for (const one of all) if (one.files.hint !== undefined) this.#hints?.add(one, [one.files.hint], 0)
    const renewed = await inBatches(all, (certificate) => this.#refresh(certificate))
    this.#rebuildIndex()
    this.#hints = undefined
    await this.#updateDefault()
    this.#watch([...directories, ...all.flatMap(readFilesOf)])
    this.#report()
    const count = renewed.filter(Boolean).length
    if (count > 0) this.#options.onRenewed?.(count)
  }

  /** Reads a certificate if its files have changed. Returns whether it has replaced another. */
  #refresh(certificate: Certificate): Promise<boolean> {
    const running = this.#reading.get(certificate)
    if (running) return running
    const reading = this.#readIfChanged(certificate).finally(() => this.#reading.delete(certificate))
    this.#reading.set(certificate, reading)
    return reading
  }

  async #readIfChanged(certificate: Certificate): Promise<boolean> {
    const { files, fingerprints } = certificate
    if (fingerprints && (await this.#reader.isUnchanged(files, fingerprints))) return false
    const read = await this.#reader.read(files)
    certificate.fingerprints = read.fingerprints
    const isRenewed = applyPair(certificate, read.pair, {
      contexts: this.#contexts,
      now: this.#now(),
      isEager: this.#all.size <= (this.#options.mostReady ?? 100),
    })
    if (this.#hints) this.#addToIndex(certificate)
    return isRenewed
  }

  #rebuildIndex(): void {
    this.#index = new NameIndex()
    for (const certificate of this.#all.values()) this.#addToIndex(certificate)
  }

  #addToIndex(certificate: Certificate): void {
    if (certificate.facts) this.#index.add(certificate, certificate.facts.names, this.#now())
  }

  async #updateDefault(): Promise<void> {
    const { default: name } = this.#settings
    const named = [name, this.#publicName].flatMap((one) =>
      one === undefined ? [] : (this.#find(one) ?? []),
    )
    const chosen = named[0] ?? this.all.find(({ facts }) => facts)
    const fingerprints = String(chosen?.fingerprints)
    const isInUse = this.#default?.of === chosen && this.#default?.fingerprints === fingerprints
    if (!chosen || chosen.problem !== undefined || isInUse) return
    const { pair } = await this.#reader.read(chosen.files)
    const context = await this.#contextOf(chosen)
    // If OpenSSL has just refused it, another one is next.
    if (!chosen.facts) return this.#updateDefault()
    // If the files have just changed, the next look comes soon.
    if (!pair.ok || !context) return
    this.#default = { of: chosen, fingerprints, pair: pair.value }
    this.#onDefault?.(pair.value)
  }

  #watch(files: readonly ReadFile[]): void {
    if (this.#watcher) this.#watcher.update(files)
    else if (!this.#isClosed)
      this.#watcher = new FileWatcher(files, {
        pollInterval: this.#options.pollInterval ?? defaultPollInterval,
        fingerprint: this.#reader.fingerprint,
        hangLimit: this.#reader.timeLimit,
        onChange: () => this.#lookAgain(),
        onHang: (file) => this.#options.onProblem(`${file}: ${noAnswer}`),
      })
  }

  #report(): void {
    const now = this.#now()
    const messages = this.all.flatMap((certificate) => certificate.messageAt(now) ?? [])
    const { problem } = this.#folder
    this.#problems.report([...(problem === undefined ? [] : [problem]), ...messages])
  }

  #now(): number {
    return this.#options.now().getTime()
  }
}

/** Milliseconds. */
const defaultPollInterval = 900

const readFilesOf = ({ files, fingerprints }: Certificate): ReadFile[] => {
  const [certificate, key] = fingerprints as readonly [string, string]
  return [
    { file: files.certificate, fingerprint: certificate },
    { file: files.key, fingerprint: key },
  ]
}
