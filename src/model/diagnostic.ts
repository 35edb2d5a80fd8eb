/** Where something is written: a file, its line and column (both from 1). */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Something the operator should know of: where it is, what is wrong, what would be right. */
export interface Diagnostic extends Place {
  /** The way through the document, such as `hosts.mx1.servers[0].port`; empty where the line says it all. */
  readonly path: string
  readonly message: string
}

/** `file:line:column path message`: one line, which editors and terminals turn into a link. */
export function formatDiagnostic({ file, line, column, path, message }: Diagnostic): string {
  return [`${file}:${line}:${column}`, path, message].filter(Boolean).join(' ')
}

/** A configuration that cannot be served, with every fault that was found in it. */
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
