import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { parseDocument } from 'htmlparser2'
import t, { type Test } from 'tap'
import { PageTemplates } from '../../src/documents/page-templates.ts'
import { markerFor, Template } from '../../src/documents/template.ts'
import { autoconfig } from '../../src/formats/autoconfig.ts'
import { mobileconfig } from '../../src/formats/mobileconfig.ts'
import { settingsJson } from '../../src/formats/settings-json.ts'
import { pageLanguages } from '../../src/messages/catalogue.ts'
import { accountSettings, type ClientConfig } from '../../src/model/settings.ts'
import { clients } from '../../src/page/clients.ts'
import { contrastWith, nearestWithContrast, paper, textOn } from '../../src/page/colours.ts'
import { renderSettingsPage } from '../../src/page/render-page.ts'
import { formatSize } from '../../src/page/size.ts'
import { Templates, templateNames } from '../../src/page/templates.ts'
import { usernameOf } from '../../src/page/username.ts'
import { Words } from '../../src/page/words.ts'
import { run, runForBytes } from '../support/command.ts'
import {
  configFolder,
  domain,
  example,
  expectValue,
  findings,
  openApp,
  openResolver,
} from '../support/example.ts'

const publicName = 'autoconfig.all2all.org'
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** The texts of all elements of that name, with the attribute. */
function texts(page: string, name: string, attribute?: string): string[] {
  const found: string[] = []
  const visit = (nodes: readonly unknown[]): void => {
    for (const node of nodes as { name?: string; attribs?: Record<string, string>; children?: unknown[] }[]) {
      if (node.name === name && (attribute === undefined || attribute in (node.attribs ?? {})))
        found.push(textOf(node))
      visit(node.children ?? [])
    }
  }
  visit(parseDocument(page).children)
  return found
}

function textOf(node: unknown): string {
  const { data, children = [], type } = node as { data?: string; children?: unknown[]; type: string }
  return type === 'text' ? (data as string) : children.map(textOf).join('')
}

async function get(t: Test, config: object, url: string, headers: Record<string, string> = {}) {
  const { app, lines } = await openApp(t, config)
  const response = await app.inject({ url, headers: { host: 'autoconfig.example.org', ...headers } })
  return { status: response.statusCode, headers: response.headers, body: response.body, lines }
}

t.test('the log of the page says the host of the settings, and no domain', async (t) => {
  for (const url of ['/', '/?emailaddress=jane@example.org', '/?emailaddress=example.org']) {
    const { lines } = await get(t, example, url)
    t.match(
      lines.map((line) => JSON.parse(line)),
      [{ route: '/', host: 'maximusconfessor', status: 200 }],
      url,
    )
    t.notMatch(lines.join(''), /jane|example\.org/)
  }
})

t.test('a browser gets the page of the domain at any name that leads to the server', async (t) => {
  for (const host of [
    'autoconfig.example.org',
    'autodiscover.example.org',
    'example.org',
    'www.example.org:8080',
  ]) {
    const { status, headers, body } = await get(t, example, '/', { host })
    t.equal(status, 200, host)
    t.match(headers, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'public, max-age=3600' })
    t.match(body, '<title>E-mail settings for example.org</title>')
    t.ok(texts(body, 'code').includes('maximusconfessor.all2all.org'))
  }
  t.match((await get(t, example, '/?emailaddress=jane@example.net')).body, 'vonmuenchhausen')
})

t.test('every program gets the same documents as before, whatever it accepts', async (t) => {
  const { headers } = await get(t, example, '/mail/config-v1.1.xml', html)
  t.equal(headers['content-type'], 'text/xml; charset=utf-8')
})

t.test('the page loads nothing from elsewhere and nothing inline, and sets no cookie', async (t) => {
  for (const url of ['/', '/?emailaddress=jane@example.org', '/?emailaddress=jane@elsewhere.test']) {
    const { headers, body } = await get(t, example, url)
    t.equal(
      headers['content-security-policy'],
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    t.match(headers, {
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'set-cookie': undefined,
    })
    t.notMatch(
      body,
      /<style|style=|<script>|\son\w+=|(?:src|href)="(?:https?:)?\/\/[^"]*\.(?:js|css|png|svg)/,
    )
  }
})

t.test('a page for an address is of one person: no cache may store it', async (t) => {
  const { headers, body } = await get(t, example, '/?emailaddress=Jane%2Btag@example.org')
  t.match(headers, { 'cache-control': 'no-store', 'x-robots-tag': 'noindex', etag: undefined })
  t.match(texts(body, 'code'), ['Jane+tag@example.org'])
  t.match(body, 'value="Jane+tag@example.org"')
  t.match(
    body,
    'href="?emailaddress=Jane%2Btag%40example.org&amp;lang=fr"',
    'the address is kept in another language',
  )
  t.notMatch(texts(body, 'title'), /Jane/)
})

t.test('the page of a domain is rendered once, and sent as 304 and in gzip', async (t) => {
  const { app } = await openApp(t)
  const ask = (headers: Record<string, string> = {}, host = 'autoconfig.example.org') =>
    app.inject({ url: '/', headers: { host, ...headers } })
  const plain = await ask()
  t.equal(plain.headers.vary, 'Accept-Encoding, Accept-Language, User-Agent')
  const etag = plain.headers.etag as string
  t.match(await ask({ 'if-none-match': etag }), { statusCode: 304, body: '' })
  const zipped = await ask({ 'accept-encoding': 'gzip' })
  t.match(zipped.headers, { 'content-encoding': 'gzip', etag: /-gzip"$/ })
  t.ok(Number(zipped.headers['content-length']) < 15_000)
  t.not((await ask({ 'accept-language': 'fr' })).headers.etag, etag)
  t.not((await ask({}, 'autoconfig.example.net')).headers.etag, etag)
  const iphone = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)' }
  const suggested = (await ask(iphone)).headers.etag
  t.not(suggested, etag, 'the first program is that of the device')
  const { headers: chosen } = await app.inject({
    url: '/?client=iphone',
    headers: { host: 'autoconfig.example.org', ...iphone },
  })
  t.notOk([etag, suggested].includes(chosen.etag as string), 'and the links to other pages keep a chosen one')
  t.equal((await ask()).headers.etag, etag, 'none of it is kept for others')
  const uncompressed = await get(t, { ...example, http: { compress: false, maxAge: 60 } }, '/', {
    'accept-encoding': 'gzip',
  })
  t.match(uncompressed.headers, { 'content-encoding': undefined, 'cache-control': 'public, max-age=60' })
})

t.test('the page that everybody shares has the domain in the names of servers, too', async (t) => {
  const servers = ['imaps', { type: 'smtp', hostname: 'smtp.%EMAILDOMAIN%' }]
  const config = {
    ...example,
    hosts: { mx: { hostname: 'mx.example', servers } },
    domains: { 'example.org': 'mx', 'bücher.example': 'mx' },
  }
  for (const name of ['example.org', 'xn--bcher-kva.example']) {
    const { body } = await get(t, config, '/', { host: `autoconfig.${name}` })
    t.ok(texts(body, 'code', 'data-copy').includes(`smtp.${name}`))
    t.notMatch(body, 'goes-here')
  }
})

t.test('at the name of the service itself, people type their address first', async (t) => {
  const config = {
    ...example,
    publicName,
    provider: { ...example.provider, defaultHost: 'maximusconfessor' },
  }
  const start = await get(t, config, '/', { host: publicName })
  t.equal(start.status, 200)
  t.match(start.body, '<h1>Set up your e-mail</h1>')
  t.strictSame(texts(start.body, 'code'), [], 'no settings are guessed')
  const settings = await get(t, config, '/?emailaddress=example.net', { host: publicName })
  t.match(texts(settings.body, 'code'), ['vonmuenchhausen.all2all.org'])
})

t.test('an unknown domain is said to be unknown, with a form to correct it', async (t) => {
  const unknown = await get(t, example, '/?emailaddress=jane@exmaple.org')
  t.match(unknown, { status: 404, headers: { 'cache-control': 'no-store' } })
  t.match(unknown.body, '<h1>No settings for this address</h1>')
  t.notMatch(unknown.body, 'exmaple', 'nothing of the request is repeated')
  const nothing = await get(t, example, '/', { host: '127.0.0.1:8080' })
  t.equal(nothing.status, 404)
  t.match(nothing.body, '<h1>Set up your e-mail</h1>')
})

t.test('the language is that of the query, else of the browser, else of the provider', async (t) => {
  const languageOf = async (config: object, url: string, accept = '') =>
    /<html lang="(\w+)"/.exec((await get(t, config, url, { 'accept-language': accept })).body)?.[1]
  t.equal(await languageOf(example, '/'), 'en')
  t.equal(await languageOf(example, '/', 'fr-BE,fr;q=0.9,en;q=0.8'), 'fr')
  t.equal(await languageOf(example, '/', 'es,nl;q=0.5'), 'nl')
  t.equal(await languageOf(example, '/?lang=de', 'fr'), 'de')
  t.equal(await languageOf(example, '/?language=de', 'fr'), 'de')
  t.equal(await languageOf(example, '/?lang=xx', 'fr'), 'fr')
  const french = { ...example, page: { language: 'fr' } }
  t.equal(await languageOf(french, '/', 'es'), 'fr')
  t.equal(await languageOf(french, '/?emailaddress=a@elsewhere.test', 'es'), 'fr')
})

t.test('the guide for the device comes first, and that of the query before it', async (t) => {
  const open = async (agent: string, query = '') =>
    /<details id="client-([\w-]+)" name="client" open/.exec(
      (await get(t, example, `/${query}`, { 'user-agent': agent })).body,
    )?.[1]
  const agents: Record<string, string> = {
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15': 'iphone',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15': 'mac',
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36': 'thunderbird-android',
    'Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36': 'thunderbird-android',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101': 'thunderbird',
    'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101': 'thunderbird',
    '': 'thunderbird',
  }
  for (const [agent, client] of Object.entries(agents)) t.equal(await open(agent), client, agent)
  t.equal(await open('iPhone', '?client=kmail'), 'kmail')
  t.equal(await open('iPhone', '?client=nobody'), 'iphone')
  const { body } = await get(t, example, '/', { 'user-agent': 'Android' })
  const order = [...body.matchAll(/<details id="client-([\w-]+)"/g)].map(([, id]) => id)
  t.strictSame(order.slice(0, 4), ['thunderbird-android', 'gmail', 'samsung', 'fairemail'])
  t.same(new Set(order), new Set(clients.map(({ id }) => id)), 'all others are one click away')
})

t.test(
  'a personal link shows the login in a browser, and the text of before to other programs',
  async (t) => {
    const links = { url: 'https://setup.all2all.org', keys: [{ kid: 'a', secretFile: 'link.key' }] }
    const config = { ...example, publicName, accounts: { map: { 'jane@example.org': 'user0001' } }, links }
    const files = { 'link.key': 'x'.repeat(32) }
    const now = () => new Date('2026-11-24T12:00:00Z')
    const file = configFolder(t, config, files)
    const { bytes } = await runForBytes(['link', 'jane@example.org', '--config', file], now)
    const { pathname } = new URL(bytes.toString().trim())
    const { app } = await openApp(t, config, files, now)
    const page = await app.inject({ url: pathname, headers: html })
    t.match(page.headers, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
    })
    t.ok(texts(page.body, 'code', 'data-copy').includes('user0001'))
    t.notMatch(texts(page.body, 'title'), /user0001|jane/)
    t.match(page.body, 'href="../page/style.css?v=')
    const token = pathname.split('/').at(-1)
    t.match(page.body, `href="${token}/mail.mobileconfig"`)
    t.match(page.body, `src="${token}/thunderbird-qr.svg"`)
    t.match(page.body, 'href="?lang=fr"', 'the address is in the link already')
    t.equal((await app.inject({ url: pathname })).headers['content-type'], 'text/plain; charset=utf-8')
    const invalid = await app.inject({
      url: `${pathname.slice(0, -3)}`,
      headers: { ...html, 'accept-language': 'de' },
    })
    t.match(invalid, { statusCode: 404, headers: { 'content-type': 'text/html; charset=utf-8' } })
    t.match(invalid.body, '<html lang="de"')
    t.match(invalid.body, 'action="../"')

    const unserved = await openApp(
      t,
      { ...config, domains: { 'example.net': 'vonmuenchhausen' } },
      files,
      now,
    )
    const later = await unserved.app.inject({ url: pathname, headers: html })
    t.equal(later.statusCode, 404)
    t.match(later.body, 'there are no mail settings for the domain of this link')

    const general = await app.inject({ url: '/', headers: { host: 'autoconfig.example.org' } })
    t.notMatch(general.body, 'user0001')
    t.match(
      general.body,
      'Your username is not your e-mail address',
      'without the link, the login is not guessed',
    )
    t.notMatch(texts(general.body, 'code'), /@/)
  },
)

t.test(
  'an internationalised domain is in the script of the person, and its servers are as programs need them',
  async (t) => {
    const config = {
      ...example,
      hosts: { mx: { hostname: 'mail.bücher.example' } },
      domains: { 'bücher.example': 'mx' },
    }
    const { body, headers } = await get(t, config, '/', { host: 'autoconfig.xn--bcher-kva.example' })
    t.match(body, '<title>E-mail settings for bücher.example</title>')
    t.match(texts(body, 'code'), ['mail.xn--bcher-kva.example'])
    t.match(headers, { 'cache-control': 'public, max-age=3600' })
  },
)

t.test('what is a guess because a source is down is not cached', async (t) => {
  const sources = [{ sql: { url: 'mysql://127.0.0.1:1/x', domain: 'SELECT 1 WHERE $1 = $1' } }]
  const { headers } = await get(
    t,
    { ...example, hosts: { mx: { hostname: 'mx.example' } }, domains: {}, sources },
    '/?emailaddress=customer.example',
  )
  t.equal(headers['cache-control'], 'no-store')
})

t.test('browsers keep the files of the page, whose URLs change with the content', async (t) => {
  const logo = '<svg xmlns="http://www.w3.org/2000/svg"/>'
  const config = { ...example, page: { accent: '#7a1f5c', logo: 'logo.svg' } }
  const { app } = await openApp(t, config, { 'logo.svg': logo })
  const { body } = await app.inject({ url: '/', headers: { host: 'example.org' } })
  const urls = [...body.matchAll(/(?:href|src)="\.(\/page\/[^"]+)"/g)].map(([, url]) => url as string)
  t.equal(new Set(urls).size, 3)
  for (const url of [...urls, '/page/icon.svg']) {
    const response = await app.inject({ url })
    t.match(response, {
      statusCode: 200,
      headers: { 'cache-control': 'public, max-age=31536000, immutable' },
    })
    t.match(response.headers, {
      'content-security-policy': /default-src 'none'/,
      'x-content-type-options': 'nosniff',
    })
    const etag = response.headers.etag as string
    t.match(await app.inject({ url, headers: { 'if-none-match': etag } }), { statusCode: 304, body: '' })
  }
  const style = await app.inject({ url: '/page/style.css' })
  t.match(style.body, '--accent: #7a1f5c; --on-accent: #ffffff')
  t.equal((await app.inject({ url: '/page/logo' })).body, logo)
  t.match(body, /<img class="logo" src="[^"]*" alt="all2all mail">/)
  t.match(await get(t, example, '/page/logo'), { status: 404 })
})

t.test('the size of a first visit is below 60 kB', async (t) => {
  const { app } = await openApp(t)
  for (const language of pageLanguages) {
    const sizes = await Promise.all(
      [
        `/?lang=${language}&emailaddress=jane@example.org`,
        '/page/style.css',
        '/page/script.js',
        '/page/icon.svg',
      ].map(async (url) => (await app.inject({ url })).rawPayload.length),
    )
    t.ok(sizes.reduce((sum, size) => sum + size) < 60_000, `${language}: ${sizes}`)
  }
})

t.test(
  'whom to ask, and what the provider says, are those of the domain, else of the host, else of the provider',
  async (t) => {
    const config = {
      ...example,
      provider: {
        ...example.provider,
        contact: {
          email: 'help@all2all.org',
          phone: '+32 2 555 12 34',
          url: 'https://www.all2all.org/',
          hours: { default: '9-17' },
        },
        pageText: { en: 'Maintenance on Sunday.\n\nSee https://status.all2all.org/.', fr: 'Entretien' },
      },
      hosts: {
        ...example.hosts,
        other: { hostname: 'other.example', contact: { email: 'other@all2all.org' } },
      },
      domains: {
        ...example.domains,
        'other.test': 'other',
        'reseller.test': {
          host: 'other',
          contact: { url: 'https://reseller.test/' },
          pageText: { en: '<b>Reseller</b>' },
        },
      },
    }
    const of = async (asked: string) => (await get(t, config, `/?emailaddress=${asked}`)).body
    const own = await of('example.org')
    const host = await of('other.test')
    const reseller = await of('reseller.test')
    t.match(own, 'href="mailto:help@all2all.org"')
    t.match(own, 'href="tel:+3225551234"')
    t.match(
      own,
      '<p>Maintenance on Sunday.</p>\n<p>See <a href="https://status.all2all.org/">https://status.all2all.org/</a>.</p>',
    )
    t.match(own, '<dd>9-17</dd>')
    t.match(host, 'href="mailto:other@all2all.org"')
    t.notMatch(host, '+32 2')
    t.match(reseller, 'href="https://reseller.test/"')
    t.match(reseller, '<p>&lt;b&gt;Reseller&lt;/b&gt;</p>')
    t.notMatch(reseller, 'mailto:')
    t.match((await get(t, example, '/')).body, 'Ask the person who gave you')
  },
)

t.test('a step that must come first stands before the settings', async (t) => {
  const enable = {
    visiturl: 'https://panel.example/imap',
    instruction: { en: 'Tick "Allow mail programs".' },
  }
  const config = {
    ...example,
    hosts: { maximusconfessor: { hostname: 'mx.example', enable } },
    domains: { 'example.org': 'maximusconfessor' },
  }
  const { body } = await get(t, config, '/')
  t.match(
    body,
    /Tick &quot;Allow mail programs&quot;\.<\/p>\s*<p><a href="https:\/\/panel\.example\/imap">[\s\S]*id="settings"/,
  )
})

t.test(
  'colours that people cannot read, and files that are none, are errors that say what to write',
  async (t) => {
    const of = (page: object, files: Record<string, string | Uint8Array> = {}) =>
      findings(t, { ...example, page }, files)
    t.match(await of({ accent: '#ffcc00' }), {
      errors: [
        /page\.accent has a contrast of 1\.5:1 with the white page, and people need 4\.5:1 .*; use for example #[0-9a-f]{6}$/,
      ],
    })
    t.match(await of({ accentDark: '#222222' }), {
      errors: [/page\.accentDark has a contrast of 1\.1:1 with the dark page/],
    })
    t.match(await of({ accent: 'red' }), { errors: [/page\.accent must be a colour such as #1f5fa8$/] })
    t.match(await of({ accent: 7 }), { errors: [/page\.accent must be a string/] })
    t.match(await of({ logo: 'none.svg' }), { errors: [/page\.logo cannot be read: /] })
    t.match(await of({ logo: 'a.svg' }, { 'a.svg': '<html>' }), {
      errors: [/page\.logo a\.svg is not a picture in SVG, PNG, JPEG or WebP$/],
    })
    t.match(
      await of(
        { logo: 'a.png' },
        { 'a.png': Buffer.concat([Buffer.from('\x89PNG\r\n', 'latin1'), Buffer.alloc(60_000)]) },
      ),
      {
        errors: [/page\.logo a\.png has 61 kB; use a picture of at most 50 kB$/],
      },
    )
    t.match(await of({ templates: 'none' }), { errors: [/page\.templates none cannot be read: /] })
    const templates = {
      tpl: { 'help.eta': '<% if (', 'helb.eta': '', 'form.eta': '<% if ( %>', 'contact.eta': {} } as never,
    }
    t.match(await of({ templates: 'tpl' }, templates), {
      errors: [
        /page\.templates tpl\/contact\.eta cannot be read: /,
        /page\.templates tpl\/form\.eta is not a valid template: \w/,
        /page\.templates tpl\/helb\.eta is not the name of a template; did you mean "help"\?$/,
        /page\.templates tpl\/help\.eta is not a valid template: unclosed tag at line 1/,
      ],
    })
    const contact = { phone: 'call us', email: 'nobody', url: 'www.example.org' }
    const { errors } = await findings(t, { ...example, provider: { ...example.provider, contact } })
    t.match(errors, [
      /provider\.contact\.phone must be a phone number, such as \+32 2 555 12 34$/,
      /provider\.contact\.email must be an e-mail address$/,
      /provider\.contact\.url must be an absolute URL/,
    ])
  },
)

t.test('pictures of every kind are recognised', async (t) => {
  const pictures: Record<string, string> = {
    'image/png': '\x89PNG\r\n\x1a\n',
    'image/jpeg': '\xff\xd8\xff\xe0',
    'image/webp': 'RIFF\x01\x02\x03\x04WEBPVP8 ',
    'image/svg+xml': '<?xml version="1.0"?>\n<!-- by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
  }
  for (const [type, start] of Object.entries(pictures)) {
    const { app } = await openApp(
      t,
      { ...example, page: { logo: 'logo' } },
      { logo: Buffer.from(start, 'latin1') as never },
    )
    t.equal((await app.inject({ url: '/page/logo' })).headers['content-type'], type)
  }
})

t.test('the shade for dark pages follows from the colour', (t) => {
  for (const colour of ['#1f5fa8', '#000000', '#7a1f5c', '#0b6e4f']) {
    t.ok(contrastWith(nearestWithContrast(colour, paper.dark), paper.dark) >= 4.5, colour)
    t.ok(contrastWith(textOn(colour), colour) >= 4.5)
  }
  t.equal(textOn('#ffe066'), '#000000')
  t.equal(contrastWith('#000000', '#ffffff'), 21)
  t.end()
})

t.test('a provider can replace templates', async (t) => {
  const templates = { tpl: { 'contact.eta': '<p>Ask <%= it.providerName %></p>' } as never }
  const { app } = await openApp(t, { ...example, page: { templates: 'tpl' } }, templates)
  const { body } = await app.inject({ url: '/', headers: { host: 'example.org' } })
  t.match(body, '<p>Ask all2all mail</p>')
  t.same(
    new Set(readdirSync('src/page/templates')),
    new Set(templateNames.map((name) => `${name}.eta`)),
    'each of ours has a name',
  )
})

t.test('a template that does not work is an error of check, and the server uses ours', async (t) => {
  const config = { ...example, page: { templates: 'tpl' } }
  const broken: Record<string, RegExp> = {
    '<p><%= it.nothing %></p>': /contact\.eta:1: a value is missing/,
    '<p>\n<%= it.contact.fax.number %></p>': /contact\.eta:2: Cannot read properties of undefined/,
    '<a href="<%= it.href("javascript:alert(1)") %>">':
      /contact\.eta:1: a link must be relative, or start with https:/,
  }
  for (const [source, problem] of Object.entries(broken)) {
    const files = { tpl: { 'contact.eta': source } as never }
    const { exitCode, stdout } = await run(['check', '--config', configFolder(t, config, files)])
    t.equal(exitCode, 1)
    t.match(stdout, problem)
    const { app, lines } = await openApp(t, config, files)
    for (const url of ['/', '/?emailaddress=jane@example.org', '/?emailaddress=elsewhere.test'])
      t.match(
        (await app.inject({ url, headers: { host: 'example.org' } })).body,
        'Ask the person who gave you',
      )
    const logged = lines.filter((line) => line.includes('the templates of the page do not work'))
    t.equal(logged.length, 1, 'once')
    t.match(logged[0], problem)
  }
})

t.test('check finds templates that fail on some pages only', async (t) => {
  const config = { ...example, page: { templates: 'tpl' } }
  const pages: Record<string, string> = {
    'a page without settings': '<% if (it.kind === "unknown") { %><%= it.nothing %><% } %>',
    'a page that came by a link': '<% if (it.kind === "unknown" && it.isLink) { %><%= it.nothing %><% } %>',
    'the page of a domain': '<% if (it.domain && !it.address) { %><%= it.nothing %><% } %>',
    'the page of a person': '<% if (it.isPersonal) { %><%= it.nothing %><% } %>',
    'one language': '<% if (it.language === "de") { %><%= it.nothing %><% } %>',
  }
  for (const [name, source] of Object.entries(pages)) {
    const files = { tpl: { 'contact.eta': source } as never }
    const { exitCode, stdout } = await run(['check', '--config', configFolder(t, config, files)])
    t.equal(exitCode, 1, name)
    t.equal(stdout.match(/^page: contact\.eta:1: a value is missing$/gm)?.length, 1, 'once')
  }
})

t.test('sizes are in the units of the language, rounded down', (t) => {
  t.match(formatSize(12_000_000, 'fr'), /^12\sMo$/)
  t.match(formatSize(12_582_912, 'en'), /^12\.5\sMB$/)
  t.match(formatSize(1_000_000_000, 'de'), /^1\sGB$/)
  t.match(formatSize(500, 'en'), /^0\.5\skB$/)
  t.match(formatSize(2e15, 'en'), /^2,000\sTB$/)
  t.end()
})

const serverLists = [
  ['imaps', 'pop3s', 'submissions'],
  ['imap', 'submission'],
  ['pop3s', 'submissions'],
  [
    { type: 'imap', port: 1993 },
    { type: 'smtp', hostname: 'out.%EMAILDOMAIN%' },
  ],
  [
    { type: 'imap', authentication: ['password-encrypted'] },
    { type: 'smtp', username: 'relay' },
  ],
]
const usernames = ['%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILLOCALPART%.%EMAILDOMAIN%', 'shared-box']

t.test('the page shows what mail programs get: a thousand hosts, addresses and logins', async (t) => {
  const hosts = serverLists.flatMap((servers, list) =>
    usernames.map((username, index) => [
      `mx${list}${index}`,
      { hostname: `mx${list}${index}.example`, servers, username },
    ]),
  )
  const resolver = await openResolver(t, { ...example, hosts: Object.fromEntries(hosts), domains: {} })
  const property = fc.property(
    fc.constantFrom(...resolver.config.hosts.values()),
    fc.constantFrom('imap', 'mail.eu-1', 'x'.repeat(60)),
    fc.stringMatching(/^[a-z0-9][a-zA-Z0-9!#$&'*+/=?^_{|}~-]{0,20}$/),
    fc.option(fc.stringMatching(/^[a-z]{1,8}\d{0,4}$/), { nil: undefined }),
    fc.constantFrom(...pageLanguages),
    (clientConfig, hostname, localPart, login, language) => {
      const servers = clientConfig.servers.map((server) => ({
        ...server,
        hostname: server.hostname.replace(/^mx\d+/, hostname),
        ...(login && { username: login }),
      }))
      const address = { localPart, domain: domain('example.org') }
      const person = { address, languages: [language] }
      const settings = accountSettings(address.domain, { ...clientConfig, servers }, person)
      const page = renderSettingsPage(settings)
      const { incomingServers, outgoingServers } = JSON.parse(expectValue(settingsJson.render(settings)))
      const expected = [...incomingServers, ...outgoingServers].flatMap((server) => [
        server.hostname,
        String(server.port),
        server.username,
      ])
      assert.deepEqual(new Set(texts(page, 'code', 'data-copy')), new Set(expected))
      const [first] = incomingServers
      assert.match(
        expectValue(mobileconfig.render(settings)),
        new RegExp(`<string>${first.hostname}</string>`),
      )
      assert.match(
        expectValue(autoconfig.render(settings)),
        new RegExp(`<hostname>${first.hostname}</hostname>`),
      )
      assert.doesNotMatch(page, /[\u2066-\u2069\ue000\ue001]/)
    },
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 1000 }))
})

t.test('a username is never a guess', async (t) => {
  const resolver = await openResolver(t, example)
  const [clientConfig] = [...resolver.clientConfigs()]
  if (!clientConfig) throw new Error('no host')
  const address = { localPart: 'jane', domain: domain('example.org') }
  const of = (username: string, person: object = { address }, config: object = {}) =>
    usernameOf(
      { username },
      { ...accountSettings(address.domain, { ...clientConfig, ...config }), ...person },
    )
  t.strictSame(of('%EMAILADDRESS%'), { kind: 'address', value: 'jane@example.org' })
  t.strictSame(of('%EMAILADDRESS%', {}), { kind: 'address' })
  t.strictSame(of('%EMAILLOCALPART%'), { kind: 'localPart', value: 'jane' })
  t.strictSame(of('%EMAILLOCALPART%.%EMAILDOMAIN%'), { kind: 'own', value: 'jane.example.org' })
  t.strictSame(of('%EMAILLOCALPART%.%EMAILDOMAIN%', {}), { kind: 'derived' })
  t.strictSame(of('%EMAILLOCALPART%.%EMAILDOMAIN%', { isFile: true }), { kind: 'hidden' })
  t.strictSame(of('%EMAILLOCALPART%@%EMAILDOMAIN%'), { kind: 'address', value: 'jane@example.org' })
  t.strictSame(of('user0001'), { kind: 'own', value: 'user0001' })
  t.strictSame(of('user0001', {}), { kind: 'own', value: 'user0001' })
  t.strictSame(of('%EMAILADDRESS%', { address }, { hidesLogins: true }), { kind: 'hidden' })
})

t.test('a message without its value, and a template that is none of ours, are bugs that show', (t) => {
  t.throws(() => new Words('en').html('trouble-sending'), /there is no label or setting/)
  t.throws(() => new Templates({}).render('none', {}), /none\.eta/)
  t.end()
})

t.test('a page is not cached beyond a scheduled move', async (t) => {
  const moves = [{ at: '1970-01-01T00:05:00Z', host: 'vonmuenchhausen' }]
  const config = { ...example, domains: { 'example.org': { host: 'maximusconfessor', moves } } }
  const { headers } = await get(t, config, '/')
  t.equal(headers['cache-control'], 'public, max-age=300')
})

t.test('page: must be a mapping, and a directory of templates must contain one', async (t) => {
  t.match(await findings(t, { ...example, page: 7 }), { errors: [/ page must be a mapping/] })
  const none = await findings(t, { ...example, page: { templates: 'tpl' } }, { tpl: {} as never })
  t.match(none.errors, [/page\.templates tpl contains no \*\.eta file$/])
})

t.test('a client that asks for every page does not use up the memory', (t) => {
  const templates = new PageTemplates()
  const configs = Array.from({ length: 50 }, () => ({}) as ClientConfig)
  let rendered = 0
  const ask = (config: ClientConfig, variant: string) =>
    templates.get(config, variant, () => {
      rendered++
      return new Template(`${configs.indexOf(config)} ${variant}`, markerFor(domain('example.org')))
    })
  const [first] = configs as [ClientConfig]
  const kept = ask(first, 'en')
  for (const config of configs) for (let variant = 0; variant < 20; variant++) ask(config, `${variant}`)
  t.ok(templates.size <= 300)
  t.equal(rendered, 1001)
  const again = ask(first, 'en')
  t.equal(rendered, 1002, 'what was not asked for in a long time is rendered again')
  t.equal(again.fill(domain('example.org')).etag, kept.fill(domain('example.org')).etag)
  t.equal(ask(first, 'en'), again)
  t.equal(rendered, 1002)
  t.end()
})
