import { type Arguments, type Catalogue, type PageLanguage, pageCatalogue } from '../messages/catalogue.ts'
import { escapeHtml, type Html, placeholder } from './markup.ts'

/** The settings that messages name, as in `{ $username }`. Each page has its own, in HTML. */
export const valueNames = [
  'username',
  'outgoing-username',
  'address',
  'provider',
  'domain',
  'incoming-hostname',
  'incoming-port',
  'outgoing-hostname',
  'outgoing-port',
  // Parts of sentences: see `messages/en/clients.ftl`.
  'usernames',
  'protocol',
  'login',
] as const
export type ValueName = (typeof valueNames)[number]

/**
 * The messages of the page in one language. A message in HTML is formatted once, with placeholders for the labels of mail programs and
 * for the settings: filling them in is all that a page costs.
 */
export class Phrases {
  /** The labels of mail programs, by their keys. */
  readonly labels: Readonly<Record<string, Html>>
  readonly #catalogue: Catalogue
  readonly #placeholders: Arguments
  readonly #known = new Map<string, Html>()

  constructor(language: PageLanguage) {
    const english = pageCatalogue('en')
    this.#catalogue = pageCatalogue(language)
    this.labels = Object.fromEntries(
      english.keys('labels').map((key) => [key, labelOf(key, this.#catalogue, english)]),
    )
    const names = [...valueNames, ...Object.keys(this.labels)]
    this.#placeholders = Object.fromEntries(names.map((name) => [name, placeholder(name)]))
  }

  /** For attributes and titles. */
  text(key: string, values?: Arguments): string {
    return this.#catalogue.text(key, values)
  }

  /** Escaped, with placeholders. */
  html(key: string): Html {
    const html = this.#known.get(key) ?? escapeHtml(this.#catalogue.text(key, this.#placeholders))
    this.#known.set(key, html)
    return html
  }
}

/** A program that is not translated has its English label in every language, marked as English. */
function labelOf(key: string, own: Catalogue, english: Catalogue): Html {
  const isOwn = own.has(key)
  const text = escapeHtml((isOwn ? own : english).text(key))
  return `<strong translate="no"${isOwn ? '' : ' lang="en"'}>${text}</strong>`
}

const known = new Map<PageLanguage, Phrases>()

/** Made when the language is first asked for. */
export function phrasesOf(language: PageLanguage): Phrases {
  const phrases = known.get(language) ?? new Phrases(language)
  known.set(language, phrases)
  return phrases
}
