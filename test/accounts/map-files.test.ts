import fc from 'fast-check'
import t from 'tap'
import { DomainTableBuilder, entryOf, namesOf, ruleOf } from '../../src/domains/domain-table.ts'
import { parsePattern } from '../../src/domains/pattern.ts'
import { parseDomain } from '../../src/model/address.ts'
import { lookupOf } from '../../src/model/lookup.ts'
import { looksLikeCredentials, readMapValue } from '../../src/reading/next-hops.ts'
import { scanMap } from '../../src/reading/postfix-map.ts'
import { domain, example, findings, openResolver, resolve } from '../support/example.ts'

const withFile = { ...example, domainFiles: ['domains.map'] }
const hostOf = async (t: Parameters<typeof openResolver>[0], map: string, asked: string) =>
  (await openResolver(t, withFile, { 'domains.map': map })).find(domain(asked))?.host.key

t.test('a line of a map file is a domain, white space, and a host', async (t) => {
  const maximus = 'maximusconfessor.all2all.org'
  const lines = {
    'by key': 'a.example maximusconfessor',
    'by host name': `a.example ${maximus}`,
    'by host name in upper case': `a.example ${maximus.toUpperCase()}.`,
    'with tabs and blanks': 'a.example \t  maximusconfessor \t',
    'with CRLF': 'b.example vonmuenchhausen\r\na.example maximusconfessor\r\n',
    'with a comment after it': 'a.example maximusconfessor # moved in May',
    'after comments and empty lines': '# all of them\n\n   \n  # indented\na.example maximusconfessor',
    'after a byte order mark': '\ufeffa.example maximusconfessor',
    'in upper case': 'A.Example maximusconfessor',
    'with a trailing dot': 'a.example. maximusconfessor',
    'as a transport in brackets': `a.example smtp:[${maximus}]:25`,
    'as a transport without brackets': `a.example relay:${maximus}:25`,
    'as a transport without a port': `a.example smtp:${maximus}`,
    'as a transport without a name': `a.example :[${maximus}]`,
    'as LMTP over TCP': `a.example lmtp:inet:${maximus}:24`,
    'as the second of two next hops': `a.example smtp:[mx.elsewhere.example],[${maximus}]`,
    'listed twice, on the same host': 'a.example maximusconfessor\na.example maximusconfessor',
  }
  for (const [name, map] of Object.entries(lines))
    t.equal(await hostOf(t, map, 'a.example'), 'maximusconfessor', name)
  t.equal(
    await hostOf(t, 'bücher.example vonmuenchhausen', 'xn--bcher-kva.example'),
    'vonmuenchhausen',
    'as a U-label',
  )
  t.equal(
    await hostOf(t, 'a.example maximusconfessor', 'b.example'),
    undefined,
    'and no other domain is served',
  )
})

t.test('wildcards match subdomains, and the most specific entry wins', async (t) => {
  const resolver = await openResolver(
    t,
    { ...withFile, domains: { '*.example.org': 'maximusconfessor', 'own.example.org': 'vonmuenchhausen' } },
    { 'domains.map': '.deep.example.org vonmuenchhausen\n*.example.net vonmuenchhausen\n' },
  )
  const served = {
    'a.example.org': 'maximusconfessor',
    'b.a.example.org': 'maximusconfessor',
    'own.example.org': 'vonmuenchhausen',
    'below.own.example.org': 'maximusconfessor',
    'a.deep.example.org': 'vonmuenchhausen',
    'deep.example.org': 'maximusconfessor',
    'a.example.net': 'vonmuenchhausen',
  }
  for (const [name, host] of Object.entries(served))
    t.equal(resolver.find(domain(name))?.host.key, host, name)
  for (const name of ['example.org', 'example.net', 'other.example', 'org']) {
    t.equal(resolver.find(domain(name)), undefined, `${name} is not its own subdomain`)
  }
  const all = await openResolver(t, {
    ...example,
    domains: { '*': 'maximusconfessor', 'a.example': 'vonmuenchhausen' },
  })
  t.equal(all.find(domain('whatever.example'))?.host.key, 'maximusconfessor')
  t.equal(all.find(domain('a.example'))?.host.key, 'vonmuenchhausen')
  t.equal(all.find(domain('localhost')), undefined, 'a name without a dot is not a mail domain')
})

const hosts = '; the hosts are maximusconfessor, vonmuenchhausen'
const help =
  '; if it leads to one of them, write which one under nextHops:, or if one host has all domains of the file, write { file: …, host: … } under domainFiles:'

t.test(
  'lines that lead nowhere are one warning, with line and column, and nothing of them is repeated',
  async (t) => {
    const read = (map: string) => findings(t, withFile, { 'domains.map': map })
    const warningsOf = async (map: string) => {
      const { errors, warnings } = await read(map)
      t.strictSame(errors, [])
      return warnings
    }
    t.strictSame(await warningsOf('\na.example maximusconfesor\nb.example nobody'), [
      `domains.map:2:11 ignored: the value names no configured host; did you mean "maximusconfessor"?${help} (2 lines: 2, 3)`,
    ])
    t.strictSame(await warningsOf(`${'b.example  nobody\n'.repeat(7)}`), [
      `domains.map:1:12 ignored: the value names no configured host${hosts}${help} (7 lines: 1, 2, 3, 4, 5, …)`,
    ])
    t.strictSame(
      await warningsOf(
        'a_b.example maximusconfessor\na.example\na.example # where?\njane@a.example maximusconfessor',
      ),
      [
        'domains.map:1:1 ignored: the key is not a domain; write example.org, *.example.org or *',
        'domains.map:2:1 ignored: there is no host after the domain; if one host has all domains of the file, write { file: …, host: … } under domainFiles: (2 lines: 2, 3)',
        'domains.map:4:1 ignored: the key is an address, not a domain',
      ],
    )
    t.strictSame(
      await warningsOf('  a.example maximusconfessor\n'),
      [
        'domains.map:1:3 ignored: the line begins with white space, and there is no line above that it continues',
        'domains.map:1:1 contains no domains',
      ].sort(),
    )
    t.strictSame(await warningsOf('# nothing\n\n'), ['domains.map:1:1 contains no domains'])
    t.strictSame(await warningsOf('a.example maximusconfessor\n  b.example vonmuenchhausen'), [
      'domains.map:2:3 the line begins with white space, so Postfix joins it to the line above; to make it an entry, remove the white space',
    ])
  },
)

t.test('a domain twice in one map is a warning, and the first line counts', async (t) => {
  const map = 'a.example maximusconfessor\nA.EXAMPLE vonmuenchhausen\na.example maximusconfessor\n'
  t.strictSame(await findings(t, withFile, { 'domains.map': map }), {
    errors: [],
    warnings: [
      'domains.map:2:1 ignored: the domain is listed before in this file, with another host; as in Postfix, the first line counts',
      'domains.map:3:1 the domain is listed before in this file',
    ],
  })
  t.equal(await hostOf(t, map, 'a.example'), 'maximusconfessor')
})

t.test('odd domains in a map are served, with one warning of each kind for a file', async (t) => {
  const odd = ['com', 'co.uk', 'COM.BR', 'gouv.fr', 'gv.at', 'or.jp', 'ltd.uk', 'community']
  const map = [
    'a.example',
    ...odd,
    'localhost',
    'mail.localhost',
    'box.localdomain',
    '.com',
    '*.net.pl',
    // Nothing is odd about the names of these domains.
    ...[
      'co.info',
      'or.fr',
      'go.de',
      'ex.ample.org',
      'a.co.uk',
      'my.community',
      '*.example.org',
      'gouve.fr',
      '*',
    ],
  ]
  const text = map.map((key) => `${key} maximusconfessor\n`).join('')
  const { errors, warnings } = await findings(t, withFile, { 'domains.map': text })
  t.strictSame(errors, [])
  t.strictSame(
    warnings,
    [
      'domains.map:2:1 warning: the key looks like a public suffix, under which others register domains: mail addresses end in a longer name (8 lines: 2, 3, 4, 5, 6, …)',
      'domains.map:10:1 warning: the key is a name of this machine only: no mail client asks for it (3 lines: 10, 11, 12)',
      'domains.map:13:1 warning: the key covers every domain under a public suffix, which belong to many people: are all of them yours? (2 lines: 13, 14)',
    ].map((warning) => warning.replace('warning: ', '')),
  )
  t.equal(await hostOf(t, text, 'co.uk'), 'maximusconfessor')
  const elsewhere =
    'com smtp:[mx.elsewhere.example]\n.net error:no mail\nlocalhost error:\na.example maximusconfessor'
  const others = (await findings(t, withFile, { 'domains.map': elsewhere })).warnings
  t.notMatch(others.join('\n'), /the key /, 'only of domains that are served')
})

t.test('two files that map a domain to two hosts are an error; many are counted', async (t) => {
  const errorsOf = async (map: string, domains = {}) =>
    (await findings(t, { ...withFile, domains: { ...example.domains, ...domains } }, { 'domains.map': map }))
      .errors
  t.strictSame(await errorsOf('EXAMPLE.org vonmuenchhausen'), [
    'domains.map:1:1 "example.org" is mapped to vonmuenchhausen here and to maximusconfessor in autoconfig.yaml:11; remove one of them',
  ])
  t.strictSame(await errorsOf('example.org maximusconfessor'), [])
  const names = Array.from({ length: 25 }, (_, index) => `n${index}.example`)
  const domains = Object.fromEntries(names.map((name) => [name, 'maximusconfessor']))
  const map = (count: number) =>
    names
      .slice(0, count)
      .map((name) => `${name} vonmuenchhausen\n`)
      .join('')
  t.match(
    (await errorsOf(map(25), domains)).at(-1),
    'domains.map:21:1 5 more errors from this line on; fix those above first',
  )
  t.match(
    (await errorsOf(map(21), domains)).at(-1),
    'domains.map:21:1 1 more error from this line on; fix those above first',
  )
})

t.test('next hops lead to the hosts that the admin names once', async (t) => {
  const config = {
    ...withFile,
    nextHops: {
      '10.0.0.5': 'maximusconfessor',
      '[10.0.0.5]:2525': 'vonmuenchhausen',
      '[IPv6:2001:DB8::1]': 'maximusconfessor',
      'dovecot:': 'maximusconfessor',
      ':': 'maximusconfessor',
      'lmtp:unix:private/dovecot-lmtp': 'maximusconfessor',
      'unix:/run/lmtp': 'maximusconfessor',
      virtual: 'vonmuenchhausen.all2all.org',
      'filter.example': 'maximusconfessor',
    },
  }
  const values = {
    'smtp:[10.0.0.5]:25': 'maximusconfessor',
    'lmtp:[10.0.0.5]': 'maximusconfessor',
    'smtp:10.0.0.5': 'maximusconfessor',
    'smtp:[10.0.0.5]:2525': 'vonmuenchhausen',
    'smtp:[2001:db8::1]:25': 'maximusconfessor',
    'dovecot:': 'maximusconfessor',
    dovecot: 'maximusconfessor',
    ':': 'maximusconfessor',
    'lmtp:unix:private/dovecot-lmtp': 'maximusconfessor',
    'lmtp:unix:/run/lmtp': 'maximusconfessor',
    'virtual:': 'vonmuenchhausen',
    virtual: 'vonmuenchhausen',
    'smtp:[filter.example]:10025': 'maximusconfessor',
    'filter.example:10025': 'maximusconfessor',
    '[filter.example]:10025': 'maximusconfessor',
    'smtp:[mx.elsewhere.example]:25 [10.0.0.5]:25': 'maximusconfessor',
    'smtp:mx.elsewhere.example, vonmuenchhausen.all2all.org 10.0.0.5': 'vonmuenchhausen',
    'smtp:[10.0.0.6]:25': undefined,
    'lmtp:unix:/run/other': undefined,
    'maildrop:': undefined,
  }
  const names = Object.keys(values)
  const map = names.map((value, index) => `n${index}.example ${value}\n`).join('')
  const resolver = await openResolver(t, config, { 'domains.map': map })
  for (const [index, host] of Object.values(values).entries())
    t.equal(resolver.find(domain(`n${index}.example`))?.host.key, host, String(names[index]))
  const odd = await findings(t, { ...example, nextHops: { ':': 'not a name' } })
  t.match(odd.errors, [/there is no host with this name; the hosts are/])
  const wrong = { ...example, nextHops: { ':': 'nobody', 'error:': 'maximusconfessor' } }
  t.strictSame((await findings(t, wrong)).errors, [
    'autoconfig.yaml:14:8 nextHops[":"] there is no host "nobody"; the hosts are maximusconfessor, vonmuenchhausen',
    'autoconfig.yaml:15:3 nextHops["error:"] means that a domain takes no mail here; remove it',
  ])
})

t.test('a list of domains has the host that the admin names once', async (t) => {
  const config = { ...example, domainFiles: [{ file: 'relay_domains', host: 'maximusconfessor' }] }
  const map = `a.example
b.example OK
c.example: vonmuenchhausen
d.example:
e.example vonmuenchhausen
f.example REJECT:x
.g.example x
h.example smtp:[mx.elsewhere.example]
i.example error:gone
j.example
  OK
k.example: joe
  joe
* smtp:[relay.example]
*: nobody
`
  const resolver = await openResolver(t, config, { relay_domains: map })
  for (const name of ['a', 'b', 'c', 'd', 'f', 'x.g', 'h', 'j', 'k'])
    t.equal(resolver.find(domain(`${name}.example`))?.host.key, 'maximusconfessor', name)
  t.equal(resolver.find(domain('e.example'))?.host.key, 'vonmuenchhausen', 'a line that names a host')
  for (const name of ['i.example', 'other.example']) t.equal(resolver.find(domain(name)), undefined, name)
  t.strictSame((await findings(t, config, { relay_domains: map })).warnings, [])
  const wrong = {
    ...example,
    domainFiles: [
      { file: 'missing', host: 'nobody' },
      { file: 'relay_domains', host: 'x' },
    ],
  }
  t.strictSame((await findings(t, wrong, { relay_domains: 'a.example\n' })).errors, [
    'autoconfig.yaml:14:11 domainFiles[0].file cannot be read: there is no such file',
    `autoconfig.yaml:15:11 domainFiles[0].host there is no host "nobody"${hosts}`,
    `autoconfig.yaml:17:11 domainFiles[1].host there is no host "x"${hosts}`,
  ])
  const owned = 'a.example: vonmuenchhausen\nb.example: joe\n*: nobody\n'
  const { errors, warnings } = await findings(t, withFile, { 'domains.map': owned })
  t.strictSame(errors, [])
  t.equal(warnings.length, 1)
  t.match(
    warnings[0],
    /^domains\.map:1:1 ignored: this is a list of domains and their users.* \{ file: …, host: … \}$/,
  )
})

t.test(
  'a domain that takes no mail here is not served, not even by a wildcard or another file',
  async (t) => {
    const config = {
      ...example,
      domains: { ...example.domains, '*.example': 'maximusconfessor', '*': 'vonmuenchhausen' },
      domainFiles: ['one.map', 'two.map'],
    }
    const files = {
      'one.map': `a.example error:5.1.6 moved to vonmuenchhausen, maximusconfessor
b.example DISCARD:maximusconfessor
c.example Retry:
example.org error
.sub.example error:maximusconfessor
own.sub.example maximusconfessor
first.example maximusconfessor
first.example error:
error.example error.all2all.org
* error:nothing else here
`,
      'two.map': 'a.example maximusconfessor\nlate.example maximusconfessor\n',
    }
    const resolver = await openResolver(t, config, files)
    for (const name of ['a.example', 'b.example', 'c.example', 'example.org', 'x.sub.example'])
      t.equal(
        ((await resolver.resolve(lookupOf({ domain: domain(name) }))) as { certain?: true }).certain,
        true,
        name,
      )
    const served = {
      'own.sub.example': 'maximusconfessor',
      'first.example': 'maximusconfessor',
      'late.example': 'maximusconfessor',
      'other.example': 'maximusconfessor',
      'error.example': 'maximusconfessor',
      'other.test': 'vonmuenchhausen',
    }
    for (const [name, host] of Object.entries(served))
      t.equal(resolver.find(domain(name))?.host.key, host, name)
    t.equal(resolver.find(domain('localhost')), undefined)
    t.equal(await resolver.isKnownToBackend(domain('a.example')), false)
    t.strictSame(
      [...resolver.clientConfigs()].map(({ host }) => host.key),
      ['maximusconfessor', 'vonmuenchhausen'],
    )
    t.equal(resolver.size, [...resolver.patterns()].length)
    t.notOk([...resolver.patterns()].includes('example.org'))
    t.equal(
      [...resolver.entries()].every(([, clientConfig]) => clientConfig !== undefined),
      true,
    )
    const { errors, warnings } = await findings(t, config, files)
    t.strictSame(errors, [])
    const text =
      'the domain takes no mail here (error:, discard: or retry:), but another file maps it to a host: it is not served'
    t.ok(warnings.includes(`one.map:4:1 ${text}`))
    t.ok(warnings.includes(`two.map:1:1 ${text}`))
  },
)

t.test('a file that cannot be read is an error at the place that names it', async (t) => {
  t.strictSame((await findings(t, { ...example, domainFiles: ['missing.map'] })).errors, [
    'autoconfig.yaml:14:5 domainFiles[0] cannot be read: there is no such file',
  ])
  t.match((await findings(t, { ...example, domainFiles: ['.'] })).errors, [
    /domainFiles\[0\] cannot be read: it is a directory/,
  ])
})

t.test('a domain on an invalid host is not reported as an error', async (t) => {
  const broken = {
    ...withFile,
    hosts: { ...example.hosts, third: { hostname: 'a_b' } },
    domains: { 'c.example': 'third' },
  }
  const map = [
    'd.example third',
    'e.example maximusconfessor.all2all.org',
    'f.example smtp:[vonmuenchhausen.all2all.org]',
  ].join('\n')
  const { errors, warnings } = await findings(t, broken, { 'domains.map': map })
  t.equal(errors.length, 1)
  t.strictSame(warnings, [])
  t.match(errors[0], /hosts\.third\.hostname is not a host name/)
})

t.test('a file of another kind is named by its kind, once, and nothing of it is repeated', async (t) => {
  const secret = 'secretpw'
  const kinds: [content: string | Uint8Array, message: RegExp][] = [
    [
      `user = postfix\npassword = ${secret}\nhosts = 127.0.0.1\n`,
      /lookup table for MySQL or PostgreSQL: use sources: sql/,
    ],
    [`hosts = postgresql://x\npassword = ${secret}\n`, /lookup table for PostgreSQL: use sources: sql/],
    [`dbpath = /x\nquery = SELECT 1\n`, /lookup table for SQLite: use sources: sql/],
    [`server_host = x\nbind_pw = ${secret}\n`, /lookup table for LDAP: use sources: ldap/],
    [`driver = mysql\nconnect = host=x password=${secret}\n`, /Dovecot for SQL: use sources: sql/],
    [`hosts = x\ndnpass = ${secret}\nauth_bind = no\n`, /Dovecot for LDAP: use sources: ldap/],
    [`name = ${secret}\nother = ${secret}\n`, /file of settings/],
    [`jane@example.org:{PLAIN}${secret}::::::\n`, /passwords, such as a passwd-file of Dovecot/],
    [`jane:{SHA512-CRYPT}$6$${secret}\n`, /passwd-file/],
    [`jane@example.org {BLF-CRYPT}${secret}\n`, /passwd-file/],
    [`jane:x:1000:1000:${secret}:/home:/bin/sh\n`, /passwd-file/],
    [`jane@example.org:${secret}\n`, /passwd-file/],
    [`localhost:5432:mail:${secret}\n`, /passwd-file/],
    [`[mx.example.org]:587 jane:${secret}\nmx.example.org jane@example.org:${secret}\n`, /sasl_passwd/],
    [`machine mx.example.org login jane password ${secret}\n`, /\.netrc/],
    [`# key\n-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n`, /:2:1 this is a private key/],
    [`-----BEGIN CERTIFICATE-----\n${secret}\n`, /PEM file/],
    [`if /x/\n/^${secret}@/i smtp:[a]\nendif\n`, /regexp or pcre map/],
    [`10.0.0.0/8 ${secret}\n2001:db8::/32 OK\n`, /cidr map/],
    [`<html>${secret}`, /XML or HTML/],
    [`{ "password": "${secret}" }`, /JSON/],
    [`root:jane@example.org\nsic: ${secret}\nlist: :include:/etc/list\n`, /aliases\(5\)/],
    [Buffer.from(`\ufeffa.example ${secret}\n`, 'utf16le'), /UTF-16/],
    [Buffer.from(`a.example ${secret}\n`, 'utf16le').swap16(), /UTF-16/],
    [Buffer.from(`\ufeffa.example ${secret}\n`, 'utf16le').swap16(), /UTF-16/],
    [Buffer.from(`a.example ${secret}\n`, 'utf16le'), /UTF-16/],
    [Buffer.from(`\0\0\0\u0001${secret}`), /compiled map/],
    [Uint8Array.of(0x1f, 0x8b, 8), /another binary file/],
  ]
  for (const [content, message] of kinds) {
    for (const config of [withFile, { ...example, accounts: { files: ['domains.map'] } }]) {
      const { errors, warnings } = await findings(t, config, { 'domains.map': content })
      t.match(errors, [message])
      t.strictSame([errors.length, warnings.length], [1, 0])
      t.notMatch(errors.join(), secret)
    }
  }
  const name = 'pgsql-domains.cf'
  const named = await findings(t, { ...example, domainFiles: [name] }, { [name]: 'query = SELECT 1\n' })
  t.match(named.errors, [/for PostgreSQL/])
  const mysql = await findings(
    t,
    { ...example, domainFiles: ['mysql.cf'] },
    { 'mysql.cf': 'query = SELECT 1\n' },
  )
  t.match(mysql.errors, [/for MySQL:/])
})

t.test("a name with Postfix's prefix is explained", async (t) => {
  const names = {
    'hash:/etc/postfix/transport': /"hash:" is Postfix's prefix for the file: name the file itself$/,
    'proxy:lmdb:transport': /"lmdb:" is Postfix's prefix for the file/,
    'pcre:/etc/x': /"pcre:" is Postfix's prefix for a table of patterns/,
    'mysql:/etc/x.cf': /"mysql:" is Postfix's prefix for a lookup table: use sources: sql/,
    'proxy:ldap:/etc/x.cf': /use sources: ldap/,
    'other:/etc/x': /cannot be read/,
  }
  for (const [name, message] of Object.entries(names))
    for (const config of [{ domainFiles: [name] }, { accounts: { files: [name] } }])
      t.match((await findings(t, { ...example, ...config })).errors, [message])
})

t.test('a username and a password in a transport map are reported as what they are', async (t) => {
  const map = `example.edu maximusconfessor
mx.example user:hunter2
smtp.example jane.doe:p4ss,word!
`
  const { errors, warnings } = await findings(t, withFile, { 'domains.map': map })
  t.strictSame(errors, [])
  t.strictSame(warnings, [
    'domains.map:2:12 ignored: the value looks like a username and a password, as in a password map of Postfix (sasl_passwd): remove the line; if it is a transport, write its host under nextHops: (2 lines: 2, 3)',
  ])
  const hops = [
    'a.example:25',
    'mytransport:b.example',
    'custom:10.0.0.5',
    'x:y.example:25',
    'lmtp:unix:/run/x',
  ]
  const others = [
    'smtp:relayhost',
    'dovecot:',
    'custom:[relay]',
    'custom:unix:private/x',
    'maildrop:x',
    'x y:z',
    'mx7',
  ]
  for (const value of [...hops, ...others]) t.notOk(looksLikeCredentials(value), value)
  for (const value of ['a:b', 'user@x.example:pw', 'user:1a2b', 'user:pass:word', 'user:']) {
    t.equal(looksLikeCredentials(value), value !== 'user:', value)
  }
})

t.test('no message contains a value of a file that is not a domain or a host name', async (t) => {
  // It is neither a domain nor a host name, and no message has such letters.
  const secret = fc.stringMatching(/^[qxz]{4}[_!=+]{1,2}[qxz0-9]{4}$/)
  const parts = fc.constantFrom(
    ...[
      'a.example',
      'maximusconfessor',
      'smtp:[',
      ']:25',
      ':',
      '@',
      ' ',
      '\t',
      '\n',
      '\n ',
      '=',
      '/',
      '.',
      '#',
      'error:',
    ],
    ...[
      'user',
      'password = ',
      '{PLAIN}',
      'jane@a.example',
      'b.example ',
      'b.example: ',
      ',',
      '"',
      '\0',
      '\ufeff',
      '*',
    ],
  )
  await t.resolves(
    fc.assert(
      fc.asyncProperty(secret, fc.array(fc.option(parts), { maxLength: 30 }), async (hidden, pieces) => {
        const map = pieces.map((piece) => piece ?? hidden).join('')
        for (const config of [
          withFile,
          { ...example, domainFiles: [{ file: 'domains.map', host: 'maximusconfessor' }] },
        ]) {
          const { errors, warnings } = await findings(t, config, { 'domains.map': map })
          const text = [...errors, ...warnings].join('\n')
          if (text.includes(hidden)) throw new Error(text)
        }
      }),
      { numRuns: 150 },
    ),
  )
})

t.test('any bytes can be scanned, and every line is counted', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        let last = 0
        let total = 0
        const check = (start: number, end: number, line: number) => {
          total += end - start
          if (line < last || start >= end || end > bytes.length) throw new Error('out of order')
          last = line
        }
        scanMap(bytes, {
          entry: (keyStart, _keyEnd, _valueStart, valueEnd, line) => check(keyStart, valueEnd, line),
          keyOnly: check,
          joined: (keyStart, keyEnd, _value, line) => check(keyStart, keyEnd, line),
          orphan: check,
        })
        return total <= bytes.length
      }),
      { numRuns: 2000 },
    ),
  )
})

t.test('any map file results in a map or in errors', async (t) => {
  const line = fc.oneof(
    fc
      .tuple(
        fc.domain(),
        fc.constantFrom(' ', '\t', '  '),
        fc.constantFrom('maximusconfessor', 'nobody', ':', 'smtp:['),
      )
      .map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  )
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
        const { errors } = await findings(t, withFile, { 'domains.map': lines.join('\n') })
        return errors.every((error) => error.startsWith('domains.map:'))
      }),
      { numRuns: 60 },
    ),
  )
})

t.test('the table contains exactly what was added', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.domain(), { maxLength: 300 }),
        fc.domain(),
        fc.boolean(),
        (names, other, sized) => {
          const builder = sized
            ? new DomainTableBuilder(names.length, names.join('').length)
            : new DomainTableBuilder(0, 0)
          names.forEach((name, index) => {
            const bytes = new TextEncoder().encode(name)
            if (builder.add(bytes, 0, bytes.length, index, index + 7) !== undefined)
              throw new Error('not unique')
          })
          const table = builder.finish()
          const found = names.every(
            (name, index) => ruleOf(table, name) === index && entryOf(table, name)?.line === index + 7,
          )
          return (
            found &&
            (names.includes(other) || ruleOf(table, other) === -1) &&
            [...namesOf(table)].join() === names.join()
          )
        },
      ),
    ),
  )
  const builder = new DomainTableBuilder(1, 1)
  const name = new TextEncoder().encode('a.example')
  t.equal(builder.add(name, 0, name.length, 4_000_000_000, 1), undefined)
  t.strictSame(
    builder.add(name, 0, name.length, 2, 2),
    { rule: 4_000_000_000, line: 1 },
    'the first entry is kept',
  )
  t.equal(entryOf(builder.finish(), 'b.example'), undefined)
})

t.test('many names, and hosts whose names have the same hash, are distinguished', async (t) => {
  const names = Array.from({ length: 20_000 }, (_, index) => `n${index}.example`)
  const builder = new DomainTableBuilder(0, 0)
  names.forEach((name, index) => {
    builder.add(new TextEncoder().encode(name), 0, name.length, index, 1)
  })
  const table = builder.finish()
  t.ok(names.every((name, index) => ruleOf(table, name) === index))
  t.ok(names.every((_name, index) => ruleOf(table, `n${index + names.length}.example`) === -1))
  // Both have the hash 2112.
  const hosts = { Aa: { hostname: 'a.mx.example' }, BB: { hostname: 'b.mx.example' } }
  const resolver = await openResolver(
    t,
    { ...example, hosts, domains: {}, domainFiles: ['domains.map'] },
    { 'domains.map': 'a.example Aa\nb.example BB\nc.example Aa\nd.example BB\n' },
  )
  for (const [name, host] of [
    ['a', 'Aa'],
    ['b', 'BB'],
    ['c', 'Aa'],
    ['d', 'BB'],
  ] as const) {
    t.equal(resolver.find(domain(`${name}.example`))?.host.key, host)
  }
})

t.test('values are read as Postfix writes them', async (t) => {
  t.strictSame(readMapValue('mx1'), { host: 'mx1' })
  t.strictSame(readMapValue('smtp:[a.example]:25, b.example:26'), { nextHops: ['a.example', 'b.example'] })
  t.strictSame(readMapValue('local:'), { nextHops: [] })
  t.strictSame(readMapValue('smtp:[a.example]:25\t[ipv6:2001:db8::1]'), {
    nextHops: ['a.example', '2001:db8::1'],
  })
  t.equal(parsePattern('*.EXAMPLE.org'), '.example.org')
  t.equal(parsePattern('.'), undefined)
  t.equal(parseDomain('*'), undefined)
})

t.test('a domain that no entry names is unknown, although a map refuses others', async (t) => {
  const config = { ...example, domains: {}, domainFiles: ['map'] }
  const map = 'example.org maximusconfessor\ngone.example error:no mail\n'
  const resolver = await openResolver(t, config, { map })
  t.notOk(resolver.ruleFor(domain('other.example')))
  t.equal(resolver.refusalOf(domain('other.example')), undefined)
  t.equal(resolver.refusalOf(domain('example.org')), undefined)
  t.match(resolver.refusalOf(domain('gone.example')), Object)
  t.match(await resolve(resolver, { domain: domain('other.example') }), { certain: true })
  t.match(await resolve(resolver, { domain: domain('gone.example') }), { certain: true })
})
