import { IllFormed } from './reader.ts'

/**
 * The only checks of Delta Chat's parser (quick-xml): an end tag has the name of its start tag, and no markup is open at the
 * end. A document may end before its elements do, have any number of roots, and be empty.
 */
export function checkTags(source: string): void {
  const open: string[] = []
  for (let at = source.indexOf('<'); at !== -1; at = source.indexOf('<', at)) {
    const [start, end] = delimiters.find(([start]) => source.startsWith(start, at)) ?? ['<', '>']
    const close = start === '<' ? endOfTag(source, at) : source.indexOf(end, at + start.length)
    if (close === -1) throw new IllFormed('not well-formed: a tag is not closed')
    if (start === '</') checkEnd(open, source.slice(at + 2, close).trimEnd())
    if (start === '<' && source[close - 1] !== '/') open.push(nameIn(source.slice(at + 1, close)))
    at = close + end.length
  }
}

const delimiters: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<!', '>'],
  ['<?', '?>'],
  ['</', '>'],
]

function checkEnd(open: string[], name: string): void {
  const expected = open.pop()
  if (name !== expected)
    throw new IllFormed(
      `not well-formed: </${name}> where ${expected ? `</${expected}>` : 'nothing'} is open`,
    )
}

const nameIn = (tag: string): string => tag.replace(/\s.*$/s, '')

/** A `>` in quotes does not end a tag. */
function endOfTag(source: string, start: number): number {
  let quote = ''
  for (let at = start; at < source.length; at++) {
    const character = source.charAt(at)
    if (quote !== '') quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '>') return at
  }
  return -1
}
