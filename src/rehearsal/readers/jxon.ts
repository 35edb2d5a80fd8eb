import { childrenNamed, type Element, textOf } from './xml.ts'

/**
 * The XML-to-object conversion of Thunderbird and Mustang. Text that looks like a number or a boolean becomes
 * one, an empty element becomes `true`, and a leaf with an attribute becomes an object, whose text is
 * "[object Object]".
 */
export type Jxon = Scalar | JxonTree

type Scalar = string | number | boolean

export interface JxonTree {
  readonly attributes: ReadonlyMap<string, Scalar>
  readonly children: ReadonlyMap<string, readonly Jxon[]>
}

export function jxon(element: Element): Jxon {
  const attributes = Object.entries(element.attributes)
  if (element.children.length > 0 || attributes.length > 0) {
    return {
      attributes: new Map(attributes.map(([name, value]) => [name, scalar(value)])),
      children: new Map(element.children.map(({ name }) => [name, childrenNamed(element, name).map(jxon)])),
    }
  }
  const text = textOf(element)
  if (text !== '') return scalar(text)
  // A comment alone is a child node, and makes an object of the element.
  return element.parts.length > 0 ? { attributes: new Map(), children: new Map() } : true
}

/** The children of that name, or undefined where there is none. */
export function all(value: Jxon | undefined, name: string): readonly Jxon[] | undefined {
  return typeof value === 'object' ? value.children.get(name) : undefined
}

export function first(value: Jxon | undefined, name: string): Jxon | undefined {
  return all(value, name)?.[0]
}

export function attribute(value: Jxon | undefined, name: string): Scalar | undefined {
  return typeof value === 'object' ? value.attributes.get(name) : undefined
}

/** As JavaScript's String(), which is what both clients put a value through. */
export function text(value: Jxon | undefined): string {
  return typeof value === 'object' ? '[object Object]' : String(value)
}

function scalar(text: string): Scalar {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return Number.isFinite(Number(text)) ? Number.parseFloat(text) : text
}
