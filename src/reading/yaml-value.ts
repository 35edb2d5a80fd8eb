import { type Alias, type Document, isAlias, isMap, isNode, isSeq, type Scalar } from 'yaml'
import { type Mistake, placeOf, quotesNeeded } from './yaml-quotes.ts'

export interface YamlValue {
  /** Plain data; the same object for each alias of an anchor. `undefined` if there is a mistake. */
  readonly value: unknown
  /** The node that each alias stands for. */
  readonly targets: ReadonlyMap<unknown, unknown>
  readonly mistake: Mistake | undefined
}

/** A value, and how many values it consists of if each alias is replaced by its anchor. */
interface Counted {
  readonly value: unknown
  readonly size: number
}

/**
 * The largest number of values with each alias replaced by its anchor: a limit against "billion laughs". A hundred thousand
 * domains with an alias each are far below it.
 */
const mostValues = 2_000_000

/**
 * The plain value of a document whose keys are scalars. `toJS` of the parser limits how often an anchor is used, not what comes
 * of it, and searches the document again for each alias: it takes minutes for 100,000.
 */
export function yamlValueOf(text: string, { contents }: Document): YamlValue {
  const targets = new Map<unknown, unknown>()
  const anchors = new Map<string, unknown>()
  /** The values of nodes with an anchor; absent while they are not complete. */
  const complete = new Map<unknown, Counted>()
  let mistake: Mistake | undefined

  /** An alias stands for the last anchor of its name above it. */
  function follow(alias: Alias): Counted {
    const { source, range } = alias
    const target = anchors.get(source)
    const counted = complete.get(target)
    const offset = range?.[0] as number
    if (counted) targets.set(alias, target)
    // In a configuration, a name without an anchor is a wildcard without quotes.
    else if (target === undefined) mistake ??= quotesNeeded(placeOf(text, offset))
    else mistake ??= { offset, message: 'an alias cannot be inside of its own anchor' }
    return counted ?? { value: undefined, size: 1 }
  }

  function read(node: unknown): Counted {
    if (isAlias(node)) return follow(node)
    const anchor = isNode(node) ? node.anchor : undefined
    if (anchor !== undefined) anchors.set(anchor, node)
    const counted = readParts(node)
    if (anchor !== undefined) complete.set(node, counted)
    return counted
  }

  function readParts(node: unknown): Counted {
    if (isSeq(node)) {
      const parts = node.items.map(read)
      return { value: parts.map(({ value }) => value), size: sizeOf(parts) }
    }
    if (isMap(node)) {
      const parts = node.items.map(({ key, value }) => ({ key: keyOf(key), ...read(value) }))
      return {
        value: Object.fromEntries(parts.map(({ key, value }) => [key, value])),
        size: sizeOf(parts),
      }
    }
    return { value: (node as Scalar | null)?.value ?? null, size: 1 }
  }

  /** Anchors of keys count, too. */
  function keyOf(key: unknown): string {
    const { value } = read(key)
    return value === null ? '' : String(value)
  }

  const { value, size } = read(contents)
  if (size > mostValues)
    mistake ??= {
      offset: 0,
      message: `has more than ${mostValues} values if each alias is replaced by its anchor; use fewer aliases inside of anchors`,
    }
  return { value: mistake ? undefined : value, targets, mistake }
}

const sizeOf = (parts: readonly Counted[]): number => parts.reduce((sum, { size }) => sum + size, 1)
