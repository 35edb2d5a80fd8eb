import type { Domain, EmailAddress } from '../model/address.ts'
import { ConfigError, type Diagnostic } from '../model/diagnostic.ts'
import type { BackendKind, BackendSettings } from './backend.ts'
import {
  type Answer,
  type BackendState,
  CachedBackend,
  type CachedBackendOptions,
  noAnswer,
} from './cached-backend.ts'
import { backendKinds } from './kinds.ts'

/** One entry of `sources:`, as plain data. */
export interface BackendConfig {
  /** The key of its kind. */
  readonly kind: string
  readonly settings: BackendSettings
  readonly password?: string
  /** Where it is written. */
  readonly place: Omit<Diagnostic, 'message'>
}

/** What tells sources from others: all but where they are written. */
export const withoutPlaces = (configs: readonly BackendConfig[]): readonly Omit<BackendConfig, 'place'>[] =>
  configs.map(({ place: _, ...config }) => config)

/** What the sources say of a question, the first that knows. */
export interface BackendsAnswer {
  readonly text: string | undefined
  /** The name of the source, and the key of its kind. */
  readonly source?: string
  readonly kind?: string
  /** Nobody knew, but not everybody could be asked. */
  readonly uncertain: boolean
}

const nobody: BackendsAnswer = { text: undefined, uncertain: false }

/** All that is asked over the network, in the order of the configuration. */
export class Backends {
  readonly #lookUps: readonly CachedBackend[]

  constructor(backend: readonly CachedBackend[]) {
    this.#lookUps = backend
  }

  /** Opens each; none is asked yet. Rejects with `ConfigError`, as where a driver is broken, and leaves none open. */
  static async open(
    configs: readonly BackendConfig[],
    options: CachedBackendOptions,
    kinds: readonly BackendKind[] = backendKinds,
  ): Promise<Backends> {
    const backend: CachedBackend[] = []
    const errors: Diagnostic[] = []
    for (const [index, config] of configs.entries()) {
      const isOnly = configs.filter(({ kind }) => kind === config.kind).length === 1
      const name = isOnly ? config.kind : `${config.kind} ${index + 1}`
      try {
        backend.push(await openOne(name, config, options, kinds))
      } catch (error) {
        errors.push({ ...config.place, message: `cannot be opened: ${firstLine((error as Error).message)}` })
      }
    }
    const sources = new Backends(backend)
    if (errors.length === 0) return sources
    await sources.close()
    throw new ConfigError(errors)
  }

  get size(): number {
    return this.#lookUps.length
  }

  get states(): BackendState[] {
    return this.#lookUps.map(({ state }) => state)
  }

  /** For those who talk to them one by one: `check --online` and `drift`. */
  get all(): readonly CachedBackend[] {
    return this.#lookUps
  }

  /** Does any of them know logins? */
  get tellsLogins(): boolean {
    return this.#lookUps.some((backend) => backend.tellsLogins)
  }

  /** The host of a domain, as the first source spells it that knows. Never rejects. */
  host(domain: Domain): BackendsAnswer | Promise<BackendsAnswer> {
    return this.#first((backend) => backend.host(domain))
  }

  login(address: EmailAddress): BackendsAnswer | Promise<BackendsAnswer> {
    return this.#first((backend) => backend.login(address))
  }

  async close(): Promise<void> {
    await Promise.all(this.#lookUps.map(({ source }) => source.close().catch(() => undefined)))
  }

  #first(
    ask: (backend: CachedBackend) => Answer | Promise<Answer>,
    from = 0,
    before: BackendsAnswer = nobody,
  ): BackendsAnswer | Promise<BackendsAnswer> {
    let result = before
    for (let index = from; index < this.#lookUps.length; index++) {
      const backend = this.#lookUps[index] as CachedBackend
      const answer = ask(backend)
      if (answer instanceof Promise) {
        return answer.then((said) => {
          const next = backendsAnswer(said, backend, result)
          return next.text === undefined ? this.#first(ask, index + 1, next) : next
        })
      }
      result = backendsAnswer(answer, backend, result)
      if (result.text !== undefined) return result
    }
    return result
  }
}

async function openOne(
  name: string,
  { kind: key, settings, password }: BackendConfig,
  options: CachedBackendOptions,
  kinds: readonly BackendKind[],
): Promise<CachedBackend> {
  const kind = kinds.find((candidate) => candidate.key === key)
  if (!kind) throw new Error(`there is no kind of source "${key}"`)
  let backend: CachedBackend | undefined
  const source = await kind.open(settings, {
    ...(password === undefined ? {} : { password }),
    onChange: (what) => backend?.forget(what),
  })
  backend = new CachedBackend({ name, kind: key }, source, settings, options)
  return backend
}

/** Node.js says over several lines which module asked for a missing one. */
const firstLine = (text: string): string => text.replace(/\n.*/s, '')

function backendsAnswer(
  answer: Answer,
  { name, kind }: CachedBackend,
  before: BackendsAnswer,
): BackendsAnswer {
  if (answer === noAnswer) return { text: undefined, uncertain: true }
  return answer.text === undefined ? before : { text: answer.text, source: name, kind, uncertain: false }
}
