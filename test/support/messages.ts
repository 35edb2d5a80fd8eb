import { readdirSync, readFileSync } from 'node:fs'
import { FluentResource } from '@fluent/bundle'
import type { SettingsLanguage } from '../../src/messages/catalogue.ts'

/** A message of a catalogue, before its values are filled in. */
export interface Message {
  readonly key: string
  /** With `{name}` in the place of a value. */
  readonly text: string
  /** The names of its values, sorted. */
  readonly values: readonly string[]
}

/** The messages of one file, in order. */
export function messagesOf(language: SettingsLanguage, file: string): readonly Message[] {
  const source = readFileSync(`src/messages/${language}/${file}.ftl`, 'utf8')
  return new FluentResource(source).body.map(({ id, value }) => {
    const parts = typeof value === 'string' || value === null ? [value ?? ''] : value
    const texts = parts.map((part) => (typeof part === 'string' ? part : `{${nameOf(part)}}`))
    const values = parts.filter((part) => typeof part !== 'string').map(nameOf)
    return { key: id, text: texts.join(''), values: values.sort() }
  })
}

/** Our messages have no selectors and no functions, so that a translator sees whole sentences. */
function nameOf(part: { readonly type: string }): string {
  if (part.type === 'var' && 'name' in part) return String(part.name)
  throw new Error(`a message contains an expression of type ${part.type}; use only { $name }`)
}

/** The code and the templates that use messages. */
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|eta)$/.test(name))
  .map((name) => readFileSync(`src/${name}`, 'utf8'))

/** Every string in single quotes: keys are among them. */
export const quoted: ReadonlySet<string> = new Set(
  sources.flatMap((source) => [...source.matchAll(/'([\w-]+)'/g)].map(([, text]) => text as string)),
)

/** The arguments of the calls that look messages up. */
const calls = sources.flatMap((source) =>
  [...source.matchAll(/\b(?:text|html|plain)\(([^()]*)\)/g)].map(([, argument]) => argument as string),
)

/** The keys that are written out in these calls. */
export const askedFor: readonly string[] = calls.flatMap((argument) =>
  [...argument.matchAll(/'([a-zA-Z]+(?:-[a-zA-Z0-9]+)+)'/g)].map(([, key]) => key as string),
)

/** The keys that are built from parts in these calls, such as `username-${it.username.kind}`. */
export const built: readonly string[] = calls.flatMap((argument) =>
  [...argument.matchAll(/`([^`]*\$\{[^`]*)`/g)].map(([, template]) => template as string),
)
