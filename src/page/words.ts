import { type Arguments, type Catalogue, type PageLanguage, pageCatalogue } from '../messages/catalogue.ts'
import { escapeHtml, fillHtml, type Html, placeholder } from './markup.ts'

/** Values in messages, already in HTML, by their names. */
export type HtmlValues = Readonly<Record<string, Html>>

/**
 * What the page says in one language. Messages name two kinds of value: texts, and parts in HTML, such as a label of a mail program
 * in bold or a setting that people copy.
 */
export class Words {
  readonly language: PageLanguage
  readonly #catalogue: Catalogue
  readonly #values: HtmlValues
  readonly #placeholders: Arguments

  constructor(language: PageLanguage, values: HtmlValues = {}) {
    this.language = language
    this.#catalogue = pageCatalogue(language)
    this.#values = values
    this.#placeholders = Object.fromEntries(Object.keys(values).map((name) => [name, placeholder(name)]))
  }

  /** A message as text, for attributes and titles. */
  plain(key: string, values?: Arguments): string {
    return this.#catalogue.text(key, values)
  }

  /** A message in HTML. `values` are texts. Labels and the values of the page are filled in by their names. */
  html(key: string, values: Arguments = {}): Html {
    const text = this.#catalogue.text(key, {
      ...labels(this.language).placeholders,
      ...this.#placeholders,
      ...values,
    })
    return fillHtml(text, (name) => this.#values[name] ?? this.label(name))
  }

  /** A label of a mail program, as the program writes it. */
  label(key: string): Html {
    const label = this.labelIf(key)
    if (label === undefined) throw new Error(`no label "${key}"`)
    return label
  }

  /** The same, if the program has such a label. */
  labelIf(key: string): Html | undefined {
    return labels(this.language).html[key]
  }
}

interface Labels {
  readonly html: HtmlValues
  readonly placeholders: Arguments
}

const known = new Map<PageLanguage, Labels>()

/** The labels of mail programs. A program that is not translated has its English label in every language, marked as English. */
function labels(language: PageLanguage): Labels {
  const found = known.get(language) ?? readLabels(language)
  known.set(language, found)
  return found
}

function readLabels(language: PageLanguage): Labels {
  const [own, english] = [pageCatalogue(language), pageCatalogue('en')]
  const html = Object.fromEntries(
    english.keys('labels').map((key) => {
      const isOwn = own.has(key)
      const text = escapeHtml((isOwn ? own : english).text(key))
      const foreign = isOwn ? '' : ' lang="en"'
      return [key, `<strong translate="no"${foreign}>${text}</strong>`]
    }),
  )
  const placeholders = Object.fromEntries(Object.keys(html).map((key) => [key, placeholder(key)]))
  return { html, placeholders }
}
