import { isUtf8 } from 'node:buffer'
import { SaxesParser } from 'saxes'
import { failure, type Result, success } from '../model/result.ts'

/** An element as it is written: a prefix is part of the name; comments are only counted. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  /** Its own text, CDATA included, without that of children; trimmed, each line break inside replaced by a blank. */
  readonly text: string
  /** How many comments it contains itself; comments outside the root element count for the root element. */
  readonly comments: number
  /** Where the element starts; line and column count from 1. */
  readonly line: number
  readonly column: number
}

/** An error in a file, and its place. */
export interface FileError {
  readonly line: number
  readonly column: number
  readonly message: string
}

/**
 * XML in UTF-8 -> its root element, or the first error. Strict, and linear in the length of the text. A document type is an
 * error, so that there are no entities to expand.
 */
export function readXml(bytes: Uint8Array): Result<Element, FileError> {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return atStart('starts with a byte order mark, which Evolution cannot read; save the file without one')
  if (!isUtf8(bytes)) return atStart('is not UTF-8; save the file as UTF-8')
  const text = new TextDecoder().decode(bytes)
  const root = new Reader().read(text)
  return root.ok ? root : failure(commonMistake(text, root.error) ?? root.error)
}

const atStart = (message: string): Result<never, FileError> => failure({ line: 1, column: 1, message })

/** Finds the place of two common mistakes: the parser notices them much later, and reports something else. */
function commonMistake(text: string, { line, column }: FileError): FileError | undefined {
  const lines = text.split('\n')
  const end = lines.slice(0, line - 1).join('\n').length + column + 1
  const before = text.slice(0, end)
  const comment = before.lastIndexOf('<!--')
  if (comment !== -1 && !text.includes('-->', comment))
    return at(text, comment, 'this comment is not closed; end it with -->')
  const bare = before.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>/gs, (part) => part.replace(/&/g, ' '))
  const ampersand = bare.search(/&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)/)
  return ampersand === -1 ? undefined : at(text, ampersand, 'write a literal & as &amp;')
}

function at(text: string, index: number, message: string): FileError {
  const lines = text.slice(0, index).split('\n')
  return {
    line: lines.length,
    column: (lines.at(-1) as string).length + 1,
    message: `is not well-formed: ${message}`,
  }
}

interface OpenElement extends Element {
  readonly children: OpenElement[]
  text: string
  comments: number
}

class Reader {
  readonly #parser = new SaxesParser({ xmlns: false })
  readonly #open: OpenElement[] = []
  #root: OpenElement | undefined
  #error: FileError | undefined
  #start = { line: 1, column: 1 }
  #commentsOutside = 0

  read(text: string): Result<Element, FileError> {
    const parser = this.#parser
    parser.on('error', ({ message }) =>
      this.#fail(`is not well-formed: ${message.replace(/^\d+:\d+: |\.$/g, '')}`),
    )
    parser.on('xmldecl', ({ encoding = 'UTF-8' }) => {
      if (!/^utf-?8$/i.test(encoding))
        this.#fail('declares another encoding than UTF-8; save the file as UTF-8 and declare that')
    })
    parser.on('doctype', () =>
      this.#fail('contains a DOCTYPE, which can define entities and is not read here; remove it'),
    )
    parser.on('opentagstart', ({ name }) => {
      const { line, column } = this.#place()
      // The parser is one character past the name; the < is before the name.
      this.#start = { line, column: Math.max(1, column - name.length - 1) }
    })
    parser.on('opentag', ({ name, attributes }) => this.#begin(name, attributes))
    parser.on('closetag', () => this.#end())
    parser.on('text', (piece) => this.#add(piece))
    parser.on('cdata', (piece) => this.#add(piece))
    parser.on('comment', () => {
      const element = this.#open.at(-1)
      if (element) element.comments++
      else this.#commentsOutside++
    })
    for (let at = 0; at < text.length && !this.#error; at += pieceLength)
      parser.write(text.slice(at, at + pieceLength))
    if (!this.#error) parser.close()
    if (this.#error) return failure(this.#error)
    // Without a root element the parser has reported an error.
    const root = this.#root as OpenElement
    return success({ ...root, comments: root.comments + this.#commentsOutside })
  }

  /** Keeps the first error only: it may be the cause of the others. */
  #fail(message: string): void {
    this.#error ??= { ...this.#place(), message }
  }

  #place(): { line: number; column: number } {
    return { line: this.#parser.line, column: Math.max(1, this.#parser.column) }
  }

  #begin(name: string, attributes: Record<string, string>): void {
    const element = { name, attributes, children: [], text: '', comments: 0, ...this.#start }
    this.#open.at(-1)?.children.push(element)
    this.#root ??= element
    this.#open.push(element)
  }

  #end(): void {
    const element = this.#open.pop()
    if (element) element.text = element.text.trim().replace(/[ \t]*[\r\n]\s*/g, ' ')
  }

  #add(piece: string): void {
    const element = this.#open.at(-1)
    if (element) element.text += piece
  }
}

/** Characters that are parsed at a time, so that a file with an error at its start is not parsed to its end. */
const pieceLength = 65_536
