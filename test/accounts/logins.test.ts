import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { parseTargets } from '../../src/accounts/accounts.ts'
import type { Backend } from '../../src/backends/backend.ts'
import { Backends } from '../../src/backends/backends.ts'
import { CachedBackend } from '../../src/backends/cached-backend.ts'
import { isResolution } from '../../src/resolver/resolution.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { run } from '../support/command.ts'
import { configFolder, domain, example, findings, load, resolve, sourceSettings } from '../support/example.ts'

/** The login name that a lookup of `info@example.org` by a link gets; `undefined` if none is known. */
async function loginOf(resolver: Resolver, localPart = 'info', login?: string): Promise<string | undefined> {
  const name = domain('example.org')
  const values = { address: { localPart, domain: name }, domain: name, requestHost: name, link: { login } }
  const found = await resolve(resolver, values)
  if (!isResolution(found)) throw new Error('not served')
  const { hidesLogins, servers } = found.clientConfig
  return hidesLogins ? undefined : servers[0]?.username
}

/** A source that knows domains and addresses by their names. */
function sourceOf(says: Readonly<Record<string, string>>): Backends {
  const backend: Backend = {
    findHost: async (name) => says[name],
    findLogin: async ({ localPart, domain: name }) => says[`${localPart}@${name}`],
    check: async () => {},
    close: async () => {},
  }
  const name = { name: 'sql', kind: 'sql' }
  return new Backends([new CachedBackend(name, backend, sourceSettings, { now: () => 0 })])
}

const hidden = { 'nobody@example.org': 'user0000' }
const withMap = (map: object) => ({ ...example, accounts: { map: { ...hidden, ...map } } })
const withFile = { ...example, accounts: { files: ['virtual'] } }

/** Every place that a login name can come from, with `value` behind `info@example.org`. */
async function fromEverywhere(t: Test, value: string): Promise<Record<string, string | undefined>> {
  const empty = await load(t, withMap({}))
  const inFile = await load(t, withFile, {
    virtual: `${Object.keys(hidden)[0]} user0000\ninfo@example.org ${value}\n`,
  })
  const source = sourceOf({ 'info@example.org': value })
  return {
    map: await loginOf(new Resolver(await load(t, withMap({ 'info@example.org': value })))),
    file: await loginOf(new Resolver(inFile)),
    source: await loginOf(new Resolver(empty, { backends: source })),
    link: await loginOf(new Resolver(empty), 'info', value),
  }
}

const everywhere = (login: string | undefined) => ({ map: login, file: login, source: login, link: login })

t.test('a value has the same login name in a map, a file, a source and a link', async (t) => {
  for (const [value, login] of Object.entries({
    user0001: 'user0001',
    'user0001,': 'user0001',
    'info\\@example.org': '%EMAILADDRESS%',
    'jane\\@example.com': 'jane@example.com',
    '"jane doe"': 'jane doe',
    'jane\\ doe': 'jane doe',
    '\\user0001': 'user0001',
    'user0001@localhost': 'user0001',
    'user0001@localhost.localdomain': 'user0001',
    'user0001, info@elsewhere.example': 'user0001',
    'info@elsewhere.example, user0001': 'user0001',
    'info@elsewhere.example user0001 jane@elsewhere.example': 'user0001',
    'user0001@maximusconfessor.all2all.org, info@elsewhere.example': 'user0001',
    'info@example.org,info@elsewhere.example': '%EMAILADDRESS%',
  }))
    t.strictSame(await fromEverywhere(t, value), everywhere(login), value)
})

t.test('a value that is no login name is none in a map, a file, a source and a link', async (t) => {
  for (const value of [
    'user0001, user0002',
    'user0001 user0002',
    'user0001, jane@example.org',
    'user0001, user0002@vonmuenchhausen.all2all.org',
    'a@elsewhere.example, b@elsewhere.example',
    'user0001, |/usr/bin/vacation',
    '|/usr/bin/vacation',
    '"|/usr/bin/vacation info"',
    '!program',
    ':include:/etc/postfix/lists/info',
    ':Include:/etc/postfix/lists/info',
    ':fail: no such user',
    ':blackhole:',
    '/dev/null',
    '%1',
    '%1@example.net',
    '$1@example.net',
    'error:nouser No such user',
    'ERROR:5.1.1:550 no such user jane',
    'Discard:',
    'discard: info',
    'REJECT',
    'reject no such user',
    'DISCARD',
    'RELAY',
    'DUNNO',
    'EXAMPLE\\info',
    'EXAMPLE\\\\info',
    'info\\',
    '"info',
    '""',
    '@',
    '@localhost',
    'jane@',
    'jane@[192.0.2.1]',
    'Jane <jane@example.org>',
    'user(1)',
    'info:secret',
    '{SHA}secret',
    '$6$secret',
    'static:5000',
    'a'.repeat(256),
  ])
    t.strictSame(
      await fromEverywhere(t, value.slice(0, 255)),
      value.length > 255 ? everywhere('a'.repeat(255)) : everywhere(undefined),
      value,
    )
  t.strictSame(parseTargets('a'.repeat(256)), [{ none: 'unreadable' }])
})

t.test('no path, pipe, list of mailboxes, instruction or escape is ever a login name', async (t) => {
  const word = fc
    .stringMatching(/^[a-z][a-z0-9._-]{0,8}[a-z0-9]$/)
    .filter((text) => !/^(?:ok|na|relay|reject|discard|hold|defer|dunno|permit)$/.test(text))
  const own = fc.oneof(
    word,
    word.map((text) => `${text}@example.org`),
    word.map((text) => `${text}@maximusconfessor.all2all.org`),
    word.map((text) => `${text}@localhost`),
  )
  const elsewhere = word.map((text) => `${text}@elsewhere.example`)
  const comma = fc.constantFrom(',', ', ', ' ', ' , ')
  const anyCase = (text: string) =>
    fc
      .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
      .map((upper) => [...text].map((char, at) => (upper[at] ? char.toUpperCase() : char)).join(''))
  const unusable = fc.oneof(
    word.map((text) => `|/usr/bin/${text}`),
    word.map((text) => `"|${text} -x"`),
    fc.tuple(word, word).map(([a, b]) => `${a}/${b}/`),
    word.map((text) => `/${text}`),
    word.map((text) => `:include:${text}`),
    fc
      .tuple(fc.constantFrom('error:', 'discard:', 'retry:').chain(anyCase), word)
      .map(([directive, text]) => `${directive}${text}`),
    fc.constantFrom('ok', 'na', 'reject', 'discard', 'relay').chain(anyCase),
    fc.constantFrom('%1', '%1@example.org', '%2'),
  )
  // Two different words, so that they are two mailboxes.
  const two = fc.uniqueArray(word, { minLength: 2, maxLength: 3 })
  const lists = fc.oneof(
    fc.tuple(two, comma).map(([words, by]) => words.join(by)),
    fc
      .tuple(two, elsewhere, comma)
      .map(([words, other, by]) => [other, ...words.map((text) => `${text}@example.org`)].join(by)),
    fc.tuple(own, unusable, comma).map((parts) => `${parts[0]}${parts[2]}${parts[1]}`),
    fc.tuple(elsewhere, elsewhere, comma).map(([a, b, by]) => `${a}${by}x${b}`),
  )
  const escaped = fc
    .tuple(word, fc.constantFrom('@', ' ', '.', '+', ',', '"', '\\', 'x'), word)
    .map(([a, char, b]) => `${a}\\${char}${b}`)
  const isRight = async (value: string, isLogin: (login: string) => boolean) =>
    Object.values(await fromEverywhere(t, value)).every((login) => login === undefined || isLogin(login))
  const never = (login: string) => login === '%EMAILADDRESS%'
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.oneof(unusable, lists), (value) => isRight(value, never)),
      { numRuns: 60 },
    ),
  )
  await t.resolves(
    fc.assert(
      fc.asyncProperty(escaped, (value) => isRight(value, (login) => !login.includes('\\'))),
      { numRuns: 40 },
    ),
  )
})

t.test('the inline map means what a file means', async (t) => {
  const config = withMap({
    'jane@example.org': 'user0001',
    'office@example.org': 'jane@example.org',
    'kim@example.net': 'kim@elsewhere.example',
    '@alias.example': '@example.org',
    'all@example.org': 'jane@alias.example, kim@example.net',
    'pipe@example.org': '|/usr/bin/vacation',
  })
  const resolver = new Resolver(await load(t, config))
  for (const name of ['jane', 'office', 'all']) t.equal(await loginOf(resolver, name), 'user0001', name)
  t.equal(await loginOf(resolver, 'pipe'), undefined)
  t.strictSame((await findings(t, config)).warnings, [
    'autoconfig.yaml:21:23 accounts.map["…"] delivers to a program: no login name is known for this address',
  ])
})

t.test('only an address of the domain itself gets a login name', async (t) => {
  const asked: string[] = []
  const backend: Backend = {
    findHost: async () => undefined,
    findLogin: async ({ localPart, domain: name }) => {
      asked.push(`${localPart}@${name}`)
      return 'user0009'
    },
    check: async () => {},
    close: async () => {},
  }
  const source = new CachedBackend({ name: 'sql', kind: 'sql' }, backend, sourceSettings, { now: () => 0 })
  const config = await load(t, { ...example, accounts: { disclose: 'public', map: hidden } })
  const resolver = new Resolver(config, { backends: new Backends([source]) })
  const requestHost = domain('example.org')
  const ask = async (values: object) => {
    const found = await resolve(resolver, { requestHost, ...values })
    if (!isResolution(found)) throw new Error('not served')
    const { confidential, clientConfig } = found
    return [found.domain, confidential, clientConfig.hidesLogins, clientConfig.servers[0]?.username]
  }
  const generic = ['example.org', false, true, '%EMAILADDRESS%']
  t.strictSame(await ask({ address: { localPart: 'jane', domain: domain('nobody.example') } }), generic)
  t.strictSame(await ask({}), generic)
  t.strictSame(await ask({ link: {} }), generic)
  t.strictSame(asked, [])
  t.strictSame(await ask({ address: { localPart: 'jane', domain: requestHost } }), [
    ...['example.org', true, undefined, 'user0009'],
  ])
})

t.test('without login names, every client gets the settings of the domain as they are', async (t) => {
  const resolver = new Resolver(await load(t, example))
  const name = domain('example.org')
  const clientConfig = resolver.find(name)
  if (!clientConfig) throw new Error('not served')
  const address = { localPart: 'jane', domain: name }
  for (const link of [undefined, {}]) {
    const found = await resolve(resolver, { address, ...(link && { link }) })
    const reason = { kind: 'mapped', pattern: 'example.org' }
    t.strictSame(found, { domain: 'example.org', clientConfig, reason, confidential: false, certain: true })
    t.equal(isResolution(found) && found.clientConfig, clientConfig)
  }
  t.equal(resolver.publicConfig(name, clientConfig), clientConfig)
  const withLogins = new Resolver(await load(t, withMap({})))
  const config = withLogins.find(name)
  if (!config) throw new Error('not served')
  const shown = withLogins.publicConfig(name, config)
  t.strictSame(shown, { ...config, hidesLogins: true })
  t.equal(withLogins.publicConfig(name, config), shown, 'one object, which is the key of caches')
  t.equal(withLogins.publicConfig(domain('example.net'), config), config, 'a domain without login names')
})

t.test(
  'a made-up address gets a decoy, by its MD5, too, unless the decoy follows from the address',
  async (t) => {
    const names = ['info', 'jane', 'kim', 'list', ...Array.from({ length: 8 }, (_, index) => `n${index}`)]
    const resolverWith = async (login: (name: string, index: number) => string) => {
      const map = Object.fromEntries(names.map((name, index) => [`${name}@example.org`, login(name, index)]))
      const accounts = { disclose: 'public', map, decoys: true, secretFile: 'secret' }
      return new Resolver(await load(t, { ...example, accounts }, { secret: 'x'.repeat(32) }))
    }
    const ask = async (resolver: Resolver, localPart: string, emailMd5?: string, link?: object) => {
      const address = { localPart, domain: domain('example.org') }
      const found = await resolve(resolver, {
        address,
        ...(emailMd5 !== undefined && { emailMd5 }),
        ...(link && { link }),
      })
      if (!isResolution(found)) throw new Error('not served')
      const { confidential, clientConfig } = found
      return [clientConfig.hidesLogins ? 'hidden' : clientConfig.servers[0]?.username, confidential]
    }
    const md5 = (name: string) => createHash('md5').update(`${name}@example.org`).digest('hex')
    const madeUp = Array.from({ length: 10 }, (_, index) => `x${index}`)
    const byNumber = await resolverWith((_, index) => `user${1000 + index}`)
    const decoys = await Promise.all(madeUp.map((name) => ask(byNumber, name)))
    for (const [login, confidential] of decoys) {
      t.match(login, /^user\d{4}$/)
      t.equal(confidential, true)
    }
    t.ok(new Set(decoys.map(String)).size > 5, 'different addresses have different ones')
    for (const [index, name] of madeUp.entries())
      t.strictSame(await ask(byNumber, 'EvolutionUser', md5(name).toUpperCase()), decoys[index])
    t.strictSame(await ask(byNumber, 'evolutionuser', md5('jane')), ['user1001', true])
    for (const digest of [undefined, '', 'x', `${md5('jane')}0`, `x${md5('jane')}`])
      t.strictSame(await ask(byNumber, 'evolutionuser', digest), ['hidden', false], 'no MD5')
    t.strictSame(await ask(byNumber, 'x1', undefined, {}), ['hidden', true], 'a link shows no decoy')
    const byName = await resolverWith((name) => (name === 'list' ? 'user0001, user0002' : name))
    t.strictSame(await ask(byName, 'x1'), ['%EMAILLOCALPART%', true])
    t.strictSame(await ask(byName, 'jane'), ['%EMAILLOCALPART%', true])
    for (const name of ['x1', 'jane', 'list'])
      t.strictSame(await ask(byName, 'evolutionuser', md5(name)), ['%EMAILADDRESS%', true], name)
    const plain = { disclose: 'public', map: { 'jane@example.org': 'jane' } }
    const withoutDecoys = new Resolver(await load(t, { ...example, accounts: plain }))
    t.strictSame(await ask(withoutDecoys, 'evolutionuser', md5('jane')), ['%EMAILLOCALPART%', true])
  },
)

t.test('a list of many targets is a mailing list', async (t) => {
  const members = Array.from({ length: 150 }, (_, index) => `m${index}@elsewhere.example`)
  const resolver = new Resolver(
    await load(t, withFile, { virtual: `info@example.org user0001, ${members.join(', ')}\n` }),
  )
  t.equal(await loginOf(resolver), undefined)
  const domains = Array.from({ length: 6 }, (_, index) => `m@d${index}.example`)
  const says = {
    'info@example.org': `user0001, ${domains.join(', ')}`,
    'jane@example.org': 'm@d1.example, user0002',
  }
  const bySource = new Resolver(await load(t, withMap({})), { backends: sourceOf(says) })
  t.equal(await loginOf(bySource), undefined)
  t.equal(await loginOf(bySource, 'jane'), 'user0002')
})

t.test(
  'a source is asked for the address without its extension, if it does not know the address',
  async (t) => {
    const says = { 'info@example.org': 'user0001', 'info+own@example.org': 'user0002' }
    const resolver = new Resolver(await load(t, example), { backends: sourceOf(says) })
    t.equal(await loginOf(resolver, 'info+news'), 'user0001')
    t.equal(await loginOf(resolver, 'info+own'), 'user0002')
    t.equal(await loginOf(resolver, 'jane+news'), undefined)
  },
)

t.test('an address that a source returns is a login name if its domain is on the same host', async (t) => {
  const says = {
    'sales.example': 'maximusconfessor',
    'other.example': 'vonmuenchhausen',
    'a@example.org': 'Jane@sales.example, copy@elsewhere.example',
    'b@example.org': 'jane@sales.example',
    'c@example.org': 'jane@other.example',
    'd@example.org': 'jane@elsewhere.example',
    'e@example.org': 'jane@example.net, copy@elsewhere.example',
    'f@example.org': 'jane@example.org, bob@sales.example',
    'g@example.org': '@sales.example',
    'i@example.org': 'jane@Example.ORG',
  }
  const resolver = new Resolver(await load(t, example), { backends: sourceOf(says) })
  const expected = {
    a: 'Jane@sales.example',
    b: 'jane@sales.example',
    c: undefined,
    d: undefined,
    e: undefined,
    f: undefined,
    g: undefined,
    i: 'jane@Example.ORG',
  }
  for (const [name, login] of Object.entries(expected)) t.equal(await loginOf(resolver, name), login, name)
})

t.test('an alias of an alias in a source is followed to the mailbox, and no circle is endless', async (t) => {
  const chain = (name: string, length: number, end: string) =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `${name}${index}@example.org`,
        index + 1 === length ? end : `${name}${index + 1}@example.org`,
      ]),
    )
  const says: Readonly<Record<string, string>> = {
    'sales.example': 'maximusconfessor',
    'other.example': 'vonmuenchhausen',
    'first@example.org': 'second@sales.example, copy@elsewhere.example',
    'second@sales.example': 'Third@Example.ORG',
    'third@example.org': 'user0003',
    'mailbox@example.org': 'Jane@example.org',
    'jane@example.org': 'jane@example.org',
    'sub@example.org': 'jane+news@example.org',
    'jane+news@example.org': 'user0004',
    'below@example.org': 'jane+other@example.org',
    'unknown@example.org': 'login@example.org',
    'escaped@example.org': 'third\\@example.org',
    'circle@example.org': 'round@example.org',
    'round@example.org': 'circle@example.org',
    'far@example.org': 'away@sales.example',
    'away@sales.example': 'joe@other.example',
    'team@example.org': 'list@example.org',
    'list@example.org': 'jane@example.org, third@example.org',
    'outside@example.org': 'out@example.org',
    'out@example.org': 'joe@elsewhere.example',
    ...chain('short', 11, 'user0005'),
    ...chain('long', 12, 'user0006'),
  }
  const resolver = new Resolver(await load(t, example), { backends: sourceOf(says) })
  const expected = {
    first: 'user0003',
    mailbox: 'jane@example.org',
    'mailbox+news': 'jane@example.org',
    sub: 'user0004',
    below: 'jane@example.org',
    unknown: 'login@example.org',
    escaped: 'third@example.org',
    circle: undefined,
    round: undefined,
    far: undefined,
    team: undefined,
    outside: undefined,
    short0: 'user0005',
    long0: undefined,
    long1: 'user0006',
  }
  for (const [name, login] of Object.entries(expected)) t.equal(await loginOf(resolver, name), login, name)
  const why = async (localPart: string) => {
    const name = domain('example.org')
    const found = resolver.find(name)
    return found && resolver.explainLogin({ localPart, domain: name }, found)
  }
  const answer = 'the answer of the source sql'
  t.equal(await why('circle'), `${answer} leads in a circle, or through more than ten aliases`)
  t.equal(await why('long0'), await why('circle'))
  t.equal(await why('far'), `${answer} leads to a mailbox on another host`)
  t.equal(await why('team'), `${answer} has two mailboxes`)
  t.equal(await why('outside'), `${answer} leads to a domain that is not served here`)
})

t.test('an alias is not shown as a login while the source does not say where it leads', async (t) => {
  const asked: string[] = []
  const backend: Backend = {
    findLogin: async ({ localPart }) => {
      asked.push(localPart)
      if (localPart !== 'info') throw new Error('is down')
      return 'jane@example.org'
    },
    check: async () => {},
    close: async () => {},
  }
  const source = new CachedBackend({ name: 'sql', kind: 'sql' }, backend, sourceSettings, { now: () => 0 })
  const resolver = new Resolver(await load(t, example), { backends: new Backends([source]) })
  t.equal(await loginOf(resolver), undefined)
  t.strictSame(asked, ['info', 'jane'])
})

t.test('a source is asked for the login name of the mailbox that the files lead to', async (t) => {
  const virtual = [
    '@example.org @sales.example',
    'own@example.org jane@sales.example',
    'copy@example.org copy@example.org, x@elsewhere.example',
    'far@example.org far@other.example',
    'direct@example.org user0009',
  ].join('\n')
  const says = {
    'sales.example': 'maximusconfessor',
    'other.example': 'vonmuenchhausen',
    'jane@sales.example': 'user0001',
    'copy@example.org': 'user0002',
    'far@other.example': 'user0003',
    'direct@example.org': 'user0004',
  }
  const resolver = new Resolver(await load(t, withFile, { virtual }), { backends: sourceOf(says) })
  const expected = {
    jane: 'user0001',
    own: 'user0001',
    copy: 'user0002',
    far: undefined,
    direct: 'user0009',
    other: 'other@sales.example',
  }
  for (const [name, login] of Object.entries(expected)) t.equal(await loginOf(resolver, name), login, name)
})

t.test('a link whose login is none shows what is known of the address', async (t) => {
  const resolver = new Resolver(await load(t, withMap({ 'info@example.org': 'user0001' })))
  t.equal(await loginOf(resolver, 'info', 'user0002, user0003'), 'user0001')
  t.equal(await loginOf(resolver, 'info', ','), 'user0001')
  t.equal(await loginOf(resolver, 'info', 'Jane@Realm.example'), 'Jane@Realm.example')
})

const mailboxMap =
  'looks like a mailbox map (virtual_mailbox_maps, relay_recipient_maps), not an alias map: the value is not a login name; the address itself counts as the mailbox'

t.test('a mailbox map is reported once, and each address is its own mailbox', async (t) => {
  const maps = {
    paths: 'jane@example.org example.org/jane/\njoe@example.org example.org/joe/',
    'absolute paths': 'jane@example.org /var/vmail/jane/\njoe@example.org /var/vmail/joe/',
    words: 'jane@example.org OK\njoe@example.org n/a\nkim@example.org na',
    'a path and a word': 'jane@example.org example.org/jane\njoe@example.org OK',
    'one word for all': 'jane@example.org whatever\njoe@example.org whatever\nkim+x@example.org whatever',
    'one number for all': 'jane@example.org 5000\njoe@example.org 5000\nkim@example.org 5000',
    'one numbered word for many': Array.from(
      { length: 20 },
      (_, index) => `${index === 0 ? 'jane' : index === 1 ? 'joe' : `n${index}`}@example.org web1`,
    ).join('\n'),
  }
  for (const [name, virtual] of Object.entries(maps)) {
    const { warnings } = await findings(t, withFile, { virtual })
    const ofMap = warnings.filter((warning) => warning.includes(mailboxMap))
    t.equal(ofMap.length, 1, name)
    t.match(ofMap[0], /^virtual:1:1 .* \(and on \d+ more lines?\)$/, name)
    const resolver = new Resolver(await load(t, withFile, { virtual }))
    for (const person of ['jane', 'joe']) t.equal(await loginOf(resolver, person), '%EMAILADDRESS%', name)
  }
})

t.test('somebody with many addresses is not taken for a mailbox map', async (t) => {
  const maps = {
    'the name of a person':
      'jane@example.org jane\njoe@example.org jane\nkim@example.org jane\nbob@example.org jane',
    'a numbered login': 'jane@example.org user0001\njoe@example.org user0001\nkim@example.org user0001',
    'a catch-all': '@example.org doe\njane@example.org doe\njoe@example.org doe\nkim@example.org doe',
    'roles of one person':
      'info@example.org doe\nsales@example.org doe\nabuse@example.org doe\njane@example.org doe',
    'one of many':
      'jane@example.org doe\na@example.org doe\nb@example.org doe\nc@example.org c1\nd@example.org d1\ne@example.org e1\nf@example.org f@example.org',
  }
  for (const [name, virtual] of Object.entries(maps)) {
    t.strictSame((await findings(t, withFile, { virtual })).warnings, [], name)
    const resolver = new Resolver(await load(t, withFile, { virtual }))
    t.match(await loginOf(resolver, 'jane'), /^(?:jane|user0001|doe|%EMAILLOCALPART%)$/, name)
  }
})

t.test('a path in an alias map is no login name', async (t) => {
  const virtual =
    'jane@example.org user0001\nkim@example.org user0002\nbob@example.org /dev/null\n@example.org user0009'
  t.strictSame((await findings(t, withFile, { virtual })).warnings, [])
  const resolver = new Resolver(await load(t, withFile, { virtual }))
  t.equal(await loginOf(resolver, 'bob'), undefined, 'not that of the catch-all')
  t.equal(await loginOf(resolver, 'joe'), 'user0009')
})

t.test(
  'a target at the name of a machine leads to the mailbox, or a warning says that it does not',
  async (t) => {
    const virtual = [
      'a@example.org user0001@localhost',
      'b@example.org user0002@maximusconfessor',
      'c@example.org user0003@maximusconfessor.all2all.org',
      'd@example.org user0004@web01',
      'e@example.org user0005@old.all2all.org',
      'f@example.org user0006@mail.lan',
      'g@example.org user0007@elsewhere.example',
      'h@example.org user0008@example.net',
    ].join('\n')
    const message =
      'no login name is known: the target is at the name of a machine that is not the hostname of a host'
    t.strictSame((await findings(t, withFile, { virtual })).warnings, [
      `virtual:4:1 ${message} (and on 2 more lines)`,
    ])
    const inMap = await findings(t, withMap({ 'a@example.org': 'user0001@web01' }))
    t.strictSame(inMap.warnings, [`autoconfig.yaml:16:1 ${message}`])
    const resolver = new Resolver(await load(t, withFile, { virtual }))
    const logins = await Promise.all([...'abcdefgh'].map((name) => loginOf(resolver, name)))
    t.strictSame(logins, ['user0001', 'user0002', 'user0003', ...Array(5).fill(undefined)])
  },
)

t.test(
  'a target at a host name that is also a domain of customers is the login name as a whole',
  async (t) => {
    const hostname = 'maximusconfessor.all2all.org'
    const target = `user0001@${hostname}`
    const several = `${target}, info@elsewhere.example`
    const loginWith = async (domains: Record<string, string>, asked: string, value: string) => {
      const resolver = new Resolver(await load(t, { ...withMap({}), domains }))
      const name = domain(asked)
      const address = { localPart: 'info', domain: name }
      const link = { login: value }
      const found = await resolve(resolver, { address, domain: name, requestHost: name, link })
      return isResolution(found) ? found.clientConfig.servers[0]?.username : undefined
    }
    const { domains } = example
    const withHost = { ...domains, [hostname]: 'maximusconfessor' }
    t.equal(await loginWith(domains, 'example.org', several), 'user0001', 'only the name of a machine')
    t.equal(await loginWith(withHost, 'example.org', several), target)
    t.equal(await loginWith(withHost, hostname, several), target)
    t.equal(await loginWith(domains, hostname, several), target, 'somebody asks about the host name itself')
    t.equal(
      await loginWith(
        { ...domains, 'second.example': 'maximusconfessor' },
        'example.org',
        'a@second.example, b@elsewhere.example',
      ),
      'a@second.example',
      'a domain that is no host name',
    )
  },
)

t.test('a target that is no login name is reported once, without the target', async (t) => {
  const virtual = 'jane@example.org {SHA}secret\njoe@example.org <secret>\nkim@example.org user0001'
  t.strictSame((await findings(t, withFile, { virtual })).warnings, [
    'virtual:1:1 no login name is known for this address: a target is not a login name (and on 1 more line)',
  ])
})

t.test('explain says why an address has no login name, and where', async (t) => {
  const virtual = [
    'two@example.org user0001, user0002',
    'three@example.org user0001, user0002, user0003',
    'alias@example.org two@example.org',
    'pipe@example.org |/usr/bin/vacation',
    'away@example.org away@elsewhere.example',
    'away2@example.org a@elsewhere.example, b@elsewhere.example',
    'far@example.org user0001@vonmuenchhausen.all2all.org',
    'far2@example.org jane@example.net',
    'loop@example.org loop2@example.org',
    'loop2@example.org loop@example.org',
    'reject@example.org REJECT',
    'jane@example.org user0001',
  ].join('\n')
  const file = configFolder(t, withFile, { virtual })
  const explained = async (name: string) => {
    const { stdout } = await run(['explain', `${name}@example.org`, '--config', file])
    return /^logs in as +(.*)$/m.exec(stdout)?.[1]?.replace(/^.*\/(?=virtual)/, '')
  }
  const expected = {
    two: 'virtual:1 has two mailboxes',
    three: 'virtual:2 has several mailboxes',
    alias: 'virtual:1 has two mailboxes',
    pipe: 'virtual:4 delivers to a program',
    away: 'virtual:5 leads to a domain that is not served here',
    away2: 'virtual:6 leads to a domain that is not served here',
    far: 'virtual:7 leads to a mailbox on another host',
    far2: 'virtual:8 leads to a mailbox on another host',
    reject: 'virtual:11 has an instruction for the mail server instead of a login',
    nobody: 'no account of this address is known',
    jane: 'user0001, shown only by a personal link',
  }
  for (const [name, text] of Object.entries(expected)) t.equal(await explained(name), text, name)
  t.match(await explained('loop'), /^virtual:\d+ leads in a circle, or through more than ten aliases$/)
  const resolver = new Resolver(await load(t, example), {
    backends: sourceOf({ 'info@example.org': 'user0001, user0002', 'jane@example.org': 'user0003' }),
  })
  const config = resolver.find(domain('example.org'))
  const why = (localPart: string) =>
    config && resolver.explainLogin({ localPart, domain: domain('example.org') }, config)
  t.equal(await why('info'), 'the answer of the source sql has two mailboxes')
  t.equal(await why('jane'), undefined)
  t.equal(await why('nobody'), undefined)
})
