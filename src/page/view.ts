import { type PageLanguage, pageLanguages } from '../messages/catalogue.ts'
import { textIn } from '../messages/language.ts'
import type { Contact, PageSettings } from '../model/page-settings.ts'
import { type AssetUrls, assetUrls } from './assets.ts'
import { type Html, paragraphs, safeHref } from './markup.ts'
import type { Words } from './words.ts'

/** The parts that every page has. */
export interface Frame {
  readonly language: PageLanguage
  /** The URL of the page of the domain, relative to the page that is rendered: `./` or `../`. */
  readonly home: string
  /** The id of the client that the page explains first. */
  readonly client: string
  /** Did the person choose this client? Then the links to other languages keep it. */
  readonly choseClient: boolean
  readonly providerName: string
  readonly page: PageSettings
}

/** The values for every template, named `it` there. */
export interface View {
  readonly language: PageLanguage
  /** The id of a client, for the form to keep. */
  readonly chosenClient: string | undefined
  readonly providerName: string
  readonly contact: Contact
  readonly hasContact: boolean
  readonly hours: string | undefined
  /** A text of the provider; may be empty. */
  readonly extraText: Html
  readonly urls: AssetUrls & { readonly home: string }
  readonly languages: readonly { readonly tag: string; readonly name: string; readonly url: string }[]
  /** A message in HTML. */
  readonly html: Words['html']
  /** A message as text. */
  readonly text: Words['text']
  /** A URL for `href` and `src`; throws if it could run a script. */
  readonly href: (url: unknown) => string
}

/** `query`: what the links to other languages keep. */
export function viewOf(frame: Frame, words: Words, query: Readonly<Record<string, string>>): View {
  const { language, home, providerName } = frame
  const chosenClient = frame.choseClient ? frame.client : undefined
  const { contact, text, design } = frame.page
  const extra = textIn(text, [language])
  return {
    language,
    chosenClient,
    providerName,
    contact,
    hasContact: Object.values(contact).some((value) => value !== undefined),
    hours: contact.hours && textIn(contact.hours, [language]),
    extraText: extra === undefined ? '' : paragraphs(extra),
    urls: { ...assetUrls(home, design), home },
    languages: pageLanguages.map((tag) => ({
      tag,
      name: languageNames[tag],
      url: `?${new URLSearchParams({ ...query, ...(chosenClient && { client: chosenClient }), lang: tag })}`,
    })),
    html: (key) => words.html(key),
    text: (key, values) => words.text(key, values),
    href: safeHref,
  }
}

/** Each language by its own name. */
const languageNames: Readonly<Record<PageLanguage, string>> = {
  en: 'English',
  fr: 'Français',
  nl: 'Nederlands',
  de: 'Deutsch',
}
