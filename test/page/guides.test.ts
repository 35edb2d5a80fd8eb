import t, { type Test } from 'tap'
import { type PageLanguage, pageCatalogue, pageLanguages } from '../../src/messages/catalogue.ts'
import { clients } from '../../src/page/clients.ts'
import { renderSettingsPage } from '../../src/page/render-page.ts'
import { domain, example, openResolver, settingsFor } from '../support/example.ts'

/** The text of each guide on a page, by the id of its client. */
type Guides = Readonly<Record<string, string>>

const hostname = 'maximusconfessor.all2all.org'
const jane = { localPart: 'jane', domain: domain('example.org') }

/** What differs between providers. */
interface Provider {
  readonly servers?: readonly (string | object)[]
  readonly username?: string
  readonly shape?: 'all'
  /** Gives somebody a login name of their own: then nobody learns login names except by a link. */
  readonly accounts?: object
}

/** The person who opens the page. */
interface Visitor {
  readonly hasAddress?: boolean
  readonly login?: string
}

async function pageOf(
  t: Test,
  { accounts, ...host }: Provider,
  language: PageLanguage,
  { hasAddress = true, login }: Visitor = {},
): Promise<string> {
  const config = {
    ...example,
    publicName: 'autoconfig.all2all.org',
    hosts: { ...example.hosts, maximusconfessor: { hostname, ...host } },
    ...(accounts && { accounts }),
  }
  const resolver = await openResolver(t, config)
  const settings = await settingsFor(resolver, {
    ...(hasAddress ? { address: jane } : { domain: jane.domain }),
    ...(login !== undefined && { link: { login }, setupUrl: 'https://autoconfig.all2all.org/setup/token' }),
    languages: [language],
  })
  return renderSettingsPage(settings)
}

function guidesOf(page: string): Guides {
  const parts = page.matchAll(/<details id="client-([^"]+)"[^>]*>([\s\S]*?)<\/details>/g)
  return Object.fromEntries([...parts].map(([, id, html]) => [id, html]))
}

const guides = async (...of: Parameters<typeof pageOf>): Promise<Guides> => guidesOf(await pageOf(...of))

/** The settings in sentences (`<code>`), or those in the tables only (`<code … data-copy>`). */
const codes = (html: string, attribute = '(?: data-copy)?'): string[] =>
  [...html.matchAll(new RegExp(`<code dir="ltr" translate="no"${attribute}>(.*?)</code>`, 'g'))].map(
    ([, text]) => (text as string).replaceAll('<wbr>', ''),
  )
const tableCodes = (html: string): string[] => codes(html, ' data-copy')

const plain = (html: string): string =>
  html
    .replaceAll('<wbr>', '')
    .replace(/<[^>]*>/g, '')
    .replace(/[ \n]+/g, ' ')
    .replace(/&#39;/g, "'")

const labelOf = (language: PageLanguage, key: string): string =>
  pageCatalogue(pageCatalogue(language).has(key) ? language : 'en').text(key)

const guided = clients.map(({ id }) => id).filter((id) => id !== 'other')

/** The ways in which people get their usernames, and what the tables of the guides then show. */
const usernames: Readonly<Record<string, Provider & Visitor & { readonly shown?: string }>> = {
  'the address': { shown: 'jane@example.org' },
  'the address, which is not known': { hasAddress: false },
  'the local part': { username: '%EMAILLOCALPART%', shown: 'jane' },
  'the local part of an address that is not known': { username: '%EMAILLOCALPART%', hasAddress: false },
  'made from the address': { username: 'x-%EMAILLOCALPART%', shown: 'x-jane' },
  'made from an address that is not known': { username: 'x-%EMAILLOCALPART%', hasAddress: false },
  'a login name': { username: 'user0001', shown: 'user0001' },
  'a login name from a link': {
    accounts: { map: { 'jane@example.org': 'user0002' } },
    login: 'user0001',
    shown: 'user0001',
  },
  'a login name that is hidden': { accounts: { map: { 'jane@example.org': 'user0001' } } },
}

const connections = {
  SSL: { imap: '993', pop3: '995', smtp: '465', servers: ['imaps', 'pop3s', 'submissions'] },
  STARTTLS: { imap: '143', pop3: '110', smtp: '587', servers: ['imap', 'pop3', 'submission'] },
} as const

for (const [socketType, { smtp, servers, ...ports }] of Object.entries(connections))
  for (const type of ['imap', 'pop3'] as const)
    for (const [name, { shown, hasAddress, login, ...provider }] of Object.entries(usernames))
      t.test(`guides for ${type} with ${socketType} and ${name}`, async (t) => {
        const offered = type === 'imap' ? servers : servers.slice(1)
        const visitor = { ...(hasAddress === false && { hasAddress }), ...(login && { login }) }
        for (const language of pageLanguages) {
          const found = await guides(t, { ...provider, servers: offered }, language, visitor)
          t.strictSame(Object.keys(found).sort(), clients.map(({ id }) => id).sort(), language)
          for (const id of guided) {
            const html = found[id] as string
            const user = shown === undefined ? [] : [shown]
            const wanted = [hostname, ports[type], ...user, hostname, smtp, ...user]
            t.strictSame(tableCodes(html), wanted, `${id} ${language}: the tables are the settings`)
          }
          for (const [id, html] of Object.entries(found)) {
            const known = [
              hostname,
              ports[type],
              smtp,
              shown ?? '',
              hasAddress === false ? '' : 'jane@example.org',
            ]
            t.strictSame(
              codes(html).filter((code) => !known.includes(code)),
              [],
              `${id} ${language}: nothing else`,
            )
            if (socketType === 'SSL') t.notMatch(html, /starttls/i, `${id} ${language}: no STARTTLS`)
            const other = type === 'imap' ? 'POP3' : 'IMAP'
            const words = html.replace(/<strong translate="no"[^>]*>(?!IMAP<|POP3<)[^<]*<\/strong>/g, '')
            t.notMatch(plain(words), other, `${id} ${language}: no ${other}`)
          }
        }
      })

t.test('each program has its own word for the encryption of a server', async (t) => {
  for (const socketType of ['SSL', 'STARTTLS'] as const)
    for (const language of pageLanguages) {
      const found = await guides(t, { servers: [...connections[socketType].servers] }, language)
      for (const id of guided) {
        const key = `${id}-security-${socketType}`
        const word = pageCatalogue('en').has(key)
          ? labelOf(language, key)
          : pageCatalogue(language).text('client-switch-on')
        const label = labelOf(language, `${id}-security`)
        t.equal(
          plain(found[id] as string).split(`${label}${word}`).length,
          3,
          `${id} ${language}: ${word}, twice`,
        )
      }
    }
})

t.test('each server has its own encryption', async (t) => {
  const found = await guides(t, { servers: ['imaps', 'submission'] }, 'en')
  t.match(
    plain(found['thunderbird'] as string),
    /993 Connection securitySSL\/TLS[\s\S]*587 Connection securitySTARTTLS/,
  )
  t.match(plain(found['evolution'] as string), /TLS on a dedicated port[\s\S]*STARTTLS after connecting/)
  t.match(found['other'], /Port 993: .*SSL\/TLS, SSL/)
  t.match(found['other'], /Port 587: .*STARTTLS/)
})

t.test('a username that only a letter shows is in words, and never the address', async (t) => {
  for (const language of pageLanguages) {
    const found = await guides(t, usernames['a login name that is hidden'] as Provider, language)
    const words = plain(pageCatalogue(language).text('username-in-words-hidden'))
    for (const [id, html] of Object.entries(found)) {
      t.match(plain(html), words, `${id} ${language}`)
      t.notMatch(html, 'user0001', `${id} ${language}: no login name`)
      t.notOk(tableCodes(html).includes('jane@example.org'), `${id} ${language}: no guess`)
    }
  }
})

t.test('incoming and outgoing mail can have different usernames', async (t) => {
  const servers = [
    { type: 'imap', username: '%EMAILLOCALPART%' },
    { type: 'smtp', username: 'relay' },
  ]
  for (const language of pageLanguages) {
    const found = await guides(t, { servers }, language)
    for (const id of guided) {
      const html = found[id] as string
      t.strictSame(
        tableCodes(html).filter((_, index) => index % 3 === 2),
        ['jane', 'relay'],
        `${id} ${language}`,
      )
    }
    for (const id of [
      'thunderbird',
      'thunderbird-android',
      'outlook',
      'gmail',
      'samsung',
      'evolution',
      'kmail',
      'other',
    ])
      t.match(plain(found[id] as string), /jane [^.]*relay/, `${id} ${language}: a sentence says so`)
  }
})

t.test('nobody has to check a username that programs fill in right', async (t) => {
  const right = await guides(t, {}, 'en')
  const other = await guides(t, { username: '%EMAILLOCALPART%' }, 'en')
  for (const id of ['thunderbird', 'thunderbird-android', 'evolution', 'kmail'])
    t.strictSame(
      [/The right one is/.test(right[id] as string), /The right one is/.test(other[id] as string)],
      [false, true],
      id,
    )
  for (const id of ['gmail', 'samsung', 'other'])
    t.strictSame(
      [/Replace it/.test(right[id] as string), /Replace it/.test(other[id] as string)],
      [false, true],
      id,
    )
})

t.test('people who log in in a browser are not asked for a password', async (t) => {
  const servers = ['imap', 'smtp'].map((type) => ({ type, authentication: ['OAuth2'] }))
  for (const language of pageLanguages) {
    const found = await guides(t, { servers, shape: 'all' }, language)
    for (const [id, html] of Object.entries(found)) {
      const text = (key: string) => pageCatalogue(language).text(key)
      t.match(plain(html), text('client-browser'), `${id} ${language}: a warning`)
      t.notMatch(plain(html), text('client-login-password'), `${id} ${language}: no password`)
    }
  }
  const found = await guides(
    t,
    { servers: servers.map((one) => ({ ...one, authentication: ['GSSAPI'] })), shape: 'all' },
    'en',
  )
  t.match(found['thunderbird'], /log in as your provider explained/)
  t.notMatch(found['thunderbird'], /class="warning"/)
})

t.test('a password, if the server offers one as well', async (t) => {
  const servers = ['imap', 'smtp'].map((type) => ({ type, authentication: ['OAuth2', 'password-cleartext'] }))
  const found = await guides(t, { servers }, 'en')
  t.match(plain(found['thunderbird'] as string), 'Authentication methodNormal password')
  t.match(found['thunderbird'], 'type the password of your mailbox')
  t.notMatch(found['thunderbird'], 'OAuth2')
})

t.test('a server without encryption is never presented as a safe one', async (t) => {
  const servers = ['imap', 'smtp'].map((type) => ({ type, socketType: 'plain' }))
  for (const language of pageLanguages) {
    const found = await guides(t, { servers, shape: 'all' }, language)
    for (const [id, html] of Object.entries(found)) {
      const text = (key: string) => pageCatalogue(language).text(key)
      t.match(plain(html), text('client-plain'), `${id} ${language}: a warning`)
      t.notMatch(html, /SSL\/TLS|starttls/i, `${id} ${language}: no words for encryption`)
      t.notMatch(plain(html), text('other-password-encrypted'), `${id} ${language}: no promise`)
    }
    t.match(plain(found['iphone'] as string), pageCatalogue(language).text('client-switch-off'))
    t.match(plain(found['evolution'] as string), labelOf(language, 'evolution-security-plain'))
  }
})

t.test('people learn what happens to their password before Outlook asks for it', async (t) => {
  for (const language of pageLanguages) {
    const { outlook = '' } = await guides(t, {}, language)
    const [warning, first] = ['Microsoft', pageCatalogue(language).text('client-login-password')]
    t.ok(plain(outlook).indexOf(warning) < plain(outlook).indexOf(first), language)
    t.match(
      plain(outlook),
      pageCatalogue(language).text('outlook-no-change'),
      `${language}: a server cannot be edited`,
    )
  }
  const { outlook = '' } = await guides(t, usernames['a login name that is hidden'] as Provider, 'en')
  t.match(outlook, /it has no place for the username/)
  t.notMatch(outlook, 'Let me set up my account manually')
})

t.test('iPhone and Mac: the profile first, if there is one, and always the way by hand', async (t) => {
  for (const language of pageLanguages) {
    const found = await guides(t, {}, language)
    for (const id of ['iphone', 'mac']) {
      t.match(
        found[id],
        /<a class="button" href="https:\/\/autoconfig\.all2all\.org\/apple\/mail\.mobileconfig\?/,
        id,
      )
      t.match(plain(found[id] as string), /\b8\b/, `${id} ${language}: it waits 8 minutes`)
      t.match(found[id], labelOf(language, `${id}-settings`), `${id} ${language}: where it waits`)
      t.match(found[id], labelOf(language, `${id}-install`))
    }
    t.match(found['iphone'], labelOf(language, 'iphone-stolen'))
  }
  const servers = ['imap', 'smtp'].map((type) => ({ type, authentication: ['OAuth2'] }))
  const without = await guides(t, { servers, shape: 'all' }, 'en')
  for (const id of ['iphone', 'mac']) {
    t.notMatch(without[id], 'mobileconfig', `${id}: no profile`)
    t.strictSame(tableCodes(without[id] as string).length, 6, `${id}: by hand`)
  }
})

t.test('an iPhone asks for a username that the profile does not contain', async (t) => {
  const asked = /asks for the username, type/
  t.match((await guides(t, usernames['a login name that is hidden'] as Provider, 'en'))['iphone'], asked)
  t.notMatch((await guides(t, { username: '%EMAILLOCALPART%' }, 'en'))['iphone'], asked)
})

t.test(
  'Thunderbird for Android: a code for people whose username is known, and the way without it',
  async (t) => {
    const known = (await guides(t, {}, 'en'))['thunderbird-android']
    t.match(
      known,
      /First open the Thunderbird app[\s\S]*Import settings[\s\S]*Scan QR code[\s\S]*<img[\s\S]*Please enter passwords/,
    )
    const unknown = (await guides(t, {}, 'en', { hasAddress: false }))['thunderbird-android']
    t.notMatch(unknown, '<img')
    t.match(unknown, 'Add an email account now')
  },
)

t.test('the wizard of FairEmail, if it tries the right username', async (t) => {
  const isWizard = async (provider: Provider) =>
    /Wizard/.test((await guides(t, provider, 'en'))['fairemail'] as string)
  t.ok(await isWizard({}))
  t.ok(await isWizard({ username: '%EMAILLOCALPART%' }))
  t.notOk(await isWizard({ username: 'user0001' }))
  t.notOk(await isWizard({ servers: ['pop3s', 'submissions'] }))
  t.notOk(await isWizard({ servers: ['imaps', { type: 'smtp', username: 'relay' }] }))
})
