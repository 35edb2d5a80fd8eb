import { code, codes, linkTo } from './markdown.ts'

/** The part of JSON Schema that the configuration uses. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly propertyNames?: Schema
  readonly additionalProperties?: Schema | false
  readonly anyOf?: readonly Schema[]
}

/** A mapping with fixed keys somewhere in a value, and how to write the way to it: `hosts.<name>`, `servers[]`. */
export interface Mapping {
  readonly path: string
  readonly schema: Schema
}

/** The mapping with fixed keys that a value is or contains. No value has two. */
export function mappingIn(schema: Schema, path: string): Mapping | undefined {
  if (schema.properties) return { path, schema }
  if (schema.items) return mappingIn(schema.items, `${path}[]`)
  if (schema.additionalProperties) return mappingIn(schema.additionalProperties, `${path}.${nameIn(path)}`)
  return schema.anyOf?.map((kind) => mappingIn(kind, path)).find((found) => found !== undefined)
}

/** What an admin writes in place of a key of their choice. */
const nameIn = (path: string): string => (path === 'domains' ? '<domain>' : '<name>')

/** More than this many choices are written below the table. */
export const mostChoices = 10

/** The kinds of value that a key takes, in words. `heading`: where the keys of its mapping are described. */
export const kindOf = (schema: Schema, heading?: string): string => alternatives(kindsOf(schema, heading))

const kindsOf = (schema: Schema, heading?: string): string[] =>
  schema.anyOf?.flatMap((kind) => kindsOf(kind, heading)) ?? [oneKind(schema, heading)]

function oneKind(schema: Schema, heading: string | undefined): string {
  if (schema.const !== undefined) return code(String(schema.const))
  if (schema.enum) {
    if (schema.enum.length > mostChoices) return 'one of the words below the table'
    return schema.enum.length === 1
      ? codes(schema.enum.map(String))
      : `one of ${codes(schema.enum.map(String))}`
  }
  switch (schema.type) {
    case 'boolean':
      return '`true` or `false`'
    case 'integer':
    case 'number':
      return `${schema.type}${range(schema)}`
    case 'array':
      return `list${count(schema)} of ${several(schema.items as Schema, heading)}`
    case 'object':
      if (schema.properties) return heading === undefined ? 'mapping' : `mapping: ${linkTo(heading)}`
      return `mapping of ${keysOf(schema)} to ${several(schema.additionalProperties as Schema, heading)}`
    default:
      return text(schema)
  }
}

/** The same in the plural. */
const several = (schema: Schema, heading: string | undefined): string =>
  alternatives(
    kindsOf(schema, heading).map((kind) =>
      kind.replace(/^(string|mapping|integer)/, '$1s').replace(/^one of /, ''),
    ),
  )

function alternatives(kinds: readonly string[]): string {
  const [first = '', ...others] = new Set(kinds)
  return [first, ...others].join(kinds.some((kind) => kind.includes(',')) ? ', or ' : ' or ')
}

const keysOf = ({ propertyNames }: Schema): string =>
  propertyNames?.pattern?.startsWith('^(default|') ? 'languages' : 'names'

function text({ maxLength, pattern, format }: Schema): string {
  if (format === 'date-time') return 'time'
  if (maxLength !== undefined) return `string, at most ${maxLength} characters`
  return pattern !== undefined && pattern.length <= longestPattern
    ? `string matching ${code(pattern)}`
    : 'string'
}

/** Characters of a regular expression. The description of a key with a longer one has an example. */
const longestPattern = 25

/** A limit that is only that of the computer is none. */
function range({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Schema): string {
  return maximum === Number.MAX_SAFE_INTEGER ? `, at least ${minimum}` : `, ${minimum} to ${maximum}`
}

function count({ minItems, maxItems }: Schema): string {
  return maxItems === undefined ? '' : ` (${minItems ?? 0} to ${maxItems})`
}
