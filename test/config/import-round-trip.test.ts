import { deepStrictEqual as deepEqual, strictEqual as equal } from 'node:assert'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { mailV1 } from '../../src/formats/mail-v1.ts'
import type { Domain } from '../../src/model/address.ts'
import type { ClientConfig } from '../../src/model/settings.ts'
import { run } from '../support/command.ts'
import { expectValue, openResolver, settingsFor } from '../support/example.ts'

/** `import` reads the documents that `render mail-v1` writes: clients get the same settings. */

const hostname = fc.constantFrom(
  'mail.example.org',
  'imap.a.example',
  'xn--bcher-kva.example',
  'mx1.b.example',
)
const username = fc.constantFrom('%EMAILADDRESS%', '%EMAILLOCALPART%', 'user0001', '0012', 'Jané & Co')
const password = fc.constantFrom('password-cleartext', 'password-encrypted')
const authentication = fc.oneof(
  password.map((method) => [method]),
  fc.shuffledSubarray(['OAuth2', 'password-cleartext', 'GSSAPI', 'none'], { minLength: 1 }),
)
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()
const line = (maxLength: number) =>
  fc
    .oneof(
      fc.constantFrom(
        'A & B',
        'R&D;',
        '<Mail>',
        'Ünïcode "x"',
        "it's: #1",
        'true',
        '12',
        '%EMAILDOMAIN%',
        '🙂',
      ),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength }),
    )
    .map(flat)
    .filter((text) => text !== '' && text.length <= maxLength)
const url = fc.constantFrom(
  'https://a.example/',
  'https://a.example:8443/path/',
  'https://dav.example.org/a%20b/c/',
  'https://xn--bcher-kva.example/x',
)
const texts = (maxLength: number) =>
  fc.dictionary(fc.constantFrom('default', 'en', 'fr', 'pt-BR'), line(maxLength), { noNullPrototype: true })
const optional = { requiredKeys: [] as never[] }

function server(type: fc.Arbitrary<string>) {
  const common = {
    hostname,
    port: fc.constantFrom(993, 143, 465, 587, 4190, 10_025),
    socketType: fc.constantFrom('SSL', 'STARTTLS', 'plain'),
    authentication,
    username,
  }
  return fc.tuple(type, fc.record(common, optional)).map(([type, others]) => ({ type, ...others }))
}
const pop3 = fc
  .tuple(
    server(fc.constant('pop3')),
    fc.record(
      {
        leaveMessagesOnServer: fc.boolean(),
        downloadOnBiff: fc.boolean(),
        daysToLeaveMessagesOnServer: fc.integer({ min: 1, max: 3650 }),
        checkInterval: fc.integer({ min: 1, max: 10_080 }),
      },
      optional,
    ),
  )
  .map(([server, options]) => ({ ...server, ...options }))
const incoming = fc.oneof(
  fc.constantFrom('imaps', 'imap', 'pop3s', 'pop3'),
  server(fc.constant('imap')),
  pop3,
)
const outgoing = fc.oneof(fc.constantFrom('submissions', 'submission'), server(fc.constant('smtp')))
/** The server that the default shape needs, and any others; a document has the incoming servers first. */
const servers = fc
  .tuple(fc.array(incoming, { maxLength: 3 }), fc.array(outgoing, { maxLength: 2 }))
  .map(([more, others]) => ['imaps', ...more, 'submissions', ...others])

const services = fc.record(
  {
    jmap: url,
    caldav: url,
    carddav: url,
    managesieve: fc.oneof(
      hostname,
      fc.record(
        { hostname, port: fc.constantFrom(4190, 2000), socketType: fc.constantFrom('STARTTLS', 'SSL') },
        optional,
      ),
    ),
  },
  optional,
)
const element = fc.record({ id: line(20), name: line(20) })
const loginPageInfo = fc.record(
  {
    url: fc.constantFrom('https://a.example/login?u=%EMAILADDRESS%&x=1', 'https://%EMAILDOMAIN%/'),
    waitForRedirectionURLPrefix: url,
    username,
    usernameField: element,
    passwordField: element,
    loginButton: element,
  },
  { requiredKeys: ['url', 'username', 'usernameField', 'passwordField'] },
)
const documentation = fc.array(fc.record({ url, descr: texts(40) }, { requiredKeys: ['url'] }), {
  maxLength: 3,
})

const host = fc.record(
  {
    hostname,
    shape: fc.constantFrom('safe', 'all'),
    servers,
    username,
    id: hostname,
    displayName: line(60),
    displayShortName: line(20),
    documentation,
    enable: fc.record({ visiturl: url, instruction: texts(80) }),
    webMail: fc.oneof(url, fc.record({ loginPage: url, loginPageInfo }, { requiredKeys: ['loginPage'] })),
    services,
    // A document contains only the host name of the issuer.
    oAuth2: fc
      .record(
        {
          issuer: fc.constant('https://id.example.org'),
          authURL: url,
          tokenURL: url,
          scope: line(40),
          clientID: line(40),
          clientSecret: line(40),
        },
        { requiredKeys: ['issuer', 'authURL', 'tokenURL', 'scope'] },
      )
      // A secret belongs to an ID.
      .map(({ clientSecret, ...rest }) =>
        rest.clientID === undefined || clientSecret === undefined ? rest : { ...rest, clientSecret },
      ),
  },
  { requiredKeys: ['hostname'] },
)
const provider = { id: 'example.org', displayName: 'Example Mail', displayShortName: 'Example' }

/** The settings that a document of shape `all` contains. */
function documented({ id, displayName, displayShortName, servers, documentation, ...rest }: ClientConfig) {
  const { webMail, loginPageInfo, enable, services } = rest
  return {
    ...{ id, displayName, displayShortName, documentation, webMail, loginPageInfo, enable, services },
    servers: [
      ...servers.filter(({ type }) => type !== 'smtp'),
      ...servers.filter(({ type }) => type === 'smtp'),
    ],
  }
}

t.test('import reads what render mail-v1 writes, services included', async (t) => {
  await fc.assert(
    fc.asyncProperty(host, async (host) => {
      const written = await settingsOf(t, {
        provider,
        hosts: { mx1: host },
        domains: { 'example.org': 'mx1' },
      })
      const document = expectValue(mailV1.render(written))
      const file = join(t.testdirName, 'mx1.xml')
      writeFileSync(file, document)
      const { exitCode, stdout, stderr } = await run(['import', file])
      deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' })
      const read = await settingsOf(t, stdout)
      equal(expectValue(mailV1.render(read)), document)
      if (host.shape === 'all') deepEqual(documented(read.clientConfig), documented(written.clientConfig))
    }),
    { numRuns: 60 },
  )
})

t.test('import reads both spellings of an internationalised domain as one domain', async (t) => {
  const written = await openResolver(t, {
    provider,
    hosts: { mx1: { hostname: 'mx1.example' } },
    domains: { 'bücher.example': 'mx1' },
  })
  const settings = await settingsFor(written, { domain: 'xn--bcher-kva.example' as Domain })
  const file = join(t.testdirName, 'mx1.xml')
  writeFileSync(file, expectValue(mailV1.render(settings)))
  const { stdout, stderr } = await run(['import', file])
  equal(stderr, '')
  deepEqual([...(await openResolver(t, stdout)).patterns()], ['xn--bcher-kva.example'])
})

async function settingsOf(t: Test, config: unknown) {
  return settingsFor(await openResolver(t, config), { domain: 'example.org' as Domain })
}
