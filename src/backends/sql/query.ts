import { failure, type Result, success } from '../../model/result.ts'

/** The SQL dialects that the backend supports. */
export type Dialect = 'postgresql' | 'mysql' | 'sqlite'

/** A query of the admin, in the spelling of its database. */
export interface Query {
  readonly text: string
  /** How often the one parameter occurs. MySQL needs a value for each `?`; the others need one value. */
  readonly parameters: number
}

/** Strings, quoted names and comments, in which nothing is a parameter. */
const skipped: Readonly<Record<Dialect, string>> = {
  postgresql: String.raw`[eE]'(?:[^'\\]|\\[^])*'|'[^']*'|"[^"]*"|\$([A-Za-z_]\w*)?\$[^]*?\$\1\$|--[^\n]*|/\*[^]*?\*/`,
  mysql: String.raw`'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|${'`[^`]*`'}|--(?=\s)[^\n]*|#[^\n]*|/\*[^]*?\*/`,
  sqlite: String.raw`'[^']*'|"[^"]*"|${'`[^`]*`'}|\[[^\]]*\]|--[^\n]*|/\*[^]*?\*/`,
}

const parameter: Readonly<Record<Dialect, string>> = {
  postgresql: String.raw`(?<![\w$])\$\d+`,
  mysql: String.raw`(?<![\w$])\$\d+|\?`,
  sqlite: String.raw`(?<![\w$])\$\d+|\?\d*`,
}

/** How each database spells the one parameter. */
const spelling: Readonly<Record<Dialect, string>> = { postgresql: '$1', mysql: '?', sqlite: '?1' }

/**
 * Reads a query whose one parameter is `$1`, or also `?` except in PostgreSQL, where that is an operator. The parameter may
 * occur several times. Strings and comments stay as they are.
 */
export function readQuery(sql: string, dialect: Dialect): Result<Query> {
  let parameters = 0
  let unknown: string | undefined
  const text = sql.replace(
    new RegExp(`(?:${skipped[dialect]})|(?<parameter>${parameter[dialect]})`, 'g'),
    (match, ...groups) => {
      const name: string | undefined = groups.at(-1).parameter
      if (name === undefined) return match
      if (!['$1', '?', '?1'].includes(name)) unknown = name
      parameters++
      return spelling[dialect]
    },
  )
  if (unknown !== undefined) return failure(`contains the unknown parameter ${unknown}; use $1`)
  return success({ text, parameters })
}
