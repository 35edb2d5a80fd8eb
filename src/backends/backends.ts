import type { Domain, EmailAddress } from '../model/address.ts'
import { ConfigError, type Fault } from '../model/diagnostic.ts'
import { type Answer, LookUps, type LookUpsOptions, noAnswer, type SourceState } from './cached-backend.ts'
import type { RemoteKind, RemoteSettings } from './backend.ts'
import { remoteKinds } from './kinds.ts'

/** One entry of `sources:`, as plain data. */
export interface RemoteConfig {
  /** The key of its kind. */
  readonly kind: string
  readonly settings: RemoteSettings
  readonly password?: string
  /** Where it is written. */
  readonly place: Omit<Fault, 'message'>
}

/** What tells sources from others: all but where they are written. */
export const withoutPlaces = (configs: readonly RemoteConfig[]): readonly Omit<RemoteConfig, 'place'>[] =>
  configs.map(({ place: _, ...config }) => config)

/** What the sources say of a question, the first that knows. */
export interface RemoteAnswer {
  readonly text: string | undefined
  /** The name of the source, and the key of its kind. */
  readonly source?: string
  readonly kind?: string
  /** Nobody knew, but not everybody could be asked. */
  readonly uncertain: boolean
}

const nobody: RemoteAnswer = { text: undefined, uncertain: false }

/** All that is asked over the network, in the order of the configuration. */
export class RemoteSources {
  readonly #lookUps: readonly LookUps[]

  constructor(lookUps: readonly LookUps[]) {
    this.#lookUps = lookUps
  }

  /** Opens each; none is asked yet. Rejects with `ConfigError`, as where a driver is broken, and leaves none open. */
  static async open(
    configs: readonly RemoteConfig[],
    options: LookUpsOptions,
    kinds: readonly RemoteKind[] = remoteKinds,
  ): Promise<RemoteSources> {
    const lookUps: LookUps[] = []
    const faults: Fault[] = []
    for (const [index, config] of configs.entries()) {
      const isOnly = configs.filter(({ kind }) => kind === config.kind).length === 1
      const name = isOnly ? config.kind : `${config.kind} ${index + 1}`
      try {
        lookUps.push(await openOne(name, config, options, kinds))
      } catch (error) {
        faults.push({ ...config.place, message: `cannot be opened: ${firstLine((error as Error).message)}` })
      }
    }
    const sources = new RemoteSources(lookUps)
    if (faults.length === 0) return sources
    await sources.close()
    throw new ConfigError(faults)
  }

  get size(): number {
    return this.#lookUps.length
  }

  get states(): SourceState[] {
    return this.#lookUps.map(({ state }) => state)
  }

  /** For those who talk to them one by one: `check --online` and `drift`. */
  get lookUps(): readonly LookUps[] {
    return this.#lookUps
  }

  /** Does any of them know logins? */
  get tellsLogins(): boolean {
    return this.#lookUps.some((lookUps) => lookUps.tellsLogins)
  }

  /** The host of a domain, as the first source spells it that knows. Never rejects. */
  host(domain: Domain): RemoteAnswer | Promise<RemoteAnswer> {
    return this.#first((lookUps) => lookUps.host(domain))
  }

  login(address: EmailAddress): RemoteAnswer | Promise<RemoteAnswer> {
    return this.#first((lookUps) => lookUps.login(address))
  }

  async close(): Promise<void> {
    await Promise.all(this.#lookUps.map(({ source }) => source.close().catch(() => undefined)))
  }

  #first(
    ask: (lookUps: LookUps) => Answer | Promise<Answer>,
    from = 0,
    before: RemoteAnswer = nobody,
  ): RemoteAnswer | Promise<RemoteAnswer> {
    let result = before
    for (let index = from; index < this.#lookUps.length; index++) {
      const lookUps = this.#lookUps[index] as LookUps
      const answer = ask(lookUps)
      if (answer instanceof Promise) {
        return answer.then((said) => {
          const next = remoteAnswer(said, lookUps, result)
          return next.text === undefined ? this.#first(ask, index + 1, next) : next
        })
      }
      result = remoteAnswer(answer, lookUps, result)
      if (result.text !== undefined) return result
    }
    return result
  }
}

async function openOne(
  name: string,
  { kind: key, settings, password }: RemoteConfig,
  options: LookUpsOptions,
  kinds: readonly RemoteKind[],
): Promise<LookUps> {
  const kind = kinds.find((candidate) => candidate.key === key)
  if (!kind) throw new Error(`there is no kind of source "${key}"`)
  let lookUps: LookUps | undefined
  const source = await kind.open(settings, {
    ...(password === undefined ? {} : { password }),
    onChange: (what) => lookUps?.forget(what),
  })
  lookUps = new LookUps({ name, kind: key }, source, settings, options)
  return lookUps
}

/** Node.js says over several lines which module asked for a missing one. */
const firstLine = (text: string): string => text.replace(/\n.*/s, '')

function remoteAnswer(answer: Answer, { name, kind }: LookUps, before: RemoteAnswer): RemoteAnswer {
  if (answer === noAnswer) return { text: undefined, uncertain: true }
  return answer.text === undefined ? before : { text: answer.text, source: name, kind, uncertain: false }
}
