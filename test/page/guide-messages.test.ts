import { readdirSync, readFileSync } from 'node:fs'
import { FluentResource } from '@fluent/bundle'
import t from 'tap'
import { type PageLanguage, pageLanguages } from '../../src/messages/catalogue.ts'
import { clients } from '../../src/page/clients.ts'

/** The ends of the keys of labels that `src/page/fields.ts` uses. */
const fieldKeys = [
  'server',
  'outgoing-server',
  'port',
  'security',
  'authentication',
  'password',
  'username',
  'security-SSL',
  'security-STARTTLS',
  'security-plain',
]

const isField = (key: string): boolean => fieldKeys.some((field) => key.endsWith(`-${field}`))

interface Message {
  readonly text: string
  readonly variables: readonly string[]
}

function messagesOf(language: PageLanguage, file: string): ReadonlyMap<string, Message> {
  const source = readFileSync(`src/messages/${language}/${file}.ftl`, 'utf8')
  return new Map(
    new FluentResource(source).body.map(({ id, value }) => {
      const parts = typeof value === 'string' ? [value] : (value ?? [])
      const text = parts.map((part) => (typeof part === 'string' ? part : '{}')).join('')
      const variables = parts.flatMap((part) =>
        typeof part === 'object' && 'name' in part ? [part.name] : [],
      )
      return [id, { text, variables: variables.sort() }]
    }),
  )
}

t.test('the guides are complete in every language: the same keys, the same values', (t) => {
  const english = messagesOf('en', 'clients')
  for (const language of pageLanguages) {
    const messages = messagesOf(language, 'clients')
    t.strictSame([...messages.keys()], [...english.keys()], language)
    for (const [key, { text, variables }] of messages) {
      t.strictSame(variables, english.get(key)?.variables, `${language} ${key}`)
      t.match(text, /\S/, `${language} ${key} is not empty`)
    }
  }
  t.end()
})

t.test('each message of the guides is used', (t) => {
  const files = ['src/page', 'src/page/templates'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.(eta|ts)$/.test(name))
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
  )
  const source = files.join('\n')
  // The ends of some keys are values: `client-login-${…}`.
  const beginnings = [...source.matchAll(/`([a-z]+-[a-z-]+-)\$\{/g)].map(
    ([, beginning]) => beginning as string,
  )
  const isUsed = (key: string) =>
    key === 'client-other' ||
    source.includes(`'${key}'`) ||
    beginnings.some((beginning) => key.startsWith(beginning))
  t.strictSame(
    [...messagesOf('en', 'clients').keys()].filter((key) => !isUsed(key)),
    [],
  )
  t.end()
})

t.test('labels: none that English lacks, none that is empty, and each is used', (t) => {
  const english = messagesOf('en', 'labels')
  const used = new Set([...messagesOf('en', 'clients').values()].flatMap(({ variables }) => variables))
  for (const { id } of clients) for (const key of fieldKeys) used.add(`${id}-${key}`)
  t.strictSame(
    [...english.keys()].filter((key) => !used.has(key)),
    [],
    'each is used',
  )
  const values = /^(usernames?|outgoing-username|address|protocol|login|ports)$/
  t.strictSame(
    [...used].filter((key) => !english.has(key) && !values.test(key) && !isField(key)),
    [],
    'each exists',
  )
  for (const language of pageLanguages) {
    const labels = messagesOf(language, 'labels')
    t.strictSame(
      [...labels.keys()].filter((key) => !english.has(key)),
      [],
      language,
    )
    for (const [key, { text }] of labels) t.match(text, /^\S(.*[^\s:])?$/, `${language} ${key}`)
  }
  t.end()
})

t.test('the typography of each language', (t) => {
  const mistakes: Readonly<Record<PageLanguage, RegExp>> = {
    en: /['"]/,
    // A space before a colon does not break, and one before ; ! ? is narrow.
    fr: /['"]|[^\u00a0]:|[^\u202f\u00a0«][;!?]|« |[^\u00a0]»|«[^\u00a0]/,
    nl: /['"„]/,
    de: /['"”]|„[^“]*$/,
  }
  for (const language of pageLanguages)
    for (const file of ['clients', 'labels'])
      for (const [key, { text }] of messagesOf(language, file))
        t.notMatch(text, mistakes[language], `${language} ${key}`)
  t.end()
})
