import { join } from 'node:path'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { run } from '../support/command.ts'
import { example } from '../support/example.ts'

/** Runs `diff` on two configurations, in 1970. */
async function diff(t: Test, old: object, next: object, args: string[] = [], files: object = {}) {
  const folder = t.testdir({ 'old.yaml': stringify(old), 'new.yaml': stringify(next), ...files })
  const result = await run(['diff', join(folder, 'old.yaml'), join(folder, 'new.yaml'), ...args])
  return { ...result, lines: result.stdout.split('\n').slice(0, -1) }
}

const { maximusconfessor } = example.hosts
const withHost = (changes: object) => ({
  ...example,
  hosts: { ...example.hosts, maximusconfessor: { ...maximusconfessor, ...changes } },
})
const withDomains = (domains: object) => ({ ...example, domains })
const imapOn143 = { servers: [{ type: 'imap', port: 143, socketType: 'SSL' }, 'pop3s', 'submissions'] }
const nothing = '0 domains change, 0 are new, 0 are gone'

t.test('equal configurations have no changes', async (t) => {
  t.match(await diff(t, example, example), { exitCode: 0, stdout: `${nothing}\n`, stderr: '' })
})

t.test('domains with the same changes form a group, which lists the first of them', async (t) => {
  const names = Array.from({ length: 3412 }, (_, index) => `c${index}.example`)
  const config = { ...example, domains: { 'example.net': 'vonmuenchhausen' }, domainFiles: ['domains.map'] }
  const files = { 'domains.map': names.map((name) => `${name} maximusconfessor\n`).join('') }
  const next = { ...withHost(imapOn143), domains: config.domains, domainFiles: config.domainFiles }
  const sorted = [...names].sort()
  t.strictSame((await diff(t, config, next, [], files)).lines, [
    'all 3,412 domains on maximusconfessor: imap port 993 -> 143',
    ...sorted.slice(0, 10).map((name) => `    ${name}`),
    '    … and 3,402 more (list them with --all)',
    '3,412 domains change, 0 are new, 0 are gone',
  ])
  const { lines } = await diff(t, config, next, ['--all'], files)
  t.strictSame(
    lines.slice(1, -1),
    sorted.map((name) => `    ${name}`),
  )
  const { stdout } = await diff(t, config, next, ['--json'], files)
  t.strictSame(JSON.parse(stdout), {
    changed: 3412,
    new: 0,
    gone: 0,
    groups: [
      {
        kind: 'changed',
        from: 'maximusconfessor',
        to: 'maximusconfessor',
        changes: [{ what: 'imap', key: 'port', old: '993', new: '143' }],
        domains: sorted,
      },
    ],
    hosts: [{ host: 'maximusconfessor', changes: [{ what: 'imap', key: 'port', old: '993', new: '143' }] }],
    notes: [],
  })
})

t.test('new, removed and moved domains are listed with their hosts', async (t) => {
  const old = withDomains({
    'one.example': 'maximusconfessor',
    'two.example': 'maximusconfessor',
    'three.example': 'maximusconfessor',
    'gone.example': 'maximusconfessor',
    '*.gone.example': 'vonmuenchhausen',
    '*.left.example': 'vonmuenchhausen',
  })
  const next = withDomains({
    'one.example': 'vonmuenchhausen',
    'two.example': 'vonmuenchhausen',
    'three.example': 'maximusconfessor',
    'new.example': 'vonmuenchhausen',
    '*.new.example': 'maximusconfessor',
    'also-new.example': 'maximusconfessor',
  })
  t.strictSame((await diff(t, old, next)).lines, [
    'all 2 domains on vonmuenchhausen are gone',
    '    *.gone.example',
    '    *.left.example',
    '2 of 4 domains move from maximusconfessor to vonmuenchhausen: imap, pop3, smtp hostname maximusconfessor.all2all.org -> vonmuenchhausen.all2all.org',
    '    one.example',
    '    two.example',
    '2 domains are new, on maximusconfessor',
    '    *.new.example',
    '    also-new.example',
    'gone.example on maximusconfessor is gone',
    'new.example is new, on vonmuenchhausen',
    '2 domains change, 3 are new, 3 are gone',
  ])
  const { stdout } = await diff(t, old, next, ['--json'])
  t.match(JSON.parse(stdout), {
    changed: 2,
    new: 3,
    gone: 3,
    groups: [
      { kind: 'gone', from: 'vonmuenchhausen', domains: ['*.gone.example', '*.left.example'] },
      { kind: 'moved', from: 'maximusconfessor', to: 'vonmuenchhausen' },
      { kind: 'new', to: 'maximusconfessor' },
      { kind: 'gone', domains: ['gone.example'] },
      { kind: 'new', domains: ['new.example'] },
    ],
  })
})

t.test('groups of the same kind and size are sorted by their domains', async (t) => {
  const old = withDomains({ 'b.example': 'maximusconfessor', 'a.example': 'vonmuenchhausen' })
  t.strictSame((await diff(t, old, withDomains({}))).lines.slice(0, 2), [
    'a.example on vonmuenchhausen is gone',
    'b.example on maximusconfessor is gone',
  ])
  const other = withDomains({ 'b.example': 'vonmuenchhausen', 'a.example': 'maximusconfessor' })
  t.match((await diff(t, other, withDomains({}))).lines[0], /^a\.example/)
})

t.test('a domain that a wildcard covers with the same answer is neither new nor gone', async (t) => {
  const bare = { '*.example.org': 'maximusconfessor', '*': 'vonmuenchhausen' }
  const named = { ...bare, 'a.example.org': 'maximusconfessor', '*.example.net': 'vonmuenchhausen' }
  t.strictSame((await diff(t, withDomains(bare), withDomains(named))).lines, [nothing])
  t.strictSame((await diff(t, withDomains(named), withDomains(bare))).lines, [nothing])
  const moved = { ...named, 'a.example.org': 'vonmuenchhausen' }
  t.match((await diff(t, withDomains(bare), withDomains(moved))).lines, [
    /^a\.example\.org moves from maximusconfessor to vonmuenchhausen: imap, pop3, smtp hostname /,
    '1 domain changes, 0 are new, 0 are gone',
  ])
  t.match((await diff(t, withDomains(moved), withDomains(bare))).lines[0], /^a\.example\.org moves from von/)
  t.match((await diff(t, withDomains(bare), withDomains({ '*': 'vonmuenchhausen' }))).lines, [
    /^\*\.example\.org moves from maximusconfessor to vonmuenchhausen/,
    /^1 domain changes/,
  ])
  t.match((await diff(t, withDomains({ '*': 'vonmuenchhausen' }), withDomains({}))).lines, [
    '* on vonmuenchhausen is gone',
    '0 domains change, 0 are new, 1 is gone',
  ])
})

t.test('changes that clients see are listed, and no others', async (t) => {
  const oAuth2 = {
    issuer: 'https://id.example/',
    authURL: 'https://id.example/authorize',
    tokenURL: 'https://id.example/token',
    scope: 'mail',
  }
  const cases: [object, string | RegExp][] = [
    [{ webMail: 'https://webmail.example/' }, 'webMail none -> https://webmail.example/'],
    [{ username: '%EMAILLOCALPART%' }, 'imap, pop3, smtp username %EMAILADDRESS% -> %EMAILLOCALPART%'],
    [
      { servers: ['imaps', 'submissions'] },
      'pop3 maximusconfessor.all2all.org 995 SSL password-cleartext %EMAILADDRESS% -> none',
    ],
    [
      { servers: ['imaps', 'pop3s', { type: 'smtp', authentication: ['OAuth2', 'password-cleartext'] }] },
      'smtp authentication password-cleartext -> OAuth2, password-cleartext',
    ],
    [
      {
        servers: [
          'imaps',
          { type: 'pop3', leaveMessagesOnServer: false, daysToLeaveMessagesOnServer: 7 },
          'submissions',
        ],
      },
      /^ {2}pop3 leaveMessagesOnServer none -> false\n {2}pop3 daysToLeaveMessagesOnServer none -> 7$/,
    ],
    [
      { shape: 'all', servers: ['pop3s', 'imaps', 'submissions'] },
      'order of servers imap, pop3, smtp -> pop3, imap, smtp',
    ],
    [
      { shape: 'all', servers: ['imaps', 'imap', 'pop3s', 'submissions'] },
      'imap 2 none -> maximusconfessor.all2all.org 143 STARTTLS password-cleartext %EMAILADDRESS%',
    ],
    [{ services: { caldav: 'https://dav.example/' } }, 'caldav none -> https://dav.example/'],
    [{ services: { managesieve: 'sieve.example' } }, 'managesieve none -> sieve.example 4190 STARTTLS'],
    [
      { services: { jmap: 'https://jmap.example/' }, shape: 'all' },
      /^ {2}jmap none -> https:\/\/jmap\.example\/\n {2}services in every document none -> yes$/,
    ],
    [
      { oAuth2 },
      'oAuth2 none -> https://id.example/ https://id.example/authorize https://id.example/token mail',
    ],
    [{ pacc: false }, 'pacc by default -> false'],
  ]
  for (const [changes, expected] of cases) {
    const { lines } = await diff(t, example, withHost(changes))
    const [head = '', ...more] = lines.slice(0, -1)
    const [, change] = /^example\.org on maximusconfessor:(?: (.*))?$/.exec(head) ?? []
    t.match(change ?? more.join('\n'), expected)
  }
  for (const invisible of [
    { limits: { quota: '1GB' } },
    { servers: ['imaps', 'pop3s', 'smtps'] },
    { shape: 'all' },
  ])
    t.strictSame((await diff(t, example, withHost(invisible))).lines, [nothing], JSON.stringify(invisible))
})

t.test('settings of the provider change all domains', async (t) => {
  const one = withDomains({ 'example.org': 'maximusconfessor' })
  const cases: [object, string][] = [
    [{ provider: { ...example.provider, id: 'example.com' } }, 'provider.id all2all.org -> example.com'],
    [{ provider: { ...example.provider, displayName: 'Other' } }, 'displayName all2all mail -> Other'],
    [{ provider: { ...example.provider, displayShortName: 'o' } }, 'displayShortName all2all -> o'],
    [
      {
        provider: {
          ...example.provider,
          documentation: [{ url: 'https://a.example/', descr: { en: 'Help', fr: 'Aide' } }],
        },
      },
      'documentation none -> https://a.example/ en: Help fr: Aide',
    ],
    [
      { publicName: 'autoconfig.all2all.org', provider: { ...example.provider, documentation: [] } },
      'publicName none -> autoconfig.all2all.org',
    ],
    [{ pacc: { submissionKey: 'submit' } }, 'pacc submissionKey submit, smtp -> submit'],
  ]
  for (const [changes, expected] of cases) {
    const { lines } = await diff(t, one, { ...one, ...changes })
    t.equal(lines[0], `example.org on maximusconfessor: ${expected}`)
    t.match(lines[1], /^host vonmuenchhausen itself: /)
  }
})

t.test('a renamed host, or another host with the same settings, is no change for its domains', async (t) => {
  const renamed = {
    ...example,
    hosts: { mx1: maximusconfessor, vonmuenchhausen: example.hosts.vonmuenchhausen },
    domains: { 'example.org': 'mx1', 'example.net': 'vonmuenchhausen' },
  }
  t.strictSame((await diff(t, example, renamed)).lines, [
    'host maximusconfessor is gone: maximusconfessor.all2all.org',
    'host mx1 is new: maximusconfessor.all2all.org',
    nothing,
  ])
})

t.test('scheduled moves are compared, too', async (t) => {
  const at = '1970-02-01T00:00:00+01:00'
  const time = '1970-01-31T23:00:00.000Z'
  const moving = (...moves: object[]) =>
    withDomains({ 'example.net': { host: 'vonmuenchhausen', ...(moves.length > 0 && { moves }) } })
  const there = { at, host: 'maximusconfessor' }
  const changes = async (old: object, next: object) => (await diff(t, old, next)).lines.slice(0, -1)
  t.strictSame(await changes(moving(), moving(there)), [
    `example.net on vonmuenchhausen: move at ${time} none -> maximusconfessor`,
  ])
  t.strictSame(await changes(moving(there), moving()), [
    `example.net on vonmuenchhausen: move at ${time} maximusconfessor -> none`,
  ])
  t.strictSame(await changes(moving(there), moving({ ...there, at: '1970-01-05T00:00:00Z' })), [
    'example.net on vonmuenchhausen:',
    '  move at 1970-01-05T00:00:00.000Z none -> maximusconfessor',
    `  move at ${time} maximusconfessor -> none`,
  ])
  t.strictSame(await changes(moving(there), moving(there)), [])
  t.strictSame(await changes(moving(there), { ...withHost(imapOn143), domains: moving(there).domains }), [
    `example.net on vonmuenchhausen: from ${time} on, imap port 993 -> 143`,
    'host maximusconfessor itself: imap port 993 -> 143',
  ])
  t.strictSame(
    await changes(withDomains({}), moving(there)),
    ['example.net is new, on vonmuenchhausen'],
    'a new domain is listed as new only',
  )
  const done = withDomains({
    'example.net': { host: 'vonmuenchhausen', moves: [{ ...there, at: '1969-12-31T23:59:59Z' }] },
  })
  const tidied = withDomains({ 'example.net': 'maximusconfessor' })
  t.strictSame(await changes(done, tidied), [], 'a past move may be replaced by its result')
})

t.test(
  'hosts without domains, and sections that are not compared by domain, have lines of their own',
  async (t) => {
    const third = { hostname: 'third.all2all.org' }
    const bare = withDomains({ 'example.net': 'vonmuenchhausen' })
    const next = {
      ...bare,
      hosts: { vonmuenchhausen: example.hosts.vonmuenchhausen, third },
      provider: { ...example.provider, defaultHost: 'third' },
      sources: [{ mx: { resolver: ['127.0.0.1'] } }],
      accounts: { map: { 'info@example.net': 'user0001' } },
    }
    const changed = {
      ...bare,
      hosts: { ...bare.hosts, maximusconfessor: { ...maximusconfessor, ...imapOn143 } },
    }
    t.strictSame((await diff(t, bare, changed)).lines, [
      'host maximusconfessor itself: imap port 993 -> 143',
      nothing,
    ])
    t.strictSame((await diff(t, bare, next)).lines, [
      'host maximusconfessor is gone: maximusconfessor.all2all.org',
      'host third is new: third.all2all.org',
      'note: provider.defaultHost: none -> third',
      'note: sources: changed',
      'note: sources: not queried; domains known only to a source change with their host, and a source may still know domains listed as gone',
      'note: accounts: changed; usernames are not compared',
      nothing,
    ])
    t.match(JSON.parse((await diff(t, bare, next, ['--json'])).stdout), {
      hosts: [
        { host: 'maximusconfessor', changes: [{ what: 'host', old: 'maximusconfessor.all2all.org' }] },
        { host: 'third', changes: [{ what: 'host', new: 'third.all2all.org' }] },
      ],
      notes: [/defaultHost/, /^sources/, /^sources/, /^accounts/],
    })
    const { sources, ...rest } = next
    t.strictSame((await diff(t, next, { sources, ...rest })).lines, [
      'note: sources: not queried; domains known only to a source change with their host, and a source may still know domains listed as gone',
      nothing,
    ])
  },
)

t.test('the text lists the fifty largest groups of changes', async (t) => {
  const names = Array.from({ length: 60 }, (_, index) => `c${index}.example`)
  const domains = Object.fromEntries(names.map((name) => [name, 'maximusconfessor']))
  const own = Object.fromEntries(
    names.map((name) => [name, { host: 'maximusconfessor', displayName: `Mail of ${name}` }]),
  )
  const { lines } = await diff(t, withDomains(domains), withDomains(own))
  t.equal(lines.length, 52)
  t.equal(lines[50], '… and 10 domains in smaller groups (list them with --all)')
  t.equal((await diff(t, withDomains(domains), withDomains(own), ['--all'])).lines.length, 61)
})

t.test('more changes than --fail-above end with exit code 1', async (t) => {
  const next = withDomains({ 'example.net': 'maximusconfessor', 'example.info': 'maximusconfessor' })
  const { exitCode, stdout, stderr } = await diff(t, example, next, ['--fail-above', '2'])
  t.match(stdout, '1 domain changes, 1 is new, 1 is gone\n')
  t.strictSame([exitCode, stderr], [1, '3 domains differ; --fail-above allows 2\n'])
  t.match(await diff(t, example, next, ['--fail-above', '3']), { exitCode: 0, stderr: '' })
  const one = withDomains({ 'example.org': 'maximusconfessor' })
  t.match(await diff(t, example, one, ['--fail-above', '0']), {
    exitCode: 1,
    stderr: '1 domain differs; --fail-above allows 0\n',
  })
  for (const wrong of ['-1', '1.5', 'many']) {
    t.match(await diff(t, example, next, [`--fail-above=${wrong}`]), {
      exitCode: 2,
      stderr: /must be a whole number/,
    })
  }
})

t.test('the errors of both configurations are printed, and those of a shared file only once', async (t) => {
  const bad = { ...example, domainFiles: ['bad.map'] }
  const { exitCode, stdout, stderr } = await diff(
    t,
    bad,
    { ...bad, domains: { a_b: 'maximusconfessor' } },
    [],
    {
      'bad.map': '-----BEGIN PRIVATE KEY-----\n',
    },
  )
  t.strictSame([exitCode, stdout], [1, ''])
  t.match(stderr.split('\n'), [
    /bad\.map:1:1 this is a private key/,
    /new\.yaml:\d+:\d+ domains\.a_b is not a domain/,
    'Fix these 2 errors first.',
    '',
  ])
  t.match(await diff(t, example, bad), {
    exitCode: 1,
    stderr: /new\.yaml:\d+:\d+ domainFiles\[0\] cannot be read/,
  })
  t.match(await run(['diff', 'config/autoconfig.yaml']), { exitCode: 2, stderr: /missing required argument/ })
})

t.test('enable and loginPageInfo are compared, too', async (t) => {
  const loginPageInfo = {
    url: 'https://a.example/',
    username: '%EMAILADDRESS%',
    usernameField: { id: 'u' },
    passwordField: { id: 'p' },
  }
  const webMail = { loginPage: 'https://a.example/', loginPageInfo }
  const configOf = (more: object) =>
    JSON.stringify({
      ...example,
      hosts: { mx: { hostname: 'mx.example', ...more } },
      domains: { 'example.org': 'mx' },
    })
  const folder = t.testdir({
    'plain.yaml': configOf({ webMail: webMail.loginPage }),
    'safe.yaml': configOf({ webMail }),
    'all.yaml': configOf({ webMail, shape: 'all' }),
    'enable.yaml': configOf({
      webMail: webMail.loginPage,
      enable: { visiturl: 'https://a.example/on', instruction: { en: 'Do' } },
    }),
  })
  const between = async (old: string, next: string) =>
    (await run(['diff', `${folder}/${old}.yaml`, `${folder}/${next}.yaml`])).stdout
  t.match(await between('plain', 'safe'), /^0 domains change, /)
  t.match(await between('safe', 'all'), /loginPageInfo/)
  t.match(await between('plain', 'enable'), /enable.*https:\/\/a\.example\/on/)
  const explained = await run(['explain', 'example.org', '--config', `${folder}/enable.yaml`])
  t.match(explained.stdout, /enable first +https:\/\/a\.example\/on\n/)
})
