import type { Texts } from './settings.ts'

/** The parts of the page for people besides the settings. */
export interface PageSettings {
  readonly contact: Contact
  /** A text of the provider, by language. An empty line separates paragraphs. */
  readonly text: Texts
  readonly design: PageDesign
}

/** The person or desk that people ask for help. Every value is shown to people as it is. */
export interface Contact {
  readonly email?: string | undefined
  readonly phone?: string | undefined
  /** Absolute, `http` or `https`. */
  readonly url?: string | undefined
  /** When somebody answers. */
  readonly hours?: Texts | undefined
}

/** How the pages of a provider look. All domains share the object. */
export interface PageDesign {
  /** For people who ask for none of the languages of the page. */
  readonly language: string
  readonly logo?: Logo
  /** `#rrggbb` */
  readonly accent: string
  readonly accentDark: string
  /** Templates of the provider, by the name of ours that each replaces. */
  readonly templates: Readonly<Record<string, string>>
}

export interface Logo {
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** For the URL, so that browsers can keep the picture. */
  readonly digest: string
}
