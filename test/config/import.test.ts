import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { run } from '../support/command.ts'
import { configFolder } from '../support/example.ts'

const server = (element: string, type: string, hostname: string, port: number, more = '') =>
  `<${element} type="${type}"><hostname>${hostname}</hostname><port>${port}</port><socketType>SSL</socketType>
<authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username>${more}</${element}>`
const imap = server('incomingServer', 'imap', 'mail.a.example', 993)
const smtp = server('outgoingServer', 'smtp', 'mail.a.example', 465)
/** The contents of a service, as we write them for these servers. */
const httpLogin = (url: string) =>
  `<url>${url}</url><authentication system="http">Basic</authentication><username>%EMAILADDRESS%</username>`
const names = '<displayName>A Mail</displayName><displayShortName>A</displayShortName>'

const file = (inside: string, after = '', domains = ['a.example']) => `<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="a.example">
${domains.map((domain) => `<domain>${domain}</domain>`).join('')}${inside}</emailProvider>
${after}</clientConfig>`
const plain = file(names + imap + smtp)

/** Runs import on files; in its messages, the files have no directory. */
async function imported(t: Test, files: Record<string, string | Buffer>, ...paths: string[]) {
  const directory = t.testdir(files as Record<string, string>)
  const args = (paths.length > 0 ? paths : Object.keys(files).sort()).map((path) => join(directory, path))
  const { exitCode, stdout, stderr } = await run(['import', ...args])
  const messages = stderr
    .replaceAll(`${directory}/`, '')
    .replaceAll(`${directory.slice(process.cwd().length + 1)}/`, '')
  return { exitCode, yaml: stdout, config: parse(stdout), messages: messages.split('\n').filter(Boolean) }
}

t.test('a simple file becomes a simple configuration', async (t) => {
  const { exitCode, yaml, messages } = await imported(t, { 'a.example.xml': plain })
  t.equal(exitCode, 0)
  t.strictSame(messages, [])
  t.match(yaml, /^ {2}# .*a\.example\.xml$/m)
  t.equal(
    yaml.replace(/^ {2}#.*\n/m, ''),
    `provider:
  id: a.example
  displayName: A Mail
  displayShortName: A
hosts:
  a-example:
    hostname: mail.a.example
    servers:
      - imaps
      - submissions
domains:
  a.example: a-example
`,
  )
  t.match(await run(['check', '--config', configFolder(t, yaml)]), {
    exitCode: 0,
    stdout: /^OK: 1 domain, 1 host, \d+ documents rendered, no warnings\n$/,
  })
})

t.test('everything that the configuration can express is kept', async (t) => {
  const pop3 = `<pop3><leaveMessagesOnServer>true</leaveMessagesOnServer><daysToLeaveMessagesOnServer>7</daysToLeaveMessagesOnServer>
<downloadOnBiff>false</downloadOnBiff><checkInterval minutes="15"/></pop3>`
  const other = server('incomingServer', 'imap', 'imap2.a.example', 143)
    .replace('SSL', 'STARTTLS')
    .replace(
      'password-cleartext</authentication>',
      'OAuth2</authentication><authentication>password-encrypted</authentication>',
    )
    .replace('%EMAILADDRESS%', '%EMAILLOCALPART%')
  const document = file(
    names +
      imap +
      other +
      server('incomingServer', 'pop3', 'pop.%EMAILDOMAIN%', 995, pop3) +
      smtp +
      `<documentation url="https://a.example/help"><descr lang="en">Help</descr><descr>Aide</descr></documentation>
<documentation url="http://a.example/more"/>
<enable visiturl="https://a.example/on"><instruction lang="de">An</instruction></enable>`,
    `<oAuth2><issuer>id.a.example</issuer><scope>mail</scope><authURL>https://id.a.example/a</authURL><tokenURL>https://id.a.example/t</tokenURL></oAuth2>
<webMail><loginPage url="https://%EMAILDOMAIN%/"/><loginPageInfo url="https://login.%EMAILDOMAIN%/" waitForRedirectionURLPrefix="https://id.a.example/">
<username>%EMAILADDRESS%</username><usernameField id="u"/><passwordField name="p"/><loginButton id="b" name="c"/></loginPageInfo></webMail>`,
  )
  const { exitCode, config, messages, yaml } = await imported(t, { 'a.xml': document })
  t.equal(exitCode, 0)
  t.strictSame(
    messages.map((line) => line.replace(/^\S+ /, '')),
    [
      'clientConfig/emailProvider/incomingServer[3] the server replaces the placeholder in the hostname pop.%EMAILDOMAIN% with the domain',
      'clientConfig/webMail the server replaces the placeholder in the loginPage with the domain',
    ],
  )
  t.strictSame(config, {
    provider: {
      id: 'a.example',
      displayName: 'A Mail',
      displayShortName: 'A',
      documentation: [
        { url: 'https://a.example/help', descr: { en: 'Help', default: 'Aide' } },
        { url: 'http://a.example/more' },
      ],
    },
    hosts: {
      a: {
        hostname: 'mail.a.example',
        shape: 'all',
        servers: [
          'imaps',
          {
            type: 'imap',
            port: 143,
            socketType: 'STARTTLS',
            hostname: 'imap2.a.example',
            authentication: ['OAuth2', 'password-encrypted'],
            username: '%EMAILLOCALPART%',
          },
          {
            type: 'pop3',
            hostname: 'pop.%EMAILDOMAIN%',
            leaveMessagesOnServer: true,
            downloadOnBiff: false,
            daysToLeaveMessagesOnServer: 7,
            checkInterval: 15,
          },
          'submissions',
        ],
        enable: { visiturl: 'https://a.example/on', instruction: { de: 'An' } },
        webMail: {
          loginPage: 'https://%EMAILDOMAIN%/',
          loginPageInfo: {
            url: 'https://login.%EMAILDOMAIN%/',
            waitForRedirectionURLPrefix: 'https://id.a.example/',
            username: '%EMAILADDRESS%',
            usernameField: { id: 'u' },
            passwordField: { name: 'p' },
            loginButton: { id: 'b', name: 'c' },
          },
        },
        oAuth2: {
          issuer: 'https://id.a.example',
          authURL: 'https://id.a.example/a',
          tokenURL: 'https://id.a.example/t',
          scope: 'mail',
        },
      },
    },
    domains: { 'a.example': 'a' },
  })
  t.match(await run(['check', '--config', configFolder(t, yaml)]), { exitCode: 0 })
})

t.test('each loss is reported with its element', async (t) => {
  const cases: Record<string, [document: string, ...messages: string[]]> = {
    'unknown parts': [
      file(
        `<!-- a --><!-- b -->${names}${imap}${smtp}<identity x="1"><y/></identity>stray`,
        '<clientConfigUpdate url="u"/>',
      ).replace('clientConfig version=', 'clientConfig lang="en" version='),
      '2:1 clientConfig the attribute lang was dropped: not supported',
      '2:39 clientConfig/emailProvider 2 comments were dropped',
      'clientConfig/emailProvider/identity dropped: not supported',
      'clientConfig/emailProvider a text between elements was dropped: not supported',
      'clientConfig/clientConfigUpdate dropped: not supported',
    ],
    'another version': [
      plain.replace('version="1.1"', 'version="1.0"'),
      'clientConfig the version is neither 1.1 nor 1.2; it is served as version 1.1',
    ],
    'no version': [
      plain.replace(' version="1.1"', ''),
      'clientConfig has no version attribute; it is served as version 1.1',
    ],
    'a comment': [
      plain.replace('<clientConfig', '<!-- x --><clientConfig'),
      'clientConfig a comment was dropped',
    ],
    'a second provider': [
      plain.replace('</emailProvider>', '</emailProvider><emailProvider id="b.example"/>'),
      'clientConfig/emailProvider[2] dropped: only the first <emailProvider> is used',
    ],
    'an invalid id': [
      plain.replace('id="a.example"', 'id="My ISP"'),
      'clientConfig/emailProvider the id is not a host name in lower case; a.example is used',
    ],
    'no id': [
      plain.replace(' id="a.example"', ''),
      'clientConfig/emailProvider has no id; a.example is used',
    ],
    'an invalid domain, the domain of an MX, and a duplicate': [
      file(names + imap + smtp, '', ['a.example', 'a_b.example', 'A.example']).replace(
        '<domain>a.',
        '<domain purpose="mx">a.',
      ),
      'clientConfig/emailProvider/domain[1] the attribute purpose was dropped: not supported',
      'clientConfig/emailProvider/domain[2] dropped: it is not a domain such as example.org',
    ],
    'a placeholder as domain': [
      file(names + imap + smtp, '', ['a.example', '%EMAILDOMAIN%']),
      'clientConfig/emailProvider/domain[2] dropped: it is the placeholder %EMAILDOMAIN%, not a domain; list each domain',
    ],
    'our own version for services': [plain.replace('version="1.1"', 'version="1.2"')],
    'names that are too long or missing': [
      plain
        .replace('>A<', '>A name of more than twenty letters<')
        .replace('<displayName>A Mail</displayName>', ''),
      'clientConfig/emailProvider has no displayName, which clients require; a default is used',
      'clientConfig/emailProvider/displayShortName is longer than 20 characters, and is shortened',
    ],
    'an empty short name': [
      plain.replace('>A<', '><'),
      'clientConfig/emailProvider/displayShortName must not be empty; dropped',
    ],
    'pages without a URL, with two texts in a language, under the old name, and below the root': [
      file(
        `${names}${imap}${smtp}<documentation/><documentation url="https://a.example/"><descr lang="en">A</descr><descr lang="en" x="y">B</descr></documentation><instruction url="https://a.example/old"/>`,
        '<documentation url="https://a.example/root"/>',
      ),
      'clientConfig/documentation is moved into emailProvider',
      'clientConfig/emailProvider/documentation[1] url must be an absolute URL that starts with https:// or http://; dropped',
      'clientConfig/emailProvider/documentation[2]/descr[2] the attribute x was dropped: not supported',
      'clientConfig/emailProvider/documentation[2]/descr[2] dropped: there is already a text for this language',
      'clientConfig/emailProvider/instruction is renamed to documentation',
    ],
    'two enable elements, one below the root': [
      file(
        `${names}${imap}${smtp}<enable visiturl="https://a.example/"/>`,
        '<enable visiturl="https://b.example/"/>',
      ),
      'clientConfig/enable is moved into emailProvider',
      'clientConfig/enable dropped: only the first <enable> is used',
    ],
    'enable without a URL': [
      file(`${names}${imap}${smtp}<enable/>`),
      'clientConfig/emailProvider/enable visiturl must be an absolute URL that starts with https:// or http://; dropped',
    ],
    'a webmail without a login page': [
      file(names + imap + smtp, '<webMail><loginPageInfo url="https://a.example/"/></webMail>'),
      'clientConfig/webMail dropped: it has no loginPage with a url',
    ],
    'a webmail without encryption': [
      file(names + imap + smtp, '<webMail><loginPage url="http://a.example/"/></webMail>'),
      'clientConfig/webMail loginPage must be an absolute URL that starts with https://; dropped',
    ],
    'a login form without fields': [
      file(
        names + imap + smtp,
        '<webMail><loginPage url="https://a.example/"/><loginPageInfo url="https://a.example/"><username>x</username><usernameField id="u"/><loginButton/></loginPageInfo></webMail>',
      ),
      'clientConfig/webMail/loginPageInfo/loginButton dropped: it has neither id nor name',
      'clientConfig/webMail/loginPageInfo loginPageInfo.passwordField is missing; dropped',
    ],
    'OAuth2 with an unknown element, and the issuer as a URL': [
      file(
        names + imap + smtp,
        '<oAuth2><issuer>https://a.example/realm</issuer><scope>s</scope><authURL>https://a.example/a</authURL><tokenURL>https://a.example/t</tokenURL><x/></oAuth2>',
      ),
      'clientConfig/oAuth2/x dropped: not supported',
      'clientConfig/oAuth2 the server writes only the host name of the issuer',
    ],
    'incomplete OAuth2': [
      file(
        names + imap + smtp,
        '<oAuth2><issuer>a.example</issuer><authURL>https://a.example/a</authURL><tokenURL>https://a.example/t</tokenURL></oAuth2>',
      ),
      'clientConfig/oAuth2 oAuth2.scope is missing; dropped',
    ],
    'empty OAuth2': [
      file(names + imap + smtp, '<oAuth2/>'),
      ...[
        'issuer must be an absolute URL that starts with https://',
        'authURL is missing',
        'tokenURL is missing',
        'scope is missing',
      ].map((what) => `clientConfig/oAuth2 oAuth2.${what}; dropped`),
    ],
    'calendars and contacts': [
      file(
        names + imap + smtp,
        `<calendar type="caldav"><username>x</username><serverURL>https://dav.example/cal/</serverURL></calendar>
<calendar type="caldav"><serverURL>https://dav.example/2/</serverURL></calendar>
<calendar type="carddav"><serverURL>https://dav.example/3/</serverURL></calendar>
<addressbook type="carddav"><url>https://dav.example/card/</url><x/></addressbook>
<addressBook type="carddav"><serverURL>http://dav.example/</serverURL></addressBook>`,
      ),
      'clientConfig/calendar[1] is converted to services.caldav; it is served as version 1.2 defines it, with the username and authentication of the mailbox',
      'clientConfig/calendar[2] dropped: services.caldav is already set',
      'clientConfig/calendar[3] dropped: the type must be "caldav"',
      'clientConfig/addressbook is converted to services.carddav; it is served as version 1.2 defines it, with the username and authentication of the mailbox',
      'clientConfig/addressbook/x dropped: not supported',
      'clientConfig/addressBook dropped: services.carddav is already set',
    ],
    'services inside emailProvider': [
      file(
        `${names}${imap}${smtp}<calendar type="caldav">${httpLogin('https://dav.example/cal/')}</calendar>
<calendar type="caldav"><url>https://dav.example/2/</url></calendar>
<setupServer type="managesieve"><hostname>sieve.example</hostname><port>4190</port><socketType>STARTTLS</socketType>
<authentication>password-encrypted</authentication><username>%EMAILADDRESS%</username></setupServer>`,
        '<calendar type="caldav"><url>https://dav.example/outside/</url></calendar>',
      ),
      'clientConfig/calendar is converted to services.caldav; it is served as version 1.2 defines it, with the username and authentication of the mailbox',
      'clientConfig/emailProvider/calendar[1] dropped: services.caldav is already set',
      'clientConfig/emailProvider/calendar[2] dropped: services.caldav is already set',
      'clientConfig/emailProvider/setupServer is converted to services.managesieve; it is served as version 1.2 defines it, with the username and authentication of the mailbox',
    ],
    'services that cannot be served': [
      file(
        `${names}${imap}${smtp}<incomingServer type="jmap"/><incomingServer type="jmap"><url>http://a.example/</url></incomingServer>`,
        `<calendar type="caldav"/><setupServer type="managesieve"><hostname>a.example</hostname></setupServer><setupServer type="managesieve"><port>4190</port><socketType>STARTTLS</socketType></setupServer><setupServer type="x"/>`,
      ),
      'clientConfig/calendar dropped: it has no url',
      'clientConfig/emailProvider/incomingServer[2] dropped: it has no url',
      'clientConfig/emailProvider/incomingServer[3] jmap must be an absolute URL that starts with https://; dropped',
      'clientConfig/setupServer[1] dropped: it must have a hostname, and a port that is a number',
      'clientConfig/setupServer[2] dropped: it must have a hostname, and a port that is a number',
      'clientConfig/setupServer[3] dropped: the type must be "managesieve"',
    ],
    'a calendar without a type': [
      file(names + imap + smtp, '<calendar><serverURL>https://dav.example/</serverURL></calendar>'),
      'clientConfig/calendar dropped: the type must be "caldav"',
    ],
    'contacts without encryption': [
      file(
        names + imap + smtp,
        '<addressBook type="carddav"><serverURL>http://dav.example/</serverURL></addressBook>',
      ),
      'clientConfig/addressBook carddav must be an absolute URL that starts with https://; dropped',
    ],
    'servers that are not supported': [
      file(
        names +
          imap +
          smtp +
          server('incomingServer', 'ews', 'x.example', 443) +
          server('incomingServer', 'smtp', 'x.example', 465) +
          server('outgoingServer', 'smtp', 'x.example', 465).replace('SSL', 'secure') +
          server('incomingServer', 'pop3', 'x.example', 995).replace('password-cleartext', 'magic') +
          '<incomingServer/>' +
          imap.replace('<socketType>SSL</socketType>', ''),
      ),
      'clientConfig/emailProvider/incomingServer[6] dropped: its socketType is not one of SSL, STARTTLS, plain',
      'clientConfig/emailProvider/incomingServer[2] dropped: the type must be imap, pop3 or jmap of an incomingServer, and smtp of an outgoingServer',
      'clientConfig/emailProvider/incomingServer[3] dropped: the type must be imap, pop3 or jmap of an incomingServer, and smtp of an outgoingServer',
      'clientConfig/emailProvider/incomingServer[4]/authentication dropped: the method is not one of password-cleartext, password-encrypted, OAuth2, GSSAPI, NTLM, TLS-client-cert, client-IP-address, none',
      'clientConfig/emailProvider/incomingServer[4] dropped: no supported authentication method',
      'clientConfig/emailProvider/incomingServer[5] dropped: the type must be imap, pop3 or jmap of an incomingServer, and smtp of an outgoingServer',
      'clientConfig/emailProvider/outgoingServer[2] dropped: its socketType is not one of SSL, STARTTLS, plain',
    ],
    'servers with old names, capitals and unsupported elements': [
      file(
        names +
          imap
            .replace('password-cleartext', 'secure')
            .replace('mail.a', 'Mail.A')
            .replace('<username>%EMAILADDRESS%</username>', '') +
          smtp
            .replace('<port>', '<restriction>client-IP-address</restriction><port>1</port><port>')
            .replace('password-cleartext', 'plain'),
      ),
      'clientConfig/emailProvider/incomingServer/authentication "secure" is renamed to password-encrypted',
      'clientConfig/emailProvider/incomingServer has no username; the username of the first server is used',
      'clientConfig/emailProvider/incomingServer the hostname Mail.A.example is changed to mail.a.example',
      'clientConfig/emailProvider/outgoingServer/port[2] dropped: only the first <port> is used',
      'clientConfig/emailProvider/outgoingServer/authentication "plain" is renamed to password-cleartext',
      'clientConfig/emailProvider/outgoingServer/restriction dropped: not supported',
    ],
    'a server with an invalid host name and port': [
      file(
        names +
          imap +
          smtp +
          server('incomingServer', 'pop3', 'a_b.example', 0) +
          server('incomingServer', 'pop3', 'a.example', 0).replace('<port>0</port>', ''),
      ),
      'clientConfig/emailProvider/incomingServer[3] dropped: its port must be a number',
      'clientConfig/emailProvider/incomingServer[2] hostname is not a host name: use letters, digits, hyphens and dots, as in mail.example.org or mail.%EMAILDOMAIN%; dropped',
      'clientConfig/emailProvider/incomingServer[2] port must be >= 1; dropped',
    ],
    'days without leaveMessagesOnServer': [
      file(
        names +
          server(
            'incomingServer',
            'pop3',
            'mail.a.example',
            995,
            '<pop3><daysToLeaveMessagesOnServer>7</daysToLeaveMessagesOnServer></pop3>',
          ) +
          smtp,
      ),
      'clientConfig/emailProvider/incomingServer/pop3 daysToLeaveMessagesOnServer implies leaveMessagesOnServer, which is added',
    ],
    'invalid options of POP3': [
      file(
        names +
          server(
            'incomingServer',
            'pop3',
            'mail.a.example',
            995,
            '<pop3><leaveMessagesOnServer>yes</leaveMessagesOnServer><checkInterval/><x/></pop3>',
          ) +
          smtp,
      ),
      'clientConfig/emailProvider/incomingServer/pop3 leaveMessagesOnServer must be true or false; dropped',
      'clientConfig/emailProvider/incomingServer/pop3/x dropped: not supported',
    ],
  }
  for (const [name, [document, ...expected]] of Object.entries(cases)) {
    const { exitCode, yaml, messages } = await imported(t, { 'a.xml': document })
    t.equal(exitCode, 0, name)
    const found = messages.map((line) => line.replace(/^a\.xml:\d+:\d+ /, ''))
    const places = messages.map((line) => line.replace(/^a\.xml:/, ''))
    t.strictSame(
      expected.map((line) => (/^\d/.test(line) ? places : found).includes(line) || line),
      expected.map(() => true),
      `${name}: ${found.join('\n')}`,
    )
    t.equal(found.length, expected.length, name)
    t.match(
      await run(['check', '--config', configFolder(t, yaml)]),
      { exitCode: 0 },
      `check accepts the result: ${name}`,
    )
  }
})

t.test('a socketType in another spelling is read by its meaning, with a warning', async (t) => {
  for (const [text, port, socketType] of [
    ['ssl', 993, 'SSL'],
    ['SSL/TLS', 993, 'SSL'],
    ['ssl/tls', 993, 'SSL'],
    ['TLS', 993, 'SSL'],
    ['tls', 143, 'STARTTLS'],
    ['starttls', 143, 'STARTTLS'],
    ['Plain', 143, 'plain'],
  ] as const) {
    const other = server('incomingServer', 'imap', 'mail.a.example', port).replace('SSL', text)
    const { exitCode, config, messages } = await imported(t, { 'a.xml': file(names + other + smtp) })
    t.equal(exitCode, 0, text)
    const [first] = config.hosts.a.servers
    const short = { SSL: 'imaps', STARTTLS: 'imap', plain: { type: 'imap', port, socketType } }[socketType]
    t.strictSame(first, short, text)
    t.strictSame(
      messages.map((line) => line.replace(/^\S+ /, '')),
      [
        `clientConfig/emailProvider/incomingServer socketType "${text}" is not one of SSL, STARTTLS, plain: KMail 22.12 reads it as no encryption, and Thunderbird ignores the server; it is served as ${socketType}`,
      ],
    )
  }
})

t.test('services of a file of version 1.1 are still in config-v1.1.xml', async (t) => {
  const calendar = `<calendar type="caldav">${httpLogin('https://dav.example/')}</calendar>`
  const older = await imported(t, { 'a.xml': file(names + imap + smtp, calendar) })
  t.match(older, { messages: [], config: { hosts: { a: { shape: 'all' } } } })
  const newer = file(names + imap + smtp, calendar).replace('version="1.1"', 'version="1.2"')
  const { config, messages } = await imported(t, { 'a.xml': newer })
  t.strictSame(messages, [])
  t.equal(config.hosts.a.shape, undefined)
  t.strictSame(config.hosts.a.services, { caldav: 'https://dav.example/' })
})

t.test('a file without anything to serve is ignored, and the exit code is 1', async (t) => {
  const cases: Record<string, [document: string, message: string]> = {
    'no provider': [
      '<clientConfig version="1.1"/>',
      'clientConfig has no emailProvider; the file is ignored',
    ],
    'no domain': [file(names + imap + smtp, '', []), 'clientConfig has no valid domain; the file is ignored'],
    'no incoming server': [
      file(names + smtp),
      'clientConfig has no usable incoming server, and clients reject a document without one; the file is ignored',
    ],
    'services without a mail server': [
      file(names, `<calendar type="caldav">${httpLogin('https://dav.example/')}</calendar>`),
      'clientConfig has no usable incoming server, and clients reject a document without one; the file is ignored',
    ],
    'no outgoing server': [
      file(names + imap),
      'clientConfig has no usable outgoing server, and clients reject a document without one; the file is ignored',
    ],
    'another root': ['<rss/>', 'the root element must be <clientConfig>, not <rss>; the file is ignored'],
    'half a file': [plain.slice(0, 100), 'is not well-formed: unclosed tag: domain; the file is ignored'],
  }
  for (const [name, [document, message]] of Object.entries(cases)) {
    const { exitCode, yaml, messages } = await imported(t, { 'a.xml': document })
    t.match({ exitCode, yaml }, { exitCode: 1, yaml: '' }, name)
    t.ok(
      messages.some((line) => line.endsWith(message)),
      `${name}: ${messages.join('\n')}`,
    )
    const both = await imported(t, { 'a.xml': document, 'b.xml': plain })
    t.equal(both.exitCode, 1, `${name}, next to a valid file`)
    t.match(both.config, { domains: { 'a.example': 'b' } })
  }
  t.match(await imported(t, {}, 'nowhere.xml'), {
    exitCode: 1,
    messages: ['nowhere.xml:1:1 cannot be read: there is no such file; the file is ignored'],
  })
})

t.test('a directory or a checkout means all its files', async (t) => {
  const files = { 'a.xml': plain, 'b.xml': file(names + imap + smtp, '', ['b.example']), 'README.md': '' }
  const directory = t.testdir({
    here: files,
    checkout: { ispdb: { ...files }, 'x.txt': '' },
    empty: {},
    bare: { 'x.txt': '' },
  })
  for (const name of ['here', 'checkout']) {
    const { exitCode, stdout } = await run(['import', join(directory, name)])
    t.equal(exitCode, 0)
    t.strictSame(parse(stdout).domains, { 'a.example': 'a', 'b.example': 'a' })
  }
  for (const name of ['empty', 'bare']) {
    const { exitCode, stderr } = await run(['import', join(directory, name)])
    t.equal(exitCode, 1)
    t.match(stderr, new RegExp(`${name}:1:1 contains no \\*\\.xml file\\n$`))
  }
})

t.test('files that differ only in names share a host', async (t) => {
  const customer = (id: string, ...domains: string[]) =>
    file(names + imap + smtp, '', domains)
      .replace('id="a.example"', `id="${id}"`)
      .replace('A Mail', `Mail of ${id}`)
  const other = plain.replaceAll('mail.a.example', 'mail.b.example')
  const files = {
    '1.xml': customer('one.example', 'one.example'),
    '2.xml': customer('two.example', 'two.example', 'one.example'),
    '3.xml': other.replaceAll('a.example', 'three.example'),
  }
  const { config, messages, yaml } = await imported(t, files)
  t.strictSame(config, {
    provider: { id: 'one.example', displayName: 'Mail of one.example', displayShortName: 'A' },
    hosts: {
      1: { hostname: 'mail.a.example', servers: ['imaps', 'submissions'] },
      3: {
        hostname: 'mail.b.example',
        id: 'three.example',
        displayName: 'A Mail',
        servers: ['imaps', 'submissions'],
      },
    },
    domains: {
      'one.example': '1',
      'two.example': { host: '1', id: 'two.example', displayName: 'Mail of two.example' },
      'three.example': '3',
    },
  })
  t.match(messages, [/^2\.xml:1:1 one\.example is also in .*1\.xml, which is used$/])
  t.match(await run(['check', '--config', configFolder(t, yaml)]), { exitCode: 0 })
})

t.test('two files can have the same name, and servers can be named only by the domain', async (t) => {
  const directory = t.testdir({ one: { 'a.b.xml': plain }, two: {} })
  mkdirSync(join(directory, 'three'))
  const form = plain
    .replaceAll('mail.a.example', '%EMAILDOMAIN%')
    .replaceAll('%EMAILADDRESS%', '%EMAILLOCALPART%')
  writeFileSync(join(directory, 'two', 'a.b.xml'), form.replace('<domain>a.', '<domain>b.'))
  writeFileSync(
    join(directory, 'three', 'a.b.xml'),
    form.replaceAll('%EMAILDOMAIN%', 'x.example').replace('<domain>a.', '<domain>c.'),
  )
  const { stdout } = await run(['import', ...['one', 'two', 'three'].map((name) => join(directory, name))])
  t.match(parse(stdout), {
    hosts: {
      'a-b': {},
      'a-b-2': {
        hostname: 'b.example',
        username: '%EMAILLOCALPART%',
        servers: [
          { type: 'imap', hostname: '%EMAILDOMAIN%' },
          { type: 'smtp', hostname: '%EMAILDOMAIN%' },
        ],
      },
      'a-b-3': { hostname: 'x.example', servers: ['imaps', 'submissions'] },
    },
  })
})
