import fc from 'fast-check'
import t from 'tap'
import {
  type Domain,
  inULabels,
  parseDomain,
  parseEmailAddress,
  spellingOf,
} from '../../src/model/address.ts'
import {
  displayNameWarnings,
  documentationWarnings,
  isMisreadLogin,
  serverWarnings,
  serviceWarnings,
  usernameWarnings,
} from '../../src/model/client-warnings.ts'
import { ConfigError, formatDiagnostic, totalOf } from '../../src/model/diagnostic.ts'
import { Durations } from '../../src/model/durations.ts'
import { lookupOf, withoutPerson } from '../../src/model/lookup.ts'
import { hostnameWarnings, mayBeOdd, oddityOf } from '../../src/model/name-warnings.ts'
import { isOneLine, printable } from '../../src/model/one-line.ts'
import { setupPath } from '../../src/model/paths.ts'
import {
  fillDomain,
  fillPlaceholders,
  loginFrom,
  loginOf,
  placeholders,
  unknownPlaceholders,
} from '../../src/model/placeholders.ts'
import { failure, success } from '../../src/model/result.ts'
import { serversFor, writtenDocumentation, writtenServers } from '../../src/model/safe-shape.ts'
import { domainOfServiceName, serviceNamePattern, withoutServiceName } from '../../src/model/service-names.ts'
import { isPersonal, partsOf, serviceUrlOf, urlServices } from '../../src/model/service-urls.ts'
import {
  type Authentication,
  accountSettings,
  type ClientConfig,
  type ServerTemplate,
} from '../../src/model/settings.ts'
import { dateOf, daysLeft, leastDaysLeft } from '../../src/model/validity.ts'
import { withoutInvisible } from '../../src/model/visible-text.ts'

/** The words of `src/model`, each without a configuration and a server. */

const domain = (name: string) => parseDomain(name) as Domain
const org = domain('example.org')
const jane = { localPart: 'jane', domain: org }

t.test('a domain, a label and a local part have a maximum length', async (t) => {
  const longest = `${'a.'.repeat(126)}a`
  t.equal(parseDomain(longest), longest, '253 characters')
  t.equal(parseDomain(`${longest}.`), longest)
  t.equal(parseDomain(`${longest}a`), undefined)
  t.equal(parseDomain(`A${longest}`), undefined)
  const label = 'a'.repeat(63)
  t.equal(parseDomain(`${label}.b.${label}`), `${label}.b.${label}`)
  t.equal(parseDomain(`a${label}.b`), undefined)
  t.equal(parseDomain(`b.a${label}`), undefined)
  // Characters of no width are removed.
  const spelled = (length: number) => `a${'\u00ad'.repeat(length - 9)}.example`
  t.equal(parseDomain(spelled(2277)), 'a.example')
  t.equal(parseDomain(spelled(2278)), undefined)
  t.match(parseEmailAddress(`${'x'.repeat(256)}@example.org`), { localPart: 'x'.repeat(256) })
  t.equal(parseEmailAddress(`${'x'.repeat(257)}@example.org`), undefined)
  t.match(parseEmailAddress('+x@example.org'), { localPart: '+x' }, 'an extension alone is a local part')
  t.match(parseEmailAddress('a@b@example.org'), { localPart: 'a@b' })
  t.equal(parseEmailAddress('a\nb@example.org'), undefined)
})

t.test('the spelling of a name is that of its labels', async (t) => {
  const spelling = (text: string) => spellingOf((index) => text.charCodeAt(index), 0, text.length)
  for (const [expected, texts] of [
    ['plain', 'a 1a a1 a-1 1-1 1-a.b 1.a a.1a a.b1 a.1-2 yn--a xm--a axn--a a.yxn--a x--n az.09a xn-a xn'],
    ['A-labels', 'xn--a a.xn--b xn--a.b xn--a-b.c'],
    [undefined, '1 1.2 a.1 a.12 . .a a. a..b - a- -a a.-b a.b- a-.b A aZ a/b a:b a`b a{b a_b a@b xn-- a,b'],
  ] as const)
    for (const text of texts.split(' ')) t.equal(spelling(text), expected, text)
  t.equal(spelling(''), undefined)
  const far = `${'.'.repeat(300)}example.org.`
  t.equal(
    spellingOf((index) => far.charCodeAt(index), 300, far.length - 1),
    'plain',
  )
  for (const text of ['EXAMPLE.org', 'b\u00fccher.example', '1.2', 'a_b.example'])
    t.equal(parseDomain(text), { E: 'example.org', b: 'xn--bcher-kva.example' }[text[0] as string], text)
  for (const char of '\u0000\t\u001f !"#$%&\'()*+,/:;<=>?@[\\]^_`{|}~\u007f')
    t.equal(parseDomain(`a${char}b.example`), undefined, JSON.stringify(char))
  t.equal(inULabels(domain('b\u00fccher.example')), 'b\u00fccher.example')
  t.equal(inULabels(org), undefined)
})

t.test('names of services are taken from host names of three labels or more', async (t) => {
  for (const [host, name, ofService] of [
    ['autoconfig.example.org', 'example.org', 'example.org'],
    ['autodiscover.example.org', 'example.org', 'example.org'],
    ['ua-auto-config.example.org', 'example.org', 'example.org'],
    ['www.example.org', 'example.org', undefined],
    ['autoconfig.org', 'autoconfig.org', 'org'],
    ['www.org', 'www.org', undefined],
    ['autoconfigs.example.org', 'autoconfigs.example.org', undefined],
    ['a.autoconfig.example.org', 'a.autoconfig.example.org', undefined],
    ['autoconfig.www.example.org', 'www.example.org', 'www.example.org'],
    ['example.org', 'example.org', undefined],
  ] as const) {
    t.equal(withoutServiceName(domain(host)), name, host)
    t.equal(domainOfServiceName(domain(host)), ofService, host)
  }
  t.equal(serviceNamePattern, '(?:autoconfig|autodiscover|ua-auto-config|www)')
  t.equal(setupPath('x'), '/setup/:token/x')
})

t.test('placeholders are filled in, and a login needs the address only if it has one', async (t) => {
  t.strictSame(placeholders, ['%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILDOMAIN%'])
  t.equal(
    fillPlaceholders('%EMAILADDRESS% %EMAILLOCALPART% %EMAILDOMAIN% %X% %a% %%', jane),
    'jane@example.org jane example.org %X% %a% %%',
  )
  t.equal(
    fillDomain('%EMAILDOMAIN%.%EMAILDOMAIN%.%EMAILADDRESS%', org),
    'example.org.example.org.%EMAILADDRESS%',
  )
  t.equal(loginFrom('user', undefined), 'user')
  t.equal(loginFrom('%EMAILADDRESS%', undefined), undefined)
  t.equal(loginFrom('x%EMAILLOCALPART%', jane), 'xjane')
  const clientConfig = {} as ClientConfig
  t.equal(loginOf('%EMAILDOMAIN%', { address: jane, clientConfig }), 'example.org')
  const hidden = { hidesLogins: true } as ClientConfig
  t.equal(loginOf('%EMAILDOMAIN%', { address: jane, clientConfig: hidden }), undefined)
  t.equal(loginOf('user', { address: jane, clientConfig: hidden }), 'user')
  t.strictSame(unknownPlaceholders('%EMAIL% %EMAILDOMAIN% %user% 100% %1%'), ['%EMAIL%', '%user%'])
  t.strictSame(unknownPlaceholders('user'), [])
})

t.test('the settings of a domain contain the person, but no address of another domain', async (t) => {
  const clientConfig = {} as ClientConfig
  const person = { realName: 'Jane', incoming: 'pop3' } as const
  const net = domain('example.net')
  t.strictSame(accountSettings(org, clientConfig, { ...person, address: jane }), {
    ...person,
    address: jane,
    domain: org,
    clientConfig,
  })
  t.strictSame(accountSettings(net, clientConfig, { ...person, address: jane }), {
    ...person,
    domain: net,
    clientConfig,
  })
  t.strictSame(accountSettings(org, clientConfig), { domain: org, clientConfig })
  const lookup = lookupOf({
    address: jane,
    realName: 'Jane',
    requestHost: net,
    emailMd5: 'x',
    link: { login: 'a' },
  })
  t.strictSame(lookup.link, { login: 'a' })
  t.strictSame(lookup.person(), { address: jane, realName: 'Jane' })
  const { domain: name, link, ...rest } = withoutPerson(lookup)
  t.strictSame(
    [name, link, rest.requestHost(), rest.person(), rest.emailMd5()],
    ['example.org', undefined, 'example.net', {}, undefined],
  )
  t.equal('link' in withoutPerson(lookup), false)
  t.equal(lookupOf({}).domain, undefined)
})

const server: ServerTemplate = {
  type: 'imap',
  hostname: 'mail.%EMAILDOMAIN%',
  port: 993,
  socketType: 'SSL',
  authentication: ['password-cleartext'],
  username: '%EMAILADDRESS%',
}
const smtp: ServerTemplate = { ...server, type: 'smtp', port: 465 }
const host = (shape: 'safe' | 'all') => ({ key: 'a', hostname: org, limits: {}, shape })

t.test('the safe shape has one server of each protocol, encrypted, with one password method', async (t) => {
  const pop3: ServerTemplate = { ...server, type: 'pop3', port: 995 }
  const plain: ServerTemplate = { ...server, socketType: 'plain', port: 143 }
  const starttls: ServerTemplate = { ...server, socketType: 'STARTTLS', port: 143 }
  const gssapi: ServerTemplate = { ...server, authentication: ['GSSAPI'] }
  const all = [smtp, pop3, plain, gssapi, starttls, server]
  const written = (servers: readonly ServerTemplate[], shape: 'safe' | 'all' = 'safe') =>
    writtenServers({ servers, host: host(shape) })
  t.strictSame(written(all), [starttls, pop3, smtp])
  t.strictSame(written(all, 'all'), all)
  t.strictSame(written([plain, gssapi]), [])
  const methods = (...authentication: Authentication[]) =>
    written([{ ...server, authentication }])[0]?.authentication
  t.strictSame(methods('password-encrypted', 'password-cleartext'), ['password-encrypted'])
  t.strictSame(methods('GSSAPI', 'password-cleartext', 'password-encrypted'), ['password-cleartext'])
  t.strictSame(methods('password-cleartext', 'OAuth2', 'NTLM'), ['OAuth2', 'password-cleartext'])
  t.strictSame(methods('OAuth2'), ['OAuth2'])
  t.equal(methods('none', 'NTLM'), undefined)
  const clientConfig = { servers: [server], host: host('safe') } as unknown as ClientConfig
  t.strictSame(serversFor({ domain: org, clientConfig }), [{ ...server, hostname: 'mail.example.org' }])
  const pages = [
    { url: 'https://a.example/', descr: {} },
    { url: 'https://b.example/', descr: { en: 'b' } },
  ]
  t.strictSame(writtenDocumentation({ documentation: pages, host: host('safe') }), pages.slice(1))
  t.strictSame(writtenDocumentation({ documentation: pages, host: host('all') }), pages)
  t.match(documentationWarnings([pages[1], pages[0]] as typeof pages), [
    { index: 1, message: /^has no descr: / },
  ])
})

t.test('a name for people is short, without markup, emoji and placeholders', async (t) => {
  t.strictSame(displayNameWarnings('x'.repeat(30), 30), [])
  t.strictSame(displayNameWarnings('\ud83d\ude00'.repeat(2), 2).length, 1, 'characters, not code units')
  t.match(displayNameWarnings('x'.repeat(31), 30), [/^is longer than 30 characters: /])
  for (const char of ['&', '<', '>', '"', '\u{10000}', '\u{10ffff}'])
    t.match(displayNameWarnings(`a${char}b`, 30), [/^contains & < > " or an emoji: /], char)
  for (const text of ["a'b", '\uffff', '100 %', '%a%', '%A'])
    t.strictSame(displayNameWarnings(text, 30), [], text)
  t.match(displayNameWarnings('a %EMAILDOMAIN%', 30), [/^contains a placeholder: /])
  t.match(displayNameWarnings('%A% <', 3), [/^is longer than 3 /, /^contains &/, /^contains a placeholder/])
})

t.test('a username is a placeholder alone, or a warning says what is wrong', async (t) => {
  for (const [username, warning] of [
    ['%EMAILADDRESS%', undefined],
    ['%EMAILLOCALPART%', undefined],
    [
      '%EMAIL% %EMAILADDRESS% %USER%',
      /^contains %EMAIL%, %USER%, which no client replaces; use %EMAILADDRESS%, /,
    ],
    ['%EMAILDOMAIN%', /^is %EMAILDOMAIN%: Evolution/],
    ['x%EMAILLOCALPART%', /^mixes a placeholder with other text/],
    ['100%', /^mixes a placeholder/],
    ['007', /^looks like a number/],
    ['7', /^is the same username for everyone/],
    ['user', /^is the same username for everyone/],
  ] as const) {
    const warnings = usernameWarnings(username)
    t.equal(warnings.length, warning ? 1 : 0, username)
    if (warning) t.match(warnings[0], warning, username)
  }
  for (const login of ['007', '1e5', '1.0', '0x10', '+7', '.5', 'TRUE', 'False', '1e999x'.slice(0, 3)])
    t.equal(isMisreadLogin(login), true, login)
  for (const login of [
    '7',
    '-7',
    '0',
    '1.5',
    'true',
    'false',
    'user7',
    'untrue',
    'trueish',
    '1e999',
    'NaN',
    'Infinity',
  ])
    t.equal(isMisreadLogin(login), false, login)
})

t.test('each server has the warnings of its own type, socket, port and methods', async (t) => {
  const warnings = (servers: readonly ServerTemplate[], shape: 'safe' | 'all' = 'safe') =>
    serverWarnings({ shape }, servers).map(({ index, key, message }) => `${index} ${key} ${message}`)
  t.strictSame(warnings([server, smtp]), [])
  t.match(warnings([server, smtp, server, smtp]), [
    /^2 type is a second imap server: Evolution uses the last, other clients the first; omitted$/,
    /^3 type is a second smtp server: Evolution and aerc use the last, other clients the first; omitted$/,
  ])
  t.match(warnings([server, server], 'all'), [/; still published, because of "shape: all"$/])
  t.match(warnings([{ ...server, socketType: 'plain', port: 993 }]), [/^0 socketType is plain: .*; omitted$/])
  for (const [port, socketType] of [
    [993, 'SSL'],
    [995, 'SSL'],
    [465, 'SSL'],
    [143, 'STARTTLS'],
    [110, 'STARTTLS'],
    [587, 'STARTTLS'],
    [2143, 'SSL'],
    [143, 'plain'],
  ] as const)
    t.strictSame(
      warnings([{ ...server, port, socketType }]).length,
      socketType === 'plain' ? 1 : 0,
      `${port}`,
    )
  for (const [port, socketType] of [
    [143, 'SSL'],
    [993, 'STARTTLS'],
  ] as const)
    t.match(warnings([{ ...server, port, socketType }]), [/^0 port is \d+: the standard for this port is /])
  t.match(warnings([{ ...server, port: 2143, socketType: 'STARTTLS' }]), [/^0 port is 2143 with STARTTLS: /])
  const methods = (...authentication: Authentication[]) => warnings([{ ...server, authentication }])
  t.strictSame(methods('password-encrypted'), [])
  t.match(methods('GSSAPI', 'password-cleartext', 'NTLM'), [
    /^0 authentication contains GSSAPI, NTLM: .*; omitted$/,
  ])
  t.match(methods('OAuth2'), [/contains OAuth2 but no password method/])
  t.match(methods('OAuth2', 'password-cleartext', 'password-encrypted'), [
    /contains OAuth2 and a password method/,
  ])
  t.match(methods('password-cleartext', 'password-encrypted'), [
    /contains two password methods: .* is omitted$/,
  ])
})

t.test('a service has the warnings of its URL', async (t) => {
  const warnings = (services: object, shape: 'safe' | 'all' = 'safe') =>
    serviceWarnings({ shape }, services).map(({ key, message }) => `${key} ${message}`)
  const jmap = 'https://%EMAILDOMAIN%/session'
  t.strictSame(warnings({ jmap, managesieve: {} }), [])
  t.strictSame(warnings({}, 'all'), [])
  t.match(warnings({ jmap }, 'all'), [/^jmap is in every document because of "shape: all"/])
  t.match(warnings({ caldav: 'https://a.example:8443/x' }), [/^caldav has a port: /])
  t.match(warnings({ caldav: 'https://a.example:443/x', carddav: 'https://a.example' }), [
    /^carddav has no path: /,
  ])
  t.match(warnings({ carddav: 'https://a.example/%EMAILADDRESS%' }), [
    /^carddav is different for each person: /,
  ])
  t.match(warnings({ caldav: 'https://a.example:1/%EMAILLOCALPART%' }), [
    / has a port: /,
    / is different for /,
  ])
})

t.test('the URL of a service is that of the domain and the person', async (t) => {
  const services = { caldav: 'https://%EMAILDOMAIN%/%EMAILADDRESS%/%EMAILLOCALPART%/%EMAILADDRESS%' }
  const clientConfig = { services } as unknown as ClientConfig
  const address = { localPart: 'a+b@c/d e', domain: org }
  t.equal(
    serviceUrlOf('caldav', { domain: org, clientConfig, address }),
    'https://example.org/a%2Bb@c%2Fd%20e@example.org/a%2Bb@c%2Fd%20e/a%2Bb@c%2Fd%20e@example.org',
  )
  t.equal(
    serviceUrlOf('caldav', { domain: org, clientConfig }),
    'https://example.org/%EMAILADDRESS%/%EMAILLOCALPART%/%EMAILADDRESS%',
  )
  t.equal(serviceUrlOf('jmap', { domain: org, clientConfig, address }), undefined)
  for (let round = 0; round < 2; round++) {
    t.equal(isPersonal('https://a.example/%EMAILADDRESS%'), true)
    t.equal(isPersonal('%EMAILLOCALPART%'), true)
    t.equal(isPersonal('https://%EMAILDOMAIN%/'), false)
  }
  t.strictSame(partsOf('https://a.example:8443/x'), { hostname: 'a.example', port: '8443', pathname: '/x' })
  t.strictSame(partsOf('https://a.example/%EMAILADDRESS%'), {
    hostname: 'a.example',
    port: '',
    pathname: undefined,
  })
  t.strictSame(urlServices({ carddav: 'c', jmap: 'j' }), [
    ['jmap', 'j'],
    ['carddav', 'c'],
  ])
})

t.test('names that only this machine or nobody owns are odd', async (t) => {
  const odd: readonly [pattern: string, oddity: string | undefined][] = [
    ['localhost', 'local'],
    ['a.localhost', 'local'],
    ['.localhost', 'local'],
    ['a.localdomain', 'local'],
    ['localdomain', 'local'],
    ['xlocalhost', 'suffix'],
    ['a.xlocalhost', undefined],
    ['localhost.example', undefined],
    ['com', 'suffix'],
    ['.com', 'belowSuffix'],
    ['.', undefined],
    ['example.org', undefined],
    ['.example.org', undefined],
    ['.co.uk', 'belowSuffix'],
    ...[
      'ac co com edu gob gouv gov govt mil net nom org sch'.split(' ').map((label) => `${label}.fr`),
      ['gv.at', 'or.at', 'go.jp', 'ne.jp', 'or.jp', 'ne.id', 'or.ke', 'go.kr', 'go.th', 'go.tz', 'go.ug'],
      ['ltd.uk', 'me.uk', 'plc.uk'],
    ]
      .flat()
      .map((name) => [name, 'suffix'] as [string, string]),
    ...['gv.de', 'go.de', 'ltd.de', 'co.info', 'xco.uk', 'co.uk.example', 'a.co.uk', 'example.uk'].map(
      (name) => [name, undefined] as [string, undefined],
    ),
  ]
  const may = (name: string, before = '', after = '') => {
    const bytes = new TextEncoder().encode(before + name + after)
    return mayBeOdd(bytes, before.length, bytes.length - after.length)
  }
  for (const [pattern, oddity] of odd) {
    t.equal(oddityOf(pattern), oddity, pattern)
    if (oddity) t.equal(may(pattern.replace(/^\./, '')), true, pattern)
  }
  for (const name of [
    'a.example',
    'a.org',
    'abcde.uk',
    'a.abcdefgh',
    'a.abcdefghij',
    'a.abcdefghijkl',
    'a.b',
  ])
    t.equal(may(name), false, name)
  t.equal(may('abcd.uk'), true)
  t.equal(may('com', 'a.'), true, 'a dot before the name')
  t.equal(may('a.org', '', '.uk'), false)
  t.equal(may('a.uk', 'xxxxxxxx'), true)
  t.equal(may('abcde.uk', 'x'), false)
  for (const name of ['a.example', 'a.localhost.example']) t.strictSame(hostnameWarnings(name), [])
  for (const name of ['mail', 'localhost', 'a.localhost', 'a.localdomain'])
    t.match(hostnameWarnings(name), [new RegExp(`^is ${name}: outside of your network`)])
})

t.test('a control character, a surrogate and what is no character end a line', async (t) => {
  const refused = (code: number) =>
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0xd800 && code < 0xe000) ||
    code === 0xfffe ||
    code === 0xffff
  for (let code = 0; code <= 0x10ffff; code += code > 0x10010 ? 4097 : 1)
    if (isOneLine(`a${String.fromCodePoint(code)}b`) === refused(code)) t.fail(code.toString(16))
  t.equal(isOneLine('\u{10ffff}\u{10000}'), true)
  t.equal(isOneLine(''), true)
  const bidi = [0x61c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069]
  for (const code of [0, 9, 10, 13, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, ...bidi])
    t.equal(printable(`a${String.fromCodePoint(code)}${String.fromCodePoint(code)}b`), 'a\ufffd\ufffdb')
  t.equal(printable('a \u00a0\u00e9\u{1f600}~'), 'a \u00a0\u00e9\u{1f600}~')
})

t.test('a diagnostic is one printable line, and a list counts what it stands for', async (t) => {
  const place = { file: 'a.yaml', line: 3, column: 5 }
  t.equal(formatDiagnostic({ ...place, path: 'x.y', message: 'is wrong' }), 'a.yaml:3:5 x.y is wrong')
  t.equal(formatDiagnostic({ ...place, path: '', message: 'is wrong' }), 'a.yaml:3:5 is wrong')
  t.equal(
    formatDiagnostic({ ...place, path: 'x\u009b', message: 'a\nb\u202e' }),
    'a.yaml:3:5 x\ufffd a\ufffdb\ufffd',
  )
  t.equal(totalOf([]), 0)
  t.equal(totalOf([{}, { count: 5 }, {}]), 7)
  const errors = ['a', 'b'].map((message) => ({ ...place, path: '', message }))
  const error = new ConfigError(errors)
  t.equal(error.name, 'ConfigError')
  t.equal(error.message, 'a.yaml:3:5 a\na.yaml:3:5 b')
  t.strictSame([error.errors, error.warnings], [errors, []])
  t.strictSame(new ConfigError([], errors).warnings, errors)
  t.strictSame(
    [success(7), failure('x')],
    [
      { ok: true, value: 7 },
      { ok: false, error: 'x' },
    ],
  )
})

t.test('a certificate should be valid for 21 days, or a third of its life if that is shorter', async (t) => {
  const day = 86_400_000
  t.equal(leastDaysLeft(0, 90 * day), 21)
  t.equal(leastDaysLeft(day, 64 * day), 21)
  t.equal(leastDaysLeft(day, 64 * day - 1), 20)
  t.equal(leastDaysLeft(day, 8 * day), 2)
  for (const [to, now, days] of [
    [10 * day, 3 * day, 7],
    [10 * day, 3 * day + 1, 6],
    [day, day, 0],
    [day, day + 1, -1],
  ] as const)
    t.equal(daysLeft(to, now), days)
  t.equal(dateOf(Date.UTC(2026, 11, 31, 23, 59, 59)), '2026-12-31')
})

t.test('a duration is in the bucket of the smallest bound that it does not exceed', async (t) => {
  const durations = new Durations([0.5, 1, 2])
  t.strictSame(durations.histogram, {
    buckets: [0.5, 1, 2].map((le) => ({ le, within: 0 })),
    count: 0,
    sum: 0,
  })
  for (const seconds of [0.5, 0.75, 1, 2, 2.25, 16]) durations.add(seconds)
  t.strictSame(durations.histogram, {
    buckets: [
      { le: 0.5, within: 1 },
      { le: 1, within: 3 },
      { le: 2, within: 4 },
    ],
    count: 6,
    sum: 22.5,
  })
})

t.test(
  'characters of no width stay where a script or a picture needs them, in a long text, too',
  async (t) => {
    const long = ' and a text that is longer than what is around the character'
    const tags = (count: number) => '\u{e0061}'.repeat(count)
    const needed = [
      ...['\u0645\u06cc\u200c\u062e', '\u0915\u094d\u200d\u0937', '\u0d28\u0d4d\u200d'],
      ...[
        '\u{1f469}\u200d\u{1f467}',
        '\u{1f469}\u{1f3fd}\u200d\u2695\ufe0f',
        '\u{1f3f3}\ufe0f\u200d\u{1f308}',
      ],
      ...[
        '1\ufe0f\u20e3',
        '#\ufe0f',
        '*\ufe0e',
        '\u2695\ufe0e',
        '\u182d\u180b',
        '\u182d\u180f',
        '\u845b\u{e0100}',
      ],
      ...['\u845b\u{e01ef}', `\u{1f3f4}${tags(6)}\u{e007f}`, `\u{1f3f4}${tags(7)}`, '\u{1f3f4}\u{e0020}'],
    ]
    for (const text of needed)
      for (const whole of [text, text + long, long + text, long + text + long])
        t.equal(withoutInvisible(whole), whole, JSON.stringify(whole))
    for (const [text, visible] of Object.entries({
      'a\u200cb\u200dc': 'abc',
      '\u{1f469}\u200d\u{1f3fd}\u200da': '\u{1f469}\u{1f3fd}a',
      '\u{1f469} \u200d\u{1f467}': '\u{1f469} \u{1f467}',
      '\u0645 \u200c\u062e': '\u0645 \u062e',
      'a\ufe0f\u182d\ufe0f': 'a\u182d',
      '1 \ufe0f': '1 ',
      '\u{1f469}\u200da\u2615': '\u{1f469}a\u2615',
      '\u182d \u180b': '\u182d ',
      '\u845b \u{e0100}': '\u845b ',
      'a\u180b': 'a',
      '\u182d\u200b': '\u182d',
      'a\u{e0100}': 'a',
      '\u845b\u{e0001}': '\u845b',
      [`\u{1f3f4}${tags(8)}`]: `\u{1f3f4}${tags(7)}`,
      [`a${tags(3)}`]: 'a',
      [`\u{1f3f4}a${tags(1)}`]: '\u{1f3f4}a',
      '\ufff9\ufffa\ufffb\ufffc': '\ufffc',
    }))
      t.equal(withoutInvisible(long + text + long), long + visible + long, JSON.stringify(text))
  },
)

t.test('what may be odd includes all that is odd', async (t) => {
  const label = fc.stringMatching(/^[a-z]{1,4}$/)
  const name = fc.oneof(
    label,
    fc.tuple(label, label).map((labels) => labels.join('.')),
    fc.tuple(label, fc.constantFrom('localhost', 'localdomain')).map((labels) => labels.join('.')),
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(name, (text) => {
        const bytes = new TextEncoder().encode(text)
        return oddityOf(text) === undefined || mayBeOdd(bytes, 0, bytes.length)
      }),
    ),
  )
})
