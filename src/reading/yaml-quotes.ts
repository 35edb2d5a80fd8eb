import { parseDomain } from '../model/address.ts'

/** A mistake in the text of a YAML file, and its place. */
export interface Mistake {
  readonly offset: number
  readonly message: string
}

export interface PlaceInText {
  readonly text: string
  readonly offset: number
  readonly lineStart: number
  /** The line of the offset, before it and from it on. */
  readonly before: string
  readonly after: string
}

export function placeOf(text: string, position: number): PlaceInText {
  const offset = Math.min(position, text.length)
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const lineEnd = text.indexOf('\n', offset)
  const after = text.slice(offset, lineEnd === -1 ? undefined : lineEnd).trimEnd()
  return { text, offset, lineStart, before: text.slice(lineStart, offset), after }
}

/** Characters that mean something to YAML at the start of a text. */
export function quotesNeeded({ offset, before, after }: PlaceInText): Mistake {
  const [word] = /^[^\s,[\]{}]*/.exec(after) as RegExpExecArray
  const isKey = /^\s*(?:- )?$|[{,]\s*$/.test(before) && /:$/.test(word)
  const start = word[0] as string
  const value = `"${harmless(word.replace(/:$/, '')) ?? `${start}…`}"`
  const example = isKey ? `${value}: …` : `${keyBefore(before)}${value}`
  const message = `a ${isKey ? 'key' : 'value'} that starts with ${start} must be in quotes: ${example}`
  return { offset, message }
}

/** A placeholder or a wildcard can be repeated. */
function harmless(word: string): string | undefined {
  if (word === '*' || /^%EMAIL(ADDRESS|LOCALPART|DOMAIN)%$/.test(word)) return word
  const domain = /^\*\./.test(word) ? parseDomain(word.slice(2)) : undefined
  return domain && `*.${domain}`
}

/** `descr: "…"`, with the key of the value that follows. */
export const exampleOf = (before: string, quote = '"'): string => `${keyBefore(before)}${quote}…${quote}`

const keyBefore = (before: string): string => {
  const key = /(?:^|[\s{,])([a-zA-Z]{1,30}):\s(?:(?!:\s)[^[{])*$/.exec(before)?.[1]
  return key === undefined ? '' : `${key}: `
}
