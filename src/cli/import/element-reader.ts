import type * as z from 'zod'
import type { Element } from '../../ispdb/xml.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { readWith } from '../../reading/schema-errors.ts'

/**
 * Reads one element of a file that is converted to a configuration. It notes which attributes and children are read, and
 * `close` reports all others, so that nothing is lost silently.
 */
export class ElementReader {
  readonly name: string
  readonly text: string
  readonly #element: Element
  readonly #file: string
  readonly #path: string
  readonly #report: (diagnostic: Diagnostic) => void
  /** Names of children that were read, and of attributes with an @ before them. */
  readonly #read = new Set<string>()

  constructor(element: Element, file: string, report: (diagnostic: Diagnostic) => void, path = element.name) {
    this.name = element.name
    this.text = element.text
    this.#element = element
    this.#file = file
    this.#path = path
    this.#report = report
    const { comments } = element
    if (comments > 0) this.report(`${comments === 1 ? 'a comment was' : `${comments} comments were`} dropped`)
  }

  /** Reports a message with the place and the path of the element. */
  report(message: string): void {
    const { line, column } = this.#element
    this.#report({ file: this.#file, line, column, path: this.#path, message })
  }

  attribute(name: string): string | undefined {
    this.#read.add(`@${name}`)
    return this.#element.attributes[name]
  }

  /** The children with one of the names, in document order. */
  all(...names: string[]): ElementReader[] {
    for (const name of names) this.#read.add(name)
    const { children } = this.#element
    return children.flatMap((child, index) => {
      if (!names.includes(child.name)) return []
      const total = children.filter(({ name }) => name === child.name).length
      const number = children.slice(0, index + 1).filter(({ name }) => name === child.name).length
      const path = `${this.#path}/${child.name}${total > 1 ? `[${number}]` : ''}`
      return [new ElementReader(child, this.#file, this.#report, path)]
    })
  }

  /** The first child with the name; any others are dropped. */
  first(name: string): ElementReader | undefined {
    const [first, ...others] = this.all(name)
    for (const other of others) other.dropDuplicate()
    return first
  }

  /** The text of the first child with the name; anything else in the child is dropped. */
  leaf(name: string): string | undefined {
    const child = this.first(name)
    child?.close()
    return child?.text
  }

  /**
   * The value, if the schema of the configuration accepts it; otherwise its errors are reported. `key` is put before the path
   * of each error.
   */
  validated<T>(schema: z.ZodType<T>, value: unknown, key = ''): unknown {
    const read = readWith(schema, value)
    if (read.ok) return value
    for (const { path, message } of read.error)
      this.report(`${[key, ...path].filter((step) => step !== '').join('.')} ${message}; dropped`.trim())
    return undefined
  }

  /** Reports that the whole element is dropped. */
  drop(reason: string): undefined {
    this.report(`dropped: ${reason}`)
    return undefined
  }

  /** Reports that the element is dropped because an earlier one is used. */
  dropDuplicate(): undefined {
    return this.drop(`only the first <${this.name}> is used`)
  }

  /** Reports everything in the element that was not read. */
  close(): void {
    const { attributes, children, text } = this.#element
    for (const name of Object.keys(attributes))
      if (!this.#read.has(`@${name}`)) this.report(`the attribute ${name} was dropped: not supported`)
    const others = new Set(children.map(({ name }) => name).filter((name) => !this.#read.has(name)))
    for (const child of this.all(...others)) child.drop('not supported')
    if (children.length > 0 && text !== '') this.report('a text between elements was dropped: not supported')
  }
}
