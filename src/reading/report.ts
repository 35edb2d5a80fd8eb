import type { Diagnostic, Place } from '../model/diagnostic.ts'
import { formatPath, type KeptEntries, type Path, pathInFile, shownPath } from './path.ts'

/** Finds a part of the configuration file. */
export interface Places {
  /** The place of a value. If the value is missing, the place of the mapping or list around it. */
  placeOf(path: Path): Place
  /** The place of the last key of the path. */
  placeOfKey(path: Path): Place
}

/** Collects the errors and warnings of a configuration, each with its place. */
export class Report {
  readonly #file: string
  #places: Places
  readonly #errors: Diagnostic[] = []
  readonly #warnings: Diagnostic[] = []
  /** Each path with an error, and each path above it. */
  readonly #pathsWithErrors = new Set<string>()
  readonly #kept = new Map<string, readonly number[]>()

  constructor(file: string) {
    this.#file = file
    const start = () => ({ file, line: 1, column: 1 })
    this.#places = { placeOf: start, placeOfKey: start }
  }

  /** Until this is called, everything in the configuration file is at line 1, column 1. */
  usePlaces(places: Places): void {
    this.#places = places
  }

  /** An error in a value of the configuration file. */
  error(path: Path, message: string): void {
    this.#addError({ ...this.locate(path), message }, path)
  }

  /** An error in a key of the configuration file: the last key of the path. */
  errorAtKey(path: Path, message: string): void {
    this.#addError({ ...this.locateKey(path), message }, path)
  }

  warn(path: Path, message: string): void {
    this.#warnings.push({ ...this.locate(path), message })
  }

  /** A warning that was created with `diagnostic`. */
  addWarning(warning: Diagnostic): void {
    this.#warnings.push(warning)
  }

  /** An error in a line of any file, without a path. */
  errorIn(file: string, line: number, message: string, column = 1): void {
    this.#errors.push({ file, line, column, path: '', message })
  }

  warnIn(file: string, line: number, message: string, column = 1): void {
    this.#warnings.push({ file, line, column, path: '', message })
  }

  /** Returns a diagnostic that can be stored and reported later. */
  diagnostic(path: Path, message: string): Diagnostic {
    return { ...this.locate(path), message }
  }

  /** The place of a value, and the path as it is shown. */
  locate(path: Path): Omit<Diagnostic, 'message'> {
    const inFile = pathInFile(path, this.#kept)
    return { ...this.#places.placeOf(inFile), path: shownPath(inFile) }
  }

  locateKey(path: Path): Omit<Diagnostic, 'message'> {
    const inFile = pathInFile(path, this.#kept)
    return { ...this.#places.placeOfKey(inFile), path: shownPath(inFile) }
  }

  /** Is there an error in the value at this path, or in a part of it? Then other errors about it may follow from that one. */
  hasError(path: Path): boolean {
    return this.#pathsWithErrors.has(formatPath(pathInFile(path, this.#kept)))
  }

  /** Were invalid entries removed from this list? */
  lostEntries(list: Path): boolean {
    return this.#kept.has(formatPath(pathInFile(list, this.#kept)))
  }

  /** Entries of lists are invalid and were removed: from now on, paths count only the entries that remain. */
  keepEntries(kept: KeptEntries): void {
    for (const [list, indexes] of kept) this.#kept.set(list, indexes)
  }

  /** At most a hundred and one: the last stands for all others. */
  get errors(): Diagnostic[] {
    return listed(inOrder(this.#errors, this.#file), 'more errors are not listed; fix the errors above first')
  }

  get warnings(): Diagnostic[] {
    return listed(inOrder(this.#warnings, this.#file), 'more warnings are not listed')
  }

  get hasErrors(): boolean {
    return this.#errors.length > 0
  }

  #addError(error: Diagnostic, path: Path): void {
    this.#errors.push(error)
    const inFile = pathInFile(path, this.#kept)
    for (let length = 0; length <= inFile.length; length++)
      this.#pathsWithErrors.add(formatPath(inFile.slice(0, length)))
  }
}

/** In the order of the files: the configuration first, then the others by name. */
function inOrder(list: readonly Diagnostic[], first: string): Diagnostic[] {
  const rank = ({ file }: Diagnostic): number => (file === first ? 0 : 1)
  return [...list].sort(
    (a, b) => rank(a) - rank(b) || a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  )
}

/** The log, `/readyz` and `check` repeat all of them, and nobody reads more. */
const mostListed = 100

function listed(diagnostics: readonly Diagnostic[], more: string): Diagnostic[] {
  const [next, ...others] = diagnostics.slice(mostListed)
  if (!next || others.length === 0) return [...diagnostics]
  const count = 1 + others.length
  const message = `${count.toLocaleString('en')} ${more}`
  return [...diagnostics.slice(0, mostListed), { ...next, path: '', message, count }]
}
