import type * as z from 'zod'
import { formatPath, type KeptEntries, type Path, pathInFile } from './path.ts'
import type { Report } from './report.ts'
import { readWith } from './schema-errors.ts'

/** By key: values for required ones that are missing or invalid, so that the rest can be checked. They are never served. */
export type StandIns = Readonly<Record<string, unknown>>

/**
 * Validates the value at a path and reports every error. What is invalid is removed and the rest validated again, so that
 * one error hides no other: neither one that a schema reports late, nor one that the section's reader finds. Returns
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
  let isFirst = true
  while (!read.ok) {
    const errors = read.error.map((error) => ({
      ...error,
      path: pathInFile([...path, ...error.path], rest.kept),
    }))
    // Once something is removed, an error around it may be a consequence: "is missing", "must not be empty".
    const isNew = isFirst ? errors : errors.filter((error) => !report.hasError(error.path))
    for (const { path, ofKey, message } of isNew)
      ofKey ? report.errorAtKey(path, message) : report.error(path, message)
    for (const error of errors) rest.remove(error.path)
    if (rest.isEmpty) return undefined
    read = readWith(schema, rest.compact())
    isFirst = false
  }
  report.keepEntries(rest.kept)
  return read.value
}

const removed = Symbol('removed')

/** A copy of a value from which invalid parts are removed. Paths begin at the top of the configuration file. */
class ValidRest {
  kept: KeptEntries = new Map()
  readonly #path: Path
  readonly #standIns: StandIns
  readonly #usedStandIns = new Set<string>()
  /** What holds the value, so that the value itself can be removed as any other part. */
  readonly #root: { value?: unknown }

  constructor(value: unknown, path: Path, standIns: StandIns) {
    this.#path = path
    this.#standIns = standIns
    this.#root = { value: structuredClone(value) }
  }

  get isEmpty(): boolean {
    return this.#root.value === undefined
  }

  /** Removes what is at the path; or, if it is missing, puts a stand-in there or removes what requires it. */
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
    // Removed already, because of another error.
    if (typeof parent !== 'object' || parent === null) return
    if (Array.isArray(parent)) {
      parent[Number(key)] = removed
    } else if (Object.hasOwn(parent, key)) {
      delete (parent as Record<string, unknown>)[key]
    } else if (Object.hasOwn(this.#standIns, key) && !this.#usedStandIns.has(formatPath(path))) {
      this.#usedStandIns.add(formatPath(path))
      Object.assign(parent, { [key]: this.#standIns[key] })
    } else this.#remove(path.slice(0, -1))
  }

  #get(path: Path): unknown {
    return path.reduce<unknown>(
      (node, step) => (node as Record<string, unknown> | undefined)?.[step],
      this.#root,
    )
  }
}

function copy(value: unknown, path: Path, kept: Map<string, readonly number[]>): unknown {
  if (Array.isArray(value)) {
    const indexes = [...value.keys()].filter((index) => value[index] !== removed)
    if (indexes.length < value.length) kept.set(formatPath(path), indexes)
    return indexes.map((index) => copy(value[index], [...path, index], kept))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, copy(part, [...path, key], kept)]),
  )
}
