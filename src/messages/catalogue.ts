import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle'
import { readResource } from '../resources.ts'
import { chooseLanguage } from './language.ts'

/** The languages with a complete page for people. */
export const pageLanguages = ['en', 'fr', 'nl', 'de'] as const
export type PageLanguage = (typeof pageLanguages)[number]

/** The languages in which settings and profiles have their words. */
export const settingsLanguages = [...pageLanguages, 'es', 'it', 'pt'] as const
export type SettingsLanguage = (typeof settingsLanguages)[number]

/** The files of a language, in its directory. */
const pageFiles = ['settings', 'page', 'clients', 'labels'] as const

export type Arguments = Readonly<Record<string, FluentVariable>>

/**
 * The messages of one language, in the syntax of Fluent (projectfluent.org), which translators edit with the tools that they have. A
 * value is filled in as it is: Fluent would put invisible isolates (U+2068, U+2069) around it, and people copy values.
 */
export class Catalogue {
  readonly language: SettingsLanguage
  readonly #bundle: FluentBundle
  readonly #keys = new Map<string, readonly string[]>()

  constructor(language: SettingsLanguage, files: readonly string[]) {
    this.language = language
    this.#bundle = new FluentBundle(language, { useIsolating: false })
    for (const file of files) {
      const resource = new FluentResource(readResource(`messages/${language}/${file}.ftl`))
      this.#bundle.addResource(resource)
      this.#keys.set(
        file,
        resource.body.map(({ id }) => id),
      )
    }
  }

  /** The keys of one of its files, in order. */
  keys(file: string): readonly string[] {
    return this.#keys.get(file) as readonly string[]
  }

  has(key: string): boolean {
    return this.#bundle.hasMessage(key)
  }

  /** Throws if there is no such message, or if it names a value that is missing: both are bugs, which tests find. */
  text(key: string, values: Arguments = {}): string {
    const pattern = this.#bundle.getMessage(key)?.value
    if (!pattern) throw new Error(`no message "${key}" in ${this.language}`)
    const errors: Error[] = []
    const text = this.#bundle.formatPattern(pattern, values, errors)
    if (errors[0]) throw new Error(`message "${key}" in ${this.language}: ${errors[0].message}`)
    return text
  }
}

const catalogues = new Map<string, Catalogue>()

/** Read when it is first asked for. */
function catalogue(language: SettingsLanguage, files: readonly string[]): Catalogue {
  const key = `${language} ${files.length}`
  const known = catalogues.get(key) ?? new Catalogue(language, files)
  catalogues.set(key, known)
  return known
}

/** The words for settings and profiles, in the first wanted language that has some. */
export const settingsCatalogue = (wanted: readonly string[] | undefined): Catalogue =>
  catalogue(chooseLanguage(settingsLanguages, wanted), ['settings'])

/** Everything that the page for people says. */
export const pageCatalogue = (language: PageLanguage): Catalogue => catalogue(language, pageFiles)
