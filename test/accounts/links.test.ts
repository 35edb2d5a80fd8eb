import { createHmac, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { readLinkKey } from '../../src/links/link-keys.ts'
import { type LinkedPerson, SetupLinks } from '../../src/links/setup-links.ts'
import { settingsLanguages } from '../../src/messages/catalogue.ts'
import { run, runForBytes } from '../support/command.ts'
import { configFolder, domain, example, expectValue, findings, load, openApp } from '../support/example.ts'
import { readPng } from '../support/qr-codes.ts'

const secret = randomBytes(32)
const now = () => new Date('2026-11-24T12:00:00Z')

const accounts = { map: { 'jane@example.org': 'user0001' } }
const links = { url: 'https://setup.all2all.org/', keys: [{ kid: '2026a', secretFile: 'link.key' }] }
const config = { ...example, accounts, links }
const files = { 'link.key': secret as unknown as string }

async function made(
  t: Test,
  args: readonly string[] = [],
  of: object = config,
  more: Record<string, unknown> = files,
) {
  const file = configFolder(t, of, more as Record<string, string>)
  const result = await runForBytes(['link', 'jane@example.org', ...args, '--config', file], now)
  return { ...result, url: result.bytes.toString().trimEnd() }
}

/** A day after `now`, in seconds since 1970. */
const soon = now().getTime() / 1000 + 86_400

type Opened = Awaited<ReturnType<typeof openApp>>
const opened = new WeakMap<Test, { readonly values: readonly unknown[]; readonly app: Promise<Opened> }[]>()

/** One server for all requests of a test with the same configuration, files and clock. */
function appFor(t: Test, of: object, more: Record<string, unknown>, at: () => Date): Promise<Opened> {
  const apps = opened.get(t) ?? []
  opened.set(t, apps)
  const values = [of, more, at]
  const found = apps.find((one) => one.values.every((value, index) => value === values[index]))
  if (found) return found.app
  const app = openApp(t, of, more as Record<string, string>, at)
  apps.push({ values, app })
  return app
}

/** The response to a link. */
async function get(
  t: Test,
  url: string,
  path = '',
  { of = config as object, more = files as Record<string, unknown>, at = now, headers = {} } = {},
) {
  const { app, lines: all } = await appFor(t, of, more, at)
  const before = all.length
  const response = await app.inject({ url: `${new URL(url).pathname}${path}`, headers })
  const lines = all.slice(before)
  return {
    ...response,
    statusCode: response.statusCode,
    headers: response.headers,
    body: response.body,
    lines,
  }
}

const pemOf = (key: KeyObject): Buffer =>
  Buffer.from(key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }))

/** Links with these keys, which must be valid, and the clock of `now`. */
function linksWith(
  keys: readonly [kid: string, kind: 'secret' | 'private' | 'public', bytes: Uint8Array][],
  { leeway = 60, maxDays = 3650, ms = now().getTime() } = {},
): SetupLinks {
  const read = keys.map((key) => expectValue(readLinkKey(...key)))
  return new SetupLinks({ url: 'https://x', keys: read, leeway, maxDays }, () => ms)
}

const ownLinks = (options = {}) => linksWith([['2026a', 'secret', secret]], options)
const jane = { localPart: 'jane', domain: domain('example.org') }

t.test('a token contains the address, the login, the name and the expiry, and no more', async (t) => {
  const ours = ownLinks({ ms: now().getTime() + 999 })
  const partsOf = async (person: Partial<LinkedPerson>) => {
    const url = await ours.make({ address: jane, ...person }, 86_400)
    const [header = '', claims = ''] = url.replace('https://x/setup/', '').split('.')
    const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())
    t.strictSame(decode(header), { alg: 'HS256', kid: '2026a', typ: 'mail-setup+jwt' })
    return decode(claims)
  }
  const plain = { sub: 'jane@example.org', iat: soon - 86_400, exp: soon }
  t.strictSame(await partsOf({}), plain)
  t.strictSame(await partsOf({ login: 'user0001' }), { login: 'user0001', ...plain })
  t.strictSame(await partsOf({ realName: 'Jane Doe' }), { name: 'Jane Doe', ...plain })
  t.equal(ours.maxDays, 3650)
})

/** Characters that no login name and no name contains: of each range, the first and the last, and what is beside it. */
const refused = [
  ...['\u0000', '\t', '\n', '\u000b', '\u000c', '\r', '\u001b', '\u001f'],
  ...['\u007f', '\u0080', '\u0085', '\u009b', '\u009f', '\ud800', '\udbff', '\udc00', '\udfff'],
  ...['\ufffe', '\uffff'],
]
const accepted = [
  ' ',
  '~',
  '\u00a0',
  '\u00ff',
  '\ud7ff',
  '\ue000',
  '\ufffd',
  '\u{1f600}',
  '\u{10ffff}',
  '"',
  '<',
]

t.test('a link is read as it was made, without what no client should show', async (t) => {
  const read = (claims: object, options = {}) =>
    ownLinks(options).read(tokenWith(JSON.stringify({ sub: 'jane@example.org', exp: soon, ...claims })))
  const plain = { address: jane, login: undefined, realName: undefined }
  t.strictSame(await read({}), plain)
  t.strictSame(await read({ login: 'user0001', name: 'Jane Doe' }), {
    address: jane,
    login: 'user0001',
    realName: 'Jane Doe',
  })
  for (const char of refused)
    for (const text of [char, `${char}jane`, `ja${char}ne`, `jane${char}`])
      t.strictSame(await read({ login: text, name: text }), plain, JSON.stringify(text))
  for (const char of accepted) {
    const text = `ja${char}ne`
    t.strictSame(await read({ login: text, name: text }), { ...plain, login: text, realName: text }, text)
  }
  for (const value of ['', 7, true, null, [], ['x'], {}, 'x'.repeat(256)])
    t.strictSame(await read({ login: value, name: value }), plain, JSON.stringify(value))
  const longest = 'x'.repeat(255)
  t.strictSame(await read({ login: longest, name: longest }), { ...plain, login: longest, realName: longest })
  t.strictSame(await read({ name: '\u200b\u202e' }), plain, 'a name that nobody sees is none')
  t.strictSame(await read({ name: 'Jane\u202e \u2066Do\u00ade\ufeff' }), { ...plain, realName: 'Jane Doe' })
  for (const sub of [
    'jane',
    '@example.org',
    'ja\u0000ne@example.org',
    'ja\u009bne@example.org',
    7,
    undefined,
  ])
    t.equal(await read({ sub }), undefined, `sub: ${JSON.stringify(sub)}`)
  t.equal(await read({ exp: undefined }), undefined)
})

t.test('clocks may differ by leeway, before and after the time of a link', async (t) => {
  const at = soon - 86_400
  for (const leeway of [0, 60, 300]) {
    const read = async (claims: object) => {
      const token = tokenWith(JSON.stringify({ sub: 'jane@example.org', exp: soon, ...claims }))
      return (await ownLinks({ leeway, maxDays: 2 }).read(token)) !== undefined
    }
    t.equal(await read({ exp: at - leeway }), false, `expired ${leeway} seconds ago`)
    t.equal(await read({ exp: at - leeway + 1 }), true)
    t.equal(await read({ nbf: at + leeway }), true, `valid in ${leeway} seconds`)
    t.equal(await read({ nbf: at + leeway + 1 }), false)
    t.equal(await read({ exp: at + 2 * 86_400 + leeway }), true)
    t.equal(await read({ exp: at + 2 * 86_400 + leeway + 1 }), false)
    t.equal(await read({ exp: at + 3600, iat: at + 3600 - 2 * 86_400 - leeway }), true)
    t.equal(await read({ exp: at + 3600, iat: at + 3600 - 2 * 86_400 - leeway - 1 }), false)
    t.equal(await read({ exp: at + 2 * 86_400 + leeway + 1, iat: at + 99 }), false, 'made in the future')
  }
})

t.test('the first key that can sign makes links, and a link needs the algorithm of its key', async (t) => {
  const pair = generateKeyPairSync('ed25519')
  const shared = linksWith([
    ['panel', 'public', pemOf(pair.publicKey)],
    ['2026a', 'secret', secret],
    ['panel', 'private', pemOf(pair.privateKey)],
  ])
  t.equal(shared.canSign, true)
  const headerOf = (url: string) =>
    JSON.parse(Buffer.from(url.split('/').at(-1)?.split('.')[0] ?? '', 'base64url').toString())
  t.match(headerOf(await shared.make({ address: jane }, 60)), { kid: '2026a', alg: 'HS256' })
  t.equal(linksWith([['panel', 'public', pemOf(pair.publicKey)]]).canSign, false)
  const url = await linksWith([['panel', 'private', pemOf(pair.privateKey)]]).make({ address: jane }, 60)
  t.match(await shared.read(url.split('/').at(-1) as string), { address: jane })
  const other = linksWith([['panel', 'secret', secret]])
  t.equal(await other.read(url.split('/').at(-1) as string), undefined, 'the key ID of a key of another kind')
})

t.test('a key file is a secret of 32 bytes or a PEM file of its kind', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const noKey = (kind: string, begin: string) => ({
    ok: false,
    error: `contains no ${kind} key; it must be a PEM file that begins with "-----BEGIN ${begin} KEY-----"`,
  })
  t.strictSame(readLinkKey('a', 'private', pemOf(publicKey)), noKey('private', 'PRIVATE'))
  t.strictSame(readLinkKey('a', 'public', secret), noKey('public', 'PUBLIC'))
  t.match(readLinkKey('a', 'private', pemOf(privateKey)), {
    value: { kid: 'a', kind: 'private', alg: 'ES256' },
  })
  t.strictSame(readLinkKey('a', 'secret', secret), {
    ok: true,
    value: { kid: 'a', kind: 'secret', alg: 'HS256', bytes: secret },
  })
  t.strictSame(readLinkKey('a', 'secret', secret.subarray(1)), {
    ok: false,
    error: 'has 31 bytes; a secret must have at least 32',
  })
  const rejected = {
    ok: false,
    error: 'must be an EC key on P-256, P-384 or P-521, an Ed25519 key or an RSA key of at least 2048 bits',
  }
  for (const pair of [
    generateKeyPairSync('rsa', { modulusLength: 2047 }),
    generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
    generateKeyPairSync('ed448'),
    generateKeyPairSync('x25519'),
  ]) {
    t.strictSame(readLinkKey('a', 'public', pemOf(pair.publicKey)), rejected)
    t.strictSame(readLinkKey('a', 'private', pemOf(pair.privateKey)), rejected)
  }
})

t.test('the options of links have limits', async (t) => {
  const errorsOf = async (options: object) =>
    (await findings(t, { ...config, links: { ...links, ...options } }, files)).errors
  const key = (kid: string) => ({ keys: [{ kid, secretFile: 'link.key' }] })
  for (const options of [
    { leeway: 0 },
    { leeway: 3600 },
    { maxDays: 1 },
    { maxDays: 3650 },
    key('!~'),
    key('x'.repeat(64)),
  ])
    t.strictSame(await errorsOf(options), [], JSON.stringify(options))
  const kidError = /^\S+ links\.keys\[0\]\.kid must be 1 to 64 ASCII characters without spaces$/
  for (const [options, error] of [
    [{ leeway: -1 }, /^\S+ links\.leeway must be >= 0$/],
    [{ leeway: 3601 }, /^\S+ links\.leeway must be <= 3600$/],
    [{ leeway: 0.5 }, /^\S+ links\.leeway must be a whole number/],
    [{ maxDays: 0 }, /^\S+ links\.maxDays must be >= 1$/],
    [{ maxDays: 3651 }, /^\S+ links\.maxDays must be <= 3650$/],
    [key(''), kidError],
    [key('x'.repeat(65)), kidError],
    [key('a\u007f'), kidError],
    [key('é'), kidError],
    [{ url: 'ftp://setup.all2all.org/' }, /^\S+ links\.url must be an absolute URL/],
    [{ keys: [{ kid: 'a', secretFile: '' }] }, /^\S+ links\.keys\[0\]\.secretFile must not be empty$/],
    [
      { url: 'ftp://x', keys: [{ kid: 'a b', secretFile: 'missing' }] },
      /^\S+ links\.url must be .*\n\S+ links\.keys\[0\]\.kid must be .*\n\S+ links\.keys\[0\]\.secretFile cannot be read: .*$/,
    ],
    [{ keys: [{ kid: 'a', privateKeyFile: '' }] }, /privateKeyFile must not be empty$/],
    [{ keys: [{ kid: 'a', publicKeyFile: '' }] }, /publicKeyFile must not be empty$/],
    [{ key: 'a' }, /^\S+ links\.key unknown key/],
    [
      { keys: ['a', 'b', 'a', 'b'].map((kid) => ({ kid, secretFile: 'link.key' })) },
      /^autoconfig\.yaml:23:\d+ links\.keys\[2\]\.kid is listed twice \(first at line 19\)\n\S+ links\.keys\[3\]\.kid is listed twice \(first at line 21\)$/,
    ],
  ] as const)
    t.match((await errorsOf(options)).join('\n'), error, JSON.stringify(options))
  const loaded = await load(t, { ...config, links: { ...links, url: 'https://x/mail//' } }, files)
  const { keys: _, ...options } = loaded.links ?? {}
  t.strictSame(options, { url: 'https://x/mail', leeway: 60, maxDays: 3650 })
})

t.test('a link shows the login name in every format', async (t) => {
  const { exitCode, url } = await made(t, ['--name', 'Jane Doe'])
  t.equal(exitCode, 0)
  t.match(url, /^https:\/\/setup\.all2all\.org\/setup\/[\w-]+\.[\w-]+\.[\w-]+$/)
  const expected: Record<string, [string, RegExp]> = {
    '': [
      'text/plain; charset=utf-8',
      /^Mail at all2all mail: jane@example\.org\n[\s\S]*Username +user0001\n[\s\S]*\/mail\.mobileconfig\n/,
    ],
    '/config-v1.1.xml': ['text/xml; charset=utf-8', /<username>user0001<\/username>/],
    '/mail.mobileconfig': [
      'application/x-apple-aspen-config',
      /^(?=[\s\S]*<string>user0001<\/string>)[\s\S]*<string>Jane Doe<\/string>/,
    ],
    '/settings.json': ['application/json; charset=utf-8', /"username": "user0001"/],
    '/thunderbird-qr.svg': ['image/svg+xml', /^<svg/],
    '/thunderbird-qr.png': ['image/png', /PNG/],
    '/apple-qr.svg': ['image/svg+xml', /^<svg/],
    '/apple-qr.png': ['image/png', /PNG/],
  }
  for (const [path, [mediaType, body]] of Object.entries(expected)) {
    const answer = await get(t, url, path)
    t.equal(answer.statusCode, 200, path)
    t.match(answer.headers, {
      'content-type': mediaType,
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
    })
    t.equal(
      answer.headers['content-security-policy'],
      path.endsWith('.svg') ? "default-src 'none'; sandbox" : undefined,
    )
    t.notOk(answer.headers.etag)
    t.match(answer.body, body)
    const token = url.split('/').at(-1) as string
    t.notMatch(answer.lines.join(''), token.slice(-20), 'no token in the log')
    t.notMatch(answer.lines.join(''), /jane|user0001|example\.org/)
    t.match(answer.lines.join(''), '"route":"/setup/:token')
  }
})

t.test('a line of the log about a link has its domain only if the admin wants it', async (t) => {
  const { url } = await made(t, ['--name', 'Jane Doe'])
  for (const domains of [false, true]) {
    const of = { ...config, http: { accessLog: { domains } } }
    for (const path of ['', '/settings.json', '/mail.mobileconfig', '/apple-qr.svg', '/nothing']) {
      const { lines } = await get(t, url, path, { of })
      const logged = lines.map((line) => JSON.parse(line))
      t.equal(logged.length, 1, path)
      t.equal(logged[0].domain, domains && path !== '/nothing' ? 'example.org' : undefined, path)
      t.notMatch(lines.join('').replace('"domain":"example.org"', ''), /jane|doe|user0001|example/i)
    }
  }
})

t.test('a link is answered as JSON to clients that prefer JSON, and as text to all others', async (t) => {
  const { url } = await made(t, ['--name', 'Jane Doe'])
  const json = await get(t, url, '/settings.json')
  const text = await get(t, url)
  t.notOk(json.headers.vary, 'settings.json has only one representation')
  const preferringJson = [
    'application/json',
    'application/json; charset=utf-8',
    'application/json, text/plain, */*',
    'application/json, */*;q=0.5',
    'text/plain;q=0.5, application/json',
    'text/html;q=0.1, text/*;q=0.1, application/json;q=0.2',
    'application/xml, application/json;q=0.9',
  ]
  for (const accept of preferringJson) {
    const answer = await get(t, url, '', { headers: { accept } })
    t.equal(answer.statusCode, 200, accept)
    t.same(answer.rawPayload, json.rawPayload, accept)
    const expected = { ...json.headers, date: answer.headers.date, vary: 'Accept' }
    t.strictSame({ ...answer.headers }, expected, accept)
  }
  const preferringText = [
    undefined,
    '',
    '*/*',
    'text/plain',
    'text/plain, application/json',
    'text/*, application/json',
    'application/json;q=0.5, */*;q=0.8',
    'application/json;q=0',
    'application/xml',
    '*/*, text/html;q=0.9',
  ]
  for (const accept of preferringText) {
    const answer = await get(t, url, '', { headers: accept === undefined ? {} : { accept } })
    const name = accept ?? 'no Accept'
    t.equal(answer.statusCode, 200, name)
    t.same(answer.rawPayload, text.rawPayload, name)
    const expected = {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      vary: 'Accept',
    }
    t.match(answer.headers, expected, name)
  }
})

t.test('an invalid link gets the same text in every representation', async (t) => {
  for (const accept of ['application/json', '*/*']) {
    const { statusCode, headers, body } = await get(t, 'https://x/setup/a.b.c', '', { headers: { accept } })
    t.equal(statusCode, 404)
    t.match(headers, { 'content-type': 'text/plain; charset=utf-8', vary: 'Accept' })
    t.match(body, /^This link has expired or is incomplete\./)
  }
})

/** The first words of each error, by language. */
const errors: Readonly<Record<string, readonly [invalid: string, unknown: string, unavailable: string]>> = {
  en: ['This link has expired', 'At the moment, there are no mail settings', 'This file is not available'],
  fr: ['Ce lien a expiré', 'Il n’y a pas de paramètres de messagerie', 'Ce fichier n’est pas disponible'],
  nl: ['Deze link is verlopen', 'Er zijn op dit moment geen', 'Dit bestand is niet beschikbaar'],
  de: [
    'Dieser Link ist abgelaufen',
    'Für die Domain dieses Links',
    'Diese Datei gibt es für Ihr Postfach nicht',
  ],
  es: ['Este enlace ha caducado', 'En este momento no hay ajustes', 'Este archivo no está disponible'],
  it: ['Questo link è scaduto', 'Al momento non ci sono impostazioni', 'Questo file non è disponibile'],
  pt: ['Esta ligação expirou', 'Neste momento, não há configurações', 'Este ficheiro não está disponível'],
}

t.test('errors are in the language of the person and say what to do', async (t) => {
  t.strictSame(Object.keys(errors), settingsLanguages)
  const maximusconfessor = { ...example.hosts.maximusconfessor, servers: ['imaps', 'submissions'] }
  const of = { ...config, hosts: { ...example.hosts, maximusconfessor } }
  const { url } = await made(t, [], of)
  const moved = { ...config, domains: { 'example.net': 'vonmuenchhausen' } }
  for (const [language, [invalid, unknown, unavailable]] of Object.entries(errors)) {
    const headers = { 'accept-language': `${language}-XX, nl;q=0.5` }
    const answers: [string, string, Awaited<ReturnType<typeof get>>][] = [
      ['an invalid link', invalid, await get(t, 'https://x/setup/a.b.c', '', { headers })],
      ['an invalid file', invalid, await get(t, 'https://x/setup/a.b.c', '/settings.json', { headers })],
      ['?lang=', invalid, await get(t, 'https://x/setup/a.b.c', `?lang=${language}`)],
      ['?language=', invalid, await get(t, 'https://x/setup/a.b.c', `/apple-qr.svg?language=${language}`)],
      ['an unknown domain', unknown, await get(t, url, '', { headers, of: moved })],
      ['no POP3', unavailable, await get(t, url, '/mail.mobileconfig?protocol=pop3', { headers, of })],
    ]
    for (const [name, start, answer] of answers) {
      t.equal(answer.statusCode, 404, `${language}, ${name}`)
      t.match(answer.headers, {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': String(answer.rawPayload.length),
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex',
      })
      t.ok(answer.body.startsWith(start), answer.body)
      t.match(answer.body, /^[^\n]+\. [^\n]+\.\n$/, 'a line with what to do')
      t.notMatch(answer.body, /mail-autoconfig|explain/)
    }
  }
})

t.test('errors are in English for people who ask for no language that is there', async (t) => {
  for (const headers of [{}, { 'accept-language': 'ru, *;q=0.1' }]) {
    const { body } = await get(t, 'https://x/setup/a.b.c', '?lang=%00', { headers })
    t.match(body, /^This link has expired/)
  }
})

t.test('the text is in the language of the browser', async (t) => {
  const { url } = await made(t)
  const { body } = await get(t, url, '', { headers: { 'accept-language': 'nl-BE, fr' } })
  t.match(body, /^E-mail bij all2all mail: jane@example\.org\n[\s\S]*Gebruikersnaam +user0001/)
  for (const language of ['de', 'es', 'fr', 'it', 'pt']) {
    const answer = await get(t, url, '', { headers: { 'accept-language': language } })
    t.notMatch(answer.body, /^Mail at/)
    t.match(answer.body, /jane@example\.org\n[\s\S]*user0001/)
  }
})

t.test(
  'the text names the page where people must enable IMAP, with its instruction if there is one',
  async (t) => {
    const bodyWith = async (enable: object) => {
      const maximusconfessor = { ...example.hosts.maximusconfessor, enable }
      const of = { ...config, hosts: { ...example.hosts, maximusconfessor } }
      const { url } = await made(t, [], of)
      return (await get(t, url, '', { of })).body
    }
    const visiturl = 'https://all2all.org/settings'
    t.match(await bodyWith({ visiturl }), /^.+: https:\/\/all2all\.org\/settings\n\n/m)
    const instruction = { en: 'Switch IMAP on' }
    t.match(
      await bodyWith({ visiturl, instruction }),
      /^.+: https:\/\/all2all\.org\/settings\n {2}Switch IMAP on\n\n/m,
    )
  },
)

t.test('the login name in a link has precedence, and POP3 can be requested', async (t) => {
  const { url } = await made(t, ['--login', 'user0002'])
  t.match((await get(t, url, '/settings.json')).body, /"username": "user0002"/)
  t.match((await get(t, url, '/mail.mobileconfig?protocol=pop3')).body, /EmailTypePOP/)
  const [plainCode, pop3Code] = [
    await get(t, url, '/apple-qr.svg'),
    await get(t, url, '/apple-qr.svg?protocol=pop3'),
  ]
  t.not(pop3Code.body, plainCode.body)
  const { publicName: _, ...rest } = { publicName: '', ...config }
  const unmapped = { ...rest, accounts: undefined }
  const plain = await made(t, [], unmapped)
  t.match(plain, { exitCode: 0, stderr: '' })
  t.match(
    (await get(t, plain.url, '/config-v1.1.xml', { of: unmapped })).body,
    '<username>%EMAILADDRESS%</username>',
  )
})

t.test('a link leads to a profile of mail alone if it is asked for', async (t) => {
  const services = { caldav: 'https://dav.example.org/cal/' }
  const of = {
    ...config,
    hosts: { ...example.hosts, maximusconfessor: { ...example.hosts.maximusconfessor, services } },
  }
  const { url } = await made(t, [], of)
  const ask = (path: string) => get(t, url, path, { of })
  t.match((await ask('/mail.mobileconfig')).body, 'CalDAVHostName')
  const { body } = await ask('/mail.mobileconfig?only=mail')
  t.match(body, '<string>user0001</string>')
  t.notMatch(body, 'CalDAV')
  const profile = `${url}/mail.mobileconfig`
  for (const query of ['', '?only=mail', '?protocol=imap&only=mail'])
    t.equal(readPng((await ask(`/apple-qr.png${query}`)).rawPayload), `${profile}${query}`)
})

t.test('an address without a known login name gets a link only with --login', async (t) => {
  const file = configFolder(t, config, files)
  const link = async (...args: string[]) => {
    const { bytes, ...rest } = await runForBytes(['link', ...args, '--config', file], now)
    return { ...rest, stdout: bytes.toString() }
  }
  t.strictSame(await link('typo@example.org'), {
    exitCode: 1,
    stdout: '',
    stderr: 'the login name of typo@example.org is not known; use --login LOGIN\n',
  })
  const { exitCode, stdout } = await link('typo@example.org', '--login', 'user0007')
  t.equal(exitCode, 0)
  t.match((await get(t, stdout.trimEnd())).body, /Username +user0007/)
})

t.test('link makes links for several addresses, as lines or as JSON', async (t) => {
  const file = configFolder(t, config, files)
  const link = async (...args: string[]) => {
    const { bytes, ...rest } = await runForBytes(['link', ...args, '--config', file], now)
    return { ...rest, stdout: bytes.toString() }
  }
  const asked = ['jane@example.org', 'typo@example.org', 'info@example.net']
  const lines = await link(...asked)
  t.match(lines, { exitCode: 1, stderr: /^the login name of typo@example\.org is not known; .*\n$/ })
  t.match(lines.stdout, /^jane@example\.org https:\S+\ninfo@example\.net https:\S+\n$/)
  const json = await link(...asked, '--json')
  t.equal(json.exitCode, 1)
  t.match(JSON.parse(json.stdout), {
    links: [
      { address: 'jane@example.org', url: /^https:/ },
      { address: 'info@example.net', url: /^https:/ },
    ],
  })
  t.match(await link(...asked, '--name', 'Jane'), {
    exitCode: 2,
    stderr: '--login and --name are of one person; use them with one address\n',
  })
})

t.test('a link expires, and clocks may differ by a minute', async (t) => {
  const { url } = await made(t, ['--days', '2'])
  const at = (text: string) => ({ at: () => new Date(text) })
  t.equal((await get(t, url, '', at('2026-11-26T12:00:30Z'))).statusCode, 200)
  const late = await get(t, url, '', at('2026-11-26T12:01:30Z'))
  t.equal(late.statusCode, 404)
  t.match(late.body, /^This link has expired or is incomplete\. Copy the whole link .*\n$/)
  t.match(late.headers, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
})

t.test('a token that is forged, altered, or signed for another purpose is rejected', async (t) => {
  const { url } = await made(t)
  const token = url.split('/').at(-1) as string
  const [head = '', body = '', signature = ''] = token.split('.')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { sub: 'jane@example.org', exp: soon }
  const sign = (header: object, payload: object, key = secret) =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg: 'HS256', ...header }).sign(key)
  const good = await sign({ kid: '2026a', typ: 'mail-setup+jwt' }, claims)
  t.equal(
    (await get(t, `https://x/setup/${good}`)).statusCode,
    200,
    'a control panel with the same secret can create links',
  )
  const bad: Record<string, string> = {
    'another body': `${head}.${encode({ ...claims, login: 'root' })}.${signature}`,
    'a letter less': token.slice(0, -2),
    'no signature': `${encode({ alg: 'none', kid: '2026a', typ: 'mail-setup+jwt' })}.${encode(claims)}.`,
    'another key': await sign({ kid: '2026a', typ: 'mail-setup+jwt' }, claims, randomBytes(32)),
    'another kid': await sign({ kid: '2025a', typ: 'mail-setup+jwt' }, claims),
    'no kid': await sign({ typ: 'mail-setup+jwt' }, claims),
    'another algorithm': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS512', kid: '2026a', typ: 'mail-setup+jwt' })
      .sign(randomBytes(64)),
    'another purpose': await sign({ kid: '2026a', typ: 'JWT' }, claims),
    'no purpose': await sign({ kid: '2026a' }, claims),
    'no end': await sign({ kid: '2026a', typ: 'mail-setup+jwt' }, { sub: 'jane@example.org' }),
    nobody: await sign({ kid: '2026a', typ: 'mail-setup+jwt' }, { exp: soon }),
    'no address': await sign({ kid: '2026a', typ: 'mail-setup+jwt' }, { ...claims, sub: 'jane' }),
    'not yet': await sign({ kid: '2026a', typ: 'mail-setup+jwt' }, { ...claims, nbf: soon - 60 }),
    'no token': 'x',
    nonsense: 'a.b.c',
    'a body alone': body,
    'a JWS by hand with a body that is no JSON': (() => {
      const start = `${encode({ alg: 'HS256', kid: '2026a', typ: 'mail-setup+jwt' })}.${Buffer.from('{').toString('base64url')}`
      return `${start}.${createHmac('sha256', secret).update(start).digest('base64url')}`
    })(),
  }
  for (const [name, forged] of Object.entries(bad)) {
    const { statusCode, body: text, lines } = await get(t, `https://x/setup/${forged}`)
    t.equal(statusCode, 404, name)
    t.match(text, /^This link has expired or is incomplete\./)
    t.notMatch(lines.join(''), /"level":50/)
  }
  const elsewhere = await sign(
    { kid: '2026a', typ: 'mail-setup+jwt' },
    { ...claims, sub: 'jane@elsewhere.example' },
  )
  t.equal((await get(t, `https://x/setup/${elsewhere}`)).statusCode, 404, 'of a domain that is not served')
  const odd = await sign({ kid: '2026a', typ: 'mail-setup+jwt' }, { ...claims, login: 7, name: 'a\nb' })
  t.match((await get(t, `https://x/setup/${odd}`, '/settings.json')).body, '"username": "user0001"')
})

/** A token with these claims as JSON, which may be what no library writes. */
function tokenWith(claims: string): string {
  const encode = (text: string) => Buffer.from(text).toString('base64url')
  const start = `${encode('{"alg":"HS256","kid":"2026a","typ":"mail-setup+jwt"}')}.${encode(claims)}`
  return `${start}.${createHmac('sha256', secret).update(start).digest('base64url')}`
}

const statusOf = async (t: Test, claims: string, of: object = config): Promise<number> => {
  const { statusCode, lines } = await get(t, `https://x/setup/${tokenWith(claims)}`, '', { of })
  t.notMatch(lines.join(''), /"level":50/, claims)
  return statusCode
}

t.test('claims of the wrong type are an invalid link, not a bug', async (t) => {
  for (const value of ['7', '0', 'true', 'null', '[]', '["jane@example.org"]', '{}', '{"__proto__":1}', '""'])
    t.equal(await statusOf(t, `{"sub":${value},"exp":${soon}}`), 404, `sub: ${value}`)
  for (const value of ['"soon"', 'null', '[]', '{}', '1e999', '-1e999', '1e300', `"${soon}"`]) {
    t.equal(await statusOf(t, `{"sub":"jane@example.org","exp":${value}}`), 404, `exp: ${value}`)
  }
  for (const claim of ['iat', 'nbf'])
    for (const value of ['"soon"', 'null', '[]', '{}'])
      t.equal(
        await statusOf(t, `{"sub":"jane@example.org","exp":${soon},"${claim}":${value}}`),
        404,
        `${claim}: ${value}`,
      )
  t.equal(await statusOf(t, `{"sub":"jane@example.org","exp":${soon},"iat":-1e999}`), 404, 'valid for ever')
  t.equal(await statusOf(t, `{"sub":"jane@example.org","exp":${soon},"__proto__":{"login":"root"}}`), 200)
  for (const claims of ['[]', '7', 'null', '"jane@example.org"'])
    t.equal(await statusOf(t, claims), 404, claims)
})

t.test('a link of another system is valid for at most maxDays', async (t) => {
  const day = 86_400
  const begin = soon - day
  const claims = (seconds: number, more = '') => `{"sub":"jane@example.org","exp":${begin + seconds}${more}}`
  for (const maxDays of [undefined, 30]) {
    const of = { ...config, links: { ...links, ...(maxDays && { maxDays }) } }
    const longest = (maxDays ?? 3650) * day
    t.equal(await statusOf(t, claims(longest + 60), of), 200, 'clocks differ')
    t.equal(await statusOf(t, claims(longest + 61), of), 404)
    t.equal(await statusOf(t, claims(longest + 61, `,"iat":${begin + day}`), of), 404, 'made in the future')
    t.equal(await statusOf(t, claims(longest - 20 * day, `,"iat":${begin - 20 * day}`), of), 200)
    t.equal(
      await statusOf(t, claims(longest - 10 * day, `,"iat":${begin - 20 * day}`), of),
      404,
      'made long ago',
    )
  }
  const of = { ...config, links: { ...links, maxDays: 30, leeway: 300 } }
  t.equal(await statusOf(t, claims(30 * day + 300), of), 200, 'clocks may differ by leeway')
  t.equal(await statusOf(t, claims(30 * day + 301), of), 404)
})

t.test('link makes no link for more than maxDays', async (t) => {
  const of = { ...config, links: { ...links, maxDays: 30 } }
  t.equal((await made(t, ['--days', '30'], of)).exitCode, 0)
  t.match(await made(t, ['--days', '31'], of), {
    exitCode: 2,
    stderr: '--days must be at most 30, as links.maxDays says\n',
  })
})

t.test('leeway is the number of seconds that clocks may differ', async (t) => {
  const { url } = await made(t, ['--days', '2'])
  for (const [leeway, at, status] of [
    [0, '2026-11-26T11:59:59Z', 200],
    [0, '2026-11-26T12:00:00Z', 404],
    [300, '2026-11-26T12:04:59Z', 200],
    [300, '2026-11-26T12:05:00Z', 404],
  ] as const) {
    const of = { ...config, links: { ...links, leeway } }
    t.equal((await get(t, url, '', { of, at: () => new Date(at) })).statusCode, status, `${leeway} ${at}`)
  }
})

t.test('a login or a name that no client should show is ignored', async (t) => {
  const shown = async (claim: object) => {
    const token = tokenWith(JSON.stringify({ sub: 'jane@example.org', exp: soon, ...claim }))
    const json = JSON.parse((await get(t, `https://x/setup/${token}`, '/settings.json')).body)
    const profile = (await get(t, `https://x/setup/${token}`, '/mail.mobileconfig')).body
    const name = /<key>EmailAccountName<\/key>\s*<string>([^<]*)</.exec(profile)?.[1]
    return {
      login: json.incoming?.[0]?.username ?? /"username": "([^"]*)"/.exec(JSON.stringify(json, null, 1))?.[1],
      name,
    }
  }
  const plain = { login: 'user0001', name: undefined }
  for (const text of [
    ...['', 'a\nb', 'a\r', '\u0000', 'a\u001b[2J', 'a\u0085b', 'a\u009b2J', 'a\ufffe'],
    'x'.repeat(256),
  ]) {
    t.strictSame(await shown({ name: text }), plain, `name ${JSON.stringify(text)}`)
    t.strictSame(await shown({ login: text }), plain, `login ${JSON.stringify(text)}`)
  }
  for (const value of [7, true, null, [], ['root'], {}]) {
    t.strictSame(await shown({ name: value }), plain, `name ${JSON.stringify(value)}`)
    t.strictSame(await shown({ login: value }), plain, `login ${JSON.stringify(value)}`)
  }
  for (const login of ['a\u202eb', 'a\u200bb']) t.strictSame(await shown({ login }), plain, 'invisible')
  t.strictSame(await shown({ name: 'Jane\u202e \u200bDoe' }), { login: 'user0001', name: 'Jane Doe' })
  t.strictSame(await shown({ name: '\u200b\u202e' }), plain)
  t.strictSame(await shown({ login: 'x'.repeat(255), name: 'y'.repeat(255) }), {
    login: 'x'.repeat(255),
    name: 'y'.repeat(255),
  })
})

t.test('the secret of links has at least 32 bytes', async (t) => {
  const errorsOf = async (bytes: string) => (await findings(t, config, { 'link.key': bytes })).errors
  t.strictSame(await errorsOf('x'.repeat(32)), [])
  t.match(await errorsOf('x'.repeat(31)), [
    /secretFile link\.key has 31 bytes; a secret must have at least 32$/,
  ])
  t.match(await errorsOf(''), [/secretFile link\.key /])
})

t.test('without keys there are no links', async (t) => {
  const { url } = await made(t)
  const { accounts: _, links: __, ...plain } = config
  t.equal((await get(t, url, '', { of: plain })).statusCode, 404)
  t.match(await made(t, [], plain), {
    exitCode: 1,
    stderr: /links is missing: set the URL of this service and a key to sign links with/,
  })
})

t.test('the first key signs and all keys verify, so that a key can be replaced', async (t) => {
  const { url: old } = await made(t)
  const keys = [{ kid: '2026b', secretFile: 'new.key' }, ...links.keys]
  const both = { ...config, links: { ...links, keys } }
  const more = { ...files, 'new.key': randomBytes(40) }
  const { url } = await made(t, [], both, more)
  t.match(Buffer.from(url.split('/').at(-1)?.split('.')[0] ?? '', 'base64url').toString(), '"kid":"2026b"')
  t.equal((await get(t, old, '', { of: both, more })).statusCode, 200)
  t.equal((await get(t, url, '', { of: both, more })).statusCode, 200)
  const after = { ...config, links: { ...links, keys: keys.slice(0, 1) } }
  t.equal((await get(t, old, '', { of: after, more })).statusCode, 404)
})

t.test('another secret of the same length and time replaces the first with the next reload', async (t) => {
  const { app, live, file } = await openApp(t, config, files, now)
  const statusOf = async (token: string) => (await app.inject({ url: `/setup/${token}` })).statusCode
  const key = join(dirname(file), 'link.key')
  t.ok(
    live.files.some((name) => name.endsWith('/link.key')),
    'the key is watched',
  )
  const next = randomBytes(32)
  const tokenBy = async (bytes: Uint8Array) =>
    (await linksWith([['2026a', 'secret', bytes]]).make({ address: jane }, 60)).split('/').at(-1) as string
  t.equal(await statusOf(await tokenBy(secret)), 200)
  t.equal(await statusOf(await tokenBy(next)), 404)
  const { atime, mtime } = statSync(key)
  writeFileSync(key, next)
  utimesSync(key, atime, mtime)
  await live.reload()
  t.equal(await statusOf(await tokenBy(secret)), 404)
  t.equal(await statusOf(await tokenBy(next)), 200)
})

const keyPairs = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

for (const [alg, generate] of Object.entries(keyPairs)) {
  t.test(`a control panel creates links with ${alg} without sharing a secret`, async (t) => {
    const { privateKey, publicKey } = generate()
    const more = {
      'panel.key': privateKey.export({ type: 'pkcs8', format: 'pem' }),
      'panel.pub': publicKey.export({ type: 'spki', format: 'pem' }),
    }
    const ours = { ...config, links: { ...links, keys: [{ kid: 'panel', publicKeyFile: 'panel.pub' }] } }
    const theirs = { ...config, links: { ...links, keys: [{ kid: 'panel', privateKeyFile: 'panel.key' }] } }
    const { url } = await made(t, [], theirs, more)
    t.match((await get(t, url, '/settings.json', { of: ours, more })).body, '"username": "user0001"')
    t.match(await made(t, [], ours, more), {
      exitCode: 1,
      stderr: /links\.keys contains only public keys; create links where the private key is/,
    })
    // Everyone knows the public key, so it must not be accepted as a secret.
    const forged = await new SignJWT({ sub: 'jane@example.org', exp: soon })
      .setProtectedHeader({ alg: 'HS256', kid: 'panel', typ: 'mail-setup+jwt' })
      .sign(Buffer.from(more['panel.pub']))
    t.equal((await get(t, `https://x/setup/${forged}`, '', { of: ours, more })).statusCode, 404)
  })
}

t.test('invalid keys are errors with their place', async (t) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const cases: [object[], Record<string, unknown>, RegExp][] = [
    [
      [{ kid: 'a', secretFile: 'a.key' }],
      {},
      /links\.keys\[0\]\.secretFile cannot be read: there is no such file/,
    ],
    [
      [{ kid: 'a', secretFile: 'a.key' }],
      { 'a.key': 'short' },
      /links\.keys\[0\]\.secretFile a\.key has 5 bytes; a secret must have at least 32/,
    ],
    [
      [{ kid: 'a', privateKeyFile: 'a.key' }],
      { 'a.key': 'x' },
      /privateKeyFile a\.key contains no private key; it must be a PEM file that begins with "-----BEGIN PRIVATE KEY-----"/,
    ],
    [[{ kid: 'a', publicKeyFile: 'a.key' }], { 'a.key': 'x' }, /publicKeyFile a\.key contains no public key/],
    [
      [{ kid: 'a', publicKeyFile: 'a.key' }],
      { 'a.key': publicKey.export({ type: 'spki', format: 'pem' }) },
      /must be an EC key on P-256, P-384 or P-521, an Ed25519 key or an RSA key/,
    ],
    [
      [{ kid: 'a', publicKeyFile: 'a.key' }],
      { 'a.key': generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'pem' }) },
      /must be an EC key/,
    ],
    [
      [{ kid: 'a' }],
      {},
      /links\.keys\[0\] must have exactly one of secretFile, privateKeyFile, publicKeyFile/,
    ],
    [[{ kid: 'a', secretFile: 'x', publicKeyFile: 'y' }], {}, /links\.keys\[0\] must have exactly one of/],
    [
      [{ kid: 'a b', secretFile: 'link.key' }],
      files,
      /links\.keys\[0\]\.kid must be 1 to 64 ASCII characters without spaces/,
    ],
    [[...links.keys, ...links.keys], files, /links\.keys\[1\]\.kid is listed twice \(first at line 20\)/],
    [[], {}, /links\.keys must not be empty/],
  ]
  for (const [keys, more, error] of cases) {
    const { errors } = await findings(
      t,
      { ...config, links: { ...links, keys } },
      more as Record<string, string>,
    )
    t.match(errors.join('\n'), error)
  }
})

t.test('wrong usage of the command is an error', async (t) => {
  const file = configFolder(t, config, files)
  const cases: [string[], RegExp][] = [
    [['jane'], /^the argument is not an address; write /],
    [['jane@example.org', '--days', '0'], /must be a number of days from 1 to 3650/],
    [['jane@example.org', '--name', ''], /--name must be one line of at most 255 characters/],
    [['jane@example.org', '--login', 'a\nb'], /--login must be one line/],
    [
      ['jane@example.org', '--login', 'user\u200b1'],
      /--login must be one line .*, without invisible ones; type it again/,
    ],
    [['jane@example.org', '--name', 'Jane\u202eeoD'], /--name must be one line .*, without invisible ones/],
    [['jane@example.org', '--name', 'Jane\u009b2J'], /--name must be one line/],
    [['jane@example.org', '--name', 'x'.repeat(256)], /--name must be one line of at most 255 characters/],
    [['jane@example.org', '--login', 'jane doe'], /--login must be one login name; put .* in double quotes/],
    [
      ['jane@example.org', '--login', 'EXAMPLE\\jane'],
      /--login must be a login name, but it has a target that is not a login/,
    ],
    [['jane@example.org', '--login', ','], /--login must be a login name, but it/],
    [
      ['jane@example.org', '--login', '|vacation'],
      /--login must be a login name, but it delivers to a program/,
    ],
    [['jane@elsewhere.example'], /no host serves elsewhere\.example/],
  ]
  for (const [args, message] of cases) {
    const { exitCode, stderr } = await run(['link', ...args, '--config', file])
    t.match(stderr, message)
    t.not(exitCode, 0)
  }
})
