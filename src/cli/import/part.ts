import type * as z from 'zod'
import type { Element } from '../../ispdb/xml.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { readWith } from '../../reading/schema-errors.ts'

/**
 * An element that is being taken over into a configuration. Whatever of it nobody asks for is told in the end (`close`), so
 * that nothing is lost in silence.
 */
export class Part {
  readonly name: string
  readonly text: string
  readonly #element: Element
  readonly #file: string
  readonly #path: string
  readonly #tell: (remark: Diagnostic) => void
  readonly #asked = new Set<string>()

  constructor(element: Element, file: string, tell: (remark: Diagnostic) => void, path = element.name) {
    this.name = element.name
    this.text = element.text
    this.#element = element
    this.#file = file
    this.#path = path
    this.#tell = tell
    const { comments } = element
    if (comments > 0) this.tell(`${comments === 1 ? 'a comment is' : `${comments} comments are`} not kept`)
  }

  /** Says something of it. */
  tell(message: string): void {
    const { line, column } = this.#element
    this.#tell({ file: this.#file, line, column, path: this.#path, message })
  }

  attribute(name: string): string | undefined {
    this.#asked.add(`@${name}`)
    return this.#element.attributes[name]
  }

  /** The children of the names, in the order in which they stand. */
  all(...names: string[]): Part[] {
    for (const name of names) this.#asked.add(name)
    const { children } = this.#element
    return children.flatMap((child, index) => {
      if (!names.includes(child.name)) return []
      const alike = children.filter(({ name }) => name === child.name).length
      const number = children.slice(0, index + 1).filter(({ name }) => name === child.name).length
      const path = `${this.#path}/${child.name}${alike > 1 ? `[${number}]` : ''}`
      return [new Part(child, this.#file, this.#tell, path)]
    })
  }

  /** The first child of the name; of the others it is told that they are not kept. */
  first(name: string): Part | undefined {
    const [first, ...others] = this.all(name)
    for (const other of others) other.drop('there is one already')
    return first
  }

  /** The text of the first child of the name, which holds nothing else. */
  leaf(name: string): string | undefined {
    const child = this.first(name)
    child?.close()
    return child?.text
  }

  /** The value, as the schema of the configuration takes it; `undefined`, and told why, where it does not. */
  fitting<T>(schema: z.ZodType<T>, value: unknown, what = ''): unknown {
    const read = readWith(schema, value)
    if (read.ok) return value
    for (const { path, message } of read.error)
      this.tell(`${[what, ...path].filter((step) => step !== '').join('.')} ${message}; not kept`.trim())
    return undefined
  }

  /** Nothing of it is kept. */
  drop(why?: string): undefined {
    this.tell(why === undefined ? 'is not kept' : `is not kept: ${why}`)
    return undefined
  }

  /** Nothing more is asked of it: tells what nobody has asked for. */
  close(): void {
    const { attributes, children, text } = this.#element
    for (const name of Object.keys(attributes))
      if (!this.#asked.has(`@${name}`)) this.tell(`the attribute ${name}="${attributes[name]}" is not kept`)
    const others = new Set(children.map(({ name }) => name).filter((name) => !this.#asked.has(name)))
    for (const child of this.all(...others)) child.drop()
    if (children.length > 0 && text !== '') this.tell(`the text "${text}" is not kept`)
  }
}
