/** The languages that `sql` speaks. */
export type Dialect = 'postgresql' | 'mysql' | 'sqlite'

/** A query of the admin's, as its database takes it. */
export interface Query {
  readonly text: string
  /** How often its one parameter is handed over: MySQL counts its `?`, the others refer to the same one. */
  readonly parameters: number
}

/** What neither is a parameter nor holds one: texts, quoted names, comments. */
const elsewhere: Readonly<Record<Dialect, string>> = {
  postgresql: String.raw`[eE]'(?:[^'\\]|\\[^])*'|'[^']*'|"[^"]*"|\$([A-Za-z_]\w*)?\$[^]*?\$\1\$|--[^\n]*|/\*[^]*?\*/`,
  mysql: String.raw`'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"|${'`[^`]*`'}|--(?=\s)[^\n]*|#[^\n]*|/\*[^]*?\*/`,
  sqlite: String.raw`'[^']*'|"[^"]*"|${'`[^`]*`'}|\[[^\]]*\]|--[^\n]*|/\*[^]*?\*/`,
}

const parameter: Readonly<Record<Dialect, string>> = {
  postgresql: String.raw`(?<![\w$])\$\d+`,
  mysql: String.raw`(?<![\w$])\$\d+|\?`,
  sqlite: String.raw`(?<![\w$])\$\d+|\?\d*`,
}

/** How the one parameter is written in the end. */
const spelling: Readonly<Record<Dialect, string>> = { postgresql: '$1', mysql: '?', sqlite: '?1' }

/**
 * Reads a query whose one parameter is `$1`, or `?` but in PostgreSQL, where that is an operator. It may stand there several
 * times; texts and comments are left as they are. -> `Query`, or the parameters that are none.
 */
export function readQuery(sql: string, dialect: Dialect): Query | { readonly foreign: string } {
  let parameters = 0
  let foreign: string | undefined
  const text = sql.replace(
    new RegExp(`(?:${elsewhere[dialect]})|(?<parameter>${parameter[dialect]})`, 'g'),
    (found, ...groups) => {
      const name: string | undefined = groups.at(-1).parameter
      if (name === undefined) return found
      if (!['$1', '?', '?1'].includes(name)) foreign = name
      parameters++
      return spelling[dialect]
    },
  )
  return foreign === undefined ? { text, parameters } : { foreign }
}
