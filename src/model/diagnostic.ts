import { printable } from './one-line.ts'

/** The position of something in a file; line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** An error or a warning for the admin: where it is, what is wrong, and what to write instead. */
export interface Diagnostic extends Place {
  /** The path in the configuration, such as `hosts.mx1.servers[0].port`; empty for other files. */
  readonly path: string
  readonly message: string
  /** How many it stands for, if it counts those that are not listed. */
  readonly count?: number
}

/** How many errors or warnings a list stands for. */
export const totalOf = (list: readonly Pick<Diagnostic, 'count'>[]): number =>
  list.reduce((sum, { count = 1 }) => sum + count, 0)

/** `file:line:column path message`: one line, which editors and terminals turn into a link. */
export function formatDiagnostic({ file, line, column, path, message }: Diagnostic): string {
  return printable([`${file}:${line}:${column}`, path, message].filter(Boolean).join(' '))
}

/** The configuration cannot be used. Contains all its errors, and its warnings. */
export class ConfigError extends Error {
  readonly errors: readonly Diagnostic[]
  readonly warnings: readonly Diagnostic[]

  constructor(errors: readonly Diagnostic[], warnings: readonly Diagnostic[] = []) {
    super(errors.map(formatDiagnostic).join('\n'))
    this.name = 'ConfigError'
    this.errors = errors
    this.warnings = warnings
  }
}
