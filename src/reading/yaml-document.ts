import {
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
import type { Place } from '../model/diagnostic.ts'
import { isShown, type Path } from './path.ts'
import type { Places, Report } from './report.ts'
import { droppedWords } from './yaml-anchors.ts'
import { syntaxMistakes } from './yaml-mistakes.ts'
import { yamlValueOf } from './yaml-value.ts'

/** The plain value of a YAML file, and the place of each part. */
export interface YamlDocument extends Places {
  /** `undefined` if the file has syntax errors. */
  readonly value: unknown
}

/** Reports syntax errors, and keys that are listed twice. */
export function readYaml(file: string, text: string, report: Report): YamlDocument {
  const lines = new LineCounter()
  // uniqueKeys compares every key with every other: 140 s for 100,000 domains. `reportKeys` needs one pass.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false })
  const index = new Map<YAMLMap, Map<string, Pair>>()

  function placeAt(offset: number): Place {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }

  function errorAt(offset: number, message: string): void {
    const { line, column } = placeAt(offset)
    report.errorIn(file, line, message, column)
  }

  function pairsOf(map: YAMLMap): Map<string, Pair> {
    let pairs = index.get(map)
    if (!pairs) {
      pairs = new Map(map.items.map((pair) => [keyOf(pair), pair]))
      index.set(map, pairs)
    }
    return pairs
  }

  let targets: ReadonlyMap<unknown, unknown> = new Map()

  const resolve = (node: unknown): unknown => targets.get(node) ?? node

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

  /** Are all keys strings or other scalars? The others cannot be the key of an object. */
  function hasPlainKeys(): boolean {
    const others = [...maps()].flatMap(({ items }) => items.filter(({ key }) => !isScalar(key)))
    for (const { key } of others) errorAt(startOf(key), 'a key must be a string, not a list or a mapping')
    return others.length === 0
  }

  function reportKeys({ items }: YAMLMap): void {
    const first = new Map<string, Pair>()
    for (const pair of items) {
      const name = keyOf(pair)
      // An object with this key would lose it silently, or get another prototype.
      if (name === '__proto__') errorAt(startOf(pair.key), '"__proto__" cannot be a key; use another name')
      const other = first.get(name)
      if (!other) first.set(name, pair)
      else {
        const { line } = placeAt(startOf(other.key))
        const shown = isShown(name) ? `"${name}"` : 'the key'
        errorAt(startOf(pair.key), `${shown} is listed twice (first at line ${line})`)
      }
    }
  }

  function readValue(): unknown {
    const mistakes = syntaxMistakes(text, document)
    for (const { offset, message } of mistakes) errorAt(offset, message)
    if (mistakes.length > 0 || !hasPlainKeys()) return undefined
    for (const map of maps()) reportKeys(map)
    for (const { offset, message, isCertain } of droppedWords(text, document)) {
      const { line, column } = placeAt(offset)
      if (isCertain) report.errorIn(file, line, message, column)
      else report.warnIn(file, line, message, column)
    }
    const read = yamlValueOf(text, document)
    targets = read.targets
    if (read.mistake) errorAt(read.mistake.offset, read.mistake.message)
    return read.value
  }

  return {
    value: readValue(),
    placeOf: (path) => placeAt(startOf(follow(path).node)),
    placeOfKey: (path) => placeAt(startOf(follow(path).key)),
  }
}

const keyOf = (pair: Pair): string => String((pair.key as Scalar).value)
