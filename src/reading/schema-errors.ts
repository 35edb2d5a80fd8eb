import type * as z from 'zod'
import { failure, type Result, success } from '../model/result.ts'
import { suggestion } from './suggestion.ts'

/** An error that a schema finds in a value. */
export interface SchemaError {
  readonly path: (string | number)[]
  /** The error is in the key, not in the value. */
  readonly ofKey: boolean
  readonly message: string
}

/** The value as the schema reads it, or every error that the schema finds at once. */
export function readWith<T>(schema: z.ZodType<T>, value: unknown): Result<T, SchemaError[]> {
  const result = schema.safeParse(value, { error: message, reportInput: true })
  return result.success ? success(result.data) : failure(result.error.issues.flatMap(errorsOf))
}

function errorsOf(issue: z.core.$ZodIssue): SchemaError[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n')
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      ofKey: true,
      message: messages[index] as string,
    }))
  }
  if (issue.code === 'invalid_key') {
    return [{ path, ofKey: true, message: issue.issues.map(({ message }) => message).join('; ') }]
  }
  if (issue.code === 'invalid_union') {
    // The admin meant the branch for this kind of value; its errors are more precise than those of the union.
    const meant = issue.errors.find(
      (errors) => !errors.some((error) => error.path.length === 0 && isAboutKind(error)),
    )
    if (meant) {
      return meant.flatMap(errorsOf).map((error) => ({ ...error, path: [...path, ...error.path] }))
    }
  }
  return [{ path, ofKey: false, message: issue.message }]
}

const isAboutKind = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof issue.input !== 'string')

function message(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrongKind(issue)
    case 'unrecognized_keys': {
      const shape = Object.keys((issue.inst as z.ZodObject).shape)
      return issue.keys.map((key) => unknownKey(key, shape)).join('\n')
    }
    case 'invalid_value': {
      const values = issue.values.map(String)
      const near = typeof issue.input === 'string' ? suggestion(issue.input, values) : ''
      return `must be one of ${values.join(', ')}${near}`
    }
    case 'too_small':
      return issue.origin === 'number' ? `must be >= ${issue.minimum}` : 'must not be empty'
    case 'too_big':
      if (issue.origin === 'number') return `must be <= ${issue.maximum}`
      return `must have at most ${issue.maximum} ${issue.origin === 'array' ? 'entries' : 'characters'}; it has ${(issue.input as string | unknown[]).length}`
    default:
      return undefined
  }
}

export const unknownKey = (key: string, known: readonly string[]): string =>
  `unknown key${suggestion(key, known) || `; the keys are ${known.join(', ')}`}`

function wrongKind({ input, expected }: { input?: unknown; expected?: unknown }): string {
  if (input === undefined) return 'is missing'
  const kind = kinds[String(expected)]
  const instead = examples[String(expected)] ?? ''
  if (input === null) return `must be ${kind}, but is empty${instead}`
  // A whole number is a number, too, so the message does not end in "not a number".
  if (expected === 'int' && typeof input === 'number') return `must be ${kind}`
  const actual = kinds[Array.isArray(input) ? 'array' : typeof input]
  return `must be ${kind}, not ${actual}${instead || howToWriteNumber(expected, input)}`
}

/** A setting has one unit, which its description names, so the value has none. */
function howToWriteNumber(expected: unknown, input: unknown): string {
  if ((expected !== 'number' && expected !== 'int') || typeof input !== 'string') return ''
  if (/^\d+$/.test(input)) return '; write it without quotes'
  return /^\d+ ?[a-z]+$/i.test(input) ? '; write the number alone, in the unit of this setting' : ''
}

/** How YAML writes the kinds of value for which admins write something else. */
const examples: Readonly<Record<string, string>> = {
  array: '; write [a, b], or each entry on a line of its own after "- "',
  object: '; write { key: value }, or each key: value on a line of its own, indented',
  record: '; write { key: value }, or each key: value on a line of its own, indented',
}

/** The kinds of value that a schema expects, and those that YAML has. */
const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}
