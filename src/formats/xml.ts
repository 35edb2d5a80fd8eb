import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'

/**
 * Text as it is to be read, for a text or an attribute value. xmlbuilder2 takes `&word;` and `&#1;` for escaped
 * already and writes them as they stand: a name such as `R&D;` would make the document ill-formed, or say otherwise.
 */
export function literal(text: string): string {
  return text.replace(/&(?=[A-Za-z]+;|#\d+;)/g, '&amp;')
}

/** Adds an element that holds a text, and the attributes given. */
export function leaf(
  parent: XMLBuilder,
  name: string,
  text: string,
  attributes: Readonly<Record<string, string>> = {},
): void {
  parent.ele(name, attributes).txt(literal(text))
}
