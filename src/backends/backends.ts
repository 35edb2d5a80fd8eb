import type { Domain, EmailAddress } from '../model/address.ts'
import { ConfigError, type Diagnostic } from '../model/diagnostic.ts'
import { type BackendAnswer, isAnswer } from './answer.ts'
import type { BackendKind, BackendSettings, SourceFiles } from './backend.ts'
import { type BackendState, CachedBackend, type CachedBackendOptions } from './cached-backend.ts'
import { Inquiry } from './inquiry.ts'
import { backendKinds } from './kinds.ts'

/** An entry of `sources:`. Plain data. */
export interface BackendConfig {
  /** The key of its kind. */
  readonly kind: string
  readonly settings: BackendSettings
  readonly password?: string
  readonly files?: SourceFiles
  readonly place: Omit<Diagnostic, 'message'>
}

/** The entries without their places in the file, to compare them: the same backend may be written elsewhere. */
export const withoutPlaces = (configs: readonly BackendConfig[]): readonly Omit<BackendConfig, 'place'>[] =>
  configs.map(({ place: _, ...config }) => config)

/** The answer of the first backend that knows a domain or an address. Whether it is certain, the `Inquiry` knows. */
export interface BackendsAnswer {
  /** `undefined` for "unknown", and if no backend answered. */
  readonly value: string | undefined
  /** The backend that knows it. */
  readonly backend?: CachedBackend
  /** No backend knows it, and one that may know it has no answer, not even an earlier one. */
  readonly isMissing: boolean
}

const unknown: BackendsAnswer = { value: undefined, isMissing: false }
const missing: BackendsAnswer = { value: undefined, isMissing: true }

interface OpenBackend {
  readonly cached: CachedBackend
  readonly config: BackendConfig
}

export interface OpenOptions extends CachedBackendOptions {
  /** Those before a reload. Of these, unchanged ones stay open, and answers to unchanged queries are kept. */
  readonly before?: Backends
  readonly kinds?: readonly BackendKind[]
}

/** All backends, in the order of the configuration. */
export class Backends {
  readonly all: readonly CachedBackend[]
  /** Of each, in the same order. */
  readonly #configs: readonly BackendConfig[]

  constructor(all: readonly CachedBackend[], configs: readonly BackendConfig[] = []) {
    this.all = all
    this.#configs = configs
  }

  /** Opens each; no query is sent. If one cannot be opened, rejects with `ConfigError` and leaves none open but those before. */
  static async open(configs: readonly BackendConfig[], options: OpenOptions): Promise<Backends> {
    const { before = new Backends([]) } = options
    const opened: CachedBackend[] = []
    const errors: Diagnostic[] = []
    const unchanged = configs.map((config, index) => before.#unchanged(nameOf(index, configs), config))
    const replaced = before.#opened.filter(({ cached }) => !unchanged.includes(cached))
    for (const [index, config] of configs.entries()) {
      try {
        opened.push(unchanged[index] ?? (await openOne(nameOf(index, configs), config, replaced, options)))
      } catch (error) {
        errors.push({ ...config.place, message: `cannot be opened: ${firstLine((error as Error).message)}` })
      }
    }
    const isBefore =
      opened.length === before.size && opened.every((each, index) => each === before.all[index])
    const backends = isBefore ? before : new Backends(opened, configs)
    if (errors.length === 0) return backends
    await backends.closeExcept(before)
    throw new ConfigError(errors)
  }

  get size(): number {
    return this.all.length
  }

  get states(): BackendState[] {
    return this.all.map(({ state }) => state)
  }

  get hasLogins(): boolean {
    return this.all.some((backend) => backend.hasLogins)
  }

  /** The host of a domain, as the backend spells it. Never rejects. */
  findHost(domain: Domain, inquiry = new Inquiry()): BackendsAnswer | Promise<BackendsAnswer> {
    return this.#first((backend) => backend.findHost(domain, inquiry), inquiry)
  }

  /** The login name of an address. Never rejects. */
  findLogin(address: EmailAddress, inquiry = new Inquiry()): BackendsAnswer | Promise<BackendsAnswer> {
    return this.#first((backend) => backend.findLogin(address, inquiry), inquiry)
  }

  /** Finds out whether each answers, until it has answered once. */
  greet(): void {
    for (const each of this.all) void each.greet()
  }

  async close(): Promise<void> {
    await this.closeExcept()
  }

  /** Closes those that the others do not use. */
  async closeExcept(others?: Backends): Promise<void> {
    await Promise.all(this.all.map((each) => (others?.all.includes(each) ? undefined : each.close())))
  }

  get #opened(): OpenBackend[] {
    return this.#configs.map((config, index) => ({ cached: this.all[index] as CachedBackend, config }))
  }

  #unchanged(name: string, { place: _, ...wanted }: BackendConfig): CachedBackend | undefined {
    const isUnchanged = ({ cached, config: { place: _, ...present } }: OpenBackend) =>
      cached.name === name && isSame(present, wanted)
    return this.#opened.find(isUnchanged)?.cached
  }

  #first(
    ask: (backend: CachedBackend) => BackendAnswer | Promise<BackendAnswer>,
    inquiry: Inquiry,
    from = 0,
    before = unknown,
  ): BackendsAnswer | Promise<BackendsAnswer> {
    let result = before
    for (let index = from; index < this.all.length; index++) {
      const backend = this.all[index] as CachedBackend
      const answer = ask(backend)
      if (answer instanceof Promise) {
        return answer.then((later) => {
          const next = combine(result, later, backend, inquiry)
          return next.value === undefined ? this.#first(ask, inquiry, index + 1, next) : next
        })
      }
      result = combine(result, answer, backend, inquiry)
      if (result.value !== undefined) return result
    }
    return result
  }
}

/** A backend that did not answer might know better than the next one, so the result is not certain. */
function combine(
  before: BackendsAnswer,
  answer: BackendAnswer,
  backend: CachedBackend,
  inquiry: Inquiry,
): BackendsAnswer {
  if (answer.certainty !== 'certain') inquiry.doubt()
  if (answer.value !== undefined) return { value: answer.value, backend, isMissing: false }
  return isAnswer(answer) ? before : missing
}

/** Several of a kind have their position in their name. */
function nameOf(index: number, configs: readonly BackendConfig[]): string {
  const { kind } = configs[index] as BackendConfig
  return configs.filter((config) => config.kind === kind).length === 1 ? kind : `${kind} ${index + 1}`
}

/** `replaced`: those that a reload closes. One with the same queries hands over its answers. */
async function openOne(
  name: string,
  config: BackendConfig,
  replaced: OpenBackend[],
  { kinds = backendKinds, ...options }: OpenOptions,
): Promise<CachedBackend> {
  const { kind: key, settings, password, files } = config
  const kind = kinds.find((candidate) => candidate.key === key)
  if (!kind) throw new Error(`there is no kind of source "${key}"`)
  let cached: CachedBackend | undefined
  const backend = await kind.open(settings, {
    ...(password !== undefined && { password }),
    ...(files && { files }),
    onChange: (domainOrAddress) => cached?.forget(domainOrAddress),
    onNotifyProblem: (problem) => options.onNotifyProblem?.(name, problem),
  })
  const kept = takePredecessor(config, kind, replaced)?.handOver()
  cached = new CachedBackend({ name, kind: key }, backend, settings, options, kept)
  return cached
}

/** Takes the first with the same queries. */
function takePredecessor(
  { settings }: BackendConfig,
  { key, queriesOf }: BackendKind,
  replaced: OpenBackend[],
): CachedBackend | undefined {
  if (!queriesOf) return undefined
  const isPredecessor = ({ config }: OpenBackend) =>
    config.kind === key && isSame(queriesOf(config.settings), queriesOf(settings))
  const index = replaced.findIndex(isPredecessor)
  return index < 0 ? undefined : replaced.splice(index, 1)[0]?.cached
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Node.js adds lines that say which module requires a missing one. */
const firstLine = (text: string): string => text.replace(/\n.*/s, '')
