import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/load.ts'
import { jsonSchema } from '../../src/config/schema.ts'
import { displayNameWarnings, serverWarnings, usernameWarnings } from '../../src/model/client-warnings.ts'
import type { ServerSettings } from '../../src/model/settings.ts'
import { nearest, suggestion } from '../../src/reading/suggestion.ts'
import { configFolder, domain, example, findings, load, openApp, openResolver } from '../support/example.ts'

/** The valid example, with one setting a line, so that the place of an error is unambiguous. */
const asMapping = '; write { key: value }, or each key: value on a line of its own, indented'
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

t.test('the example has no errors and no warnings', async (t) => {
  t.strictSame(await findings(t, base), { errors: [], warnings: [] })
})

t.test('each error is reported with its line, its column, and what to write instead', async (t) => {
  const cases: Record<string, [config: string, ...errors: string[]]> = {
    'an unknown key': [
      appended('domainfiles: [a]', 'quux: 1'),
      '12:1 domainfiles unknown key; did you mean "domainFiles"?',
      '13:1 quux unknown key; the keys are provider, hosts, publicName, page, apple, acme, pacc, trustedProxies, http, tls, reload, watch, domains, domainFiles, nextHops, accounts, links, sources, ispdb',
    ],
    'an unknown key further down': [
      host('    webmail: https://a.example/'),
      '8:5 hosts.maximusconfessor.webmail unknown key; did you mean "webMail"?',
    ],
    'an unknown key that is similar to none': [
      host('    x: 1'),
      '8:5 hosts.maximusconfessor.x unknown key; the keys are hostname, servers, username, id, displayName, displayShortName, documentation, contact, pageText, enable, webMail, limits, services, oAuth2, pacc, shape',
    ],
    'a missing value': [replaced('  id: all2all.org\n', ''), '2:3 provider.id is missing'],
    'a section missing': ['hosts: {a: {hostname: a.example}}', '1:1 provider is missing'],
    'a wrong type': [
      replaced('all2all mail', '[a]'),
      '3:16 provider.displayName must be a string, not a list',
    ],
    'an empty value': [
      replaced(' all2all mail', ''),
      '3:15 provider.displayName must be a string, but is empty',
    ],
    'a port out of range': [
      host('    servers: [{ type: imap, port: 70000 }, smtps]'),
      '8:35 hosts.maximusconfessor.servers[0].port must be <= 65535',
    ],
    'a port that is not a number': [
      host('    servers: [{ type: imap, port: "993" }, { type: smtp, port: 0 }, { type: smtp, port: 1.5 }]'),
      '8:35 hosts.maximusconfessor.servers[0].port must be a number, not a string; write it without quotes',
      '8:64 hosts.maximusconfessor.servers[1].port must be >= 1',
      '8:89 hosts.maximusconfessor.servers[2].port must be a whole number',
    ],
    'an unknown short name': [
      host('    servers: [imap4, smtps]'),
      '8:15 hosts.maximusconfessor.servers[0] must be one of imaps, pop3s, submissions, smtps, imap, pop3, submission; did you mean "imaps"?',
    ],
    'a server that is neither a short name nor a mapping': [
      host('    servers: [7, smtps]'),
      '8:15 hosts.maximusconfessor.servers[0] must be a short name such as imaps, or a mapping with a type',
    ],
    'an unknown type': [
      host('    servers: [{ type: imaps }, smtps]'),
      '8:23 hosts.maximusconfessor.servers[0].type must be one of imap, pop3, smtp; did you mean "imap"?',
    ],
    'an unknown socketType': [
      host('    servers: [{ type: imap, socketType: ssl }, smtps]'),
      '8:41 hosts.maximusconfessor.servers[0].socketType must be one of SSL, STARTTLS, plain; did you mean "SSL"?',
    ],
    'POP3 options for IMAP': [
      host('    servers: [{ type: imap, leaveMessagesOnServer: true }, smtps]'),
      '8:52 hosts.maximusconfessor.servers[0].leaveMessagesOnServer requires "type: pop3"',
    ],
    'no outgoing server': [
      host('    servers: [imaps]'),
      '8:14 hosts.maximusconfessor.servers has no outgoing server: clients reject a document without one; add submissions',
    ],
    'no incoming server': [
      host('    servers: [smtps]'),
      '8:14 hosts.maximusconfessor.servers has no incoming server: clients reject a document without one; add imaps',
    ],
    'no server that every client accepts': [
      host('    servers: [{ type: imap, socketType: plain }, smtps]'),
      '8:14 hosts.maximusconfessor.servers has no incoming server that every client accepts; use SSL or STARTTLS with password-cleartext for one, or set "shape: all"',
    ],
    'no servers at all': [host('    servers: []'), '8:14 hosts.maximusconfessor.servers must not be empty'],
    'an illegal host name': [
      replaced('maximusconfessor.all2all.org', 'maximus_confessor.all2all.org'),
      '7:15 hosts.maximusconfessor.hostname is not a host name: use letters, digits, hyphens and dots, as in mail.example.org',
    ],
    'a host that does not exist': [
      replaced('example.org: maximusconfessor', 'example.org: maximusconfesor'),
      '11:16 domains["example.org"] there is no host "maximusconfesor"; did you mean "maximusconfessor"?',
    ],
    'a host that does not exist, with overrides': [
      replaced('example.org: maximusconfessor', 'example.org: { host: x }'),
      '11:24 domains["example.org"].host there is no host "x"; the hosts are maximusconfessor, vonmuenchhausen',
    ],
    'a default host that does not exist': [
      replaced('  id: all2all.org', '  id: all2all.org', '  defaultHost: vonmunchhausen'),
      '3:16 provider.defaultHost there is no host "vonmunchhausen"; did you mean "vonmuenchhausen"?',
    ],
    'a default host that is similar to none': [
      replaced('  id: all2all.org', '  id: all2all.org', '  defaultHost: x'),
      '3:16 provider.defaultHost there is no host "x"; the hosts are maximusconfessor, vonmuenchhausen',
    ],
    'a default host with an error': [
      replaced('  id: all2all.org', '  id: all2all.org', '  defaultHost: vonmuenchhausen').replace(
        'vonmuenchhausen.all2all',
        'von_muenchhausen.all2all',
      ),
      '10:15 hosts.vonmuenchhausen.hostname is not a host name: use letters, digits, hyphens and dots, as in mail.example.org',
    ],
    'a domain where there are no hosts': [
      'provider: {id: a.example, displayName: A, displayShortName: A}\nhosts: {}\ndomains: {a.example: mx}',
      '2:8 hosts must contain at least one mail host',
      '3:22 domains["a.example"] there is no host "mx"; there are no hosts',
    ],
    'a key without a value': ['{ provider }', '1:1 hosts is missing', '1:3 provider is missing'],
    'a key that is a list': [
      appended('? [a, b]', ': c'),
      '12:3 a key must be a string, not a list or a mapping',
    ],
    'overrides without a host': [
      replaced('example.org: maximusconfessor', 'example.org: { displayName: A }'),
      '11:16 domains["example.org"].host is missing',
    ],
    'a domain that is mapped to a number': [
      replaced('example.org: maximusconfessor', 'example.org: 7'),
      '11:16 domains["example.org"] must be the key of a host, or a mapping with a host',
    ],
    'a key that is not a domain': [
      replaced('example.org: maximusconfessor', '"jane@example.org": maximusconfessor'),
      '11:3 domains["…"] is not a domain; write example.org, *.example.org or *',
    ],
    'a domain on two hosts': [
      appended('  EXAMPLE.ORG.: vonmuenchhausen'),
      '12:3 domains["EXAMPLE.ORG."] is mapped to vonmuenchhausen here and to maximusconfessor in autoconfig.yaml:11; remove one of them',
    ],
    'a key that is listed twice': [
      appended('  example.org: vonmuenchhausen'),
      '12:3 "example.org" is listed twice (first at line 11)',
    ],
    'a key that may be a secret, twice': [
      appended('  "mx.example user:hunter2": maximusconfessor\n  "mx.example user:hunter2": x'),
      '13:3 the key is listed twice (first at line 12)',
      '13:3 domains["…"] is not a domain; write example.org, *.example.org or *',
      '13:30 domains["…"] there is no host "x"; the hosts are maximusconfessor, vonmuenchhausen',
    ],
    'a key that is an address of the network': [
      appended('nextHops: { 10.0.0.5: x, "[2001:db8::5]": x, "user:hunter2": x }'),
      ...['10.0.0.5', '[2001:db8::5]', '…'].map(
        (key, index) =>
          `12:${[23, 43, 62][index]} nextHops["${key}"] there is no host "x"; the hosts are maximusconfessor, vonmuenchhausen`,
      ),
    ],
    'a name with control characters': [
      replaced('all2all mail', '"a\\tb"'),
      '3:16 provider.displayName must not contain control characters or line breaks',
    ],
    'names that are too long': [
      replaced('displayShortName: all2all', `displayShortName: ${'a'.repeat(21)}`),
      '4:21 provider.displayShortName must have at most 20 characters; it has 21',
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
      '3:38 provider.documentation[0].descr.English must be a language code such as en or pt-BR, or "default"',
    ],
    'an illegal host name with a placeholder': [
      host("    servers: [{ type: imap, hostname: 'imap_%EMAILDOMAIN%' }, smtps]"),
      '8:39 hosts.maximusconfessor.servers[0].hostname is not a host name: use letters, digits, hyphens and dots, as in mail.example.org or mail.%EMAILDOMAIN%',
    ],
    'login page info with errors': [
      host(
        '    webMail: { loginPage: https://a.example/, loginPageInfo: { url: "http://%EMAILDOMAIN%", username: x, usernameField: {}, passwordField: { id: p } } }',
      ),
      '8:69 hosts.maximusconfessor.webMail.loginPageInfo.url must be an absolute URL that starts with https://',
      '8:121 hosts.maximusconfessor.webMail.loginPageInfo.usernameField must have an id or a name',
    ],
    'a webmail that is not a URL': [
      host('    webMail: 7'),
      '8:14 hosts.maximusconfessor.webMail must be an absolute URL that starts with https://, or a mapping with loginPage and loginPageInfo',
    ],
    'a page to enable mail clients that is not a URL': [
      host('    enable: { visiturl: /here }'),
      '8:25 hosts.maximusconfessor.enable.visiturl must be an absolute URL that starts with https:// or http://',
    ],
    'a size without a unit': [
      host('    limits: { messageSize: 12, quota: 12 bytes }'),
      '8:28 hosts.maximusconfessor.limits.messageSize must be a number and a unit, such as 12MB or 1GB',
      '8:39 hosts.maximusconfessor.limits.quota must be a number and a unit, such as 12MB or 1GB',
    ],
    'a proxy that is not an address': [
      appended('trustedProxies: [localhost, 10.0.0.0/33, 1.2.3.4/8/9, "::1/128"]'),
      ...[18, 29, 42].map(
        (column, index) =>
          `12:${column} trustedProxies[${index}] must be an IP address or a network, such as 127.0.0.1 or 10.0.0.0/8, or unix for unix sockets`,
      ),
    ],
    'no hosts': [
      'provider: {id: a.example, displayName: A, displayShortName: A}\nhosts: {}',
      '2:8 hosts must contain at least one mail host',
    ],
    'a host key of two words': [
      replaced('  vonmuenchhausen:', '  "von muenchhausen":'),
      '8:3 hosts["…"] must not contain white space, colons, # or brackets',
    ],
    'a host key that is another host’s name': [
      replaced('  vonmuenchhausen:', '  maximusconfessor.all2all.org:'),
      '8:3 hosts["maximusconfessor.all2all.org"] is the host name of maximusconfessor; choose another key',
    ],
    'a list instead of a mapping': ['- a', '1:1 must be a mapping with provider, hosts and domains'],
    'a number with a unit': [
      appended('http: { drainDelay: 5s }'),
      '12:21 http.drainDelay must be a number, not a string; write the number alone, in the unit of this setting',
    ],
    'a number in quotes': [
      appended('http: { maxAge: "60" }'),
      '12:17 http.maxAge must be a number, not a string; write it without quotes',
    ],
    'a status that is none of those offered': [
      appended('http: { uncertainStatus: 500 }'),
      '12:26 http.uncertainStatus must be one of 404, 503',
    ],
    'an empty file': ['', '1:1 must be a mapping with provider, hosts and domains'],
    'invalid YAML': [
      'a: [\nb: c: d',
      '2:1 a [ above is not closed; write ] at its end, or indent this line',
      '2:4 a text with a colon and a blank must be in quotes: b: "…"',
    ],
  }
  for (const [name, [config, ...expected]] of Object.entries(cases)) {
    const { errors } = await findings(t, config)
    t.strictSame(
      errors,
      expected.map((error) => `autoconfig.yaml:${error}`.replaceAll('’', "'")),
      name,
    )
  }
})

t.test('all errors are reported at once, in the order of the file', async (t) => {
  const config = host('    servers: [imaps]', '    colour: red').replace(
    'example.org: maximusconfessor',
    'example.org: nobody',
  )
  const { errors } = await findings(t, `${config}\ndomainFiles: [missing.map]\nhttp: { maxAge: -1 }`)
  t.strictSame(
    errors.map((error) => error.replace(/^autoconfig\.yaml:(\d+:\d+ \S+).*/, '$1')),
    [
      '8:14 hosts.maximusconfessor.servers',
      '9:5 hosts.maximusconfessor.colour',
      '13:16 domains["example.org"]',
      '14:15 domainFiles[0]',
      '15:17 http.maxAge',
    ],
  )
})

t.test('settings that break a client cause a warning that names the client', async (t) => {
  const cases: Record<string, [config: string, ...warnings: string[]]> = {
    'a second server of a type': [
      host('    servers: [imaps, imap, smtps]'),
      '8:22 hosts.maximusconfessor.servers[1] is a second imap server: Evolution uses the last, other clients the first; omitted',
    ],
    'a second server that is still published': [
      host('    servers: [imaps, smtps, submission]', '    shape: all'),
      '8:29 hosts.maximusconfessor.servers[2] is a second smtp server: Evolution and aerc use the last, other clients the first; still published, because of "shape: all"',
    ],
    'a server without encryption': [
      host('    servers: [imaps, { type: pop3, socketType: plain }, smtps]'),
      '8:48 hosts.maximusconfessor.servers[1].socketType is plain: Thunderbird for Android and for iOS reject the whole document; omitted',
    ],
    'OAuth2 alone': [
      host('    servers: [{ type: imap, authentication: [OAuth2] }, smtps]'),
      '8:45 hosts.maximusconfessor.servers[0].authentication contains OAuth2 but no password method: Thunderbird, Thunderbird for Android and Mustang skip the server unless they know its host',
    ],
    'a username that looks like a number': [
      replaced(
        'example.org: maximusconfessor',
        'example.org: { host: maximusconfessor, username: "0012345" }',
      ),
      '11:52 domains["example.org"].username looks like a number or a boolean: Thunderbird changes it, such as 007 to 7',
    ],
    'a username that mixes a placeholder with text': [
      host("    username: '%EMAILLOCALPART%.%EMAILDOMAIN%'"),
      '8:15 hosts.maximusconfessor.username mixes a placeholder with other text: Evolution, Horde, FairEmail, aerc and GNOME Online Accounts get it wrong',
    ],
    'a username of one server': [
      host("    servers: [{ type: imap, username: '%USER%' }, smtps]"),
      '8:14 hosts.maximusconfessor.servers have different usernames: FairEmail uses the last one for all servers',
      '8:39 hosts.maximusconfessor.servers[0].username contains %USER%, which no client replaces; use %EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%',
    ],
    'long names': [
      replaced('all2all mail', 'a'.repeat(31)),
      '3:16 provider.displayName is longer than 30 characters: clients may truncate it (draft-ietf-mailmaint-autoconfig-06)',
    ],
    'names of a domain': [
      replaced(
        'example.org: maximusconfessor',
        'example.org: { host: maximusconfessor, displayName: A & B, displayShortName: aaaaaaaaaaaaa }',
      ),
      '11:55 domains["example.org"].displayName contains & < > " or an emoji: Thunderbird for iOS and Delta Chat drop everything before it',
      '11:80 domains["example.org"].displayShortName is longer than 12 characters: clients may truncate it (draft-ietf-mailmaint-autoconfig-06)',
    ],
    'documentation without a description': [
      replaced('  id: all2all.org', '  id: all2all.org', '  documentation: [{ url: https://a.example/ }]'),
      '3:19 provider.documentation[0] has no descr: pimalaya rejects a document with such a page, so it is omitted unless the host has "shape: all"',
    ],
    'documentation of a domain without a description': [
      replaced(
        'example.org: maximusconfessor',
        'example.org: { host: maximusconfessor, documentation: [{ url: https://a.example/ }] }',
      ),
      '11:58 domains["example.org"].documentation[0] has no descr: pimalaya rejects a document with such a page, so it is omitted unless the host has "shape: all"',
    ],
    'two hosts with the same host name': [
      replaced('vonmuenchhausen.all2all.org', 'maximusconfessor.all2all.org'),
      '9:15 hosts.vonmuenchhausen.hostname is also the host name of maximusconfessor; a map file that names maximusconfessor.all2all.org means maximusconfessor',
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

t.test('each warning about a server, a username and a display name', async (t) => {
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
  t.match(warnings({ port: 143 }), ['port: is 143: the standard for this port is STARTTLS, not SSL'])
  t.match(warnings({ port: 2143, socketType: 'STARTTLS' }), [
    /^port: is 2143 with STARTTLS: Thunderbird and FairEmail, if they use Autodiscover, expect TLS from the first byte/,
  ])
  t.match(warnings({ authentication: ['GSSAPI', 'password-cleartext'] }), [
    /^authentication: contains GSSAPI: Thunderbird for iOS/,
  ])
  t.match(warnings({ authentication: ['OAuth2', 'password-cleartext'] }), [/KMail uses OAuth2$/])
  t.match(warnings({ authentication: ['password-cleartext', 'password-encrypted'] }), [
    /contains two password methods: KMail/,
  ])
  t.match(usernameWarnings('%EMAILDOMAIN%'), [/Evolution replaces it with an empty string/])
  t.match(usernameWarnings('TRUE'), [/Thunderbird changes it/])
  t.match(usernameWarnings('1e5'), [/Thunderbird changes it/])
  t.match(usernameWarnings('user0001'), [/the same username for everyone/])
  t.match(displayNameWarnings('%EMAILDOMAIN% mail', 30), [/a placeholder/])
  t.match(displayNameWarnings('mail \u{1f4e7}', 30), [/an emoji/])
})

t.test('omitted settings have defaults', async (t) => {
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
  t.match(http, {
    maxAge: 3600,
    notFoundMaxAge: 300,
    compress: true,
    accessLog: { domains: false },
    shutdownTimeout: 10,
  })
  t.strictSame(trustedProxies, [])
})

t.test('the short names of servers have the meaning of the service registry', async (t) => {
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

t.test('a configuration that does not exist or cannot be read is an error', async (t) => {
  const outcome = await loadConfig('no/such/file.yaml')
  t.match(outcome, {
    errors: [{ file: 'no/such/file.yaml', message: 'cannot be read: there is no such file' }],
    files: [{ file: 'no/such/file.yaml', fingerprint: 'absent' }],
  })
  const through = await loadConfig(`${configFolder(t, base)}/x`)
  t.match(through, { errors: [{ message: 'cannot be read: a part of its path is not a directory' }] })
  const long = await loadConfig('a'.repeat(5000))
  t.match(long, { errors: [{ message: /^cannot be read: ENAMETOOLONG/ }] })
})

t.test('an empty section counts as absent, and one host is enough', async (t) => {
  const config = await load(
    t,
    'provider: {id: a.example, displayName: A, displayShortName: A}\nhosts: {mx: {hostname: MX.a.example}}\ndomains:\n',
  )
  t.equal(config.hosts.get('mx')?.host.hostname, 'mx.a.example')
})

t.test('a configuration that serves no domain at all causes a warning', async (t) => {
  const { domains: _, ...empty } = example
  const none = /domains contains no domain, .* only clients that follow the MX get settings$/
  for (const config of [empty, { ...empty, domains: {} }, { ...empty, ispdb: [], sources: [] }])
    t.match((await findings(t, config)).warnings, [none])
  const refused = { 'domains.map': 'a.example error:moved' }
  t.match((await findings(t, { ...empty, domainFiles: ['domains.map'] }, refused)).warnings, [none])
  for (const [config, files] of [
    [{ ...empty, sources: [{ mx: {} }] }, {}],
    [{ ...empty, provider: { ...example.provider, defaultHost: 'maximusconfessor' } }, {}],
    [{ ...empty, domainFiles: ['domains.map'] }, { 'domains.map': 'a.example maximusconfessor' }],
    [{ ...empty, domains: { '*': 'maximusconfessor' } }, {}],
    [{ ...empty, domains: { 'a_b.example': 'maximusconfessor' } }, {}],
  ] as const)
    t.strictSame((await findings(t, config, files)).warnings, [], JSON.stringify(config))
})

t.test('an alias means the value of its anchor, and errors in that value are reported there', async (t) => {
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

t.test('a file in another encoding is reported at the first byte that is not UTF-8', async (t) => {
  const latin1 = Buffer.from(replaced('all2all mail', 'courrier \u00e9lectronique'), 'latin1')
  const file = configFolder(t, '')
  writeFileSync(file, latin1)
  const outcome = await loadConfig(file)
  t.match(outcome, {
    errors: [{ line: 3, column: 25, message: 'is not UTF-8; save the file as UTF-8' }],
  })
  writeFileSync(file, Buffer.from([0xff]))
  t.match(await loadConfig(file), { errors: [{ line: 1, column: 1, message: /not UTF-8/ }, {}] })
})

t.test('files outside the working directory are reported with their full path', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-autoconfig-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'autoconfig.yaml'), stringify({ ...example, domainFiles: ['domains.map'] }))
  writeFileSync(join(folder, 'domains.map'), '-----BEGIN PRIVATE KEY-----\n')
  const outcome = await loadConfig(join(folder, 'autoconfig.yaml'))
  t.match(outcome, { errors: [{ file: join(folder, 'domains.map'), line: 1 }] })
})

t.test('only similar names are suggested', async (t) => {
  t.equal(suggestion('hostnam', ['hostname', 'port']), '; did you mean "hostname"?')
  t.equal(suggestion('xyz', ['hostname', 'port']), '')
  t.equal(nearest('a', []), undefined)
})

t.test('the schema file for editors is up to date', async (t) => {
  const file = readFileSync('config/autoconfig.schema.json', 'utf8')
  t.equal(file, `${JSON.stringify(jsonSchema(), null, 2)}\n`, 'npm run schema updates it')
  t.match(JSON.parse(file), {
    required: ['provider', 'hosts'],
    additionalProperties: false,
    properties: { hosts: { additionalProperties: { properties: { servers: { items: { anyOf: Array } } } } } },
  })
  t.ok(stringify(example))
})

t.test('a short name of the provider that clients may truncate causes a warning', async (t) => {
  const provider = { ...example.provider, displayShortName: 'all2all in Brussels' }
  t.match((await findings(t, { ...example, provider })).warnings, [
    /provider\.displayShortName is longer than 12 characters/,
  ])
})

t.test('a number of days to leave messages on the server implies leaving them there', async (t) => {
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
})

t.test('a host may have its own names and pages, with the same warnings as for the provider', async (t) => {
  const names = { id: 'brand.example', displayName: 'Brand & Sons', displayShortName: 'A brand too long' }
  const hosts = { mx: { hostname: 'mx.example', ...names, documentation: [{ url: 'https://a.example/' }] } }
  const { warnings } = await findings(t, { ...example, hosts, domains: { 'example.org': 'mx' } })
  t.match(warnings, [
    / hosts\.mx\.displayName contains & < > "/,
    / hosts\.mx\.displayShortName is longer than 12 characters/,
    / hosts\.mx\.documentation\[0\] has no descr/,
  ])
  const { hosts: loaded } = await load(t, { ...example, hosts, domains: { 'example.org': 'mx' } })
  t.match(loaded.get('mx'), names)
})

t.test('a domain with its own webmail does not keep the login page info of the host', async (t) => {
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
  const configOf = (name: string) => resolver.find(domain(name))
  t.match(configOf('plain.example'), { webMail: 'https://a.example/', loginPageInfo, id: 'all2all.org' })
  t.equal(configOf('own.example')?.webMail, 'https://b.example/')
  t.notOk(configOf('own.example')?.loginPageInfo)
  t.match(configOf('other.example'), {
    id: 'other.example',
    loginPageInfo,
    enable: { visiturl: 'https://b.example/on', instruction: {} },
  })
})

t.test('the login page info of a webmail is published as far as it is configured', async (t) => {
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

t.test('twenty errors in all sections are reported in one run, with their places', async (t) => {
  const config = `provider:
  id: all_2all.org
  displayName: all2all mail
  displayShortName: all2all
  defaultHost: nobody
hosts:
  first:
    hostname: first.example
    servers: [imaps]
    colour: red
  second:
    hostname: second_.example
    servers: [imaps, submisions]
publicName: "a b"
apple: { sign: { certificate: cert.pem, key: key.pem, chain: 7 } }
pacc: { submissionKey: send }
trustedProxies: [127.0.0.1, localhost]
http: { maxAge: -1, compress: maybe }
domains:
  a.example: { host: first, id: 7, moves: [{ at: 2027-01-10, host: first }, { at: 2027-01-10T02:00:00Z, host: nowhere }] }
  b.example: frist
domainFiles: [7, missing.map, domains.map]
accounts: { disclose: everybody, decoys: true, secretFile: missing.secret, map: { info: user0001 } }
links:
  keys: [{ kid: "a b", secretFile: missing.key }, { kid: c, secretFile: short.key }]
sources: [{ dns: {} }, { sql: { url: "postgres://localhost/mail", domain: "SELECT host FROM domains WHERE name = $1", connections: 0, passwordFile: missing.password } }]
ispdb: [{ folder: db, serve: some }, { folder: missing }]
quux: 1
`
  const { errors } = await findings(t, config, {
    'domains.map': '-----BEGIN PRIVATE KEY-----\n',
    'short.key': 'short',
  })
  t.ok(errors.length > 20)
  t.strictSame(errors.map(withoutFile), [
    '2:7 provider.id is not a host name: use letters, digits, hyphens and dots, as in mail.example.org',
    '5:16 provider.defaultHost there is no host "nobody"; the hosts are first, second',
    '9:14 hosts.first.servers has no outgoing server: clients reject a document without one; add submissions',
    '10:5 hosts.first.colour unknown key; the keys are hostname, servers, username, id, displayName, displayShortName, documentation, contact, pageText, enable, webMail, limits, services, oAuth2, pacc, shape',
    '12:15 hosts.second.hostname is not a host name: use letters, digits, hyphens and dots, as in mail.example.org',
    '13:22 hosts.second.servers[1] must be one of imaps, pop3s, submissions, smtps, imap, pop3, submission; did you mean "submissions"?',
    '14:13 publicName is not a host name: use letters, digits, hyphens and dots, as in mail.example.org',
    '15:62 apple.sign.chain must be a string, not a number',
    '16:24 pacc.submissionKey must be one of submit, smtp, both',
    '17:29 trustedProxies[1] must be an IP address or a network, such as 127.0.0.1 or 10.0.0.0/8, or unix for unix sockets',
    '18:17 http.maxAge must be >= 0',
    '18:31 http.compress must be true or false, not a string',
    '20:33 domains["a.example"].id must be a string, not a number',
    '20:50 domains["a.example"].moves[0].at must be a time with its offset from UTC, such as 2027-01-10T02:00:00+01:00',
    '20:111 domains["a.example"].moves[1].host there is no host "nowhere"; the hosts are first, second',
    '21:14 domains["b.example"] there is no host "frist"; the hosts are first, second',
    '22:15 domainFiles[0] must be the name of a file, or a mapping with file and host',
    '22:18 domainFiles[1] cannot be read: there is no such file',
    '23:23 accounts.disclose must be one of link, public',
    '23:60 accounts.secretFile cannot be read: there is no such file',
    '23:83 accounts.map.info is not an address; write info@example.org, or @example.org for any other address of the domain',
    '25:3 links.url is missing',
    '25:17 links.keys[0].kid must be 1 to 64 ASCII characters without spaces',
    '25:36 links.keys[0].secretFile cannot be read: there is no such file',
    '25:73 links.keys[1].secretFile short.key has 5 bytes; a secret must have at least 32',
    '26:11 sources[0] must have exactly one of the keys sql, ldap, mx',
    '26:13 sources[0].dns unknown key; the keys are sql, ldap, mx',
    '26:132 sources[1].sql.connections must be >= 1',
    '26:149 sources[1].sql.passwordFile cannot be read: there is no such file',
    '27:19 ispdb[0].folder db cannot be read: there is no such file',
    '27:30 ispdb[0].serve must be one of ispdb, all',
    '27:48 ispdb[1].folder missing cannot be read: there is no such file',
    '28:1 quux unknown key; the keys are provider, hosts, publicName, page, apple, acme, pacc, trustedProxies, http, tls, reload, watch, domains, domainFiles, nextHops, accounts, links, sources, ispdb',
    'domains.map:1:1 this is a private key: name the map of domains or addresses instead',
  ])
})

t.test('a section of the wrong kind is an error and hides no other', async (t) => {
  const mappings = ['provider', 'hosts', 'apple', 'pacc', 'http', 'domains', 'accounts', 'links']
  const lists = ['trustedProxies', 'domainFiles', 'sources', 'ispdb']
  const config = [...mappings, ...lists].map((key) => `${key}: 7`).join('\n')
  t.strictSame((await findings(t, config)).errors.map(withoutFile), [
    ...mappings.map(
      (key, index) => `${index + 1}:${key.length + 3} ${key} must be a mapping, not a number${asMapping}`,
    ),
    ...lists.map(
      (key, index) =>
        `${index + 9}:${key.length + 3} ${key} must be a list, not a number; write [a, b], or each entry on a line of its own after "- "`,
    ),
  ])
})

t.test('a list that is too long is reported with its length', async (t) => {
  const url = Array.from({ length: 11 }, (_, index) => `ldap://ldap${index}.example.org`)
  const ldap = { url, base: 'dc=example', domain: { filter: '(cn=%s)', attribute: 'host' } }
  t.match((await findings(t, { ...example, sources: [{ ldap }] })).errors, [
    /sources\[0\]\.ldap\.url must have at most 10 entries; it has 11$/,
  ])
})

t.test('an error that follows from another one is not reported', async (t) => {
  const config = appended(
    'links: { url: 7, keys: [7, { kid: 7 }] }',
    'sources: [{ sql: { url: x, connections: 0 } }]',
    'accounts: { decoys: true, secretFile: 7 }',
  )
  const { errors } = await findings(t, config)
  t.strictSame(errors.map(withoutFile), [
    '12:15 links.url must be a string, not a number',
    `12:25 links.keys[0] must be a mapping, not a number${asMapping}`,
    '12:35 links.keys[1].kid must be a string, not a number',
    '13:18 sources[0].sql.domain is required unless "account" is set',
    '13:25 sources[0].sql.url must be a URL such as postgres://user@localhost/mail, mysql://user@localhost/mail or sqlite:/var/lib/mail.db',
    '13:41 sources[0].sql.connections must be >= 1',
    '14:39 accounts.secretFile must be a string, not a number',
  ])
})

t.test('warnings are reported beside errors of the same section', async (t) => {
  const config = `provider: { displayName: A & B, displayShortName: all2all, colour: red }
hosts:
  first: { hostname: first_.example, servers: [{ type: imap, port: no, username: "1e5" }, imap, submissions], displayName: A & B }
domains:
  a.example: { host: first, id: 7, displayName: A & B, documentation: [{}, { url: https://a.example/ }] }
domainFiles: [domains.map]
accounts: { map: { info: user0001, info@example.org: "007" }, files: [7, virtual] }
apple: { sign: { certificate: cert.pem, key: key.pem } }
`
  const { errors, warnings } = await findings(t, config, {
    'domains.map': 'b.example error:\nc.example\n',
    virtual: 'info user0001\n',
  })
  t.strictSame(errors.map(withoutFile), [
    '1:11 provider.id is missing',
    '1:60 provider.colour unknown key; the keys are id, displayName, displayShortName, documentation, contact, pageText, defaultHost',
    '3:22 hosts.first.hostname is not a host name: use letters, digits, hyphens and dots, as in mail.example.org',
    '3:68 hosts.first.servers[0].port must be a number, not a string',
    '5:33 domains["a.example"].id must be a string, not a number',
    '5:72 domains["a.example"].documentation[0].url is missing',
    '7:20 accounts.map.info is not an address; write info@example.org, or @example.org for any other address of the domain',
    '7:71 accounts.files[0] must be the name of a file, or a mapping with file and end',
  ])
  t.strictSame(warnings.map(withoutFile), [
    '1:26 provider.displayName contains & < > " or an emoji: Thunderbird for iOS and Delta Chat drop everything before it',
    '3:47 hosts.first.servers have different usernames: FairEmail uses the last one for all servers',
    '3:82 hosts.first.servers[0].username looks like a number or a boolean: Thunderbird changes it, such as 007 to 7',
    '3:91 hosts.first.servers[1] is a second imap server: Evolution uses the last, other clients the first; omitted',
    '3:124 hosts.first.displayName contains & < > " or an emoji: Thunderbird for iOS and Delta Chat drop everything before it',
    '5:49 domains["a.example"].displayName contains & < > " or an emoji: Thunderbird for iOS and Delta Chat drop everything before it',
    '5:76 domains["a.example"].documentation[1] has no descr: pimalaya rejects a document with such a page, so it is omitted unless the host has "shape: all"',
    '7:54 accounts.map["…"] looks like a number or a boolean: Thunderbird changes such a login name',
    '8:31 apple.sign.certificate cert.pem cannot be read: there is no such file; profiles are sent unsigned',
    '8:46 apple.sign.key key.pem cannot be read: there is no such file; profiles are sent unsigned',
    'domains.map:2:1 ignored: there is no host after the domain; if one host has all domains of the file, write { file: …, host: … } under domainFiles:',
    'virtual:1:1 ignored: not an address with a domain',
  ])
})

/** Places in the configuration without its name. */
const withoutFile = (text: string): string => text.replace(/^autoconfig\.yaml:/, '')

t.test('hosts that are not a mapping have no keys that a message could list', async (t) => {
  for (const hosts of ['mx1.all2all.org', ['mx1.all2all.org'], 7]) {
    const { errors } = await findings(t, { ...example, hosts, domains: { 'example.org': 'mx' } })
    t.match(errors[1], /domains\["example\.org"\] there is no host "mx"; there are no hosts$/)
    t.match(
      errors[0],
      /^autoconfig\.yaml:\d+:\d+ hosts must be a mapping, not .*; write \{ key: value \}, or each /,
    )
  }
})
