import type * as z from 'zod'
import { suggestion } from './suggestion.ts'

/** What a schema finds wrong with a value, as a path and words for people. */
export interface SchemaError {
  readonly path: (string | number)[]
  /** Is it the name that is wrong, not the value? */
  readonly ofKey: boolean
  readonly message: string
}

/** The value as the schema reads it, or everything that is wrong with it. */
export function readWith<T>(schema: z.ZodType<T>, value: unknown): { value: T } | { errors: SchemaError[] } {
  const result = schema.safeParse(value, { error: message, reportInput: true })
  return result.success
    ? { value: result.data }
    : { errors: result.error.issues.flatMap((issue) => faultsOf(issue)) }
}

function faultsOf(issue: z.core.$ZodIssue): SchemaError[] {
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
    // The branch that the writer meant is the one whose kind of value is there: its faults lie deeper.
    const meant = issue.errors.find(
      (errors) => !errors.some((error) => error.path.length === 0 && isAboutKind(error)),
    )
    if (meant) {
      return meant.flatMap(faultsOf).map((fault) => ({ ...fault, path: [...path, ...fault.path] }))
    }
  }
  return [{ path, ofKey: false, message: issue.message }]
}

const isAboutKind = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof issue.input !== 'string')

function message(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing'
      return `must be ${kinds[issue.expected]}, not ${kindOf(issue.input)}`
    case 'unrecognized_keys': {
      const shape = Object.keys((issue.inst as z.ZodObject).shape)
      return issue.keys
        .map((key) => `unknown key${suggestion(key, shape) || `; there are ${shape.join(', ')}`}`)
        .join('\n')
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
      return `must have at most ${issue.maximum} characters, and has ${String(issue.input).length}`
    default:
      return undefined
  }
}

/** What a schema may ask for, and what YAML may hold. */
const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

function kindOf(value: unknown): string | undefined {
  if (value === null) return 'empty'
  return kinds[Array.isArray(value) ? 'array' : typeof value]
}
