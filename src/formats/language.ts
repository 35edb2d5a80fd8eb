import type { Texts } from '../model/settings.ts'

/** The text in the first wanted language (RFC 5646) that has one; else the text without a language, the English one, or any. */
export function textIn(texts: Texts, wanted: readonly string[] = []): string | undefined {
  const tags = Object.keys(texts)
  const primary = (tag: string): string => tag.toLowerCase().split('-')[0] as string
  const found = wanted
    .map(
      (tag) => tags.find((other) => other === tag) ?? tags.find((other) => primary(other) === primary(tag)),
    )
    .find((tag) => tag !== undefined)
  return texts[found ?? 'default'] ?? texts['en'] ?? Object.values(texts)[0]
}

/** The texts in the first wanted language (RFC 5646) that has some: `fr-BE` gets `fr`. English by default. */
export function inLanguage<T>(
  texts: Readonly<Record<string, T>> & { readonly en: T },
  wanted: readonly string[] = [],
): T {
  const found = wanted
    .map((tag) => tag.toLowerCase().split('-')[0] as string)
    .find((language) => Object.hasOwn(texts, language))
  return texts[found ?? 'en'] as T
}
