import { SaxesParser } from 'saxes'
import { IllFormed } from './reader.ts'

export interface XmlDocument {
  /** After recovering, the parent of all roots. */
  readonly root: Element
  readonly hasByteOrderMark: boolean
  readonly hasDeclaration: boolean
  readonly hasDoctype: boolean
  readonly hasInstructions: boolean
}

export interface Element {
  /** As written: a namespace prefix is part of it, and most clients see it so. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly parts: readonly Part[]
}

/**
 * The direct content of an element, in pieces as a parser may deliver them: clients that keep only the
 * last piece lose what precedes an entity or a comment. A comment (or processing instruction) is a piece
 * without text.
 */
export interface Part {
  readonly kind: 'text' | 'entity' | 'cdata' | 'comment'
  readonly text: string
}

/**
 * Strict XML without namespaces. Most clients read no further in a document that is not well-formed, so this rejects. With
 * `recovers`, it reads what it can.
 */
export function parseXml(document: Uint8Array, { recovers = false } = {}): XmlDocument {
  const source = decode(document)
  const parser = new SaxesParser({ xmlns: false, position: true })
  const top: OpenElement = { name: '', attributes: {}, children: [], parts: [] }
  const open = [top]
  const innermost = () => open.at(-1) as OpenElement
  let declared = false
  let doctype = false
  let instructions = false
  // saxes hands out text with the entities already resolved; the end of the event before it finds the text in
  // the source.
  let textStart = 0

  parser.on('error', (error) => {
    if (!recovers) illFormed(error.message)
  })
  parser.on('xmldecl', () => {
    declared = true
    textStart = parser.position
  })
  parser.on('doctype', () => {
    doctype = true
    textStart = parser.position
  })
  parser.on('processinginstruction', () => {
    instructions = true
    innermost().parts.push({ kind: 'comment', text: '' })
    textStart = parser.position
  })
  parser.on('comment', () => {
    innermost().parts.push({ kind: 'comment', text: '' })
    // Announced one character early, before the '>'.
    textStart = parser.position + 1
  })
  parser.on('cdata', (text) => {
    innermost().parts.push({ kind: 'cdata', text })
    textStart = parser.position
  })
  parser.on('text', () => {
    // Announced when the next '<' has been read.
    innermost().parts.push(...splitAtEntities(source.slice(textStart, parser.position - 1)))
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, children: [], parts: [] }
    innermost().children.push(element)
    open.push(element)
    textStart = parser.position
  })
  parser.on('closetag', () => {
    open.pop()
    textStart = parser.position
  })
  parser.write(source).close()

  return {
    // A document without a root is not well-formed, which was an error above.
    root: recovers ? top : (top.children[0] as Element),
    hasByteOrderMark: source.startsWith('\uFEFF'),
    hasDeclaration: declared,
    hasDoctype: doctype,
    hasInstructions: instructions,
  }
}

export function childrenNamed(parent: Element, name: string): readonly Element[] {
  return parent.children.filter((child) => child.name === name)
}

export function firstChild(parent: Element, name: string): Element | undefined {
  return parent.children.find((child) => child.name === name)
}

/** Every element below this one, in document order. */
export function* descendants(parent: Element): Generator<Element> {
  for (const child of parent.children) {
    yield child
    yield* descendants(child)
  }
}

/** The text directly inside an element, CDATA included, as the clients with a document tree see it. */
export function textOf(element: Element): string {
  return element.parts.map((part) => part.text).join('')
}

interface OpenElement extends Element {
  readonly children: Element[]
  readonly parts: Part[]
}

export function decode(document: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(document)
  } catch {
    throw new IllFormed('not UTF-8')
  }
}

const predefined: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function splitAtEntities(source: string): Part[] {
  return source
    .replaceAll('\r\n', '\n')
    .split(/(&[^;]*;)/)
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece.startsWith('&')
        ? { kind: 'entity', text: resolve(piece.slice(1, -1)) }
        : { kind: 'text', text: piece },
    )
}

/** An unknown entity is an error of saxes before, unless the reader recovers: then it is nothing. */
function resolve(entity: string): string {
  const [, hex, decimal] = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(entity) ?? []
  const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
  return code <= 0x10ffff ? String.fromCodePoint(code) : (predefined.get(entity) ?? '')
}

function illFormed(reason: string): never {
  throw new IllFormed(`not well-formed: ${reason}`)
}
