import { type Document, type Scalar, visit } from 'yaml'
import { type Mistake, placeOf, quotesNeeded } from './yaml-quotes.ts'

/** A word that YAML drops, but that was probably meant as a part of the value. `isCertain`: the value is wrong without it. */
export interface DroppedWord extends Mistake {
  readonly isCertain: boolean
}

/** How many are listed. */
const listed = 10

/**
 * Every anchor without an alias before a text without quotes: of `&Co and sons`, YAML keeps "and sons". If a single word follows,
 * the anchor may as well remain from an alias that is gone. The same for a lone `!`, which is a tag.
 */
export function droppedWords(text: string, document: Document): DroppedWord[] {
  if (!/&|!\s/.test(text)) return []
  const aliases = new Set<string>()
  const plain: Scalar[] = []
  visit(document, {
    Alias: (_key, { source }) => void aliases.add(source),
    Scalar: (_key, node) => {
      if (node.type === 'PLAIN') plain.push(node)
    },
  })
  const found = plain.flatMap(({ anchor, range, source }) => {
    const start = range?.[0] as number
    if (anchor !== undefined && !aliases.has(anchor))
      return { offset: text.lastIndexOf(`&${anchor}`, start), isCertain: !/^\S+$/.test(source as string) }
    const { before, lineStart } = placeOf(text, start)
    const tag = /(?:^|\s)!\s+$/.exec(before)
    return tag ? { offset: lineStart + before.lastIndexOf('!'), isCertain: true } : []
  })
  return found.slice(0, listed).map(({ offset, isCertain }) => {
    const { message } = quotesNeeded(placeOf(text, offset))
    return { offset, isCertain, message: `${message}; without quotes, YAML drops this word` }
  })
}
