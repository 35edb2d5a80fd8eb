import { isUtf8 } from 'node:buffer'
import { SaxesParser } from 'saxes'

/** An element as it is written: a prefix is part of the name, comments are nothing. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  /** What stands directly inside, CDATA included, without white space around it; a line break inside is a blank. */
  readonly text: string
  /** How many comments stand directly inside; those around the root element are its. */
  readonly comments: number
  /** Where it begins, from 1. */
  readonly line: number
  readonly column: number
}

/** Why a file is no document of ours, and where in it that shows. */
export interface Problem {
  readonly line: number
  readonly column: number
  readonly message: string
}

/**
 * XML in UTF-8 -> its root element, or the first thing that is wrong with it. Strict, and linear in the length of the text;
 * no document type is read, so that no entity can stand for anything.
 */
export function readXml(bytes: Uint8Array): Element | Problem {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return atStart('begins with a byte order mark, which clients do not read; save the file without one')
  if (!isUtf8(bytes)) return atStart('is not UTF-8; save the file as UTF-8')
  const text = new TextDecoder().decode(bytes)
  const read = new Reader().read(text)
  return isProblem(read) ? (whatBegan(text, read) ?? read) : read
}

export const isProblem = (read: Element | Problem): read is Problem => 'message' in read

const atStart = (message: string): Problem => ({ line: 1, column: 1, message })

/** Two mistakes that are often made, and told where they are made: a parser notices them much later, as something else. */
function whatBegan(text: string, { line, column }: Problem): Problem | undefined {
  const lines = text.split('\n')
  const end = lines.slice(0, line - 1).join('\n').length + column + 1
  const before = text.slice(0, end)
  const comment = before.lastIndexOf('<!--')
  if (comment !== -1 && !text.includes('-->', comment))
    return at(text, comment, 'a comment begins here that does not end with -->')
  const bare = before.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>/gs, (part) => part.replace(/&/g, ' '))
  const ampersand = bare.search(/&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)/)
  return ampersand === -1 ? undefined : at(text, ampersand, 'an & that stands for itself is written &amp;')
}

function at(text: string, index: number, message: string): Problem {
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
  #problem: Problem | undefined
  #start = { line: 1, column: 1 }
  #commentsOutside = 0

  read(text: string): Element | Problem {
    const parser = this.#parser
    parser.on('error', ({ message }) =>
      this.#refuse(`is not well-formed: ${message.replace(/^\d+:\d+: |\.$/g, '')}`),
    )
    parser.on('xmldecl', ({ encoding = 'UTF-8' }) => {
      if (!/^utf-?8$/i.test(encoding)) this.#refuse(`says encoding="${encoding}", and must be UTF-8`)
    })
    parser.on('doctype', () => this.#refuse('has a document type (DOCTYPE), which clients do not read'))
    parser.on('opentagstart', ({ name }) => {
      const { line, column } = this.#place()
      // One more than the name has been read, and the < before it.
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
    for (let at = 0; at < text.length && !this.#problem; at += pieceLength)
      parser.write(text.slice(at, at + pieceLength))
    if (!this.#problem) parser.close()
    // Without an element there is an error, always.
    const root = this.#root as OpenElement
    return this.#problem ?? { ...root, comments: root.comments + this.#commentsOutside }
  }

  /** The first problem is told; what follows may come of it. */
  #refuse(message: string): void {
    this.#problem ??= { ...this.#place(), message }
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

/** A file that is wrong at its beginning is not read to its end. */
const pieceLength = 65_536
