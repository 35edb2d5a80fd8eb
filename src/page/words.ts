import type { Arguments, PageLanguage } from '../messages/catalogue.ts'
import { fillHtml, type Html } from './markup.ts'
import { type Phrases, phrasesOf, type ValueName } from './phrases.ts'

/** The settings of one page, in HTML. */
export type Values = Readonly<Partial<Record<ValueName, Html>>>

/** The messages of one page, with its settings filled in. */
export class Words {
  readonly #phrases: Phrases
  readonly #values: Readonly<Partial<Record<string, Html>>>

  constructor(language: PageLanguage, values: Values = {}) {
    this.#phrases = phrasesOf(language)
    this.#values = values
  }

  /** A message as text, for attributes and titles. */
  text(key: string, values?: Arguments): string {
    return this.#phrases.text(key, values)
  }

  /** A message in HTML, with labels of mail programs in bold, and settings that people copy. */
  html(key: string): Html {
    return fillHtml(this.#phrases.html(key), (name) => this.#values[name] ?? this.label(name))
  }

  /** A label of a mail program, as the program writes it. Throws if there is none, or no such setting. */
  label(key: string): Html {
    const label = this.labelIf(key)
    if (label === undefined) throw new Error(`there is no label or setting "${key}"`)
    return label
  }

  /** The same, if the program has such a label. */
  labelIf(key: string): Html | undefined {
    return this.#phrases.labels[key]
  }
}
