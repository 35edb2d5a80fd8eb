import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { loadConfig } from '../src/config/load.ts'
import { jsonSchema } from '../src/config/schema.ts'
import { displayNameWarnings, serverWarnings, usernameWarnings } from '../src/model/client-warnings.ts'
import type { ServerSettings } from '../src/model/settings.ts'
import { nearest, suggestion } from '../src/reading/suggestion.ts'
import { configFolder, domain, example, findings, load, openApp, openResolver } from './support/example.ts'

/** The valid example, one thing a line, so that a fault's place can be told. */
const lines = [
  'provider:',
  '  id: all2all.org',
  '  displayName: all2all mail',
  '  displayShortName: all2all',
  'hosts:',
  '  maximusconfessor:',
  '    hostname: maximusconfessor.all2all.org',
  '  vonmuenchhausen:',
  '    hostname: vonmuenchhausen.all2all.org',
  'domains:',
  '  example.org: maximusconfessor',
]
const base = lines.join('\n')
const replaced = (old: string, ...news: string[]) => base.replace(old, news.join('\n'))
const appended = (...more: string[]) => [base, ...more].join('\n')
const host = (...more: string[]) =>
  replaced(
    '    hostname: maximusconfessor.all2all.org',
    '    hostname: maximusconfessor.all2all.org',
    ...more,
  )

t.test('the example has neither faults nor warnings', async (t) => {
  t.strictSame(await findings(t, base), { errors: [], warnings: [] })
})

t.test('each fault is told with its line, its column, and what would be right', async (t) => {
  const cases: Record<string, [config: string, ...errors: string[]]> = {
    'an unknown key': [
      appended('domainfiles: [a]', 'quux: 1'),
      '12:1 domainfiles unknown key; did you mean "domainFiles"?',
      '13:1 quux unknown key; there are provider, hosts, publicName, apple, pacc, trustedProxies, http, domains, domainFiles, accounts, links, sources, ispdb',
    ],
    'an unknown key further down': [
      host('    webmail: https://a.example/'),
      '8:5 hosts.maximusconfessor.webmail unknown key; did you mean "webMail"?',
    ],
    'an unknown key far from any': [
      host('    x: 1'),
      '8:5 hosts.maximusconfessor.x unknown key; there are hostname, servers, username, id, displayName, displayShortName, documentation, enable, webMail, limits, services, oAuth2, pacc, shape',
    ],
    'something missing': [replaced('  id: all2all.org\n', ''), '2:3 provider.id is missing'],
    'a section missing': ['hosts: {a: {hostname: a.example}}', '1:1 provider is missing'],
    'a wrong type': [replaced('all2all mail', '[a]'), '3:16 provider.displayName must be a text, not a list'],
    'an empty value': [replaced(' all2all mail', ''), '3:15 provider.displayName must be a text, not empty'],
    'a port out of range': [
      host('    servers: [{ type: imap, port: 70000 }, smtps]'),
      '8:35 hosts.maximusconfessor.servers[0].port must be <= 65535',
    ],
    'a port that is no number': [
      host('    servers: [{ type: imap, port: "993" }, { type: smtp, port: 0 }, { type: smtp, port: 1.5 }]'),
      '8:35 hosts.maximusconfessor.servers[0].port must be a number, not a text',
      '8:64 hosts.maximusconfessor.servers[1].port must be >= 1',
      '8:89 hosts.maximusconfessor.servers[2].port must be a whole number, not a number',
    ],
    'an unknown short name': [
      host('    servers: [imap4, smtps]'),
      '8:15 hosts.maximusconfessor.servers[0] must be one of imaps, pop3s, submissions, smtps, imap, pop3, submission; did you mean "imaps"?',
    ],
    'a server that is neither': [
      host('    servers: [7, smtps]'),
      '8:15 hosts.maximusconfessor.servers[0] must be one of the short names, or a map with a type',
    ],
    'an unknown type': [
      host('    servers: [{ type: imaps }, smtps]'),
      '8:23 hosts.maximusconfessor.servers[0].type must be one of imap, pop3, smtp; did you mean "imap"?',
    ],
    'an unknown socketType': [
      host('    servers: [{ type: imap, socketType: ssl }, smtps]'),
      '8:41 hosts.maximusconfessor.servers[0].socketType must be one of SSL, STARTTLS, plain; did you mean "SSL"?',
    ],
    'options of POP3 elsewhere': [
      host('    servers: [{ type: imap, leaveMessagesOnServer: true }, smtps]'),
      '8:52 hosts.maximusconfessor.servers[0].leaveMessagesOnServer goes with type: pop3 only',
    ],
    'no outgoing server': [
      host('    servers: [imaps]'),
      '8:14 hosts.maximusconfessor.servers has no outgoing server, and clients refuse a document without one; add submissions',
    ],
    'no incoming server': [
      host('    servers: [smtps]'),
      '8:14 hosts.maximusconfessor.servers has no incoming server, and clients refuse a document without one; add imaps',
    ],
    'no server that every client takes': [
      host('    servers: [{ type: imap, socketType: plain }, smtps]'),
      '8:14 hosts.maximusconfessor.servers no incoming server is left that every client accepts; give one SSL or STARTTLS and password-cleartext, or say shape: all',
    ],
    'no servers at all': [host('    servers: []'), '8:14 hosts.maximusconfessor.servers must not be empty'],
    'an illegal host name': [
      replaced('maximusconfessor.all2all.org', 'maximus_confessor.all2all.org'),
      '7:15 hosts.maximusconfessor.hostname "maximus_confessor.all2all.org" is not a host name: letters, digits, hyphens and dots only, as in mail.example.org',
    ],
    'a host that does not exist': [
      replaced('example.org: maximusconfessor', 'example.org: maximusconfesor'),
      '11:16 domains["example.org"] there is no host "maximusconfesor"; did you mean "maximusconfessor"?',
    ],
    'a host that does not exist, with overrides': [
      replaced('example.org: maximusconfessor', 'example.org: { host: x }'),
      '11:24 domains["example.org"] there is no host "x"; there are maximusconfessor, vonmuenchhausen',
    ],
    'a default host that does not exist': [
      replaced('  id: all2all.org', '  id: all2all.org', '  defaultHost: vonmunchhausen'),
      '3:16 provider.defaultHost there is no host "vonmunchhausen"; did you mean "vonmuenchhausen"?',
    ],
    'a default host far from any': [
      replaced('  id: all2all.org', '  id: all2all.org', '  defaultHost: x'),
      '3:16 provider.defaultHost there is no host "x"; there are maximusconfessor, vonmuenchhausen',
    ],
    'a default host with a fault': [
      replaced('  id: all2all.org', '  id: all2all.org', '  defaultHost: vonmuenchhausen').replace(
        'vonmuenchhausen.all2all',
        'von_muenchhausen.all2all',
      ),
      '10:15 hosts.vonmuenchhausen.hostname "von_muenchhausen.all2all.org" is not a host name: letters, digits, hyphens and dots only, as in mail.example.org',
    ],
    'a domain where there are no hosts': [
      'provider: {id: a.example, displayName: A, displayShortName: A}\nhosts: {}\ndomains: {a.example: mx}',
      '2:8 hosts must hold at least one mail host',
      '3:22 domains["a.example"] there is no host "mx"; there are none',
    ],
    'a key without a value': ['{ provider }', '1:1 hosts is missing', '1:3 provider is missing'],
    'a key that is a list': [appended('? [a, b]', ': c'), '12:3 a key must be one word or text'],
    'overrides without a host': [
      replaced('example.org: maximusconfessor', 'example.org: { displayName: A }'),
      '11:16 domains["example.org"].host is missing',
    ],
    'a domain that is mapped to a number': [
      replaced('example.org: maximusconfessor', 'example.org: 7'),
      '11:16 domains["example.org"] must be the key of a host, or a map with a host',
    ],
    'what is not a domain': [
      replaced('example.org: maximusconfessor', '"jane@example.org": maximusconfessor'),
      '11:3 domains["jane@example.org"] is not a domain; a domain is written as example.org, *.example.org or *',
    ],
    'a domain on two hosts': [
      appended('  EXAMPLE.ORG.: vonmuenchhausen'),
      '12:3 domains["EXAMPLE.ORG."] is on vonmuenchhausen here and on maximusconfessor in autoconfig.yaml:11',
    ],
    'a key twice': [
      appended('  example.org: vonmuenchhausen'),
      '12:3 "example.org" stands twice; the first is in line 11',
    ],
    'a name with control characters': [
      replaced('all2all mail', '"a\\tb"'),
      '3:16 provider.displayName must not contain control characters or line breaks',
    ],
    'names that are too long': [
      replaced('displayShortName: all2all', `displayShortName: ${'a'.repeat(21)}`),
      '4:21 provider.displayShortName must have at most 20 characters, and has 21',
    ],
    'an empty name': [replaced('all2all mail', '" "'), '3:16 provider.displayName must not be empty'],
    'webmail without TLS': [
      host('    webMail: http://a.example/'),
      '8:14 hosts.maximusconfessor.webMail must be an absolute URL that starts with https://',
    ],
    'documentation in no language': [
      replaced(
        '  id: all2all.org',
        '  id: all2all.org',
        '  documentation: [{ url: a, descr: { English: A } }]',
      ),
      '3:26 provider.documentation[0].url must be an absolute URL that starts with https:// or http://',
      '3:38 provider.documentation[0].descr.English must be a language code such as en or pt-BR, or default for a text without one',
    ],
    'a host name that is none, with the domain in it': [
      host("    servers: [{ type: imap, hostname: 'imap_%EMAILDOMAIN%' }, smtps]"),
      '8:39 hosts.maximusconfessor.servers[0].hostname "imap_%EMAILDOMAIN%" is not a host name: letters, digits, hyphens and dots only, as in mail.example.org or mail.%EMAILDOMAIN%',
    ],
    'what mail programs do with a webmail': [
      host(
        '    webMail: { loginPage: https://a.example/, loginPageInfo: { url: "http://%EMAILDOMAIN%", username: x, usernameField: {}, passwordField: { id: p } } }',
      ),
      '8:69 hosts.maximusconfessor.webMail.loginPageInfo.url must be an absolute URL that starts with https://',
      '8:121 hosts.maximusconfessor.webMail.loginPageInfo.usernameField must have an id or a name',
    ],
    'a webmail that is no address': [
      host('    webMail: 7'),
      '8:14 hosts.maximusconfessor.webMail must be an absolute URL that starts with https://, or a map with loginPage and loginPageInfo',
    ],
    'what is to be enabled nowhere': [
      host('    enable: { visiturl: /here }'),
      '8:25 hosts.maximusconfessor.enable.visiturl must be an absolute URL that starts with https:// or http://',
    ],
    'a size without a unit': [
      host('    limits: { messageSize: 12, quota: 12 bytes }'),
      '8:28 hosts.maximusconfessor.limits.messageSize must be a text, not a number',
      '8:39 hosts.maximusconfessor.limits.quota must be a number and a unit, such as 12MB or 1GB',
    ],
    'a proxy that is no address': [
      appended('trustedProxies: [localhost, 10.0.0.0/33, 1.2.3.4/8/9, "::1/128"]'),
      ...[18, 29, 42].map(
        (column, index) =>
          `12:${column} trustedProxies[${index}] must be an IP address or a network, such as 127.0.0.1 or 10.0.0.0/8`,
      ),
    ],
    'no hosts': [
      'provider: {id: a.example, displayName: A, displayShortName: A}\nhosts: {}',
      '2:8 hosts must hold at least one mail host',
    ],
    'a host key of two words': [
      replaced('  vonmuenchhausen:', '  "von muenchhausen":'),
      '8:3 hosts["von muenchhausen"] must be one word without : # [ ]',
    ],
    'a host key that is another host’s name': [
      replaced('  vonmuenchhausen:', '  maximusconfessor.all2all.org:'),
      '8:3 hosts["maximusconfessor.all2all.org"] is the host name of maximusconfessor; a host’s key must not be another one’s name',
    ],
    'no map at all': ['- a', '1:1 must be a map with provider, hosts and domains'],
    'an empty file': ['', '1:1 must be a map with provider, hosts and domains'],
    'no YAML': [
      'a: [\nb: c: d',
      '2:1 Flow sequence in block collection must be sufficiently indented and end with a ]',
      '2:4 Nested mappings are not allowed in compact mappings',
    ],
    'YAML that unfolds without end': [
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        'b: &b [*a,*a,*a,*a,*a,*a,*a,*a]',
        'c: &c [*b,*b,*b,*b,*b,*b,*b,*b]',
        'd: [*c,*c,*c,*c,*c,*c,*c,*c]',
      ].join('\n'),
      '1:1 Excessive alias count indicates a resource exhaustion attack',
    ],
  }
  for (const [name, [config, ...expected]] of Object.entries(cases)) {
    const { errors } = await findings(t, config)
    t.strictSame(
      errors,
      expected.map((fault) => `autoconfig.yaml:${fault}`.replaceAll('’', "'")),
      name,
    )
  }
})

t.test('all faults are told at once, in the order of the file', async (t) => {
  const config = host('    servers: [imaps]', '    colour: red').replace(
    'example.org: maximusconfessor',
    'example.org: nobody',
  )
  const { errors } = await findings(t, `${config}\ndomainFiles: [missing.map]\nhttp: { maxAge: -1 }`)
  t.strictSame(
    errors.map((fault) => fault.replace(/^autoconfig\.yaml:(\d+:\d+ \S+).*/, '$1')),
    [
      '9:5 hosts.maximusconfessor.colour',
      '13:16 domains["example.org"]',
      '14:15 domainFiles[0]',
      '15:17 http.maxAge',
    ].map((fault) => fault),
  )
})

t.test('what would hurt a real client is a warning that names it', async (t) => {
  const cases: Record<string, [config: string, ...warnings: string[]]> = {
    'a second server of a type': [
      host('    servers: [imaps, imap, smtps]'),
      '8:22 hosts.maximusconfessor.servers[1] a second imap server: Evolution takes the last, everybody else the first; it is left out',
    ],
    'the same, written all the same': [
      host('    servers: [imaps, smtps, submission]', '    shape: all'),
      '8:29 hosts.maximusconfessor.servers[2] a second smtp server: Evolution and aerc take the last, everybody else the first; it is written all the same',
    ],
    'a server without encryption': [
      host('    servers: [imaps, { type: pop3, socketType: plain }, smtps]'),
      '8:48 hosts.maximusconfessor.servers[1].socketType plain: Thunderbird for Android and for iOS discard the whole document; it is left out',
    ],
    'OAuth2 alone': [
      host('    servers: [{ type: imap, authentication: [OAuth2] }, smtps]'),
      '8:45 hosts.maximusconfessor.servers[0].authentication OAuth2 without a password method: Thunderbird, Thunderbird for Android and Mustang skip the server unless they know its host',
    ],
    'a login that looks like a number': [
      replaced(
        'example.org: maximusconfessor',
        'example.org: { host: maximusconfessor, username: "0012345" }',
      ),
      '11:52 domains["example.org"].username looks like a number or a truth value: Thunderbird logs in as "12345"',
    ],
    'a login that mixes': [
      host("    username: '%EMAILLOCALPART%.%EMAILDOMAIN%'"),
      '8:15 hosts.maximusconfessor.username mixes a placeholder with other text: Evolution, Horde, FairEmail, aerc and GNOME Online Accounts get it wrong',
    ],
    'a login of one server': [
      host("    servers: [{ type: imap, username: '%USER%' }, smtps]"),
      '8:14 hosts.maximusconfessor.servers have different user names: FairEmail takes the last one for all',
      '8:39 hosts.maximusconfessor.servers[0].username holds %USER%, which no client replaces; there are %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%',
    ],
    'long names': [
      replaced('all2all mail', 'a'.repeat(31)),
      '3:16 provider.displayName is longer than 30 characters: clients may cut it (draft-ietf-mailmaint-autoconfig-06)',
    ],
    'names of a domain': [
      replaced(
        'example.org: maximusconfessor',
        'example.org: { host: maximusconfessor, displayName: A & B, displayShortName: aaaaaaaaaaaaa }',
      ),
      '11:55 domains["example.org"].displayName holds & < > " or an emoji: Thunderbird for iOS and Delta Chat keep only what stands behind it',
      '11:80 domains["example.org"].displayShortName is longer than 12 characters: clients may cut it (draft-ietf-mailmaint-autoconfig-06)',
    ],
    'documentation that does not say what it is': [
      replaced('  id: all2all.org', '  id: all2all.org', '  documentation: [{ url: https://a.example/ }]'),
      '3:19 provider.documentation[0] has no descr, and pimalaya discards the document for it: left out unless a host has shape: all',
    ],
    'the same of a domain': [
      replaced(
        'example.org: maximusconfessor',
        'example.org: { host: maximusconfessor, documentation: [{ url: https://a.example/ }] }',
      ),
      '11:57 domains["example.org"].documentation has no descr, and pimalaya discards the document for it: left out unless a host has shape: all',
    ],
    'two hosts of one name': [
      replaced('vonmuenchhausen.all2all.org', 'maximusconfessor.all2all.org'),
      '9:15 hosts.vonmuenchhausen.hostname is the host name of maximusconfessor too; a map file that says maximusconfessor.all2all.org means maximusconfessor',
    ],
  }
  for (const [name, [config, ...expected]] of Object.entries(cases)) {
    const { errors, warnings } = await findings(t, config)
    t.strictSame(errors, [], name)
    t.strictSame(
      warnings,
      expected.map((warning) => `autoconfig.yaml:${warning}`),
      name,
    )
  }
})

t.test('each warning of a server, a user name and a display name', async (t) => {
  const server: ServerSettings = {
    type: 'imap',
    hostname: domain('a.example'),
    port: 993,
    socketType: 'SSL',
    authentication: ['password-cleartext'],
    username: '%EMAILADDRESS%',
  }
  const warnings = (change: Partial<ServerSettings>) =>
    serverWarnings({ shape: 'safe' }, [{ ...server, ...change }]).map(
      ({ key, message }) => `${key}: ${message}`,
    )
  t.strictSame(warnings({}), [])
  t.match(warnings({ port: 143 }), ['port: port 143 speaks STARTTLS by its standard, not SSL'])
  t.match(warnings({ port: 2143, socketType: 'STARTTLS' }), [
    /^port: STARTTLS on port 2143: Thunderbird and FairEmail, where they ask Autodiscover, go by the port/,
  ])
  t.match(warnings({ authentication: ['GSSAPI', 'password-cleartext'] }), [
    /^authentication: GSSAPI: Thunderbird for iOS/,
  ])
  t.match(warnings({ authentication: ['OAuth2', 'password-cleartext'] }), [/KMail takes OAuth2$/])
  t.match(warnings({ authentication: ['password-cleartext', 'password-encrypted'] }), [
    /two password methods: KMail/,
  ])
  t.match(usernameWarnings('%EMAILDOMAIN%'), [/Evolution makes empty/])
  t.match(usernameWarnings('TRUE'), [/Thunderbird logs in as "true"/])
  t.match(usernameWarnings('1e5'), [/Thunderbird logs in as "100000"/])
  t.match(usernameWarnings('user0001'), [/the same login for everybody/])
  t.match(displayNameWarnings('%EMAILDOMAIN% mail', 30), [/a placeholder/])
  t.match(displayNameWarnings('mail \u{1f4e7}', 30), [/an emoji/])
})

t.test('what is left out of the configuration has a default', async (t) => {
  const { hosts, http, trustedProxies } = await load(t, base)
  t.match(hosts.get('maximusconfessor'), {
    id: 'all2all.org',
    displayName: 'all2all mail',
    host: { key: 'maximusconfessor', limits: {}, shape: 'safe' },
    servers: [
      { type: 'imap', port: 993 },
      { type: 'pop3', port: 995 },
      { type: 'smtp', port: 465 },
    ].map((server) => ({
      ...server,
      hostname: 'maximusconfessor.all2all.org',
      socketType: 'SSL',
      authentication: ['password-cleartext'],
      username: '%EMAILADDRESS%',
    })),
    documentation: [],
  })
  t.match(http, { maxAge: 3600, notFoundMaxAge: 300, compress: true, accessLog: true, shutdownTimeout: 10 })
  t.strictSame(trustedProxies, [])
})

t.test('the short names of servers mean what their registry says', async (t) => {
  const serverOf = async (server: unknown) => {
    const config = {
      ...example,
      hosts: { mx: { hostname: 'mx.example', servers: [server, 'imaps', 'smtps'] } },
      domains: {},
    }
    const first = (await load(t, config)).hosts.get('mx')?.servers[0]
    return `${first?.type} ${first?.port} ${first?.socketType}`
  }
  for (const [server, meaning] of [
    ['imaps', 'imap 993 SSL'],
    ['pop3s', 'pop3 995 SSL'],
    ['submissions', 'smtp 465 SSL'],
    ['smtps', 'smtp 465 SSL'],
    ['imap', 'imap 143 STARTTLS'],
    ['pop3', 'pop3 110 STARTTLS'],
    ['submission', 'smtp 587 STARTTLS'],
    [{ type: 'imap' }, 'imap 993 SSL'],
    [{ type: 'imap', port: 143 }, 'imap 143 STARTTLS'],
    [{ type: 'smtp', socketType: 'STARTTLS' }, 'smtp 587 STARTTLS'],
    [{ type: 'smtp', port: 2525 }, 'smtp 2525 SSL'],
    [{ type: 'pop3', port: 143 }, 'pop3 143 SSL'],
  ] as const) {
    t.equal(await serverOf(server), meaning, JSON.stringify(server))
  }
})

t.test('sizes are read as bytes', async (t) => {
  const config = host('    limits: { messageSize: 12MB, quota: 1.5 GiB }')
  t.strictSame((await load(t, config)).hosts.get('maximusconfessor')?.host.limits, {
    messageSize: 12e6,
    quota: 1610612736,
  })
})

t.test('a configuration that is not there, or may not be read, is a fault', async (t) => {
  const outcome = await loadConfig('no/such/file.yaml')
  t.match(outcome, {
    errors: [{ file: 'no/such/file.yaml', message: 'cannot be read: there is no such file' }],
    files: [{ file: 'no/such/file.yaml', fingerprint: 'absent' }],
  })
  const through = await loadConfig(`${configFolder(t, base)}/x`)
  t.match(through, { errors: [{ message: 'cannot be read: a part of its path is not a folder' }] })
  const long = await loadConfig('a'.repeat(5000))
  t.match(long, { errors: [{ message: /^cannot be read: ENAMETOOLONG/ }] })
})

t.test('an empty section is one that is not there, and one host is enough', async (t) => {
  const config = await load(
    t,
    'provider: {id: a.example, displayName: A, displayShortName: A}\nhosts: {mx: {hostname: MX.a.example}}\ndomains:\n',
  )
  t.equal(config.hosts.get('mx')?.host.hostname, 'mx.a.example')
})

t.test('an alias stands for what it names, and a fault in it is found there', async (t) => {
  const config = [
    ...['provider: { id: a.example, displayName: A, displayShortName: A }', 'hosts:'],
    ...['  mx: &mx', '    hostname: a_b', '  my: *mx', 'domains: { a.example: my }'],
  ].join('\n')
  const { errors } = await findings(t, config)
  t.match(errors, [
    /^autoconfig\.yaml:4:15 hosts\.mx\.hostname/,
    /^autoconfig\.yaml:4:15 hosts\.my\.hostname/,
  ])
})

t.test('a file in another encoding is told at its first foreign letter', async (t) => {
  const latin1 = Buffer.from(replaced('all2all mail', 'courrier \u00e9lectronique'), 'latin1')
  const file = configFolder(t, '')
  writeFileSync(file, latin1)
  const outcome = await loadConfig(file)
  t.match(outcome, {
    errors: [{ line: 3, column: 25, message: 'is not UTF-8 here; save the file as UTF-8' }],
  })
  writeFileSync(file, Buffer.from([0xff]))
  t.match(await loadConfig(file), { errors: [{ line: 1, column: 1, message: /not UTF-8/ }, {}] })
})

t.test('files outside the folder it was started in are spoken of by their whole path', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-autoconfig-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'autoconfig.yaml'), stringify({ ...example, domainFiles: ['domains.map'] }))
  writeFileSync(join(folder, 'domains.map'), 'a.example nobody\n')
  const outcome = await loadConfig(join(folder, 'autoconfig.yaml'))
  t.match(outcome, { errors: [{ file: join(folder, 'domains.map'), line: 1 }] })
})

t.test('suggestions are near, or not made', async (t) => {
  t.equal(suggestion('hostnam', ['hostname', 'port']), '; did you mean "hostname"?')
  t.equal(suggestion('xyz', ['hostname', 'port']), '')
  t.equal(nearest('a', []), undefined)
})

t.test('the schema for editors is the one that the code prints, and takes the example', async (t) => {
  const file = readFileSync('config/autoconfig.schema.json', 'utf8')
  t.equal(file, `${JSON.stringify(jsonSchema(), null, 2)}\n`, 'npm run schema writes it anew')
  t.match(JSON.parse(file), {
    required: ['provider', 'hosts'],
    additionalProperties: false,
    properties: { hosts: { additionalProperties: { properties: { servers: { items: { anyOf: Array } } } } } },
  })
  t.ok(stringify(example))
})

t.test('a short name of the provider that clients may cut is a warning', async (t) => {
  const provider = { ...example.provider, displayShortName: 'all2all in Brussels' }
  t.match((await findings(t, { ...example, provider })).warnings, [
    /provider\.displayShortName is longer than 12 characters/,
  ])
})

t.test(
  'days to leave messages on the server mean that they are left there, which may be said alone',
  async (t) => {
    const servers = ['imaps', { type: 'pop3', daysToLeaveMessagesOnServer: 3 }, 'submissions']
    const hosts = { ...example.hosts, maximusconfessor: { ...example.hosts.maximusconfessor, servers } }
    const { hosts: expanded } = await load(t, { ...example, hosts })
    t.match(expanded.get('maximusconfessor')?.servers[1]?.pop3, {
      leaveMessagesOnServer: true,
      daysToLeaveMessagesOnServer: 3,
    })
    const alone = ['imaps', { type: 'pop3', leaveMessagesOnServer: false }, 'submissions']
    const more = { ...example.hosts, maximusconfessor: { ...example.hosts.maximusconfessor, servers: alone } }
    const { hosts: others } = await load(t, { ...example, hosts: more })
    t.strictSame(others.get('maximusconfessor')?.servers[1]?.pop3, { leaveMessagesOnServer: false })
  },
)

t.test('a host may have names and pages of its own, which are looked at like the provider’s', async (t) => {
  const names = { id: 'brand.example', displayName: 'Brand & Sons', displayShortName: 'A brand too long' }
  const hosts = { mx: { hostname: 'mx.example', ...names, documentation: [{ url: 'https://a.example/' }] } }
  const { warnings } = await findings(t, { ...example, hosts, domains: { 'example.org': 'mx' } })
  t.match(warnings, [
    / hosts\.mx\.displayName holds & < > "/,
    / hosts\.mx\.displayShortName is longer than 12 characters/,
    / hosts\.mx\.documentation\[0\] has no descr/,
  ])
  const { hosts: loaded } = await load(t, { ...example, hosts, domains: { 'example.org': 'mx' } })
  t.match(loaded.get('mx'), names)
})

t.test('a domain with a webmail of its own does not keep how to log in to that of the host', async (t) => {
  const loginPageInfo = {
    url: 'https://a.example/',
    username: '%EMAILADDRESS%',
    usernameField: { id: 'u' },
    passwordField: { id: 'p' },
  }
  const webMail = { loginPage: 'https://a.example/', loginPageInfo }
  const mx = { hostname: 'mx.example', webMail, enable: { visiturl: 'https://a.example/on' } }
  const resolver = await openResolver(t, {
    ...example,
    hosts: { mx },
    domains: {
      'plain.example': 'mx',
      'own.example': { host: 'mx', webMail: 'https://b.example/' },
      'other.example': { host: 'mx', id: 'other.example', enable: { visiturl: 'https://b.example/on' } },
    },
  })
  const providerOf = (name: string) => resolver.find(domain(name))
  t.match(providerOf('plain.example'), { webMail: 'https://a.example/', loginPageInfo, id: 'all2all.org' })
  t.equal(providerOf('own.example')?.webMail, 'https://b.example/')
  t.notOk(providerOf('own.example')?.loginPageInfo)
  t.match(providerOf('other.example'), {
    id: 'other.example',
    loginPageInfo,
    enable: { visiturl: 'https://b.example/on', instruction: {} },
  })
})

t.test('how a program logs in to the webmail is written as far as it is said', async (t) => {
  const loginPageInfo = {
    url: 'https://a.example/',
    username: '%EMAILADDRESS%',
    usernameField: { id: 'u' },
    passwordField: { name: 'p' },
  }
  const mx = {
    hostname: 'mx.example',
    shape: 'all',
    webMail: { loginPage: 'https://a.example/', loginPageInfo },
  }
  const { app } = await openApp(t, { ...example, hosts: { mx }, domains: { 'example.org': 'mx' } })
  const { body } = await app.inject('/v1.1/example.org')
  t.match(
    body,
    `    <loginPageInfo url="https://a.example/">
      <username>%EMAILADDRESS%</username>
      <usernameField id="u"/>
      <passwordField name="p"/>
    </loginPageInfo>
`,
  )
})
