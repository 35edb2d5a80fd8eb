import t from 'tap'
import type { PlistDict } from '../../src/formats/plist.ts'
import { type Element, parseXml, textOf } from '../../src/rehearsal/readers/xml.ts'
import { run } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'

const path = '/apple/mail.mobileconfig'

/** The value of a property list, read by a strict XML reader. */
function plistOf(xml: string): PlistDict {
  const [value] = parseXml(new TextEncoder().encode(xml)).root.children
  return read(value as Element) as PlistDict
}

function read(element: Element): unknown {
  switch (element.name) {
    case 'dict': {
      const { children } = element
      const pairs = children
        .filter((_, index) => index % 2 === 0)
        .map((key, index) => [textOf(key), children[2 * index + 1]])
      return Object.fromEntries(pairs.map(([key, value]) => [key, read(value as Element)]))
    }
    case 'array':
      return element.children.map(read)
    case 'integer':
      return Number(textOf(element))
    case 'true':
    case 'false':
      return element.name === 'true'
    default:
      return textOf(element)
  }
}

type Profile = PlistDict & { PayloadContent: PlistDict[] }
type Opened = Awaited<ReturnType<typeof openApp>>

async function profile({ app }: Opened, query: string, headers: Record<string, string> = {}) {
  const response = await app.inject({ url: `${path}${query}`, headers })
  const plist = response.statusCode === 200 ? (plistOf(response.body) as Profile) : undefined
  return {
    ...response,
    statusCode: response.statusCode,
    headers: response.headers,
    body: response.body,
    plist,
    mail: plist?.PayloadContent[0],
  }
}

t.test('a profile contains everything that the device needs except the password', async (t) => {
  const opened = await openApp(t)
  const { statusCode, headers, plist, mail, body } = await profile(
    opened,
    '?emailaddress=Jane.Doe@example.org&name=Jane+Doe',
  )
  t.equal(statusCode, 200)
  t.match(headers, {
    'content-type': 'application/x-apple-aspen-config',
    'content-disposition': 'attachment; filename="example.org.mobileconfig"',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
    'referrer-policy': 'no-referrer',
  })
  t.match(plist, { PayloadType: 'Configuration', PayloadVersion: 1, PayloadOrganization: 'all2all mail' })
  t.match(mail, {
    PayloadType: 'com.apple.mail.managed',
    EmailAccountType: 'EmailTypeIMAP',
    EmailAddress: 'Jane.Doe@example.org',
    EmailAccountName: 'Jane Doe',
    IncomingMailServerHostName: 'maximusconfessor.all2all.org',
    IncomingMailServerPortNumber: 993,
    IncomingMailServerUseSSL: true,
    IncomingMailServerAuthentication: 'EmailAuthPassword',
    IncomingMailServerUsername: 'Jane.Doe@example.org',
    OutgoingMailServerHostName: 'maximusconfessor.all2all.org',
    OutgoingMailServerPortNumber: 465,
    OutgoingMailServerUseSSL: true,
    OutgoingMailServerAuthentication: 'EmailAuthPassword',
    OutgoingMailServerUsername: 'Jane.Doe@example.org',
    OutgoingPasswordSameAsIncomingPassword: true,
  })
  t.notMatch(body, /<key>(Incoming|Outgoing)Password<\/key>/)
})

t.test(
  'the identifiers of an account are always the same, in any language and case, and differ from other accounts',
  async (t) => {
    const opened = await openApp(t)
    const namesOf = async (query: string, headers = {}) => {
      const { plist, mail } = await profile(opened, query, headers)
      return [
        plist?.['PayloadIdentifier'],
        plist?.['PayloadUUID'],
        mail?.['PayloadIdentifier'],
        mail?.['PayloadUUID'],
      ]
    }
    const jane = await namesOf('?emailaddress=jane@example.org')
    for (const name of [jane[1], jane[3]]) {
      // RFC 9562: version 5, variant 10.
      t.match(name, /^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/)
    }
    t.match(jane[0], /^org\.example\.mail\./)
    t.equal(new Set(jane).size, 4)
    t.strictSame(await namesOf('?emailaddress=JANE@Example.ORG', { 'accept-language': 'fr' }), jane)
    const john = await namesOf('?emailaddress=john@example.org')
    const pop3 = await namesOf('?emailaddress=jane@example.org&protocol=pop3')
    for (const [index, name] of jane.entries()) t.not(john[index], name)
    t.strictSame(pop3.slice(0, 2), jane.slice(0, 2), 'POP3 replaces IMAP')
    t.not(pop3[3], jane[3], 'the account is another one')
  },
)

t.test('POP3 can be requested if the host offers it', async (t) => {
  const hosts = {
    ...example.hosts,
    vonmuenchhausen: { ...example.hosts.vonmuenchhausen, servers: ['imaps', 'submissions'] },
  }
  const opened = await openApp(t, { ...example, hosts })
  const { mail } = await profile(opened, '?emailaddress=jane@example.org&protocol=POP3')
  t.match(mail, {
    EmailAccountType: 'EmailTypePOP',
    IncomingMailServerPortNumber: 995,
    IncomingMailServerUseSSL: true,
  })
  const none = await profile(opened, '?emailaddress=jane@example.net&protocol=pop3')
  t.equal(none.statusCode, 404)
  t.equal(none.body, 'Not available for this domain: there is no pop3 server.\n')
  const other = await profile(opened, '?emailaddress=jane@example.net&protocol=jmap')
  t.match(other.mail, { EmailAccountType: 'EmailTypeIMAP' })
})

t.test('the texts are in the requested language', async (t) => {
  const opened = await openApp(t)
  const title = async (query: string, language?: string) => {
    const { plist } = await profile(
      opened,
      `?emailaddress=jane@example.org${query}`,
      language ? { 'accept-language': language } : {},
    )
    return plist?.['PayloadDisplayName']
  }
  t.equal(await title(''), 'Mail: all2all (jane@example.org)')
  t.equal(await title('', 'fr-BE, nl;q=0.9'), 'Courrier\u00a0: all2all (jane@example.org)')
  t.equal(await title('', 'pl;q=0.9, nl-BE;q=0.5, fr;q=0.1'), 'E-mail: all2all (jane@example.org)')
  t.equal(await title('', 'pl, *;q=0.1'), 'Mail: all2all (jane@example.org)')
  t.equal(await title('&language=de', 'fr'), 'E-Mail: all2all (jane@example.org)')
  t.equal(await title('', 'constructor'), 'Mail: all2all (jane@example.org)')
  for (const language of ['es', 'it', 'pt']) {
    const { plist } = await profile(opened, `?emailaddress=jane@example.org&language=${language}`)
    t.match(plist?.['PayloadDescription'], 'all2all mail')
    t.not(plist?.['PayloadDisplayName'], 'Mail: all2all (jane@example.org)')
  }
})

t.test('without an address, the device asks for it, and the profile is named after the domain', async (t) => {
  const opened = await openApp(t)
  const { plist, mail } = await profile(opened, '', { host: 'autoconfig.example.net' })
  t.equal(plist?.['PayloadDisplayName'], 'Mail: all2all (example.net)')
  t.equal(mail?.['IncomingMailServerHostName'], 'vonmuenchhausen.all2all.org')
  for (const key of [
    'EmailAddress',
    'IncomingMailServerUsername',
    'OutgoingMailServerUsername',
    'EmailAccountName',
  ])
    t.notOk(Object.hasOwn(mail ?? {}, key), key)
})

t.test('a profile contains STARTTLS, authentication methods and usernames of each server', async (t) => {
  const hosts = {
    maximusconfessor: {
      hostname: 'maximusconfessor.all2all.org',
      shape: 'all',
      servers: [
        {
          type: 'imap',
          port: 143,
          socketType: 'STARTTLS',
          authentication: ['OAuth2', 'password-encrypted'],
          username: 'office',
        },
        { type: 'smtp', port: 25, socketType: 'plain', authentication: ['client-IP-address'] },
      ],
    },
  }
  const opened = await openApp(t, { ...example, hosts, domains: { 'example.org': 'maximusconfessor' } })
  const { mail } = await profile(opened, '?emailaddress=jane@example.org')
  t.match(mail, {
    IncomingMailServerUseSSL: true,
    IncomingMailServerPortNumber: 143,
    IncomingMailServerAuthentication: 'EmailAuthCRAMMD5',
    IncomingMailServerUsername: 'office',
    OutgoingMailServerUseSSL: false,
    OutgoingMailServerAuthentication: 'EmailAuthNone',
    OutgoingPasswordSameAsIncomingPassword: false,
  })
})

t.test('there is no profile if a server accepts only tokens, and the reason is printed', async (t) => {
  const server = (type: string) => ({ type, authentication: ['OAuth2'] })
  const cases: [object[], RegExp][] = [
    [
      [server('imap'), { type: 'smtp' }],
      /Apple's profiles support only passwords, and a server here accepts none/,
    ],
    [
      [{ type: 'imap' }, server('smtp')],
      /Apple's profiles support only passwords, and a server here accepts none/,
    ],
  ]
  for (const [servers, reason] of cases) {
    const hosts = { maximusconfessor: { hostname: 'maximusconfessor.all2all.org', servers } }
    const config = { ...example, hosts, domains: { 'example.org': 'maximusconfessor' } }
    const { statusCode, body } = await profile(await openApp(t, config), '?emailaddress=jane@example.org')
    t.equal(statusCode, 404)
    t.match(body, reason)
    const rendered = await run([
      'render',
      'mobileconfig',
      'jane@example.org',
      '--config',
      configFolder(t, config),
    ])
    t.match(rendered, {
      exitCode: 1,
      stdout: '',
      stderr: /^no mobileconfig for example\.org: Apple's profiles support only passwords/,
    })
    const explained = await run(['explain', 'example.org', '--config', configFolder(t, config)])
    t.match(explained.stdout, /^no mobileconfig +Apple's profiles support only passwords/m)
  }
})

t.test('a profile contains the calendars and contacts of the host', async (t) => {
  const services = { caldav: 'https://dav.example.org/cal/', carddav: 'https://dav.example.org:8443/' }
  const hosts = { maximusconfessor: { ...example.hosts.maximusconfessor, services } }
  const opened = await openApp(t, { ...example, hosts, domains: { 'example.org': 'maximusconfessor' } })
  const { plist } = await profile(opened, '?emailaddress=jane@example.org')
  const [, caldav, carddav] = plist?.PayloadContent ?? []
  t.match(caldav, {
    PayloadType: 'com.apple.caldav.account',
    CalDAVHostName: 'dav.example.org',
    CalDAVPort: 443,
    CalDAVPrincipalURL: '/cal/',
    CalDAVUseSSL: true,
    CalDAVUsername: 'jane@example.org',
  })
  t.match(carddav, {
    PayloadType: 'com.apple.carddav.account',
    CardDAVPort: 8443,
    CardDAVUsername: 'jane@example.org',
  })
  t.notOk(Object.hasOwn(carddav ?? {}, 'CardDAVPrincipalURL'), 'the root is not a path')
})

t.test('a profile of mail alone has the identifiers of the full one, which it replaces', async (t) => {
  const services = { caldav: 'https://dav.example.org/cal/', carddav: 'https://dav.example.org/card/' }
  const hosts = { maximusconfessor: { ...example.hosts.maximusconfessor, services } }
  const config = { ...example, hosts, domains: { 'example.org': 'maximusconfessor' } }
  const opened = await openApp(t, config)
  const full = await profile(opened, '?emailaddress=jane@example.org')
  for (const only of ['mail', 'MAIL']) {
    const alone = await profile(opened, `?emailaddress=jane@example.org&only=${only}`)
    t.strictSame(alone.plist, { ...full.plist, PayloadContent: full.plist?.PayloadContent.slice(0, 1) })
    t.equal(alone.headers['cache-control'], 'no-store')
    t.notOk(alone.headers.etag)
  }
  for (const other of ['', 'calendar', 'mail2'])
    t.equal((await profile(opened, `?emailaddress=jane@example.org&only=${other}`)).body, full.body, other)
  const pop3 = await profile(opened, '?emailaddress=jane@example.org&protocol=pop3&only=mail')
  t.match(pop3.plist?.PayloadContent, [{ EmailAccountType: 'EmailTypePOP' }])

  const file = configFolder(t, config)
  const render = async (...args: string[]) => (await run(['render', ...args, '--config', file])).stdout
  const { body } = await profile(opened, '?emailaddress=jane@example.org&only=mail')
  t.equal(await render('mobileconfig', 'jane@example.org', '--only', 'mail'), body)
  t.match(await run(['render', 'mobileconfig', 'example.org', '--only', 'calendar', '--config', file]), {
    exitCode: 2,
    stderr: /Allowed choices are mail/,
  })
  for (const [options, query] of [
    [['--only', 'mail'], '&only=mail'],
    [['--only', 'mail', '--protocol', 'imap'], '&protocol=imap&only=mail'],
    [[], ''],
  ] as const)
    t.equal(
      await render('apple-qr', 'jane@example.org', ...options),
      `https://autoconfig.example.org/apple/mail.mobileconfig?emailaddress=jane%40example.org${query}`,
    )
})

t.test(
  'an unknown domain gets status 404 and a text, and render prints the same bytes as the server',
  async (t) => {
    const { statusCode, headers } = await profile(await openApp(t), '?emailaddress=jane@elsewhere.example')
    t.equal(statusCode, 404)
    t.equal(headers['content-type'], 'text/plain; charset=utf-8')
    t.equal(headers['cache-control'], 'no-store')
    const options = ['--name', 'Jane Doe', '--protocol', 'pop3', '--language', 'fr']
    const { stdout } = await run([
      'render',
      'mobileconfig',
      'jane@example.org',
      ...options,
      '--config',
      configFolder(t, example),
    ])
    const { body } = await profile(
      await openApp(t),
      '?emailaddress=jane@example.org&name=Jane%20Doe&protocol=pop3&language=fr',
    )
    t.equal(stdout, body)
  },
)

t.test('an invalid display name is omitted', async (t) => {
  const opened = await openApp(t)
  for (const name of ['', '%00', '%0A', 'a%0Db', '%ED%A0%80', '%EF%BF%BE', '+++', 'a'.repeat(101)]) {
    const { statusCode, mail } = await profile(opened, `?emailaddress=jane@example.org&name=${name}`)
    t.equal(statusCode, 200)
    t.notOk(Object.hasOwn(mail ?? {}, 'EmailAccountName'), name)
  }
  const { mail } = await profile(
    opened,
    '?emailaddress=jane@example.org&name=%3Cb%3E%26amp%3B+%C3%89milie+%F0%9F%98%80',
  )
  t.equal(mail?.['EmailAccountName'], '<b>&amp; Émilie 😀')
})
