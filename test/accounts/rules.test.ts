import { createHash, createHmac } from 'node:crypto'
import t from 'tap'
import {
  type AccountEntry,
  buildAccountTable,
  countOf,
  entriesOf,
  hasDomain,
  sizeOf,
  targetOf,
} from '../../src/accounts/account-table.ts'
import { Accounts } from '../../src/accounts/accounts.ts'
import { accountsSection } from '../../src/accounts/accounts-section.ts'
import { addAliasFile } from '../../src/accounts/alias-file.ts'
import { Aliases, type KnownDomains } from '../../src/accounts/aliases.ts'
import { buildDecoyTables, scopeOf } from '../../src/accounts/decoy-tables.ts'
import { type DecoySubject, Decoys } from '../../src/accounts/decoys.ts'
import { digestOf } from '../../src/accounts/digest.ts'
import { type End, endOfList, formatEnd, loginOnHost, parseEnd } from '../../src/accounts/end.ts'
import { followsAddress, type LoginRule, loginFromAddress, ruleOf } from '../../src/accounts/login-rule.ts'
import { findMailboxMap } from '../../src/accounts/mailbox-map.ts'
import { NumberedLogins } from '../../src/accounts/numbered-logins.ts'
import { lowest, Numbers } from '../../src/accounts/numbers.ts'
import { readAccounts } from '../../src/accounts/read-accounts.ts'
import { isLogin, parseTargets, withoutExtension } from '../../src/accounts/target.ts'
import { readVirtualMap, splitAddress } from '../../src/accounts/virtual-map.ts'
import { type Domain, parseDomain } from '../../src/model/address.ts'
import { formatDiagnostic } from '../../src/model/diagnostic.ts'
import { failure, success } from '../../src/model/result.ts'
import type { FileSource } from '../../src/reading/file-source.ts'
import { Files } from '../../src/reading/files.ts'
import { Reading } from '../../src/reading/reading.ts'
import { Report } from '../../src/reading/report.ts'

/** The rules of `src/accounts`, each without a configuration and a server. */

const domain = (name: string) => parseDomain(name) as Domain
const secret = Buffer.alloc(32, 'x')
const org = domain('example.org')
const net = domain('example.net')
const bytes = (text: string) => new TextEncoder().encode(text)

/** Mail of example.org and of the mail host `mx1` is here. */
const known: KnownDomains = {
  hostname: (name) => (name === 'mx1' || name === 'mx1.example.net' ? 'mx1.example.net' : undefined),
  isServed: (name) => name === 'example.org',
  hostnames: ['mx1.example.net', 'single'],
}

/** The addresses of a virtual alias map. */
function aliasesOf(map: string, domains = known): Aliases {
  const aliases = new Aliases(domains)
  addAliasFile('virtual', bytes(map), aliases, new Report('x'))
  return aliases
}

/** Each address of a virtual alias map, and its end. */
const endsOf = (map: string): Record<string, string> =>
  Object.fromEntries(
    [...aliasesOf(map).resolved()].map(({ localPart, domain, target, place }) => [
      `${localPart}@${domain}`,
      `${target} ${place}`,
    ]),
  )

const accountsOf = (map: string): Accounts => {
  const entries = [...aliasesOf(map).resolved()]
  return new Accounts({
    table: buildAccountTable(entries),
    places: buildAccountTable(entries.map(({ place, ...name }) => ({ ...name, target: place }))),
  })
}

/** What is found for an address: its account, and the line that says so. */
function found(accounts: Accounts, localPart: string, name = org) {
  const account = accounts.find({ localPart, domain: name })
  if (!account) return undefined
  const { place, ...rest } = account
  return { ...rest, place: place() }
}

t.test('a table returns its entries in order, those of a domain, and those with a beginning', async (t) => {
  const entry = (name: string, localPart: string, target = 'x'): AccountEntry => ({
    domain: name,
    localPart,
    target,
  })
  const sorted = [
    entry('a.example', ''),
    entry('a.example', 'b', ''),
    entry('a.example', 'bc'),
    entry('a.example', 'bcd'),
    entry('a.example', 'bd'),
    entry('a.example', 'c'),
    entry('a.example', '\u00fc\u{1f600}', '\u{1f600}'),
    entry('a.exampl\u00e9', 'b'),
    entry('b.example', 'b'),
  ]
  for (const entries of [sorted, [...sorted].reverse()]) {
    const table = buildAccountTable(entries)
    t.strictSame([...entriesOf(table)], sorted)
    t.equal(sizeOf(table), 9)
    t.strictSame([...entriesOf(table, 'a.example')], sorted.slice(0, 7))
    t.strictSame([...entriesOf(table, 'b.example')], sorted.slice(8))
    t.strictSame([...entriesOf(table, 'b.exampl')], [])
    t.strictSame([...entriesOf(table, 'a.example', 'bc')], sorted.slice(2, 4))
    for (const [name, start, count] of [
      ['a.example', '', 7],
      ['a.example', 'b', 4],
      ['a.example', 'bc', 2],
      ['a.example', 'bcd', 1],
      ['a.example', 'bcde', 0],
      ['a.example', '\u00fc', 1],
      ['b.example', 'b', 1],
      ['b.example', 'c', 0],
      ['0.example', '', 0],
      ['c.example', '', 0],
    ] as const)
      t.equal(countOf(table, name, start), count, `${name} ${start}`)
    for (const { domain, localPart, target } of sorted)
      t.equal(targetOf(table, domain, localPart), target, `${localPart}@${domain}`)
    for (const localPart of ['a', 'bb', 'bcde', 'd', '\u00fc', 'B'])
      t.equal(targetOf(table, 'a.example', localPart), undefined, localPart)
    t.equal(targetOf(table, 'c.example', 'b'), undefined, 'after the last')
    t.equal(targetOf(table, 'a.example', 'b\0a.example'), undefined, 'a line does not go on in the next')
    t.equal(targetOf(table, '0.example', 'b'), undefined, 'before the first')
    t.equal(hasDomain(table, 'b.example'), true)
    for (const name of ['b.exampl', 'b.example0', 'c.example', '0.example', ''])
      t.equal(hasDomain(table, name), false, name)
  }
  const empty = buildAccountTable([])
  t.equal(sizeOf(empty), 0)
  t.strictSame([...entriesOf(empty)], [])
  t.equal(targetOf(empty, 'a.example', 'b'), undefined)
})

t.test('accounts: has defaults and limits', async (t) => {
  const empty = { disclose: 'link', decoys: false, map: {}, files: [] }
  t.strictSame(accountsSection.parse({}), empty)
  const whole = {
    disclose: 'public',
    decoys: true,
    secretFile: 's',
    map: { a: 'x'.repeat(255) },
    files: ['a', { file: 'b', end: true }],
  }
  t.strictSame(accountsSection.parse(whole), whole)
  for (const wrong of [
    { disclose: 'nobody' },
    { decoys: 'yes' },
    { secretFile: '' },
    { map: { a: 'x'.repeat(256) } },
    { map: { a: '' } },
    { map: { a: 7 } },
    { files: [''] },
    { files: [{ file: '' }] },
    { files: [{}] },
    { files: [{ file: 'a', other: 1 }] },
    { other: 1 },
  ])
    t.equal(accountsSection.safeParse(wrong).success, false, JSON.stringify(wrong))
  t.match(accountsSection.safeParse({ files: [7] }).error?.issues, [
    { path: ['files', 0], message: 'must be the name of a file, or a mapping with file and end' },
  ])
})

t.test('a target is a login name, an address, or the reason why it is neither', async (t) => {
  const none = (reason: string) => ({ none: reason })
  const login = (text: string) => ({ login: text })
  const address = (text: string) => ({
    text,
    localPart: text.slice(0, text.lastIndexOf('@')),
    domain: text.slice(text.lastIndexOf('@') + 1).toLowerCase(),
  })
  const expected: Readonly<Record<string, readonly object[]>> = {
    '': [],
    ' ,\t, ': [],
    user0001: [login('user0001')],
    'user0001, user0002\tuser0003': ['user0001', 'user0002', 'user0003'].map(login),
    'Jane@Example.ORG': [address('Jane@Example.ORG')],
    '@example.org': [address('@example.org')],
    'a@b@example.org': [address('a@b@example.org')],
    '"a@b"': [login('a@b')],
    'a"b c"d': [login('ab cd')],
    '"a,b"@example.org': [address('a,b@example.org')],
    'a\\@example.org': [login('a@example.org')],
    '"a\\"b"': [login('a"b')],
    'a\\ b': [login('a b')],
    '\\a': [login('a')],
    '\\1a': [login('1a')],
    'a\\b': [none('unreadable')],
    'a\\B': [none('unreadable')],
    'a\\1': [none('unreadable')],
    'a\\\\b': [none('unreadable')],
    '\\\\a': [none('unreadable')],
    'a\\-b': [login('a-b')],
    'a\\': [none('unreadable')],
    '"a': [none('unreadable')],
    '"a b': [none('unreadable')],
    '|a': [none('program')],
    '!a': [none('program')],
    '"|a b"': [none('program')],
    'a|b': [login('a|b')],
    'a!b': [login('a!b')],
    ':include:a': [none('include')],
    ':INCLUDE:/a': [none('include')],
    'a:include:b': [none('directive')],
    OK: [none('exists')],
    'n/a': [none('exists')],
    na: [none('exists')],
    oka: [login('oka')],
    nab: [login('nab')],
    xok: [login('xok')],
    'a/b': [none('path')],
    '/a': [none('path')],
    'REJECT no such user': [none('directive')],
    'user REJECT': [login('user'), none('directive')],
    rejected: [login('rejected')],
    xreject: [login('xreject')],
    'a:b c': [none('directive')],
    'ok more': [none('exists'), login('more')],
    '%1': [none('unreadable')],
    '%d': [none('unreadable')],
    '%1a': [login('%1a')],
    '50%': [login('50%')],
    '%da': [login('%da')],
    '{a}': [none('unreadable')],
    $a: [none('unreadable')],
    a$1: [none('unreadable')],
    'a${b}': [none('unreadable')],
    a$b: [login('a$b')],
    'a{b': [login('a{b')],
    '<a>': [none('unreadable')],
    'a(b)': [none('unreadable')],
    '@': [none('unreadable')],
    '"@"': [none('unreadable')],
    '""': [none('unreadable')],
    'a@': [none('unreadable')],
    'a@b_c': [none('unreadable')],
    'a@localhost': [login('a')],
    'a@localhost.localdomain': [login('a')],
    'a@localhost4': [login('a')],
    'a@localhost6': [login('a')],
    'a@localhost5': [address('a@localhost5')],
    'a@xlocalhost': [address('a@xlocalhost')],
    '@localhost': [none('unreadable')],
    ['x'.repeat(255)]: [login('x'.repeat(255))],
    ['x'.repeat(256)]: [none('unreadable')],
    'a\u0000b': [none('unreadable')],
    'a\u009bb': [none('unreadable')],
    'a\ufffdb': [none('unreadable')],
    'a\u200bb': [none('unreadable')],
    'a\u202eb': [none('unreadable')],
  }
  for (const [value, targets] of Object.entries(expected))
    t.strictSame(parseTargets(value), targets, JSON.stringify(value))
  t.equal(isLogin(''), false)
})

t.test('an extension begins at the first plus sign that is not the first character', async (t) => {
  for (const [localPart, bare] of Object.entries({
    'jane+x': 'jane',
    'jane+x+y': 'jane',
    'jane+': 'jane',
    jane: 'jane',
    '+x': '+x',
    '+x+y': '+x',
    '++': '+',
    '+': '+',
    '': '',
  })) {
    t.equal(withoutExtension(localPart), bare, localPart)
    const name = { localPart: localPart.toUpperCase(), domain: org }
    t.equal(digestOf(name), createHash('md5').update(`${bare}@example.org`).digest('hex'), localPart)
  }
})

t.test('a key of a map is an address or a domain with an @', async (t) => {
  for (const [text, name] of Object.entries({
    'Info@Example.ORG.': { localPart: 'info', domain: 'example.org' },
    '@b\u00fccher.example': { localPart: '', domain: 'xn--bcher-kva.example' },
    'a@b@example.org': { localPart: 'a@b', domain: 'example.org' },
    'example.org': undefined,
    info: undefined,
    'info@': undefined,
    'info@a_b': undefined,
    'in\u0000fo@example.org': undefined,
    'in\u009bfo@example.org': undefined,
    'caf\ufffd@example.org': undefined,
  }))
    t.strictSame(splitAddress(text), name, JSON.stringify(text))
})

t.test('each line of a map is read, or a warning says why not, with LF and with CRLF', async (t) => {
  const lines = [
    '  before@example.org x',
    '# comment',
    'Info@Example.org User0001 # moved',
    'two@example.org a,',
    '  b',
    'empty@example.org',
    'comma@example.org ,',
    'example.org anything',
    'localhost anything',
    'postmaster root',
    '@example.net @example.org',
  ]
  for (const end of ['\n', '\r\n']) {
    const warnings: string[] = []
    const read = readVirtualMap(bytes(lines.join(end)), (line, message) =>
      warnings.push(`${line} ${message}`),
    )
    t.strictSame(
      read.map(({ localPart, domain, value, line }) => `${line} ${localPart}@${domain}: ${value}`),
      ['3 info@example.org: User0001', '4 two@example.org: a, b', '11 @example.net: @example.org'],
    )
    t.strictSame(
      read.map(({ targets }) => targets.length),
      [1, 2, 1],
    )
    t.strictSame(warnings, [
      '1 ignored: begins with white space, but continues no line',
      '6 ignored: no target after the address',
      '7 ignored: no target after the address',
      '9 ignored: not an address with a domain',
      '10 ignored: not an address with a domain',
    ])
  }
})

t.test('an end is written and read as one string', async (t) => {
  const ends: readonly [string, End][] = [
    ['=user0001', { login: 'user0001' }],
    ['==a@b', { login: '=a@b' }],
    ['!loop', { none: 'loop' }],
    ['>jane@example.org', { mailbox: { localPart: 'jane', domain: 'example.org' } }],
    ['>@example.org', { mailbox: { localPart: '', domain: 'example.org' } }],
    ['>a@b@example.org', { mailbox: { localPart: 'a@b', domain: 'example.org' } }],
  ]
  for (const [text, end] of ends) {
    t.equal(formatEnd(end), text)
    t.strictSame(parseEnd(text), end)
  }
  const isHost = (name: string) => name === 'mx1.example.net'
  t.equal(loginOnHost({ login: 'a+b' }, isHost), 'a+b')
  t.equal(loginOnHost({ none: 'loop' }, isHost), undefined)
  t.equal(loginOnHost({ mailbox: { localPart: 'a+b', domain: 'mx1.example.net' } }, isHost), 'a')
  t.equal(loginOnHost({ mailbox: { localPart: 'a', domain: 'example.org' } }, isHost), undefined)
})

t.test('a list has a mailbox if exactly one of its targets is here', async (t) => {
  const here: End = { mailbox: { localPart: 'a', domain: 'here.example' } }
  const other: End = { mailbox: { localPart: 'b', domain: 'here.example' } }
  const away: End = { mailbox: { localPart: 'a', domain: 'away.example' } }
  const login: End = { login: 'user0001' }
  const cases: readonly [readonly End[], End][] = [
    [[], { none: 'unreadable' }],
    [[away], away],
    [[{ none: 'loop' }], { none: 'loop' }],
    [[here, away], here],
    [[away, login, away], login],
    [[here, here], here],
    [[login, { login: 'user0001' }, away], login],
    [[away, away], { none: 'elsewhere' }],
    [[{ none: 'elsewhere' }, login], login],
    [[{ none: 'elsewhere' }, away], { none: 'elsewhere' }],
    [[here, other], { none: 'two' }],
    [[here, login], { none: 'two' }],
    [[here, other, login], { none: 'several' }],
    [[here, { none: 'program' }], { none: 'program' }],
    [[{ none: 'elsewhere' }, here, { none: 'path' }], { none: 'path' }],
  ]
  for (const [ends, end] of cases)
    t.strictSame(
      endOfList(ends, (name) => name === 'here.example'),
      end,
      JSON.stringify(ends),
    )
})

t.test('aliases are followed through ten of them, to the line that names the mailbox', async (t) => {
  const chain = (length: number, end: string) =>
    [
      ...Array.from({ length }, (_, step) => `a${step}@example.org a${step + 1}@example.org`),
      `a${length}@example.org ${end}`,
    ].join('\n')
  t.equal(endsOf(chain(10, 'User0001+x'))['a0@example.org'], '=User0001 virtual:11')
  const eleven = endsOf(chain(11, 'user0001'))
  t.equal(eleven['a0@example.org'], '!loop virtual:11')
  t.equal(eleven['a1@example.org'], '=user0001 virtual:12')
  const map = [
    'jane@example.org jane@example.org',
    'JOE@example.org Joe@Example.org',
    'same@example.org same@example.com',
    'same@example.com user0002',
    'circle@example.org round@example.org',
    'round@example.org circle@example.org',
    '@example.com @example.org',
    'any@example.org box@example.com',
    'kim@example.org kim+x@example.org',
    'kim+x@example.org user0003',
    'ext@example.org kim+y@example.org',
    'host@example.org user0004@mx1',
    'list@example.org user0005, x@elsewhere.example',
    'all@example.org list@example.org',
    'two@example.org jane@example.org, list@example.org',
    'keep@example.org @example.com',
    'keep@example.com user0006',
    'case@example.org KIM@example.org',
    'toDomain@example.org @elsewhere.example',
    'far@example.org a@elsewhere.example',
    'pipe@example.org |a',
    'topipe@example.org pipe@example.org',
    '@example.info @example.info',
  ]
  t.strictSame(endsOf(map.join('\n')), {
    'jane@example.org': '>jane@example.org virtual:1',
    'joe@example.org': '>joe@example.org virtual:2',
    'same@example.org': '=user0002 virtual:4',
    'same@example.com': '=user0002 virtual:4',
    'circle@example.org': '!loop virtual:5',
    'round@example.org': '!loop virtual:6',
    '@example.com': '>@example.org virtual:7',
    'any@example.org': '>box@example.org virtual:7',
    'kim@example.org': '=user0003 virtual:10',
    'kim+x@example.org': '=user0003 virtual:10',
    'ext@example.org': '=user0003 virtual:10',
    'host@example.org': '>user0004@mx1.example.net virtual:12',
    'list@example.org': '=user0005 virtual:13',
    'all@example.org': '=user0005 virtual:13',
    'two@example.org': '!two virtual:15',
    'keep@example.org': '=user0006 virtual:17',
    'keep@example.com': '=user0006 virtual:17',
    'case@example.org': '=user0003 virtual:10',
    'todomain@example.org': '>todomain@elsewhere.example virtual:19',
    'far@example.org': '>a@elsewhere.example virtual:20',
    'pipe@example.org': '!program virtual:21',
    'topipe@example.org': '!program virtual:21',
    '@example.info': '>@example.info virtual:23',
  })
})

t.test('of one address, a hundred targets are followed, also behind its aliases', async (t) => {
  const away = (count: number) =>
    Array.from({ length: count }, (_, index) => `m${index}@elsewhere.example`).join(', ')
  t.match(endsOf(`list@example.org user0001, ${away(99)}`), { 'list@example.org': /^=user0001 / })
  t.match(endsOf(`list@example.org user0001, ${away(100)}`), { 'list@example.org': /^!several / })
  const nested = (count: number) =>
    endsOf(`list@example.org user0001, sub@example.org\nsub@example.org ${away(count)}`)
  t.match(nested(98), { 'list@example.org': /^=user0001 / })
  t.match(nested(99), { 'list@example.org': /^!several /, 'sub@example.org': /^!elsewhere / })
})

t.test('an address keeps its first targets, and the place of these is returned', async (t) => {
  const aliases = new Aliases(known)
  const name = { localPart: 'info', domain: 'example.com' }
  const [first, second] = ['user0001', 'user0002'].map(parseTargets)
  const at = (line: number) => ({ file: 'virtual', line })
  t.equal(aliases.isHere(domain('example.com')), false)
  t.equal(aliases.add(name, first ?? [], at(1)), undefined)
  t.equal(aliases.add(name, first ?? [], at(2)), undefined, 'the same again')
  t.strictSame(aliases.add(name, second ?? [], at(3)), at(1))
  t.equal(aliases.add({ ...name, localPart: 'Info' }, second ?? [], at(4)), undefined)
  t.match([...aliases.resolved()][0], { localPart: 'info', target: '=user0001', place: 'virtual:1' })
  for (const [name, isHere] of Object.entries({
    'example.com': true,
    'example.org': true,
    mx1: true,
    'elsewhere.example': false,
  }))
    t.equal(aliases.isHere(name as never), isHere, name)
})

t.test('a target at the name of a machine is noticed', async (t) => {
  const lines = (targets: readonly string[]) =>
    targets.map((target, index) => `n${index}@example.org ${target}`).join('\n')
  const unknown = (targets: readonly string[]) =>
    [...aliasesOf(lines(targets)).unknownMachines()].map(({ line }) => targets[line - 1])
  const zones = ['home', 'internal', 'intranet', 'lan', 'local', 'localdomain', 'localhost', 'private']
  const machines = [
    'a@web1',
    'a@mx2.example.net',
    'x@example.org, a@web1',
    ...zones.map((zone) => `a@x.${zone}`),
  ]
  const others = [
    'user',
    'a@mx1',
    'a@mx1.example.net',
    'a@example.org',
    'a@x.y.example.net',
    'a@x.lan.example',
  ]
  t.strictSame(unknown([...machines, ...others, 'a@example.net']), machines)
})

t.test('the warnings of a map name the first line, and count the others', async (t) => {
  const warningsOf = (map: string, file = 'virtual') => {
    const report = new Report('x')
    const aliases = new Aliases(known)
    aliases.add({ localPart: 'mapped', domain: 'example.org' }, parseTargets('a'), {
      file: 'x.yaml',
      line: 9,
    })
    addAliasFile(file, bytes(map), aliases, report)
    return [...report.errors, ...report.warnings].map(formatDiagnostic)
  }
  t.strictSame(warningsOf(''), ['virtual:1:1 contains no addresses'])
  t.strictSame(warningsOf('# only a comment\n'), ['virtual:1:1 contains no addresses'])
  t.strictSame(warningsOf('root\n'), ['virtual:1:1 ignored: not an address with a domain'])
  t.match(warningsOf('SQLite format 3\u0000'), [/^virtual:1:1 this is /])
  const unreadable = 'no login name is known for this address: a target is not a login name'
  const number = 'the login name looks like a number or a boolean: Thunderbird changes it'
  t.strictSame(warningsOf('a@example.org user0001\nb@example.org (x)\nc@example.org 007'), [
    `virtual:2:1 ${unreadable}`,
    `virtual:3:1 ${number}`,
  ])
  t.strictSame(warningsOf('b@example.org (x)\na@example.org x\nc@example.org (y)'), [
    `virtual:1:1 ${unreadable} (and on 1 more line)`,
  ])
  t.strictSame(
    warningsOf('a@example.org 007, x@elsewhere.example\nb@example.org (x), y@elsewhere.example'),
    [`virtual:2:1 ${unreadable}`],
    'one of several targets is a number',
  )
  t.strictSame(warningsOf('mapped@example.org b\nmapped@example.org a'), [
    'virtual:1:1 ignored: x.yaml:9 has another target for the address',
  ])
  const conflicts = (count: number) =>
    warningsOf(`${'mapped@example.org b\n'.repeat(count)}c@example.org (x)`).slice(0, -1)
  const conflict = 'ignored: x.yaml:9 has another target for the address'
  const five = Array.from({ length: 5 }, (_, index) => `virtual:${index + 1}:1 ${conflict}`)
  t.strictSame(conflicts(5), five)
  t.strictSame(conflicts(6), [...five, `virtual:6:1 ${conflict}`])
  t.strictSame(conflicts(7), [...five, `virtual:6:1 ${conflict} (and on 1 more line)`])
  t.strictSame(conflicts(8), [...five, `virtual:6:1 ${conflict} (and on 2 more lines)`])
})

/** The lines of a map that are those of a mailbox map. */
function mailboxLines(lines: readonly string[]): number[] {
  const read = readVirtualMap(bytes(lines.join('\n')), () => undefined)
  return read.filter(findMailboxMap(read)).map(({ line }) => line)
}

t.test('a mailbox map is recognised by paths, by OK, and by one word behind most addresses', async (t) => {
  const people = (count: number, value: string, domain = 'example.org') =>
    Array.from({ length: count }, (_, index) => `n${index}@${domain} ${value}`)
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
  const none: readonly string[][] = [
    people(2, 'word'),
    people(19, 'web1'),
    [...people(3, 'word'), ...['a', 'b', 'c'].map((name) => `${name}@example.org ${name}1`)],
    [...people(3, 'word'), '@example.org word'],
    [...people(3, 'word'), 'Word@example.org word'],
    [...people(4, 'Word'), 'word@example.org Word'],
    ['info', 'sales', 'no-reply', 'noreply', 'www'].map((name) => `${name}@example.org word`),
    ['a', 'a+x', 'a+y'].map((name) => `${name}@example.org word`),
    people(5, 'word, other'),
    people(5, '|program'),
    ['a@example.org /dev/null', 'b@example.org user0001'],
    ['a@example.org /a, /b', 'b@example.org /a /b'],
  ]
  for (const lines of none) t.strictSame(mailboxLines(lines), [], lines.join('; '))
  const whole: readonly string[][] = [
    people(3, 'word'),
    people(20, 'web1'),
    people(3, '5000'),
    people(3, '1word'),
    people(1, 'OK'),
    people(2, 'n/a'),
    people(1, 'example.org/jane/'),
    people(1, '/var/mail/jane'),
    [...people(3, 'word'), 'info@example.org word'],
    ['a', 'b', 'xinfo'].map((name) => `${name}@example.org word`),
  ]
  for (const lines of whole) t.strictSame(mailboxLines(lines), numbers(lines.length), lines.join('; '))
  t.strictSame(mailboxLines(['a@example.org OK', 'b@example.org user0001', 'c@example.org OK, a']), [1])
  t.strictSame(mailboxLines(['a@example.org a/', 'b@example.org user0001', 'c@example.org /c']), [1, 3])
  t.strictSame(
    mailboxLines(['a@example.org a/', 'b@example.org b1', 'c@example.org c1', 'd@example.org /d']),
    [1],
  )
  t.strictSame(mailboxLines([...people(4, 'word'), 'x@example.org y', '@example.org other']), [1, 2, 3, 4])
  t.strictSame(mailboxLines(['x@example.org y', 'z@example.org y', ...people(4, 'word')]), [3, 4, 5, 6])
  t.strictSame(
    mailboxLines([...people(3, 'word'), '@example.net word, copy', 'x@example.org other', '@a.example 1']),
    [1, 2, 3],
  )
})

t.test('an account is found by the address, without its extension, or by the catch-all', async (t) => {
  const accounts = accountsOf(
    [
      'Info@example.org User0001',
      'info+own@example.org user0002',
      '@example.org user0009',
      'box@example.net Box+x@example.net',
      '+x@example.net user0003',
      'list@example.net a, b',
    ].join('\n'),
  )
  t.strictSame(found(accounts, 'INFO'), { login: 'User0001', place: 'virtual:1' })
  t.strictSame(found(accounts, 'info+x'), { login: 'User0001', place: 'virtual:1' })
  t.strictSame(found(accounts, 'info+OWN'), { login: 'user0002', place: 'virtual:2' })
  t.strictSame(found(accounts, 'other'), { login: 'user0009', place: 'virtual:3' })
  t.strictSame(found(accounts, '+y'), { login: 'user0009', place: 'virtual:3' })
  t.strictSame(found(accounts, 'box', net), {
    mailbox: { localPart: 'box', domain: net },
    place: 'virtual:4',
  })
  t.strictSame(found(accounts, '+x', net), { login: 'user0003', place: 'virtual:5' })
  t.strictSame(found(accounts, '+x+y', net), { login: 'user0003', place: 'virtual:5' })
  t.equal(found(accounts, '+y', net), undefined)
  t.strictSame(found(accounts, 'list', net), { none: 'two', place: 'virtual:6' })
  t.equal(found(accounts, 'other', net), undefined)
  t.equal(accounts.hasDomain(net), true)
  t.equal(accounts.hasDomain(domain('example.com')), false)
  t.match(accounts.findCatchAll(org), { login: 'user0009' })
  t.equal(accounts.findCatchAll(net), undefined)
  t.equal(accounts.byDigest(org, 'x'), undefined, 'there are no digests if no login names are public')
})

t.test('a domain that is an alias of another is followed through ten domains', async (t) => {
  const name = (index: number) => domain(`d${index}.example`)
  const chain = [
    ...Array.from({ length: 11 }, (_, index) => `@${name(index)} @${name(index + 1)}`),
    `jane@${name(11)} user0001`,
    '@self.example @self.example',
    '@to.example box+x@example.com',
    '@a.example @b.example',
    '@b.example @a.example',
  ].join('\n')
  const accounts = accountsOf(chain)
  t.strictSame(found(accounts, 'jane', name(1)), { login: 'user0001', place: 'virtual:12' })
  t.strictSame(found(accounts, 'Jane+x', name(1)), { login: 'user0001', place: 'virtual:12' })
  t.match(found(accounts, 'jane', name(0)), { none: 'loop' })
  t.strictSame(found(accounts, 'joe+x', name(10)), {
    mailbox: { localPart: 'joe', domain: name(11) },
    place: 'virtual:11',
  })
  const self = domain('self.example')
  t.strictSame(found(accounts, 'joe', self), {
    mailbox: { localPart: 'joe', domain: self },
    place: 'virtual:13',
  })
  t.match(found(accounts, 'joe', domain('a.example')), { none: 'loop' })
  t.equal(accounts.findCatchAll(name(0)), undefined, 'the account depends on the address')
  t.match(accounts.findCatchAll(domain('to.example')), {
    mailbox: { localPart: 'box', domain: 'example.com' },
  })
})

t.test('the rule of a login name is the first form of the address that it contains', async (t) => {
  const byAddress = (form: number, before = '', after = ''): LoginRule => ({
    kind: 'address',
    form,
    before,
    after,
  })
  const numbered = (shape: string): LoginRule => ({ kind: 'number', shape })
  const letters = (shape: string): LoginRule => ({ kind: 'letters', shape })
  const cases: readonly [localPart: string, login: string, rule: LoginRule][] = [
    ['jane.doe', 'jane.doe', byAddress(0)],
    ['Jane.Doe+x', 'jane.doe', byAddress(0)],
    ['jane.doe', 'janedoe', byAddress(1)],
    ['jane-m_doe', 'janemdoe', byAddress(1)],
    ['jane.doe', 'jdoe', byAddress(2)],
    ['jane.m.doe', 'jdoe', byAddress(2)],
    ['jane.doe', 'j.doe', byAddress(3)],
    ['jane.doe', 'jane', byAddress(4)],
    ['jane.m-doe', 'doe', byAddress(5)],
    ['.jane', 'jane', byAddress(1)],
    ['jane', 'jane@example.com', byAddress(0, '', '@example.com')],
    ['jane', 'ex17_jane', byAddress(0, 'ex17_')],
    ['jane', 'ex17jane', numbered('ex00jane')],
    ['jane', 'xjane', byAddress(0, 'x')],
    ['jane', 'jane.ex17', byAddress(0, '', '.ex17')],
    ['jane', 'janex17', numbered('janex00')],
    ['jane', 'janex', byAddress(0, '', 'x')],
    ['user', 'user0001', numbered('user0000')],
    ['1', '2011', numbered('0000')],
    ['1', '1', byAddress(0)],
    ['j', 'jdoe', letters('aaaa')],
    ['j', 'j', byAddress(0)],
    ['jd', 'jdoe', byAddress(0, '', 'oe')],
    ['sales', 'JDoe-x', letters('AAaa-a')],
    ['sales', 'a7', numbered('a0')],
    ['..', 'x', letters('a')],
  ]
  for (const [localPart, login, rule] of cases) {
    t.strictSame(ruleOf(login, localPart), rule, `${login} for ${localPart}`)
    t.equal(followsAddress(login, localPart), rule.kind === 'address')
    if (rule.kind === 'address') t.equal(loginFromAddress(rule, localPart), login)
  }
  const bob = ['bob.m.smith', 'bobmsmith', 'bsmith', 'b.smith', 'bob', 'smith']
  for (const [form, login] of bob.entries()) {
    const rule = { kind: 'address', form, before: '<', after: '>' } as const
    t.equal(loginFromAddress(rule, 'Bob.M-Smith+x'.replace('-', '.')), `<${login}>`)
    t.equal(loginFromAddress(rule, '.'), '<.>', 'without a name')
    t.equal(loginFromAddress(rule, 'bob'), '<bob>')
  }
})

/** The numbers of a purpose, for the digest of an address. */
const numbersFor = (digest: number) => (purpose: string) => new Numbers(secret, `${purpose}\0${digest}`)

t.test('numbers come from a digest, sixteen of them', async (t) => {
  const digest = createHmac('sha512', secret).update('text').digest()
  const expected = Array.from({ length: 16 }, (_, index) => digest.readUInt32BE(4 * index))
  const numbers = new Numbers(secret, 'text')
  const drawn = Array.from({ length: 18 }, () => numbers.below(2 ** 32))
  t.strictSame(drawn, [...expected, ...expected.slice(0, 2)])
  const fractions = expected.map((value) => value / 2 ** 32)
  const scores = new Numbers(secret, 'text')
  t.equal(scores.score(0), Number.POSITIVE_INFINITY)
  t.equal(scores.score(3), -Math.log(1 - (fractions[1] as number)) / 3)
  t.equal(new Numbers(secret, 'text').below(10), Math.floor(10 * (fractions[0] as number)))
  t.equal(lowest([3, 1, 2, 1]), 1)
})

/** All that is drawn like these login names by many digests, in order, and how often. */
function drawnLike(logins: readonly string[], count = 2000): Map<string, number> {
  const shape = (logins[0] as string).replace(/\d/g, '0')
  const table = buildAccountTable(
    logins.map((localPart) => ({ domain: scopeOf(shape), localPart, target: '' })),
  )
  const numbered = new NumberedLogins(table)
  const drawn = Array.from({ length: count }, (_, digest) =>
    numbered.draw(scopeOf(shape), shape, numbersFor(digest)),
  ).sort()
  const counts = new Map<string, number>()
  for (const login of drawn) counts.set(login, (counts.get(login) ?? 0) + 1)
  return counts
}

/** `[0-9]` and the like, spelled out. */
const expand = (pattern: string): string[] => {
  const [, before, first, last, after] = /^(.*?)\[(\d)-(\d)\](.*)$/.exec(pattern) ?? []
  if (before === undefined) return [pattern]
  const digits = '0123456789'.slice(Number(first), Number(last) + 1)
  return [...digits].flatMap((digit) => expand(`${before}${digit}${after}`))
}

t.test('numbers are drawn from all that the real ones may be, and from no others', async (t) => {
  const cases: readonly [logins: readonly string[], patterns: readonly string[]][] = [
    [['user42'], ['user[1-9][0-9]']],
    [['user42', 'user07'], ['user[0-9][0-9]']],
    [['user0042'], ['user00[1-9][0-9]']],
    [['user0042', 'user0007'], ['user00[0-9][0-9]']],
    [['user007'], ['user00[1-9]']],
    [['user000'], ['user00[0-9]']],
    [['user0'], ['user[0-9]']],
    [['7'], ['[1-9]']],
    [['07x0'], ['0[1-9]x[0-9]']],
    [['web05p2'], ['web0[1-9]p[1-9]']],
    [['a1b'], ['a[1-9]b']],
    [['11', '12', '13', '14', '32', '33'], ['[1-9][0-9]']],
    // Five of a group are imitated as a group.
    [['11', '12', '13', '14', '15', '32', '33'], ['[1-9][0-9]']],
    [
      ['u01', 'u02', 'u03', 'u04', 'u05', 'u11', 'u12', 'u13', 'u14'],
      ['u0[1-9]', 'u[1-9][0-9]'],
    ],
    [['u101', 'u102', 'u103', 'u104', 'u105'], ['u10[0-9]']],
    [['u1x1', 'u1x2', 'u1x3', 'u1x4', 'u1x5'], ['u1x[1-9]']],
    [['u1x0', 'u1x2', 'u1x3', 'u1x4', 'u1x5'], ['u1x[0-9]']],
  ]
  for (const [logins, patterns] of cases)
    t.strictSame([...drawnLike(logins).keys()], patterns.flatMap(expand), logins.join(' '))
})

t.test('numbers are drawn as often as the real ones have the same digits', async (t) => {
  const share = (counts: Map<string, number>, start: string) =>
    [...counts].reduce((sum, [login, count]) => sum + (login.startsWith(start) ? count : 0), 0) / 3000
  const group = (start: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${start}${index + 1}`)
  const five = drawnLike([...group('u1', 5), 'u32', 'u33', 'u34', 'u35'], 3000)
  t.ok(Math.abs(share(five, 'u1') - 5 / 9) < 0.05, 'five of nine begin with 1')
  const digits = [...'23456789'].map((digit) => share(five, `u${digit}`))
  for (const part of digits) t.ok(Math.abs(part - 4 / 9 / 8) < 0.03, 'the others are spread')
  const two = drawnLike([...group('u1', 6), ...group('u4', 6)], 3000)
  t.strictSame([...two.keys()], [...expand('u1[0-9]'), ...expand('u4[0-9]')])
  t.ok(Math.abs(share(two, 'u1') - 0.5) < 0.05)
  const four = drawnLike([...group('u1', 4), 'u32', 'u33', 'u34', 'u35'], 3000)
  t.ok(share(four, 'u1') < 0.2, 'four are not a group')
})

/** Entries as a map has them: each address at example.org, and its end. */
const entriesFrom = (ends: Readonly<Record<string, string>>, name = 'example.org'): AccountEntry[] =>
  Object.entries(ends).map(([localPart, target]) => ({ domain: name, localPart, target }))

const isHost = (name: string) => name === 'mx1.example.net'
const isHere = (name: string) => name === 'example.org' || isHost(name)
const built = (...entries: AccountEntry[][]) => buildDecoyTables(entries.flat(), isHost, isHere)

t.test('decoys imitate the rules of the addresses of a domain', async (t) => {
  const { tables, recognisable } = built(
    entriesFrom({
      jane: '>jane@example.org',
      joe: '>joe@example.org',
      kim: '=kim',
      bob: '=user0001',
      ann: '>user0002@mx1.example.net',
      dan: '=user0002',
      zoe: '=jdoe',
      list: '!two',
      far: '>a@elsewhere.example',
      alias: '>jane@example.org',
      '': '=user0009',
    }),
    entriesFrom({ '': '=user0009' }, 'example.com'),
  )
  const rules = (name: string) =>
    [...entriesOf(tables.rules, name)].map(({ localPart, target }) => [JSON.parse(localPart), target])
  t.same(
    new Map(rules('example.org').map(([rule, count]) => [JSON.stringify(rule), count])),
    new Map([
      ['{"kind":"username"}', '2'],
      ['{"kind":"address","form":0,"before":"","after":""}', '1'],
      ['{"kind":"number","shape":"user0000"}', '3'],
      ['{"kind":"letters","shape":"aaaa"}', '1'],
    ]),
  )
  t.strictSame(rules('example.com'), [])
  t.equal(recognisable, 2, 'jdoe, and the alias of another address here')
  const logins = (scope: string) => [...entriesOf(tables.numbered, scope)].map(({ localPart }) => localPart)
  t.strictSame(logins(scopeOf('user0000')), ['user0001', 'user0002'])
  t.strictSame(logins(scopeOf('user0000', 'example.org')), [], 'fewer than five')
  const five = entriesFrom({ a: '=u1', b: '=u2', c: '=u3', d: '=u4', e: '=u5' })
  const ofFive = built(five).tables
  t.equal(hasDomain(ofFive.numbered, scopeOf('u0', 'example.org')), true)
  t.equal(hasDomain(built(five.slice(1)).tables.numbered, scopeOf('u0', 'example.org')), false)
  t.equal(hasDomain(built(five.slice(1)).tables.numbered, scopeOf('u0')), true)
})

const decoysFor = (...entries: AccountEntry[][]) => new Decoys({ ...built(...entries).tables, secret })

const subjectOf = (localPart: string): DecoySubject => ({
  digest: digestOf({ localPart, domain: org }),
  address: { localPart, domain: org },
  username: '%EMAILADDRESS%',
})

/** The decoys for many made-up addresses. */
const invented = (decoys: Decoys, name = org) =>
  Array.from({ length: 400 }, (_, index) => decoys.login(name, subjectOf(`nobody${index}`)))

t.test('a decoy is made by one of the rules, as often as real login names follow them', async (t) => {
  const login = (end: string, localPart = 'Bob.Smith+x') =>
    decoysFor(entriesFrom({ 'jane.doe': end })).login(org, subjectOf(localPart))
  t.equal(login('>jane.doe@example.org'), 'bob.smith@example.org')
  t.equal(login('=ex17_jdoe'), 'ex17_bsmith')
  t.match(login('=User7x'), /^User[1-9]x$/)
  t.match(login('=Office-x'), /^[A-Z][a-z]{5}-[a-z]$/)
  t.not(login('=Office-x'), login('=Office-x', 'ann'))
  t.equal(login('=office'), login('=office', 'bob.smith'), 'as it is for the bare address')
  t.equal(login('!two'), undefined)
  t.equal(decoysFor(entriesFrom({ a: '=user1' })).login(net, subjectOf('bob')), undefined)
  const { digest, username } = subjectOf('bob')
  const byDigest = (end: string) => decoysFor(entriesFrom({ jane: end })).login(org, { digest, username })
  t.equal(byDigest('>jane@example.org'), undefined)
  t.equal(byDigest('=jane'), undefined)
  t.equal(byDigest('=user7'), decoysFor(entriesFrom({ jane: '=user7' })).login(org, subjectOf('bob')))
  const mixed = invented(
    decoysFor(entriesFrom({ jane: '=jane', joe: '=joe', kim: '=kim', ann: '=user0001' })),
  )
  const numbered = mixed.filter((decoy) => /^user000[1-9]$/.test(decoy ?? '')).length
  t.equal(numbered + mixed.filter((decoy) => decoy?.startsWith('nobody')).length, 400)
  t.ok(numbered > 60 && numbered < 140, `a quarter is numbered: ${numbered}`)
})

t.test('letters are drawn from a to z and from A to Z, upper case for upper case', async (t) => {
  const decoys = invented(decoysFor(entriesFrom({ sales: '=Ab-C' })))
  t.ok(decoys.every((decoy) => /^[A-Z][a-z]-[A-Z]$/.test(decoy ?? '')))
  for (const at of [0, 1, 3]) t.equal(new Set(decoys.map((decoy) => decoy?.[at])).size, 26)
})

t.test('the sixteen most frequent rules of a domain are imitated', async (t) => {
  const word = (index: number) => String.fromCharCode(97 + index)
  /** The rule of each word is followed by as many addresses as its place in the alphabet. */
  const logins = Array.from({ length: 17 }, (_, index) =>
    Array.from({ length: index + 1 }, (_, count) => [`n${index}x${count}`, `=${word(index)}-${10 + count}`]),
  ).flat()
  const decoys = new Set(
    invented(decoysFor(entriesFrom(Object.fromEntries(logins)))).map((decoy) => decoy?.[0]),
  )
  t.notOk(decoys.has('a'), 'the rarest is not')
  t.equal(decoys.size, 16)
})

t.test(
  'a domain with five login names of a shape imitates these, and else those of all domains',
  async (t) => {
    const others = entriesFrom(
      Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`n${index}`, `=u2${index}`])),
      'example.net',
    )
    const own = { a: '=u71', b: '=u72', c: '=u73', d: '=u74', e: '=u75' }
    const starts = (ends: Record<string, string>) =>
      new Set(invented(decoysFor(others, entriesFrom(ends))).map((decoy) => decoy?.slice(0, 2)))
    t.strictSame(starts(own), new Set(['u7']))
    const { e: _, ...four } = own
    t.ok(starts(four).has('u2'))
  },
)

/** Reads `accounts:` with these files in memory. */
async function readFrom(section: object, contents: Readonly<Record<string, string>> = {}, isPublic = false) {
  const source: FileSource = {
    read: async (file) => {
      const content = contents[file.replace(/^.*\//, '')]
      return { fingerprint: file, content: content === undefined ? failure('none') : success(bytes(content)) }
    },
    fingerprint: async (file) => file,
    exposureOf: async (file) => (file.endsWith('open') ? 'is open' : undefined),
    filesIn: async () => [],
  }
  const report = new Report('x.yaml')
  const files = new Files('x.yaml', { source })
  const accounts = await readAccounts(
    accountsSection.parse(section),
    isPublic,
    known,
    new Reading(report, files),
  )
  const [errors, warnings] = [report.errors, report.warnings].map((list) => list.map(formatDiagnostic))
  return { accounts, errors, warnings, files: files.read.map(({ file }) => file) }
}

const withoutPlace = (lines: readonly string[] = []) => lines.map((line) => line.replace(/^x\.yaml:1:1 /, ''))

t.test('accounts are read from the map, then from the files, with a place for each', async (t) => {
  const section = { map: { 'Jane@example.org': 'user0001' }, files: ['a', { file: 'b' }] }
  const contents = {
    a: 'joe@example.org user0002\nalias@example.org joe@example.org',
    b: 'joe@example.org x\n',
  }
  const { accounts, errors, warnings, files } = await readFrom(section, contents)
  t.strictSame(errors, [])
  t.strictSame(warnings, ['b:1:1 ignored: a:1 has another target for the address'])
  t.strictSame(files, ['a', 'b'])
  const name = 'example.org'
  t.strictSame(
    [...entriesOf(accounts.table)],
    [
      { domain: name, localPart: 'alias', target: '=user0002' },
      { domain: name, localPart: 'jane', target: '=user0001' },
      { domain: name, localPart: 'joe', target: '=user0002' },
    ],
  )
  t.strictSame(
    [...entriesOf(accounts.places)].map(({ localPart, target }) => `${localPart} ${target}`),
    ['alias a:1', 'jane x.yaml:1', 'joe a:1'],
  )
  t.strictSame(Object.keys(accounts), ['table', 'places'], 'neither digests nor decoys')
})

t.test('digests are made if login names are public, and decoys if they are asked for', async (t) => {
  const map = { 'Jane@example.org': 'user0001', '@example.net': 'user0002' }
  const { accounts } = await readFrom({ map }, {}, true)
  t.strictSame(
    [...entriesOf(accounts.digests as never)],
    [{ domain: 'example.org', localPart: digestOf({ localPart: 'jane', domain: org }), target: 'jane' }],
  )
  t.equal(accounts.decoys, undefined)
  const read = new Accounts(accounts)
  const digest = digestOf({ localPart: 'jane', domain: org })
  t.strictSame(read.byDigest(org, digest), { localPart: 'jane', domain: org })
  t.equal(read.byDigest(net, digest), undefined)
  t.equal(read.byDigest(org, 'x'), undefined)
  const open = await readFrom({ map, decoys: true, secretFile: 'open' }, { open: 'x'.repeat(32) }, true)
  t.strictSame(open.accounts.decoys?.secret, bytes('x'.repeat(32)))
  t.strictSame(Object.keys(open.accounts.decoys ?? {}), ['secret', 'rules', 'numbered'])
  t.match(withoutPlace(open.warnings), [/^accounts\.secretFile open is open; set mode 0640 /])
})

t.test('what is wrong with accounts is reported', async (t) => {
  const errorsOf = async (section: object, contents = {}) =>
    withoutPlace((await readFrom(section, contents)).errors)
  const warningsOf = async (section: object, contents = {}) =>
    withoutPlace((await readFrom(section, contents)).warnings)
  const notAddress =
    'is not an address; write info@example.org, or @example.org for any other address of the domain'
  t.strictSame(await errorsOf({ map: { info: 'a', 'a@b_c': 'a' } }), [
    `accounts.map.info ${notAddress}`,
    `accounts.map["…"] ${notAddress}`,
  ])
  t.strictSame(
    await errorsOf({ map: { 'a@example.org': 'a', 'A@example.org': 'b', 'a@Example.org': 'a' } }),
    ['accounts.map["…"] has another login name in x.yaml:1; remove one of them'],
  )
  t.match(await errorsOf({ files: ['missing'] }), [/^accounts\.files\[0\] cannot be read: none$/])
  const needed = 'accounts.decoys requires accounts.secretFile, a file with a secret of at least 32 bytes'
  t.strictSame(await errorsOf({ decoys: true }), [needed])
  t.match(await errorsOf({ decoys: true, secretFile: 'missing' }), [/^accounts\.secretFile cannot be read/])
  t.strictSame(await errorsOf({ decoys: true, secretFile: 'short' }, { short: 'x'.repeat(31) }), [
    'accounts.secretFile short has 31 bytes; a secret must have at least 32',
  ])
  t.strictSame(await errorsOf({ secretFile: 'missing' }), [], 'without decoys, the secret is not read')
  t.strictSame(
    await warningsOf({
      map: { 'a@example.org': '|a', 'b@example.org': '007', 'c@example.org': '1e5, x@a.example' },
    }),
    [
      'accounts.map["…"] delivers to a program: no login name is known for this address',
      'accounts.map["…"] looks like a number or a boolean: Thunderbird changes such a login name',
    ],
  )
  const machine =
    'no login name is known: the target is at the name of a machine that is not the hostname of a host'
  t.strictSame(
    await warningsOf(
      { map: { 'a@example.org': 'a@web1' }, files: ['a', 'b'] },
      { a: 'b@example.org b\nc@example.org c@web1\nd@example.org d@web2', b: 'e@example.org e@web1' },
    ),
    [machine, `a:2:1 ${machine} (and on 1 more line)`, `b:1:1 ${machine}`],
  )
  const hidden = (addresses: string) =>
    `accounts.decoys do not hide ${addresses}: the login name has no number and does not follow from the address, as jdoe for sales@example.org, so no decoy looks like it`
  const decoys = { decoys: true, secretFile: 's' }
  const s = 'x'.repeat(32)
  t.strictSame(
    await warningsOf({ ...decoys, map: { 'a@example.org': 'u1', 'b@example.org': 'b' } }, { s }),
    [],
  )
  t.strictSame(await warningsOf({ ...decoys, map: { 'a@example.org': 'jdoe' } }, { s }), [
    hidden('1 address'),
  ])
  t.strictSame(
    await warningsOf(
      {
        ...decoys,
        map: { 'a@example.org': 'jdoe', 'b@example.org': 'x@example.org', 'c@example.org': 'y@mx1' },
      },
      { s },
    ),
    [hidden('3 addresses')],
  )
})
