import type { Texts } from '../model/settings.ts'

const primary = (tag: string): string => tag.toLowerCase().split('-')[0] as string

/** The text in the first wanted language (RFC 5646) that has one; else the text without a language, the English one, or any. */
export function textIn(texts: Texts, wanted: readonly string[] = []): string | undefined {
  const tags = Object.keys(texts)
  const found = wanted
    .map(
      (tag) => tags.find((other) => other === tag) ?? tags.find((other) => primary(other) === primary(tag)),
    )
    .find((tag) => tag !== undefined)
  return texts[found ?? 'default'] ?? texts['en'] ?? Object.values(texts)[0]
}

/** The first wanted language (RFC 5646) that is offered: `fr-BE` gets `fr`. English by default. */
export function chooseLanguage<L extends string>(
  offered: readonly L[],
  wanted: readonly string[] = [],
  otherwise: L = 'en' as L,
): L {
  const languages = wanted.map(primary)
  return (
    languages.map((tag) => offered.find((one) => one === tag)).find((one) => one !== undefined) ?? otherwise
  )
}
