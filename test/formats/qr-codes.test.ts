import t from 'tap'
import { PictureCache } from '../../src/documents/picture-cache.ts'
import { run, runForBytes } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { readPng, readSvg, readTerminal } from '../support/qr-codes.ts'

const payload =
  '[1,[1,1],[0,"maximusconfessor.all2all.org",993,3,1,"jane@example.org"],[[[0,"maximusconfessor.all2all.org",465,3,1,"jane@example.org"],["jane@example.org","Jane Doe"]]]]'
const query = '?emailaddress=jane%40example.org&name=Jane+Doe'

t.test('the code for Thunderbird contains host, port, security and username, and no password', async (t) => {
  const { app } = await openApp(t)
  const svg = await app.inject({ url: `/thunderbird/qr.svg${query}` })
  t.equal(svg.statusCode, 200)
  t.match(svg.headers, {
    'content-type': 'image/svg+xml',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
  })
  t.equal(readSvg(svg.body), payload)
  const png = await app.inject({ url: `/thunderbird/qr.png${query}` })
  t.equal(png.statusCode, 200)
  t.match(png.headers, { 'content-type': 'image/png', 'content-length': String(png.rawPayload.length) })
  t.equal(readPng(png.rawPayload), payload)
})

t.test('an SVG cannot load or run anything in a browser', async (t) => {
  const { app } = await openApp(t)
  const policy = async (url: string) => {
    const { statusCode, headers } = await app.inject({ url })
    t.equal(statusCode, 200, url)
    return headers['content-security-policy']
  }
  for (const kind of ['thunderbird', 'apple']) {
    t.equal(await policy(`/${kind}/qr.svg${query}`), "default-src 'none'; sandbox")
    t.equal(await policy(`/${kind}/qr.png${query}`), undefined)
  }
})

t.test('render prints the payload, or draws it', async (t) => {
  const render = [
    'render',
    'thunderbird-qr',
    'jane@example.org',
    '--name',
    'Jane Doe',
    '--config',
    configFolder(t, example),
  ]
  t.equal((await run(render)).stdout, payload)
  const { stdout } = await run([...render, '--terminal'])
  t.equal(readTerminal(stdout), payload)
  for (const line of stdout.trimEnd().split('\n'))
    t.ok(line.startsWith('\u001b[30;107m') && line.endsWith('\u001b[0m'))
  t.equal(readSvg((await run([...render, '--svg'])).stdout), payload)
  t.equal(readPng((await runForBytes([...render, '--png'], () => new Date(0))).bytes), payload)
})

t.test('render draws only QR codes, in one format at a time', async (t) => {
  const config = ['--config', configFolder(t, example)]
  t.match(await run(['render', 'pacc', 'example.org', '--svg', ...config]), {
    exitCode: 2,
    stderr: '--svg requires apple-qr or thunderbird-qr\n',
  })
  t.match(await run(['render', 'apple-qr', 'example.org', '--svg', '--png', ...config]), {
    exitCode: 2,
    stderr: /cannot be used with/,
  })
})

t.test(
  'a code can contain POP3, STARTTLS and another login name, and prefers a password to a token',
  async (t) => {
    const hosts = {
      maximusconfessor: {
        hostname: 'mx.example.org',
        username: '%EMAILLOCALPART%',
        servers: ['imap', { type: 'pop3', authentication: ['OAuth2', 'password-encrypted'] }, 'submission'],
      },
    }
    const { app } = await openApp(t, { ...example, hosts, domains: { 'example.org': 'maximusconfessor' } })
    const { body } = await app.inject({
      url: '/thunderbird/qr.svg?emailaddress=jane@example.org&protocol=pop3',
    })
    t.strictSame(JSON.parse(readSvg(body) ?? ''), [
      1,
      [1, 1],
      [1, 'mx.example.org', 995, 3, 2, 'jane'],
      [
        [
          [0, 'mx.example.org', 587, 2, 1, 'jane'],
          ['jane@example.org', 'jane'],
        ],
      ],
    ])
  },
)

t.test('a code is for one address in ASCII, and has a limited length', async (t) => {
  const { app } = await openApp(t)
  const long = `${'%E2%82%AC'.repeat(250)}`
  const cases: [string, RegExp][] = [
    ['/thunderbird/qr.svg', /the QR code is for one address; add \?emailaddress=/],
    ['/thunderbird/qr.png?emailaddress=example.org', /for one address/],
    [
      '/thunderbird/qr.svg?emailaddress=j%C3%A4ne@example.org',
      /Thunderbird's QR codes support only ASCII addresses/,
    ],
    [`/apple/qr.svg?emailaddress=${long}@example.org`, /the content is too long for a QR code/],
  ]
  for (const [url, reason] of cases) {
    const { statusCode, body } = await app.inject({ url, headers: { host: 'example.org' } })
    t.equal(statusCode, 404, url.slice(0, 60))
    t.match(body, reason)
  }
  const servers = ['pop3s', 'submissions']
  const hosts = { maximusconfessor: { hostname: 'mx.example.org', servers } }
  const pop3 = await openApp(t, { ...example, hosts, domains: { 'example.org': 'maximusconfessor' } })
  const none = await pop3.app.inject({
    url: '/thunderbird/qr.svg?emailaddress=jane@example.org&protocol=imap',
  })
  t.equal(none.body, 'Not available for this domain: there is no imap server.\n')
})

t.test("an iPhone's camera finds the profile at the public name, or at a name of the domain", async (t) => {
  const url = `/apple/qr.png${query}&protocol=pop3`
  const found = async (config: object) =>
    readPng((await (await openApp(t, config)).app.inject({ url })).rawPayload)
  const rest = '/apple/mail.mobileconfig?emailaddress=jane%40example.org&name=Jane+Doe&protocol=pop3'
  t.equal(await found({ ...example, publicName: 'setup.all2all.org' }), `https://setup.all2all.org${rest}`)
  t.equal(await found(example), `https://autoconfig.example.org${rest}`)
  const { app } = await openApp(t)
  const { body } = await app.inject({ url: rest, headers: { host: 'setup.all2all.org' } })
  t.match(body, '<string>Jane Doe</string>', 'the URL is answered')
  const domain = await app.inject({ url: '/apple/qr.svg', headers: { host: 'autoconfig.example.org' } })
  t.equal(
    readSvg(domain.body),
    'https://autoconfig.example.org/apple/mail.mobileconfig?emailaddress=example.org',
  )
})

t.test('a code that is the same for everybody is drawn once, and one for a person each time', async (t) => {
  const cache = new PictureCache('png')
  const first = await cache.draw('domain 0')
  t.equal(await cache.draw('domain 0'), first)
  for (let index = 1; index < 200; index++) await cache.draw(`domain ${index}`)
  t.equal(await cache.draw('domain 0'), first, 'it was used last')
  await cache.draw('domain 200')
  t.equal(await cache.draw('domain 0'), first)
  const { draw } = PictureCache.prototype
  t.teardown(() => Object.assign(PictureCache.prototype, { draw }))
  const kept: string[] = []
  Object.assign(PictureCache.prototype, {
    draw(this: PictureCache, text: string) {
      kept.push(text)
      return draw.call(this, text)
    },
  })
  const { app } = await openApp(t)
  const drawn = async (query: string) =>
    (await app.inject({ url: `/apple/qr.svg?emailaddress=${query}` })).body
  t.equal(await drawn('example.org'), await drawn('example.org'))
  const general = 'https://autoconfig.example.org/apple/mail.mobileconfig?emailaddress=example.org'
  t.strictSame(kept.splice(0), [general, general])
  t.not(await drawn('jane@example.org'), await drawn('john@example.org'))
  const named = await drawn('example.org&name=Jane')
  t.strictSame(kept, [], 'no code of a person is kept')
  t.not(named, await drawn('example.org'))
})
