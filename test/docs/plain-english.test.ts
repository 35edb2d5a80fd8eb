import { readdirSync } from 'node:fs'
import t from 'tap'
import { type Exception, finder, type Rule } from '../support/finder.ts'
import {
  type Passage,
  passagesOfComments,
  passagesOfFluent,
  passagesOfHashComments,
  passagesOfMarkdown,
  passagesOfSchema,
  passagesOfStrings,
} from '../support/passages.ts'

/**
 * Everything that people read is in plain English. To list all findings, one on a line:
 *
 *   npx tsx test/docs/plain-english.test.ts | sed -n 's/^ *not ok [0-9]* - \(.*:[0-9]\)/\1/p'
 */

/** Words and phrases that must not come back, and what to write instead. A space stands for any white space. */
const phrases: readonly Rule[] = [
  [/(?<![a-z])fault(s|y)?(?![a-z])/, 'error'],
  [/\bmend(s|ed|ing)?\b/, 'fix'],
  [/\b(left|leaves?|leaving)( \w+){0,2} out\b/, 'omit, ignore, skip'],
  [/\bheed(s|ed|ing)?\b/, 'obey, read, ignore'],
  [/\bstands? twice\b/, 'is listed twice'],
  [/\bas (it stands|they stand)\b/, 'unchanged'],
  [/\b(stands?|stood) (above|behind|below|beside|in|on|there|under)\b/, 'is, is written'],
  [/\bis to stand\b/, 'is written'],
  [/\baskers?\b/, 'client'],
  [/\bstrangers?('s)?\b/, 'client'],
  [/\b(he|him|his|himself|she|her|hers|herself)\b/, 'they, or name the person or program'],
  [/\bwhom\b/, 'name the person or program'],
  [/\bwhoever\b/, 'anyone who'],
  [/\bnobody serves\b/, 'is not served'],
  [/\bfine\b/, 'OK'],
  [/\b(tells?|telling|told)\b/, 'show, print, report, return'],
  [/(?<![.\w])folders?(?![:\w])/, 'directory'],
  [/\bmust be a text\b/, 'must be a string'],
  [/\bmust be there\b/, 'is required'],
  [/\b(is|are) none of\b/, 'is not one of'],
  [/\bother way round\b/, 'requires …; set both or neither'],
  [/\bso it is with\b/, 'and on 12 more lines'],
  [/\b(says?|said|saying)( \w+){0,2} otherwise\b/, 'overrides'],
  [/\bto be had\b/, 'available'],
  [/\bnot whole\b/, 'incomplete'],
  [/\btakes? leave\b/, 'close, end'],
  [/\banew\b/, 'again'],
  [/\buser names?\b/, 'username'],
  [/\blog-ins?\b/, 'login'],
]

/** Sentences that must not come back, by their beginning. */
const sentences: readonly Rule[] = [
  [/^(who|what|to whom)\b[^?]*$/, 'a noun as the subject, unless it is a question'],
  [/^(never|nor|neither) (is|are|was|were|does|do|did|has|have|can|may)\b/, 'the subject before the verb'],
]

/** What is allowed all the same, and why. */
const exceptions: readonly Exception[] = []

const findings = finder({ phrases, sentences, exceptions })

t.test('the documents are in plain English', async (t) => {
  const documents = readdirSync('docs').filter((name) => name.endsWith('.md'))
  const files = [
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'bench/README.md',
    'deploy/helm/mail-autoconfig/README.md',
  ]
  const pages = readdirSync('docs/certificates').filter((name) => name.endsWith('.md'))
  const all = [...documents, ...pages.map((name) => `certificates/${name}`)]
  for (const file of [...files, ...all.map((name) => `docs/${name}`)]) check(t, passagesOfMarkdown(file))
})

t.test('the configurations are in plain English', async (t) => {
  const proxies = readdirSync('docs/proxies').map((name) => `docs/proxies/${name}`)
  const deployed = [
    'Dockerfile',
    'deploy/compose/compose.yaml',
    'deploy/compose/Caddyfile',
    'deploy/compose/config/autoconfig.yaml',
    'deploy/helm/mail-autoconfig/values.yaml',
  ]
  const certificates = readdirSync('docs/certificates').filter((name) => !name.endsWith('.md'))
  const scripts = certificates.map((name) => `docs/certificates/${name}`)
  for (const file of ['config/autoconfig.yaml', ...proxies, ...deployed, ...scripts])
    check(t, passagesOfHashComments(file))
  check(t, passagesOfSchema('config/autoconfig.schema.json'))
})

t.test('the page for people is in plain English', async (t) => {
  for (const name of ['page', 'clients', 'settings']) {
    const file = `src/messages/en/${name}.ftl`
    check(t, passagesOfFluent(file))
    check(t, passagesOfHashComments(file))
  }
})

const sources = ['src', 'bench'].flatMap((directory) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${directory}/${name}`),
)

t.test('messages and help are in plain English', async (t) => {
  for (const file of sources) check(t, passagesOfStrings(file))
})

t.test('comments are in plain English', async (t) => {
  for (const file of sources) check(t, passagesOfComments(file))
})

t.test('a finding has its place, its sentence and what to write instead', async (t) => {
  const document = '# A fault\n\nOne.\nIt tells\nhim. Two.\n\n- A `fault`.\n\n| a | What is? | what it is |\n'
  t.strictSame(findings(passagesOfMarkdown('a.md', document)), [
    'a.md:1 "fault" (write: error) in: A fault',
    'a.md:4 "tells" (write: show, print, report, return) in: It tells him.',
    'a.md:5 "him" (write: they, or name the person or program) in: It tells him.',
    'a.md:9 "what it is" (write: a noun as the subject, unless it is a question) in: what it is',
  ])
  const blocks = '```yaml\nfolder: a # a folder\n# the\n# asker\n```\n\n```\nfine: 1\n```\n'
  t.strictSame(
    findings(passagesOfMarkdown('a.md', blocks)).map((finding) => finding.replace(/ in: .*/, '')),
    ['a.md:2 "folder" (write: directory)', 'a.md:4 "asker" (write: client)', 'a.md:8 "fine" (write: OK)'],
  )
})

t.test('messages of the page are read, and names of values are not', async (t) => {
  const catalogue = '# A fault.\na-fault = No\nb = The user name { $user-name } of { $fault }\n'
  t.strictSame(
    findings(passagesOfFluent('a.ftl', catalogue)).map((finding) => finding.replace(/ \(.*/, '')),
    ['a.ftl:3 "user name"'],
  )
})

t.test('strings and comments of the source are read, and names are not', async (t) => {
  const source = [
    "const fault = 'fault' // no fault",
    'const text = `left ${',
    "  'this is fine'} out`",
    "const words = { en: 'he is', fr: 'tell him' }",
    '/**',
    ' * Who asks.',
    ' */',
    'function f() {',
    '  // Never is',
    '  // a `folder` mended',
    '}',
  ].join('\n')
  t.strictSame(
    findings(passagesOfStrings('a.ts', source)).map((finding) => finding.replace(/ \(.*/, '')),
    ['a.ts:3 "fine"', 'a.ts:4 "he"'],
  )
  t.strictSame(
    findings(passagesOfComments('a.ts', source)).map((finding) => finding.replace(/ \(.*/, '')),
    ['a.ts:1 "fault"', 'a.ts:6 "Who asks."', 'a.ts:9 "Never is"', 'a.ts:10 "mended"'],
  )
})

function check(t: { fail(message: string): unknown; pass(): unknown }, passages: Iterable<Passage>): void {
  const found = findings(passages)
  for (const finding of found) t.fail(finding)
  if (found.length === 0) t.pass()
}
