import { LRUCache } from 'lru-cache'
import type { ClientConfig } from '../model/settings.ts'
import type { Template } from './template.ts'

/** Templates that are kept: about 50 kB each, together with the compressed form. */
const mostKept = 300

/**
 * The pages that were rendered last. Unlike other documents, a client configuration has more than a hundred: one for each language and
 * guide. So anybody could ask for very many, and only some are kept.
 */
export class PageTemplates {
  readonly #templates = new LRUCache<string, Template>({ max: mostKept })
  /** A number for each client configuration, since a key that is an object could not be combined with the variant. */
  readonly #numbers = new WeakMap<ClientConfig, number>()
  #last = 0

  get size(): number {
    return this.#templates.size
  }

  /** The template of a client configuration in a variant, rendered if it is not kept. */
  get(clientConfig: ClientConfig, variant: string, render: () => Template): Template {
    const key = `${this.#numberOf(clientConfig)} ${variant}`
    const template = this.#templates.get(key) ?? render()
    this.#templates.set(key, template)
    return template
  }

  #numberOf(clientConfig: ClientConfig): number {
    const number = this.#numbers.get(clientConfig) ?? ++this.#last
    this.#numbers.set(clientConfig, number)
    return number
  }
}
