import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { run } from './support/command.ts'
import { configFolder } from './support/example.ts'

const server = (element: string, type: string, hostname: string, port: number, more = '') =>
  `<${element} type="${type}"><hostname>${hostname}</hostname><port>${port}</port><socketType>SSL</socketType>
<authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username>${more}</${element}>`
const imap = server('incomingServer', 'imap', 'mail.a.example', 993)
const smtp = server('outgoingServer', 'smtp', 'mail.a.example', 465)
const names = '<displayName>A Mail</displayName><displayShortName>A</displayShortName>'

const file = (inside: string, behind = '', domains = ['a.example']) => `<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="a.example">
${domains.map((domain) => `<domain>${domain}</domain>`).join('')}${inside}</emailProvider>
${behind}</clientConfig>`
const plain = file(names + imap + smtp)

/** What import makes of files, with the remarks without the name of the folder. */
async function imported(t: Test, files: Record<string, string | Buffer>, ...paths: string[]) {
  const folder = t.testdir(files as Record<string, string>)
  const asked = paths.length > 0 ? paths : Object.keys(files).sort()
  const { exitCode, stdout, stderr } = await run(['import', ...asked.map((path) => join(folder, path))])
  const remarks = stderr
    .replaceAll(`${folder}/`, '')
    .replaceAll(`${folder.slice(process.cwd().length + 1)}/`, '')
  return { exitCode, yaml: stdout, config: parse(stdout), remarks: remarks.split('\n').filter(Boolean) }
}

t.test('a plain file becomes a plain configuration', async (t) => {
  const { exitCode, yaml, remarks } = await imported(t, { 'a.example.xml': plain })
  t.equal(exitCode, 0)
  t.strictSame(remarks, [])
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
    stdout: /^fine: 1 domain on 1 host, \d+ documents rendered, 0 warnings\n$/,
  })
})

t.test('all that the configuration can say is kept', async (t) => {
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
  const { exitCode, config, remarks, yaml } = await imported(t, { 'a.xml': document })
  t.equal(exitCode, 0)
  t.strictSame(
    remarks.map((line) => line.replace(/^\S+ /, '')),
    [
      'clientConfig/emailProvider/incomingServer[3] in the hostname pop.%EMAILDOMAIN% the server fills in the domain',
      'clientConfig/webMail in the loginPage the server fills in the domain',
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

t.test('what cannot be kept is told, each by its element', async (t) => {
  const cases: Record<string, [document: string, ...remarks: string[]]> = {
    'what nobody knows': [
      file(
        `<!-- a --><!-- b -->${names}${imap}${smtp}<identity x="1"><y/></identity>stray`,
        '<clientConfigUpdate url="u"/>',
      ).replace('clientConfig version=', 'clientConfig lang="en" version='),
      '2:1 clientConfig the attribute lang="en" is not kept',
      '2:39 clientConfig/emailProvider 2 comments are not kept',
      'clientConfig/emailProvider/identity is not kept',
      'clientConfig/emailProvider the text "stray" is not kept',
      'clientConfig/clientConfigUpdate is not kept',
    ],
    'another version': [
      plain.replace('version="1.1"', 'version="1.0"'),
      'clientConfig version 1.0 is written as 1.1',
    ],
    'no version': [
      plain.replace(' version="1.1"', ''),
      'clientConfig version 1.0, which is none, is written as 1.1',
    ],
    'a comment': [
      plain.replace('<clientConfig', '<!-- x --><clientConfig'),
      'clientConfig a comment is not kept',
    ],
    'a second provider': [
      plain.replace('</emailProvider>', '</emailProvider><emailProvider id="b.example"/>'),
      'clientConfig/emailProvider[2] is not kept: there is one already',
    ],
    'an id that is none': [
      plain.replace('id="a.example"', 'id="My ISP"'),
      'clientConfig/emailProvider id="My ISP" is no host name in small letters; a.example is written',
    ],
    'no id': [
      plain.replace(' id="a.example"', ''),
      'clientConfig/emailProvider id="" is no host name in small letters; a.example is written',
    ],
    'a domain that is none, one of the MX, and one twice': [
      file(names + imap + smtp, '', ['a.example', 'a_b.example', 'A.example']).replace(
        '<domain>a.',
        '<domain purpose="mx">a.',
      ),
      'clientConfig/emailProvider/domain[1] the attribute purpose="mx" is not kept',
      'clientConfig/emailProvider/domain[2] is not kept: "a_b.example" is no domain',
    ],
    'names that are too long, or not there': [
      plain
        .replace('>A<', '>A name of more than twenty letters<')
        .replace('<displayName>A Mail</displayName>', ''),
      'clientConfig/emailProvider has no displayName, which clients need; one is made up',
      'clientConfig/emailProvider/displayShortName is longer than 20 characters; "A name of more than" is written',
    ],
    'a short name that is empty': [
      plain.replace('>A<', '><'),
      'clientConfig/emailProvider/displayShortName must not be empty; not kept',
    ],
    'pages without an address, twice in a language, under the old name, and elsewhere': [
      file(
        `${names}${imap}${smtp}<documentation/><documentation url="https://a.example/"><descr lang="en">A</descr><descr lang="en" x="y">B</descr></documentation><instruction url="https://a.example/old"/>`,
        '<documentation url="https://a.example/root"/>',
      ),
      'clientConfig/documentation is written inside emailProvider',
      'clientConfig/emailProvider/documentation[1] url must be an absolute URL that starts with https:// or http://; not kept',
      'clientConfig/emailProvider/documentation[2]/descr[2] the attribute x="y" is not kept',
      'clientConfig/emailProvider/documentation[2]/descr[2] is not kept: there is a text in en already',
      'clientConfig/emailProvider/instruction is the old name of documentation, and written so',
    ],
    'enable elsewhere, and twice': [
      file(
        `${names}${imap}${smtp}<enable visiturl="https://a.example/"/>`,
        '<enable visiturl="https://b.example/"/>',
      ),
      'clientConfig/enable is written inside emailProvider',
      'clientConfig/enable is not kept: there is one already',
    ],
    'enable without an address': [
      file(`${names}${imap}${smtp}<enable/>`),
      'clientConfig/emailProvider/enable visiturl must be an absolute URL that starts with https:// or http://; not kept',
    ],
    'a webmail without a page': [
      file(names + imap + smtp, '<webMail><loginPageInfo url="https://a.example/"/></webMail>'),
      'clientConfig/webMail is not kept: it has no loginPage',
    ],
    'a webmail without encryption': [
      file(names + imap + smtp, '<webMail><loginPage url="http://a.example/"/></webMail>'),
      'clientConfig/webMail loginPage must be an absolute URL that starts with https://; not kept',
    ],
    'a log-in without fields': [
      file(
        names + imap + smtp,
        '<webMail><loginPage url="https://a.example/"/><loginPageInfo url="https://a.example/"><username>x</username><usernameField id="u"/><loginButton/></loginPageInfo></webMail>',
      ),
      'clientConfig/webMail/loginPageInfo/loginButton is not kept: it has neither id nor name',
      'clientConfig/webMail/loginPageInfo loginPageInfo.passwordField is missing; not kept',
    ],
    'OAuth2 with a client, and the issuer as a URL': [
      file(
        names + imap + smtp,
        '<oAuth2><issuer>https://a.example/realm</issuer><scope>s</scope><authURL>https://a.example/a</authURL><tokenURL>https://a.example/t</tokenURL><clientID>x</clientID></oAuth2>',
      ),
      'clientConfig/oAuth2/clientID is not kept',
      'clientConfig/oAuth2 of the issuer the host name alone is written',
    ],
    'OAuth2 that is not whole': [
      file(
        names + imap + smtp,
        '<oAuth2><issuer>a.example</issuer><authURL>https://a.example/a</authURL><tokenURL>https://a.example/t</tokenURL></oAuth2>',
      ),
      'clientConfig/oAuth2 oAuth2.scope is missing; not kept',
    ],
    'OAuth2 of nobody': [
      file(names + imap + smtp, '<oAuth2/>'),
      ...[
        'issuer must be an absolute URL that starts with https://',
        'authURL is missing',
        'tokenURL is missing',
        'scope is missing',
      ].map((what) => `clientConfig/oAuth2 oAuth2.${what}; not kept`),
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
      'clientConfig/calendar[1] is kept as services.caldav, and written in the words of version 1.2, with the login of the mailbox',
      'clientConfig/calendar[2] is not kept: there is one already',
      'clientConfig/calendar[3] is not kept: its type is carddav, not caldav',
      'clientConfig/addressbook is kept as services.carddav, and written in the words of version 1.2, with the login of the mailbox',
      'clientConfig/addressbook/x is not kept',
      'clientConfig/addressBook is not kept: there is one already',
    ],
    'contacts without encryption': [
      file(
        names + imap + smtp,
        '<addressBook type="carddav"><serverURL>http://dav.example/</serverURL></addressBook>',
      ),
      'clientConfig/addressBook carddav must be an absolute URL that starts with https://; not kept',
    ],
    'servers of other kinds': [
      file(
        names +
          imap +
          smtp +
          server('incomingServer', 'ews', 'x.example', 443) +
          server('incomingServer', 'smtp', 'x.example', 465) +
          server('outgoingServer', 'smtp', 'x.example', 465).replace('SSL', 'TLS') +
          server('incomingServer', 'pop3', 'x.example', 995).replace('password-cleartext', 'magic') +
          '<incomingServer/>',
      ),
      'clientConfig/emailProvider/incomingServer[2] is not kept: the type "ews" is none that the configuration has',
      'clientConfig/emailProvider/incomingServer[3] is not kept: the type "smtp" is none that the configuration has',
      'clientConfig/emailProvider/incomingServer[4]/authentication is not kept: "magic" is no method that the configuration has',
      'clientConfig/emailProvider/incomingServer[4] is not kept: no authentication is left',
      'clientConfig/emailProvider/incomingServer[5] is not kept: the type "" is none that the configuration has',
      'clientConfig/emailProvider/outgoingServer[2] is not kept: its socketType is none of SSL, STARTTLS, plain',
    ],
    'servers with more than we know': [
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
      'clientConfig/emailProvider/incomingServer/authentication "secure" is the old name of password-encrypted, and written so',
      'clientConfig/emailProvider/incomingServer has no username; that of the first server is written',
      'clientConfig/emailProvider/incomingServer the hostname Mail.A.example is written as mail.a.example',
      'clientConfig/emailProvider/outgoingServer/port[2] is not kept: there is one already',
      'clientConfig/emailProvider/outgoingServer/authentication "plain" is the old name of password-cleartext, and written so',
      'clientConfig/emailProvider/outgoingServer/restriction is not kept',
    ],
    'a server without an address': [
      file(names + imap + smtp + server('incomingServer', 'pop3', 'a_b.example', 0)),
      'clientConfig/emailProvider/incomingServer[2] hostname "a_b.example" is not a host name: use letters, digits, hyphens and dots, as in mail.example.org or mail.%EMAILDOMAIN%; not kept',
      'clientConfig/emailProvider/incomingServer[2] port must be >= 1; not kept',
    ],
    'days without saying that messages stay': [
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
      'clientConfig/emailProvider/incomingServer/pop3 says for how many days messages stay; leaveMessagesOnServer is written with it',
    ],
    'options of POP3 that are none': [
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
      'clientConfig/emailProvider/incomingServer/pop3 leaveMessagesOnServer "yes" is neither true nor false; not kept',
      'clientConfig/emailProvider/incomingServer/pop3/x is not kept',
    ],
  }
  for (const [name, [document, ...expected]] of Object.entries(cases)) {
    const { exitCode, yaml, remarks } = await imported(t, { 'a.xml': document })
    t.equal(exitCode, 0, name)
    const found = remarks.map((line) => line.replace(/^a\.xml:\d+:\d+ /, ''))
    const places = remarks.map((line) => line.replace(/^a\.xml:/, ''))
    t.strictSame(
      expected.map((line) => (/^\d/.test(line) ? places : found).includes(line) || line),
      expected.map(() => true),
      `${name}: ${found.join('\n')}`,
    )
    t.equal(found.length, expected.length, name)
    t.match(await run(['check', '--config', configFolder(t, yaml)]), { exitCode: 0 }, `check takes ${name}`)
  }
})

t.test('a file that leaves nothing to be served is left out, and the exit status says so', async (t) => {
  const cases: Record<string, [document: string, remark: string]> = {
    'no provider': ['<clientConfig version="1.1"/>', 'clientConfig is not kept: it has no emailProvider'],
    'no domain': [
      file(names + imap + smtp, '', []),
      'clientConfig is not kept: no domain is left that can be served',
    ],
    'nothing to read with': [
      file(names + smtp),
      'clientConfig is not kept: no incoming server is left, and clients refuse a document without one',
    ],
    'nothing to send with': [
      file(names + imap),
      'clientConfig is not kept: no outgoing server is left, and clients refuse a document without one',
    ],
    'another root': ['<rss/>', '<rss> is no clientConfig; the file is left out'],
    'half a file': [plain.slice(0, 100), 'is not well-formed: unclosed tag: domain; the file is left out'],
  }
  for (const [name, [document, remark]] of Object.entries(cases)) {
    const { exitCode, yaml, remarks } = await imported(t, { 'a.xml': document })
    t.match({ exitCode, yaml }, { exitCode: 1, yaml: '' }, name)
    t.ok(
      remarks.some((line) => line.endsWith(remark)),
      `${name}: ${remarks.join('\n')}`,
    )
    const beside = await imported(t, { 'a.xml': document, 'b.xml': plain })
    t.equal(beside.exitCode, 1, `${name}, beside one that is good`)
    t.match(beside.config, { domains: { 'a.example': 'b' } })
  }
  t.match(await imported(t, {}, 'nowhere.xml'), {
    exitCode: 1,
    remarks: ['nowhere.xml:1:1 cannot be read: there is no such file; the file is left out'],
  })
})

t.test('a folder, or a checkout, is all the files in it', async (t) => {
  const files = { 'a.xml': plain, 'b.xml': file(names + imap + smtp, '', ['b.example']), 'README.md': '' }
  const folder = t.testdir({
    here: files,
    checkout: { ispdb: { ...files }, 'x.txt': '' },
    empty: {},
    bare: { 'x.txt': '' },
  })
  for (const name of ['here', 'checkout']) {
    const { exitCode, stdout } = await run(['import', join(folder, name)])
    t.equal(exitCode, 0)
    t.strictSame(parse(stdout).domains, { 'a.example': 'a', 'b.example': 'a' })
  }
  for (const name of ['empty', 'bare']) {
    const { exitCode, stderr } = await run(['import', join(folder, name)])
    t.equal(exitCode, 1)
    t.match(stderr, new RegExp(`${name}:1:1 holds no file \\*\\.xml\\n$`))
  }
})

t.test('files that differ in names alone share a host', async (t) => {
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
  const { config, remarks, yaml } = await imported(t, files)
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
  t.match(remarks, [/^2\.xml:1:1 one\.example is in .*1\.xml too, which is kept$/])
  t.match(await run(['check', '--config', configFolder(t, yaml)]), { exitCode: 0 })
})

t.test('two files of one name, and servers that nothing but the domain names', async (t) => {
  const folder = t.testdir({ one: { 'a.b.xml': plain }, two: {} })
  mkdirSync(join(folder, 'three'))
  const form = plain
    .replaceAll('mail.a.example', '%EMAILDOMAIN%')
    .replaceAll('%EMAILADDRESS%', '%EMAILLOCALPART%')
  writeFileSync(join(folder, 'two', 'a.b.xml'), form.replace('<domain>a.', '<domain>b.'))
  writeFileSync(
    join(folder, 'three', 'a.b.xml'),
    form.replaceAll('%EMAILDOMAIN%', 'x.example').replace('<domain>a.', '<domain>c.'),
  )
  const { stdout } = await run(['import', ...['one', 'two', 'three'].map((name) => join(folder, name))])
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
