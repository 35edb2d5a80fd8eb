import type * as z from 'zod'
import { formatPath, type KeptEntries, type Path, pathInFile } from './path.ts'
import type { Report } from './report.ts'
import { readWith } from './schema-errors.ts'

/** By key: values to use where a required one is missing or invalid, so that the rest can be checked. They are never served. */
export type StandIns = Readonly<Record<string, unknown>>

/**
 * Validates the value at a path and reports every error. Invalid parts are removed and the rest is validated again, so that
 * one error hides no other: neither one that the schema checks later, nor one that the reader of the section finds. Returns
 * `undefined` if nothing valid remains.
 */
export function readSection<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: Path,
  report: Report,
  standIns: StandIns = {},
): T | undefined {
  let read = readWith(schema, value)
  if (read.ok) return read.value
  const rest = new ValidRest(value, path, standIns)
  for (let round = 1; !read.ok && !rest.isEmpty && round <= maxRounds; round++) {
    const errors = read.error.map((error) => ({
      ...error,
      path: pathInFile([...path, ...error.path], rest.kept),
    }))
    // After a part was removed, an error around it may be a consequence: "is missing", "must not be empty".
    const newErrors = round === 1 ? errors : errors.filter((error) => !report.hasError(error.path))
    for (const { path, ofKey, message } of newErrors)
      ofKey ? report.errorAtKey(path, message) : report.error(path, message)
    for (const error of errors) rest.remove(error.path)
    if (!rest.isEmpty) read = readWith(schema, rest.compact())
  }
  if (!read.ok) return undefined
  report.keepEntries(rest.kept)
  return read.value
}

/** Each round removes something, and sections are not deep, so a few rounds are enough. */
const maxRounds = 50

const removed = Symbol('removed')

/** A copy of a value from which invalid parts are removed. Paths begin at the top of the configuration file. */
class ValidRest {
  kept: KeptEntries = new Map()
  readonly #path: Path
  readonly #standIns: StandIns
  readonly #usedStandIns = new Set<string>()
  /** Contains the value, so that the value itself can be removed like any other part. */
  readonly #root: { value?: unknown }

  constructor(value: unknown, path: Path, standIns: StandIns) {
    this.#path = path
    this.#standIns = standIns
    this.#root = { value: structuredClone(value) }
  }

  get isEmpty(): boolean {
    return !Object.hasOwn(this.#root, 'value')
  }

  /** Removes the part at the path. If it is missing, adds a stand-in, or removes the part that requires it. */
  remove(path: Path): void {
    this.#remove(['value', ...path.slice(this.#path.length)])
  }

  /** The value without the removed entries of lists. */
  compact(): unknown {
    const kept = new Map<string, readonly number[]>()
    const value = copy(this.#root.value, this.#path, kept)
    this.kept = kept
    return value
  }

  #remove(path: Path): void {
    const key = path.at(-1) as string | number
    const parent = this.#get(path.slice(0, -1))
    // The part has already been removed because of another error.
    if (!isContainer(parent)) return
    if (Array.isArray(parent)) {
      parent[Number(key)] = removed
    } else if (Object.hasOwn(parent, key)) {
      delete parent[key]
    } else if (Object.hasOwn(this.#standIns, key) && !this.#usedStandIns.has(formatPath(path))) {
      this.#usedStandIns.add(formatPath(path))
      parent[key] = this.#standIns[key]
    } else this.#remove(path.slice(0, -1))
  }

  #get(path: Path): unknown {
    return path.reduce<unknown>(
      (node, step) => (isContainer(node) && Object.hasOwn(node, step) ? node[step] : undefined),
      this.#root,
    )
  }
}

const isContainer = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null

function copy(value: unknown, path: Path, kept: Map<string, readonly number[]>): unknown {
  if (Array.isArray(value)) {
    const indexes = [...value.keys()].filter((index) => value[index] !== removed)
    if (indexes.length < value.length) kept.set(formatPath(path), indexes)
    return indexes.map((index) => copy(value[index], [...path, index], kept))
  }
  if (!isContainer(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, copy(part, [...path, key], kept)]),
  )
}
