import type { Domain, EmailAddress } from '../model/address.ts'
import { ConfigError, type Diagnostic } from '../model/diagnostic.ts'
import type { BackendKind, BackendSettings } from './backend.ts'
import {
  type BackendAnswer,
  type BackendState,
  CachedBackend,
  type CachedBackendOptions,
} from './cached-backend.ts'
import { backendKinds } from './kinds.ts'

/** An entry of `sources:`. Plain data. */
export interface BackendConfig {
  /** The key of its kind. */
  readonly kind: string
  readonly settings: BackendSettings
  readonly password?: string
  readonly place: Omit<Diagnostic, 'message'>
}

/** The entries without their places in the file, to compare them: the same backend may be written elsewhere. */
export const withoutPlaces = (configs: readonly BackendConfig[]): readonly Omit<BackendConfig, 'place'>[] =>
  configs.map(({ place: _, ...config }) => config)

/** The answer of the first backend that knows a domain or an address. */
export interface BackendsAnswer {
  /** `undefined` for "unknown". */
  readonly value: string | undefined
  /** The backend that knows it. */
  readonly backend?: CachedBackend
  /** `false` if a backend that comes before this one, or any if none knows it, did not answer. */
  readonly certain: boolean
}

const unknown: BackendsAnswer = { value: undefined, certain: true }
const uncertain: BackendsAnswer = { value: undefined, certain: false }

/** All backends, in the order of the configuration. */
export class Backends {
  readonly all: readonly CachedBackend[]

  constructor(all: readonly CachedBackend[]) {
    this.all = all
  }

  /** Opens each; no query is sent. If one cannot be opened, rejects with `ConfigError` and leaves none open. */
  static async open(
    configs: readonly BackendConfig[],
    options: CachedBackendOptions,
    kinds: readonly BackendKind[] = backendKinds,
  ): Promise<Backends> {
    const opened: CachedBackend[] = []
    const errors: Diagnostic[] = []
    for (const [index, config] of configs.entries()) {
      const isOnly = configs.filter(({ kind }) => kind === config.kind).length === 1
      const name = isOnly ? config.kind : `${config.kind} ${index + 1}`
      try {
        opened.push(await openOne(name, config, options, kinds))
      } catch (error) {
        errors.push({ ...config.place, message: `cannot be opened: ${firstLine((error as Error).message)}` })
      }
    }
    const backends = new Backends(opened)
    if (errors.length === 0) return backends
    await backends.close()
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
  findHost(domain: Domain): BackendsAnswer | Promise<BackendsAnswer> {
    return this.#first((backend) => backend.findHost(domain))
  }

  /** The login name of an address. Never rejects. */
  findLogin(address: EmailAddress): BackendsAnswer | Promise<BackendsAnswer> {
    return this.#first((backend) => backend.findLogin(address))
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ backend }) => backend.close().catch(() => undefined)))
  }

  #first(
    ask: (backend: CachedBackend) => BackendAnswer | Promise<BackendAnswer>,
    from = 0,
    before: BackendsAnswer = unknown,
  ): BackendsAnswer | Promise<BackendsAnswer> {
    let result = before
    for (let index = from; index < this.all.length; index++) {
      const backend = this.all[index] as CachedBackend
      const answer = ask(backend)
      if (answer instanceof Promise) {
        return answer.then((later) => {
          const next = combine(result, later, backend)
          return next.value === undefined ? this.#first(ask, index + 1, next) : next
        })
      }
      result = combine(result, answer, backend)
      if (result.value !== undefined) return result
    }
    return result
  }
}

function combine(before: BackendsAnswer, answer: BackendAnswer, backend: CachedBackend): BackendsAnswer {
  if (!answer.answered) return uncertain
  return answer.value === undefined ? before : { value: answer.value, backend, certain: before.certain }
}

async function openOne(
  name: string,
  { kind: key, settings, password }: BackendConfig,
  options: CachedBackendOptions,
  kinds: readonly BackendKind[],
): Promise<CachedBackend> {
  const kind = kinds.find((candidate) => candidate.key === key)
  if (!kind) throw new Error(`there is no kind of source "${key}"`)
  let cached: CachedBackend | undefined
  const backend = await kind.open(settings, {
    ...(password === undefined ? {} : { password }),
    onChange: (domainOrAddress) => cached?.forget(domainOrAddress),
  })
  cached = new CachedBackend({ name, kind: key }, backend, settings, options)
  return cached
}

/** Node.js adds lines that say which module requires a missing one. */
const firstLine = (text: string): string => text.replace(/\n.*/s, '')
