import { isDeepStrictEqual } from 'node:util'
import { jsonSchema } from '../../../src/config/schema.ts'
import { code, codes, heading, linkTo, origin, plain, table } from './markdown.ts'
import { kindOf, type Mapping, mappingIn, mostChoices, type Schema } from './schema.ts'

export const configurationPage = 'docs/configuration.md'

/** The example of the page, which must be valid. */
export const configurationExample = `provider: { id: example.org, displayName: Example Mail, displayShortName: Example }
hosts:
  mx1:
    hostname: mx1.example.org
    servers: [imaps, submissions]
domains:
  example.org: mx1
  example.net: { host: mx1, username: '%EMAILLOCALPART%' }
http: { maxAge: 600 }
`

const introduction = `# Configuration

The configuration is one file of YAML, by default \`config/autoconfig.yaml\`; \`--config\` names another. This is a small one:

\`\`\`yaml
${configurationExample}\`\`\`

[config/autoconfig.yaml](../config/autoconfig.yaml) is a longer example with comments. \`mail-autoconfig schema\` prints the JSON Schema, with which
editors complete and check the file; [config/autoconfig.schema.json](../config/autoconfig.schema.json) is the same. \`mail-autoconfig check\` reports
every error with its line: an unknown key is an error.

In the tables, \`a.b\` is the key \`b\` in the mapping \`a\`, \`a[]\` is an entry of the list \`a\`, and \`<name>\` is a name of your choice. "Relative to this
file" is relative to the directory of the configuration file. A key without a default is optional, unless the column says *required*. A
duration is a number and a unit, such as \`90s\`, \`5m\`, \`6h\` or \`2d\`.

Changes take effect within five seconds, or at once on SIGHUP, unless the table says that a key is read only at start.`

export function configurationParts(schema: Schema = jsonSchema() as Schema): readonly string[] {
  const { properties = {}, required = [] } = schema
  const seen: Mapping[] = []
  const sections = Object.entries(properties).map(([key, value]) =>
    partsOfKey(key, value, required.includes(key), seen).join('\n\n'),
  )
  const overview = table(
    ['key', 'meaning'],
    Object.entries(properties).map(([key, value]) => [
      linkTo(key),
      `${required.includes(key) ? 'Required. ' : ''}${plain(firstSentence(value.description ?? ''))}`,
    ]),
  )
  return [origin('the schema of the configuration'), introduction, overview, ...sections]
}

const firstSentence = (text: string): string => /^.*?[^.]\.(?= [A-Z*]|$)/.exec(text)?.[0] ?? text

/** A key of the file itself, with all that is below it. */
function partsOfKey(key: string, schema: Schema, isRequired: boolean, seen: Mapping[]): string[] {
  const mapping = mappingIn(schema, key)
  const facts = [
    mapping?.path === key ? undefined : `Type: ${kindOf(schema)}${mapping ? ' with the keys below' : ''}.`,
    isRequired ? 'Required.' : undefined,
    hasDefault(schema) ? `Default: ${code(shown(schema.default))}.` : undefined,
  ].filter((fact) => fact !== undefined)
  return [
    heading(2, key),
    [plain(schema.description ?? ''), ...facts].join(' '),
    ...(mapping ? partsOfMapping(mapping, seen) : []),
  ]
}

/** The table of a mapping, and below it those of the mappings in it that are too large for its own table. */
function partsOfMapping(mapping: Mapping, seen: Mapping[]): string[] {
  seen.push(mapping)
  const later: Mapping[] = []
  const choices: string[] = []
  const rows = rowsOf(mapping, '', seen, later, choices)
  const own = [table(['key', 'value', 'default', 'meaning'], rows), ...choices]
  return [...own, ...later.flatMap((inner) => [heading(3, inner.path), ...partsOfMapping(inner, seen)])]
}

/** A mapping with more keys has a table of its own. */
const mostInline = 3

function rowsOf(
  { path, schema }: Mapping,
  prefix: string,
  seen: readonly Mapping[],
  later: Mapping[],
  choices: string[],
): string[][] {
  const { properties = {}, required = [] } = schema
  return Object.entries(properties).flatMap(([key, value]) => {
    const name = `${prefix}${key}`
    const inner = mappingIn(value, `${path}.${key}`)
    const same = inner && [...seen, ...later].find((other) => isDeepStrictEqual(other.schema, inner.schema))
    const isInline = inner && !same && Object.keys(inner.schema.properties ?? {}).length <= mostInline
    if (inner && !same && !isInline) later.push(inner)
    const isRequired = required.includes(key)
    const listed = (value.items ?? value).enum ?? []
    if (listed.length > mostChoices)
      choices.push(`The words for ${code(name)} are ${codes(listed.map(String))}.`)
    const row = [
      code(name),
      kindOf(value, isInline ? undefined : (same ?? inner)?.path),
      isRequired ? '*required*' : hasDefault(value) ? code(shown(value.default)) : '',
      plain(descriptionOf(value)),
    ]
    if (!inner || !isInline) return [row]
    const innerPrefix = `${prefix}${inner.path.slice(path.length + 1)}.`
    return [row, ...rowsOf(inner, innerPrefix, seen, later, choices)]
  })
}

/** The description of a value, or of the first of its kinds. */
function descriptionOf({ description, anyOf, items }: Schema): string {
  return description ?? anyOf?.map(descriptionOf).find(Boolean) ?? items?.description ?? ''
}

/** An empty mapping as a default says only that the keys in it have defaults. */
const hasDefault = ({ default: standard }: Schema): boolean =>
  standard !== undefined && !isDeepStrictEqual(standard, {})

/** A value as in YAML. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  return typeof value === 'string' && /^#|^%/.test(value) ? `'${value}'` : String(value)
}
