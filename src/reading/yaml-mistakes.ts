import { type Document, type Range, type Scalar, visit, type YAMLError } from 'yaml'
import { exampleOf, type Mistake, type PlaceInText, placeOf, quotesNeeded } from './yaml-quotes.ts'

/** How many mistakes are listed, and how many errors are looked at: one mistake may cause errors in all lines below it. */
const listed = 10
const considered = 50

/**
 * The syntax errors of a document, each as a sentence that says what to write. Nothing of the file is repeated but a key of
 * letters, a placeholder and a wildcard of a domain: the file may be something else than it was taken for, or contain a password.
 */
export function syntaxMistakes(text: string, document: Document): Mistake[] {
  const errors = [...document.errors, ...document.warnings]
  const found = errors.slice(0, considered).map((error) => {
    const place = placeOf(text, error.pos[0])
    const explained = explainers.map((explain) => explain({ ...place, error, document }))
    const rank = explained.findIndex((mistake) => mistake !== undefined)
    const mistake = explained[rank] ?? { offset: place.offset, message: withoutText(error.message) }
    return { rank: rank === -1 ? explainers.length : rank, place, mistake }
  })
  const lines = new Set<number>()
  const mistakes: Mistake[] = []
  // One mistake causes several errors: those that are only guessed at, in the same line, and those that are not understood.
  for (const { rank, place, mistake } of found.sort((a, b) => a.rank - b.rank)) {
    const { lineStart } = placeOf(text, mistake.offset)
    const isGuess = rank >= certain.length
    const follows = isGuess && (lines.has(lineStart) || lines.has(place.lineStart))
    const isKnown = mistakes.some(({ offset }) => offset === mistake.offset)
    if (follows || isKnown || (rank === explainers.length && mistakes.length > 0)) continue
    lines.add(lineStart).add(place.lineStart)
    mistakes.push(mistake)
  }
  mistakes.sort((a, b) => a.offset - b.offset)
  const more = errors.length - found.length + Math.max(0, mistakes.length - listed)
  const last = mistakes.at(listed - 1)
  const note = last &&
    more > 0 && { offset: last.offset, message: `${more.toLocaleString('en')} more syntax errors are below` }
  return [...mistakes.slice(0, listed), ...(note ? [note] : [])]
}

interface SyntaxError extends PlaceInText {
  readonly error: YAMLError
  readonly document: Document
}

type Explain = (error: SyntaxError) => Mistake | undefined

/** The first that understands an error explains it. */
const certain: readonly Explain[] = [
  ({ lineStart, before, after }) => {
    const tab = /^ *(?=\t)/.exec(before + after)
    return tab
      ? {
          offset: lineStart + tab[0].length,
          message: 'is a tab; YAML is indented with blanks: write two blanks for each level',
        }
      : undefined
  },
  ({ lineStart, before, after }) =>
    /^(<{7}|={7}|>{7})( |$)/.test(before + after)
      ? {
          offset: lineStart,
          message: 'is a conflict of a version control system; keep one of the two versions',
        }
      : undefined,
  (place) => {
    const start = /[*&][^\s,[\]{}]*$/.exec(place.before)?.index
    const isCut = place.error.code === 'BAD_ALIAS' && start !== undefined
    return isCut ? quotesNeeded(placeOf(place.text, place.lineStart + start)) : undefined
  },
  (place) => {
    const start = /[|>]\s*$/.exec(place.before)?.index
    return start === undefined ? undefined : quotesNeeded(placeOf(place.text, place.lineStart + start))
  },
  (place) => (/^[%@`*!&]/.test(place.after) ? quotesNeeded(place) : undefined),
  ({ error, document, text, offset }) => {
    const start = error.message.startsWith('Missing closing') ? openQuote(document, offset) : undefined
    if (start === undefined) return undefined
    const { before } = placeOf(text, start)
    const quote = text[start] as string
    return { offset: start, message: `this quote is not closed; write ${exampleOf(before, quote)}` }
  },
  ({ error, offset, before }) =>
    error.code === 'BAD_DQ_ESCAPE'
      ? {
          offset,
          message: `a backslash in double quotes starts a code; use single quotes: ${exampleOf(before, "'")}`,
        }
      : undefined,
  ({ offset, before, after }) => {
    const [, closing, quoted = ''] = /(["'])((?:(?!\1).)*)\1\s*$/.exec(before) ?? []
    if (closing === undefined || /:\s/.test(quoted) || /^[,}\]]/.test(after)) return undefined
    const other = closing === '"' ? "'" : '"'
    const message = `the text ends at the quote before this; put the whole text in other quotes: ${exampleOf(before, other)}`
    return { offset, message }
  },
  ({ lineStart, before, after }) => {
    const line = before + after
    const lone = ['"', "'"].find((quote) => new RegExp(`[:\\s,[{]${quote}`).test(line) && isOdd(line, quote))
    if (lone === undefined) return undefined
    const at = line.lastIndexOf(lone)
    const message = `a quote is missing in this line; write ${exampleOf(line.slice(0, line.indexOf(lone)), lone)}`
    return { offset: lineStart + at, message }
  },
  ({ error, offset, before, after }) => {
    const isBlock = error.code === 'BLOCK_AS_IMPLICIT_KEY'
    if (!(isBlock || error.code === 'BLOCK_IN_FLOW') || !/:(\s|$)/.test(after)) return undefined
    const comma = isBlock ? '' : '; or a comma is missing'
    const message = `a text with a colon and a blank must be in quotes: ${exampleOf(before)}${comma}`
    return { offset, message }
  },
  ({ error, text, offset }) => {
    if (error.code !== 'BLOCK_AS_IMPLICIT_KEY') return undefined
    const next = placeOf(text, text.indexOf('\n', offset) + 1)
    const indent = /^ */.exec(next.after)?.[0].length as number
    const message = 'is indented too far, or the value of the line before it is on the wrong line'
    return { offset: next.offset + indent, message }
  },
  ({ error, offset }) =>
    error.message.startsWith('Unexpected block-seq-ind')
      ? {
          offset,
          message: 'a list starts on the line after its key, one "- " for each entry; or write [a, b]',
        }
      : undefined,
  ({ error, offset }) => {
    const closing = /must be sufficiently indented and end with a (.)/.exec(error.message)?.[1]
    const message = `a ${closing === '}' ? '{' : '['} above is not closed; write ${closing} at its end, or indent this line`
    return closing === undefined ? undefined : { offset, message }
  },
  ({ error, offset }) =>
    error.code === 'BAD_INDENT'
      ? { offset, message: 'is indented differently from the lines that it belongs to' }
      : undefined,
  ({ error, offset }) =>
    error.code === 'MULTIPLE_DOCS'
      ? { offset, message: 'starts a second document; write everything in one, without "---"' }
      : undefined,
]

/** Errors that may follow from another one in the same line. */
const guesses: readonly Explain[] = [
  ({ error, lineStart, before, after }) => {
    const key = /^\s*(?:- )?[\w.-]+:(?=\S)/.exec(before + after)?.[0]
    return key !== undefined && error.message.startsWith('Implicit')
      ? { offset: lineStart + key.length, message: 'write a blank after the colon, as in key: value' }
      : undefined
  },
  ({ error, offset }) =>
    error.message.startsWith('Implicit')
      ? { offset, message: 'is not "key: value"; a colon is missing' }
      : undefined,
  ({ error, offset }) =>
    /^Missing ,|at node end$/.test(error.message)
      ? { offset, message: 'a comma, a colon or a bracket is missing before this' }
      : undefined,
]

const explainers = [...certain, ...guesses]

/** The start of the quoted text that contains the offset. */
function openQuote(document: Document, offset: number): number | undefined {
  let start: number | undefined
  visit(document, {
    Scalar: (_key, node) => {
      if (isOpenAt(node, offset)) start = node.range?.[0]
    },
  })
  return start
}

function isOpenAt({ type, range }: Scalar, offset: number): boolean {
  const [start, , end] = range as Range
  return type?.startsWith('QUOTE') === true && start < offset && offset <= end
}

const isOdd = (line: string, quote: string): boolean => line.split(quote).length % 2 === 0

/** Some messages of the parser end with a part of the file. */
const withoutText = (message: string): string => message.replace(/(: | sequence | directive ).*/s, '')
