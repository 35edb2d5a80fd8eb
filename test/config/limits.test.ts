import { writeFileSync } from 'node:fs'
import { pino } from 'pino'
import t from 'tap'
import { stringify } from 'yaml'
import { adminServer } from '../../src/http/admin-server.ts'
import { loggedEvents } from '../../src/http/logged-events.ts'
import { duration } from '../../src/reading/duration.ts'
import { Report } from '../../src/reading/report.ts'
import { readYaml } from '../../src/reading/yaml-document.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { run } from '../support/command.ts'
import { configFolder, example, findings, load, openApp } from '../support/example.ts'

/** The value of a YAML file, and its errors. */
function read(text: string) {
  const report = new Report('autoconfig.yaml')
  const { value } = readYaml('autoconfig.yaml', text, report)
  return { value, errors: report.errors.map(({ line, column, message }) => `${line}:${column} ${message}`) }
}

t.test('a duration is a number and a unit, from the minimum to the maximum', (t) => {
  const read = (text: unknown, minimum = '1s', maximum = '7d') => {
    const { data, error } = duration(minimum, maximum).safeParse(text)
    return data ?? error?.issues.map(({ message }) => message).join()
  }
  const expected = { '1s': 1000, '10s': 10_000, '5m': 300_000, '1h': 3_600_000, '2d': 172_800_000 }
  for (const [text, milliseconds] of Object.entries(expected)) t.equal(read(text), milliseconds, text)
  t.equal(read('90 s'), 90_000)
  t.equal(read('604800s'), 604_800_000, 'six digits')
  t.strictSame([read('7d'), read('168h'), read('1s')], [604_800_000, 604_800_000, 1000], 'the limits')
  for (const text of ['8d', '169h', '604801s', '0s', '0d']) t.equal(read(text), 'must be from 1s to 7d', text)
  t.equal(read('59s', '1m', '2m'), 'must be from 1m to 2m')
  t.equal(read('121s', '1m', '2m'), 'must be from 1m to 2m')
  const message = 'must be a number and a unit (s, m, h or d), such as 90s, 5m or 6h'
  const wrong = [
    '',
    '5',
    's',
    '5 ',
    '5  m',
    '5M',
    '5w',
    '5ms',
    '-5m',
    '1.5h',
    '1000000s',
    ' 5m',
    '5m ',
    '5m\n',
  ]
  for (const text of [...wrong, 5, null, undefined]) t.equal(read(text), message, JSON.stringify(text))
  t.end()
})

t.test('an anchor may be used as often as there are domains', async (t) => {
  const domains = Array.from({ length: 300 }, (_, index) => `  n${index}.example: *settings\n`)
  const { domains: _, ...rest } = example
  const anchor = 'domains:\n  first.example: &settings { host: maximusconfessor }\n'
  const config = await load(t, stringify(rest) + anchor + domains.join(''))
  t.equal(new Resolver(config).size, 301)
  const many = Array.from({ length: 150_000 }, (_, index) => `b${index}: *a\n`).join('')
  t.strictSame(read(`a: &a { host: x, username: y }\n${many}`).errors, [], 'a million values')
})

t.test('values and keys that are missing are read as YAML defines', async (t) => {
  t.strictSame(read('').value, null)
  t.strictSame(read('? a\nb:\n').value, { a: null, b: null })
  t.strictSame(read(': 1\n').value, { '': 1 })
  t.strictSame(read('1: a\ntrue: b\n').value, { 1: 'a', true: 'b' })
})

t.test('aliases that expand to too many values are an error', async (t) => {
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => {
      const level = from + index
      return `l${level}: &l${level} [${Array(9).fill(`*l${level - 1}`)}]\n`
    }).join('')
  const message =
    '1:1 has more than 2000000 values if each alias is replaced by its anchor; use fewer aliases inside of anchors'
  const bottom = 'l0: &l0 [x, x, x, x, x, x, x, x, x]\n'
  t.strictSame(read(bottom + lines(1, 6)).errors, [], 'nine to the sixth is half a million')
  t.strictSame(read(bottom + lines(1, 7)), { value: undefined, errors: [message] })
  t.strictSame(
    read(bottom + lines(1, 400)),
    { value: undefined, errors: [message] },
    'more than a number holds',
  )
})

t.test('an alias stands for the last anchor above it', async (t) => {
  t.strictSame(read('a: &a 1\nb: *a\nc: &a { d: *a }\n').errors, [
    '3:12 an alias cannot be inside of its own anchor',
  ])
  t.strictSame(read('a: &a 1\nb: *a\nc: &a [2]\nd: *a\n').value, { a: 1, b: 1, c: [2], d: [2] })
  t.strictSame(read('a: *a\nb: &a 1\n').errors, ['1:4 a value that starts with * must be in quotes: a: "*…"'])
})

t.test('an error in a value with two anchors of the same name is reported in the right one', async (t) => {
  const config = [
    ...['provider: { id: a.example, displayName: A, displayShortName: A }', 'hosts:'],
    ...[
      '  one: &mx { hostname: mail.a.example }',
      '  two: &mx',
      '    hostname: a_b',
      '  three: *mx',
      'domains: {}',
    ],
  ].join('\n')
  const { errors } = await findings(t, config)
  t.match(errors, [
    /^autoconfig\.yaml:5:15 hosts\.two\.hostname/,
    /^autoconfig\.yaml:5:15 hosts\.three\.hostname/,
  ])
})

t.test('a key that JavaScript objects cannot have is an error wherever admins choose keys', async (t) => {
  const message = '"__proto__" cannot be a key; use another name'
  const section = (text: string) => `${stringify(example)}${text}`
  const cases: Record<string, string> = {
    hosts: stringify(example).replace('  vonmuenchhausen:', '  __proto__:'),
    domains: stringify(example).replace('  example.net:', '  __proto__:'),
    overrides: stringify(example).replace(
      'example.net: vonmuenchhausen',
      'example.net: { host: vonmuenchhausen, __proto__: { username: x } }',
    ),
    nextHops: section('nextHops: { __proto__: maximusconfessor }\n'),
    'accounts.map': section('accounts: { map: { "__proto__": user0001 } }\n'),
    'a section': section('__proto__: {}\n'),
  }
  for (const [name, text] of Object.entries(cases)) {
    const { errors } = await findings(t, text)
    t.equal(errors.filter((error) => error.endsWith(message)).length, 1, name)
    const line = 1 + text.slice(0, text.indexOf('__proto__')).split('\n').length - 1
    t.match(errors.join('\n'), `autoconfig.yaml:${line}:`, name)
  }
})

for (const key of ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype']) {
  t.test(`${key} is a key like any other`, async (t) => {
    const text = stringify(example).replaceAll('vonmuenchhausen', key)
    const config = await load(t, text.replace(`hostname: ${key}.`, 'hostname: mx.'))
    t.equal(config.hosts.get(key)?.host.hostname, 'mx.all2all.org')
    const { errors } = await findings(t, { ...example, [key]: 1, domainFiles: [`${key}:/etc/x`] })
    t.match(errors, [
      `${key} unknown key; the keys are provider, `,
      /domainFiles\[0\] cannot be read: there is no such file$/,
    ])
  })
}

/** A configuration with this many unknown keys in a host. */
const withUnknownKeys = (count: number): string => {
  const keys = Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]))
  const { maximusconfessor } = example.hosts
  return stringify({
    ...example,
    hosts: { ...example.hosts, maximusconfessor: { ...maximusconfessor, ...keys } },
  })
}

const bound = 60_000

t.test('many errors are listed in part and counted: by check, as text and as JSON', async (t) => {
  const file = configFolder(t, withUnknownKeys(20_000))
  const { stdout, exitCode } = await run(['check', '--config', file])
  t.equal(exitCode, 1)
  const lines = stdout.trimEnd().split('\n')
  t.equal(lines.length, 102)
  t.match(lines[99], /:107:5 hosts\.maximusconfessor\.key99 unknown key/)
  t.match(lines[100], /:108:5 19,900 more errors are not listed; fix the errors above first$/)
  t.equal(lines[101], '20,000 errors, 0 warnings')
  t.ok(stdout.length < bound)
  const json = await run(['check', '--json', '--config', file])
  const { errors } = JSON.parse(json.stdout)
  t.equal(errors.length, 101)
  t.match(errors[100], { line: 108, path: '', count: 19_900 })
  t.ok(json.stdout.length < bound)
  const other = await run(['render', 'autoconfig', 'jane@example.org', '--config', file])
  t.match(other.stderr, /19,900 more errors are not listed.*\nFix these 20,000 errors first\.\n$/)
  t.ok(other.stderr.length < bound)
})

t.test('a hundred and one errors are all listed', async (t) => {
  for (const count of [100, 101]) {
    const { errors } = await findings(t, withUnknownKeys(count))
    t.equal(errors.length, count)
    t.match(errors.at(-1), `key${count - 1} unknown key`)
  }
  const { errors } = await findings(t, withUnknownKeys(102))
  t.equal(errors.length, 101)
  t.match(errors.at(-1), '2 more errors are not listed')
})

t.test('many errors are listed in part and counted: in the log and by /readyz', async (t) => {
  const opened = await openApp(t)
  const { live, file } = opened
  const admin = adminServer(opened)
  t.teardown(() => admin.close())
  writeFileSync(file, withUnknownKeys(20_000))
  await live.reload()
  const { errors = [] } = live.state.lastError ?? {}
  const lines: string[] = []
  loggedEvents(pino({}, { write: (line) => lines.push(line) }), () => live).onReload({ errors })
  t.match(JSON.parse(lines[0] as string).errors, { length: 101, 100: /19,900 more errors/ })
  t.ok(lines.join('').length < bound)
  const { body } = await admin.inject({ url: '/readyz' })
  t.match(JSON.parse(body).lastReloadError.errors, { length: 101, 100: /19,900 more errors/ })
  t.ok(body.length < bound)
})

t.test('many warnings are listed in part and counted', async (t) => {
  const map = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [`n${index}@example.org`, `0${index}`]),
  )
  const config = { ...example, accounts: { map } }
  const { warnings } = await findings(t, config)
  t.equal(warnings.length, 101)
  t.match(warnings.at(-1), /200 more warnings are not listed$/)
  const { stdout } = await run(['check', '--config', configFolder(t, config)])
  t.match(stdout, /\nOK: .*, 300 warnings\n$/)
  const admin = adminServer(await openApp(t, config))
  t.teardown(() => admin.close())
  const { body } = await admin.inject({ url: '/metrics' })
  t.match(body, /^mail_autoconfig_config_warnings 300$/m)
})

t.test('a very long key is not repeated', async (t) => {
  const { errors } = await findings(t, { ...example, ['k'.repeat(253)]: 1, ['l'.repeat(100_000)]: 1 })
  t.match(errors[0], `${'k'.repeat(253)} unknown key`)
  t.match(errors[1], '["…"] unknown key')
  t.ok(errors.join('').length < 2000)
})
