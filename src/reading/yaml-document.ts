import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Diagnostic, Place } from '../model/diagnostic.ts'

export type Path = readonly (string | number)[]

/** The plain value of a YAML text, and where each part of it is written. */
export interface YamlDocument {
  readonly value: unknown
  /** What makes the text no YAML, or makes it say two things at once. */
  readonly errors: readonly Diagnostic[]
  /** Where the value stands; of what is not there, the nearest thing around it. */
  placeOf(path: Path): Place
  /** Where the last name of the path stands. */
  placeOfKey(path: Path): Place
}

/** What an alias may unfold to in all; stops "billion laughs". */
const maxAliasCount = 100

export function readYaml(file: string, text: string): YamlDocument {
  const lines = new LineCounter()
  // uniqueKeys compares every key with every other: 140 s for 100,000 domains. `duplicates` below takes one pass.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const faultAt = (offset: number, message: string): Diagnostic => ({ ...placeAt(offset), path: '', message })
  const errors = [...document.errors, ...document.warnings].map((error) =>
    faultAt(error.pos[0], error.message),
  )
  const index = new Map<YAMLMap, Map<string, Pair>>()

  function pairsOf(map: YAMLMap): Map<string, Pair> {
    let pairs = index.get(map)
    if (!pairs) {
      pairs = new Map(map.items.map((pair) => [keyOf(pair), pair]))
      index.set(map, pairs)
    }
    return pairs
  }

  function resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(document) : node
  }

  function follow(path: Path): { node: unknown; key: unknown } {
    let node: unknown = document.contents
    let key: unknown
    for (const step of path) {
      const parent = resolve(node)
      const pair = isMap(parent) ? pairsOf(parent).get(String(step)) : undefined
      const child = isSeq(parent) ? parent.items[Number(step)] : (pair?.value ?? pair?.key)
      if (!child) break
      key = pair?.key ?? child
      node = child
    }
    return { node, key }
  }

  const startOf = (node: unknown): number => (node as Node | null)?.range?.[0] ?? 0

  function* maps(): Generator<YAMLMap> {
    const open: unknown[] = [document.contents]
    while (open.length > 0) {
      const node = open.pop()
      if (isSeq(node)) for (const item of node.items) open.push(item)
      if (!isMap(node)) continue
      yield node
      for (const { value } of node.items) open.push(value)
    }
  }

  function nameless({ items }: YAMLMap): Diagnostic[] {
    const wrong = items.filter(({ key }) => !isScalar(key))
    return wrong.map(({ key }) => faultAt(startOf(key), 'a key must be one word or text'))
  }

  function duplicates({ items }: YAMLMap): Diagnostic[] {
    const first = new Map<string, Pair>()
    return items.flatMap((pair) => {
      const name = keyOf(pair)
      const other = first.get(name)
      if (!other) first.set(name, pair)
      if (!other) return []
      const { line } = placeAt(startOf(other.key))
      return [faultAt(startOf(pair.key), `"${name}" stands twice; the first is in line ${line}`)]
    })
  }

  let value: unknown
  if (errors.length === 0) errors.push(...[...maps()].flatMap(nameless))
  if (errors.length === 0) {
    errors.push(...[...maps()].flatMap(duplicates))
    try {
      value = document.toJS({ maxAliasCount })
    } catch (error) {
      errors.push(faultAt(0, (error as Error).message))
    }
  }
  return {
    value,
    errors,
    placeOf: (path) => placeAt(startOf(follow(path).node)),
    placeOfKey: (path) => placeAt(startOf(follow(path).key)),
  }
}

const keyOf = (pair: Pair): string => String((pair.key as Scalar).value)
