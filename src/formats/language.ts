/**
 * The texts in the first language (RFC 5646) that there are some in; `fr-BE` is served with `fr`, and English stands in for
 * all that there are none in.
 */
export function inLanguage<T>(
  texts: Readonly<Record<string, T>> & { readonly en: T },
  wanted: readonly string[] = [],
): T {
  const found = wanted
    .map((tag) => tag.toLowerCase().split('-')[0] as string)
    .find((language) => Object.hasOwn(texts, language))
  return texts[found ?? 'en'] as T
}
