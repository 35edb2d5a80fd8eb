import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'

/**
 * A text or an attribute value that readers see unchanged. xmlbuilder2 considers `&word;` and `&#1;` escaped already and writes
 * them as they are: a name such as `R&D;` would make the document ill-formed, or change it.
 */
export function literal(text: string): string {
  return text.replace(/&(?=[A-Za-z]+;|#\d+;)/g, '&amp;')
}

/** Adds an element that contains only text. */
export function leaf(
  parent: XMLBuilder,
  name: string,
  text: string,
  attributes: Readonly<Record<string, string>> = {},
): void {
  parent.ele(name, attributes).txt(literal(text))
}
