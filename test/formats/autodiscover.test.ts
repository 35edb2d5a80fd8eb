import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { deltaChat } from '../../src/rehearsal/autodiscover-readers/delta-chat.ts'
import { readers } from '../../src/rehearsal/autodiscover-readers/index.ts'
import {
  mustangProtocols,
  mustangUrl,
  readMustangJson,
} from '../../src/rehearsal/autodiscover-readers/mustang.ts'
import { requestSchema, responseSchema } from '../../src/rehearsal/autodiscover-readers/reader.ts'
import { thunderbird } from '../../src/rehearsal/autodiscover-readers/thunderbird.ts'
import { type Asked, ask, jsonPath, outlookHeaders, path, request } from '../support/autodiscover-requests.ts'
import { example, openApp } from '../support/example.ts'

const jane = { domain: 'example.org', address: 'jane@example.org' }
const publicName = 'autoconfig.all2all.org'

for (const reader of readers) {
  t.test(`${reader.name} sends its own request and gets the right account`, async (t) => {
    const { app } = await openApp(t)
    const { method, headers, body } = reader.asks(jane)
    for (const host of ['example.org', 'autodiscover.example.org', 'autodiscover.example.org:443']) {
      const { answer } = await ask(t, app, { method, headers, host, ...(body === undefined ? {} : { body }) })
      const { incoming, outgoing } = reader.read(answer, jane)
      const common = {
        hostname: 'maximusconfessor.all2all.org',
        socketType: reader === deltaChat ? 'automatic' : 'SSL',
        username: jane.address,
      }
      t.hasStrict(incoming, { port: 993, ...common }, host)
      t.hasStrict(outgoing, { port: 465, ...common }, host)
    }
  })

  t.test(`${reader.name} gets STARTTLS if the servers use it`, async (t) => {
    const hosts = {
      ...example.hosts,
      maximusconfessor: { ...example.hosts.maximusconfessor, servers: ['imap', 'submission'] },
    }
    const { app } = await openApp(t, { ...example, hosts })
    const { method, headers, body } = reader.asks(jane)
    const { answer } = await ask(t, app, {
      method,
      headers,
      host: jane.domain,
      ...(body === undefined ? {} : { body }),
    })
    const { incoming, outgoing } = reader.read(answer, jane)
    const socketType = reader === deltaChat ? 'automatic' : 'STARTTLS'
    t.hasStrict(
      { incoming, outgoing },
      { incoming: { port: 143, socketType }, outgoing: { port: 587, socketType } },
    )
  })

  t.test(`${reader.name} continues its search if the domain is not served`, async (t) => {
    const { app } = await openApp(t)
    const john = { domain: 'elsewhere.example', address: 'john@elsewhere.example' }
    const { method, headers, body } = reader.asks(john)
    const asked = { method, headers, host: john.domain, ...(body === undefined ? {} : { body }) }
    const { answer } = await ask(t, app, asked)
    t.throws(() => reader.read(answer, john), { name: 'Rejected' })
    if (reader === deltaChat) t.throws(() => reader.read(answer, john), { message: 'status 404' })
  })
}

t.test('Outlook gets the settings', async (t) => {
  const { app } = await openApp(t)
  const { status, headers, text, login } = await ask(t, app, {
    host: 'autodiscover.example.org',
    headers: outlookHeaders,
    body: request('jane@example.org'),
  })
  t.equal(status, 200)
  t.equal(headers['content-type'], 'text/xml; charset=utf-8')
  t.equal(login, 'jane@example.org')
  t.match(
    text,
    '<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">',
  )
  t.ok(text.indexOf('<Action>settings</Action>') < text.indexOf('<Protocol>'), 'as FairEmail needs it')
})

t.test(
  'an address is read with and without XML escapes, because Thunderbird does not escape it',
  async (t) => {
    const { app } = await openApp(t)
    for (const [written, login = written] of [
      ['Jane+tag&x@example.org'],
      ['jane&@example.org'],
      ['&@example.org'],
      ['a&b;c@example.org'],
      ['jane&nbsp;x@example.org'],
      ['jane&#@example.org'],
      ['jane&amp;x@example.org', 'jane&x@example.org'],
      ['jane&#38;x@example.org', 'jane&x@example.org'],
      ['<![CDATA[jane&x]]>@example.org', 'jane&x@example.org'],
      ["o'hara@example.org"],
      ['"a b"@example.org'],
      ['" a@b "@example.org'],
      ['jané@example.org'],
      ['JANE@EXAMPLE.ORG', 'JANE@example.org'],
      ['jane@example.org.', 'jane@example.org'],
      [' \r\n\tjane@example.org\n', 'jane@example.org'],
      ['jane<!-- , not joe -->@example.org', 'jane@example.org'],
    ] as const) {
      const { status, login: answered } = await ask(t, app, { body: request(written) })
      t.equal(status, 200, written)
      t.equal(answered, login, written)
    }
  },
)

t.test('SMTP: and mailto: before an address are no part of it', async (t) => {
  const { app } = await openApp(t)
  for (const prefix of ['SMTP:', 'smtp:', 'Mailto:', 'mailto: ', 'MAILTO:SMTP:']) {
    const body = request(`${prefix}jane@example.org`)
    t.equal((await ask(t, app, { body })).login, 'jane@example.org', prefix)
    for (const written of [prefix, encodeURIComponent(prefix)]) {
      const url = `${path}?emailaddress=${written.replace(' ', '%20')}jane@example.org`
      t.equal((await ask(t, app, { url })).login, 'jane@example.org', url)
    }
    const json = `${jsonPath}/v1.0/${encodeURIComponent(`${prefix}jane@example.org`)}?Protocol=AutodiscoverV1`
    t.equal((await ask(t, app, { url: json })).status, 200, json)
  }
  t.equal((await ask(t, app, { body: request('SMTP:example.org') })).status, 200, 'a domain')
  t.equal((await ask(t, app, { body: request('smtp@example.org') })).login, 'smtp@example.org')
  t.equal((await ask(t, app, { body: request('x500:jane@example.org') })).login, 'x500:jane@example.org')
})

t.test('a request is read in every form that clients send', async (t) => {
  const { app } = await openApp(t)
  const good = request('jane@example.org')
  const { text: expected } = await ask(t, app, { body: good })
  const email = '<EMailAddress>jane@example.org</EMailAddress>'
  const shapes: Readonly<Record<string, string>> = {
    'without declaration': good.slice(good.indexOf('<Auto')),
    'behind white space': `\r\n\t ${good}`,
    'behind a byte order mark': `\uFEFF${good}`,
    'behind a byte order mark and white space': `\uFEFF\n${good}`,
    'with the schema first': good.replace(email, '').replace('</Request>', `${email}</Request>`),
    'without schema': good.replace(/<Acceptable.*Schema>/, ''),
    'without namespace': good.replace(/ xmlns="[^"]*"/, ''),
    'with https, as the documentation has it': good.replaceAll('http://', 'https://'),
    'with a prefix': good.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1a:').replace('xmlns', 'xmlns:a'),
    'with names in small letters': good.replaceAll(/<\/?[A-Z]\w*/g, (tag) => tag.toLowerCase()),
    'with names in capitals': good.replaceAll(/<\/?[A-Z]\w*/g, (tag) => tag.toUpperCase()),
    'with the schema in capitals': good.replace(responseSchema, responseSchema.toUpperCase()),
    'with white space around the schema': good.replace(responseSchema, `\n ${responseSchema}\t`),
    'with single quotes': good.replaceAll('"', "'"),
    'with attributes': good.replace('<Request>', '<Request xmlns:x="urn:x" x:y="1">'),
    'with other elements': good.replace('<Request>', '<Other/><Request><Other>x</Other>'),
    'with an address elsewhere': good.replace(
      '<Request>',
      '<EMailAddress>joe@example.net</EMailAddress><Request>',
    ),
    'with comments': good.replaceAll('<', '<!-- x --><').replace('<!-- x -->', ''),
    'with an instruction': good.replace('<Request>', '<?do nothing?><Request>'),
    'with an unknown namespace, asking for the right schema': good.replace(requestSchema, 'urn:x'),
  }
  for (const [name, body] of Object.entries(shapes)) {
    t.not(body, good, name)
    const { status, text } = await ask(t, app, { body })
    t.equal(status, 200, name)
    t.equal(text, expected, name)
  }
})

t.test('any media type is accepted, valid or not', async (t) => {
  const { app } = await openApp(t)
  const body = request('jane@example.org')
  const { status, text: expected, login } = await ask(t, app, { body })
  t.equal(status, 200, 'none at all')
  t.equal(login, 'jane@example.org')
  for (const contentType of [
    'text/xml',
    'text/xml; charset=utf-8',
    'TEXT/XML;CHARSET="UTF-8"',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/json',
    'application/octet-stream',
    'multipart/form-data',
    'text/plain; charset=utf-16',
    'text/xml; charset=nonsense',
    'text/xml;',
    'text/xml;;',
    'text/xml; charset="',
    '',
    'xml',
    '/',
    'text/',
    'text / xml',
    'text/xml, text/xml',
    'text/xml/xml',
    '"text/xml"',
    ';charset=utf-8',
  ]) {
    const { status, text } = await ask(t, app, { headers: { 'content-type': contentType }, body })
    t.equal(status, 200, contentType)
    t.equal(text, expected, contentType)
  }
})

t.test('the path is case-insensitive, for GET and for POST', async (t) => {
  const { app } = await openApp(t)
  for (const url of [
    '/autodiscover/autodiscover.xml',
    '/Autodiscover/Autodiscover.xml',
    '/AutoDiscover/AutoDiscover.xml',
    '/AutoDiscover/autodiscover.xml',
    '/autodiscover/autodiscover.XML',
    '/AUTODISCOVER/AUTODISCOVER.XML',
    '/autodiscover/autodiscover.xml/',
    '//autodiscover//autodiscover.xml',
    '/autodiscover/autodiscover.xml?',
    'http://autodiscover.example.org/autodiscover/autodiscover.xml',
  ]) {
    for (const body of [undefined, request('jane@example.org')]) {
      const { status, hasSettings } = await ask(t, app, {
        url,
        host: 'autodiscover.example.org',
        ...(body === undefined ? {} : { body }),
      })
      t.equal(status, 200, url)
      t.ok(hasSettings, url)
    }
  }
})

t.test('a GET without an address is answered for the Host, without a login name', async (t) => {
  const { app } = await openApp(t)
  const { text: expected } = await ask(t, app, { host: 'example.org' })
  for (const host of [
    'autodiscover.example.org',
    'AUTODISCOVER.example.org:443',
    'AutoDiscover.Example.ORG',
    'autodiscover.example.org.',
    'example.org:80',
    'autoconfig.example.org',
  ]) {
    const { status, text, login, hasSettings } = await ask(t, app, { host })
    t.equal(status, 200, host)
    t.equal(text, expected, host)
    t.ok(hasSettings)
    t.equal(login, undefined, host)
  }
})

t.test('a GET with an address is answered for that address', async (t) => {
  const { app } = await openApp(t)
  for (const query of [
    'emailaddress=jane@example.org',
    'Email=jane%40example.org',
    'EMAIL=jane@EXAMPLE.org',
  ]) {
    const { status, login } = await ask(t, app, { url: `${path}?${query}` })
    t.equal(status, 200, query)
    t.equal(login, 'jane@example.org', query)
  }
})

t.test('a login name that everyone shares is also sent to clients that give no address', async (t) => {
  const maximusconfessor = { ...example.hosts.maximusconfessor, username: 'shop&0815' }
  const { app } = await openApp(t, { ...example, hosts: { ...example.hosts, maximusconfessor } })
  t.equal((await ask(t, app, { host: 'example.org' })).login, 'shop&0815')
  t.equal((await ask(t, app, { body: request('jane@example.org') })).login, 'shop&0815')
})

t.test(
  'an address that is not served is answered for the requested host, without a login name',
  async (t) => {
    const { app } = await openApp(t)
    const { status, login, hasSettings } = await ask(t, app, {
      host: 'autodiscover.example.org',
      body: request('jane@elsewhere.example'),
    })
    t.equal(status, 200)
    t.ok(hasSettings)
    t.equal(login, undefined)
  },
)

t.test('a GET over http, as Outlook sends it, is redirected to https on the public name', async (t) => {
  const { app } = await openApp(t, { ...example, publicName })
  const location = `https://${publicName}${path}?emailaddress=example.org`
  for (const host of [
    'autodiscover.example.org',
    'AUTODISCOVER.example.org:80',
    'autodiscover.example.org.',
  ]) {
    for (const proto of [undefined, 'http', 'HTTP', 'http, https', '']) {
      const headers = proto === undefined ? {} : { 'x-forwarded-proto': proto }
      const { status, headers: answered } = await ask(t, app, { host, headers })
      t.equal(status, 302, `${host} ${proto}`)
      t.equal(answered['location'], location)
    }
  }
  const head = await ask(t, app, { method: 'HEAD', host: 'autodiscover.example.org' })
  t.equal(head.status, 302)
  t.equal(head.text, '')
})

t.test('a request that can be answered directly is not redirected', async (t) => {
  const { app } = await openApp(t, { ...example, publicName })
  const body = request('jane@example.org')
  const cases: Readonly<Record<string, Asked>> = {
    'over https': { host: 'autodiscover.example.org', headers: { 'x-forwarded-proto': 'https' } },
    'over HTTPS': { host: 'autodiscover.example.org', headers: { 'x-forwarded-proto': 'HTTPS' } },
    'over https to the first of two proxies': {
      host: 'autodiscover.example.org',
      headers: { 'x-forwarded-proto': 'https, http' },
    },
    'with a POST, which a redirect would make a GET': { host: 'autodiscover.example.org', body },
    'on the domain itself': { host: 'example.org' },
    'on our public name': { host: publicName, url: `${path}?emailaddress=example.org` },
  }
  for (const [name, asked] of Object.entries(cases)) {
    const { status, headers, hasSettings } = await ask(t, app, asked)
    t.equal(status, 200, name)
    t.ok(hasSettings, name)
    t.equal(headers['location'], undefined, name)
  }
  const unknown = await ask(t, app, { host: 'autodiscover.elsewhere.example' })
  t.equal(unknown.status, 404, 'a domain that is not served gets no redirect')

  const { app: nameless } = await openApp(t)
  t.equal(
    (await ask(t, nameless, { host: 'autodiscover.example.org' })).status,
    200,
    'without a public name there is no redirect',
  )
})

t.test('a redirect leads to the settings and never in a circle, with any public name', async (t) => {
  for (const name of [
    publicName,
    'autodiscover.all2all.org',
    'autodiscover.example.org',
    'autodiscover.example.net',
    'example.org',
    'maximusconfessor.all2all.org',
  ]) {
    const { app } = await openApp(t, { ...example, publicName: name })
    for (const start of ['example.org', 'autodiscover.example.org', 'autodiscover.example.net', name]) {
      // A proxy that does not report https would cause a redirect loop.
      for (const tells of [true, false]) {
        const hops = await follow(t, app, `http://${start}${path}?emailaddress=jane@example.org`, tells)
        t.ok(hops <= (start === name ? 0 : 1), `${start} -> ${name}: ${hops} redirects`)
      }
    }
  }
})

t.test('an address that is not served gets error 500: with status 404, which ends no search', async (t) => {
  const { app } = await openApp(t)
  for (const address of [
    'jane@elsewhere.example',
    'jane@localhost',
    'jane@192.0.2.1',
    'jane',
    '@',
    'jane@exa mple.org',
  ]) {
    const { status, headers, error } = await ask(t, app, { body: request(address) })
    t.equal(status, 404, `${address}: EmailEngine ends its search at 200`)
    t.equal(headers['content-type'], 'text/xml; charset=utf-8')
    t.equal(error, 500, address)
  }
  for (const url of [path, `${path}?emailaddress=jane@elsewhere.example`, `${path}?emailaddress=`]) {
    const { status, error, text } = await ask(t, app, { url })
    t.equal(status, 404, 'Delta Chat treats any 2xx status as an answer')
    t.equal(error, 500)
    t.notMatch(text, /jane|elsewhere/, 'nothing of the request')
  }
})

t.test(
  'servers that accept only tokens get error 501, because Autodiscover cannot express them',
  async (t) => {
    const tokens = [
      { type: 'imap', authentication: ['OAuth2'] },
      { type: 'smtp', authentication: ['OAuth2'] },
    ]
    const maximusconfessor = { ...example.hosts.maximusconfessor, servers: tokens }
    const { app } = await openApp(t, { ...example, hosts: { ...example.hosts, maximusconfessor } })
    for (const body of [undefined, request('jane@example.org')]) {
      const asked = { host: 'example.org', ...(body === undefined ? {} : { body }) }
      const { status, headers, error } = await ask(t, app, asked)
      t.equal(status, 404)
      t.equal(headers['content-type'], 'text/xml; charset=utf-8')
      t.equal(error, 501)
    }
    const { status, text } = await ask(t, app, {
      url: `${jsonPath}?Protocol=AutodiscoverV1`,
      host: 'example.org',
    })
    t.equal(status, 404)
    t.match(JSON.parse(text), {
      ErrorMessage: /^Autodiscover supports only passwords, and a server here accepts none\.$/,
    })
  },
)

t.test('ActiveSync and every other schema get error 601', async (t) => {
  const { app } = await openApp(t)
  const mobile = 'http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006'
  const mobileRequest = mobile.replace('response', 'request')
  for (const body of [
    request('jane@example.org', mobile, mobileRequest),
    request('jane@example.org', mobile),
    request('jane@example.org', 'urn:x'),
    request('jane@example.org', `${responseSchema}b`),
    request('jane@example.org', `x${responseSchema}`),
    request('jane@example.org', responseSchema.replace('microsoft.com', 'microsoft_com')),
    request('jane@example.org', '', mobileRequest).replace(/<Acceptable.*Schema>/, ''),
    request('jane@elsewhere.example', mobile),
  ]) {
    const { status, headers, error } = await ask(t, app, { host: 'example.org', body })
    t.equal(status, 200)
    t.equal(headers['content-type'], 'text/xml; charset=utf-8')
    t.equal(error, 601, body)
  }
})

t.test('anything that is not a request gets error 600', async (t) => {
  const { app } = await openApp(t)
  const good = request('jane@example.org')
  const email = '<EMailAddress>jane@example.org</EMailAddress>'
  const bodies: Readonly<Record<string, string>> = {
    nothing: '',
    'white space': ' \n',
    'not XML': 'jane@example.org',
    'a form': 'EMailAddress=jane%40example.org',
    JSON: '{"EMailAddress":"jane@example.org"}',
    'another document': '<html><body/></html>',
    'no Request': good.replaceAll('Request>', 'Query>'),
    'an empty Request': good.replace(/<Request>.*<\/Request>/, '<Request/>'),
    'no address': good.replace(email, ''),
    'an empty address': good.replace('jane@example.org', ''),
    'a blank address': good.replace('jane@example.org', ' \n '),
    'two addresses': good.replace(email, email + email),
    'two Requests': good.replace(/<Request>.*<\/Request>/, '$&$&'),
    'a second Request that is empty': good.replace(/<Request>.*<\/Request>/, '$&<Request/>'),
    'two schemas': good.replace(/<Acceptable.*Schema>/, '$&$&'),
  }
  for (const [name, body] of Object.entries(bodies)) {
    const { status, headers, error } = await ask(t, app, { host: 'example.org', body })
    t.equal(status, 200, name)
    t.equal(headers['content-type'], 'text/xml; charset=utf-8', name)
    t.equal(error, 600, name)
  }
  const long = await ask(t, app, { host: 'example.org', body: good + ' '.repeat(9000) })
  t.match(long, { status: 413, error: 600 }, 'a body that is too long')
})

t.test("one of Exchange's own names for people gets error 500, even next to an address", async (t) => {
  const { app } = await openApp(t)
  const legacy = '<LegacyDN>/o=Org/ou=Site/cn=Recipients/cn=jane</LegacyDN>'
  const good = request('jane@example.org')
  for (const body of [
    good.replace('<Request>', `<Request>${legacy}`),
    good.replace(/<EMail.*Address>/, legacy),
    good.replace('<Request>', `<Request><LegacyDN/>${legacy}`),
  ]) {
    const { status, error } = await ask(t, app, { host: 'example.org', body })
    t.equal(status, 404)
    t.equal(error, 500)
  }
  const blank = good.replace('<Request>', '<Request><LegacyDN/><LegacyDN> \n </LegacyDN>')
  t.ok((await ask(t, app, { host: 'example.org', body: blank })).hasSettings, 'a blank one names nobody')
  const spaced = good.replace('jane@example.org', ' \n jane@example.org ')
  t.equal((await ask(t, app, { body: spaced })).login, 'jane@example.org', 'neither does white space count')
})

t.test('the log never contains a password, an address, a domain or a login name', async (t) => {
  const maximusconfessor = { ...example.hosts.maximusconfessor, username: 'shop0815-%EMAILLOCALPART%' }
  const { app, lines } = await openApp(t, {
    ...example,
    publicName,
    hosts: { ...example.hosts, maximusconfessor },
  })
  const authorization = `Basic ${Buffer.from('jane.secret@example.org:pa55word').toString('base64')}`
  const headers = { authorization, 'x-anchormailbox': 'jane.secret@example.org' }
  const body = request('jane.secret@example.org')
  const asked: readonly Asked[] = [
    { body },
    {
      host: 'autodiscover.example.org',
      body: thunderbird.asks({ ...jane, address: 'jane.secret&x@example.org' }).body ?? '',
    },
    { body: request('jane.secret@elsewhere.example') },
    { body: body.replace('</Request>', '') },
    { body: body + ' '.repeat(9000) },
    { body: `<!DOCTYPE jane.secret>${body}` },
    { body, url: `${path}?jane.secret` },
    { url: `${path}?emailaddress=jane.secret@example.org` },
    { url: `${path}?emailaddress=jane.secret@elsewhere.example` },
    { host: 'autodiscover.example.org', url: `${path}?emailaddress=jane.secret@example.org` },
    { method: 'PUT', body },
    { method: 'OPTIONS', url: `${path}?emailaddress=jane.secret@example.org` },
    { url: `${jsonPath}?Email=jane.secret@example.org&Protocol=AutodiscoverV1` },
    { url: `${jsonPath}?Email=jane.secret@elsewhere.example&Protocol=jane.secret` },
    { url: `${jsonPath}/v1.0/jane.secret@example.org?Protocol=AutodiscoverV1` },
    { url: `${jsonPath}/v1.0/jane.secret@example.org?Protocol=jane.secret` },
  ]
  for (const request of asked) await ask(t, app, { ...request, headers })
  t.equal(lines.length, asked.length, 'a line for each request')
  for (const line of lines) {
    t.notMatch(line, /jane|secret|shop0815|pa55word|Basic|authorization|\.example|example\.org/i)
    t.notMatch(line, authorization.slice(6))
    t.strictSame(
      Object.keys(JSON.parse(line)).filter((key) => !logged.includes(key)),
      [],
      line,
    )
  }
})

/** The fields of a line of the access log. */
const logged = ['level', 'time', 'pid', 'hostname', 'route', 'format', 'host', 'status', 'durationMs']

t.test('OPTIONS lists the allowed methods, and so does the answer to any other method', async (t) => {
  const { app } = await openApp(t)
  const options = await ask(t, app, { method: 'OPTIONS' })
  t.equal(options.status, 204)
  t.equal(options.text, '')
  t.match(options.headers, {
    allow: 'GET, HEAD, POST, OPTIONS',
    'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
    'access-control-allow-headers': 'Content-Type',
  })
  for (const method of ['PUT', 'DELETE'] as const) {
    const { status, headers, text } = await ask(t, app, { method, body: request('jane@example.org') })
    t.equal(status, 405, method)
    t.equal(text, 'Use GET or POST to read mail settings.\n')
    t.equal(headers['access-control-allow-origin'], '*')
    t.equal(headers['allow'], 'GET, HEAD, POST, OPTIONS')
  }
  for (const url of [
    `${jsonPath}?Protocol=AutodiscoverV1`,
    `${jsonPath}/v1.0/jane@example.org?Protocol=AutodiscoverV1`,
  ]) {
    const { status, headers } = await ask(t, app, { method: 'POST', url, body: '{}' })
    t.equal(status, 405, 'JSON is for GET')
    t.equal(headers['allow'], 'GET, HEAD, OPTIONS')
    t.equal((await ask(t, app, { method: 'OPTIONS', url })).headers['allow'], 'GET, HEAD, OPTIONS')
  }
})

t.test('HEAD has the headers of GET, and no body', async (t) => {
  const { app } = await openApp(t)
  for (const url of [
    path,
    `${path}?emailaddress=jane@elsewhere.example`,
    `${jsonPath}?Protocol=AutodiscoverV1`,
  ]) {
    const host = url.includes('elsewhere') ? 'mail.elsewhere.example' : 'example.org'
    const get = await ask(t, app, { url, host })
    const head = await ask(t, app, { method: 'HEAD', url, host })
    t.equal(head.status, get.status)
    t.equal(head.text, '')
    const { date: _, ...headers } = get.headers
    t.match(head.headers, headers)
  }
})

t.test('JSON contains the URL to ask next, for an address in the query or in the path', async (t) => {
  const { app } = await openApp(t)
  for (const url of [
    `${jsonPath}?Email=jane@example.org&Protocol=AutodiscoverV1`,
    // As Outlook was seen to ask.
    `${jsonPath}?Email=jane%40example.org&Protocol=Autodiscoverv1&RedirectCount=1`,
    `${jsonPath}?email=jane@example.org&protocol=autodiscoverv1&redirectcount=0`,
    `${jsonPath}?EMAIL=JANE@EXAMPLE.ORG&PROTOCOL=AUTODISCOVERV1`,
    `${jsonPath}?Protocol=AutodiscoverV1&Email=jane@example.org`,
    `${jsonPath}?Protocol=%41utodiscoverV1&Email=jane@example.org`,
    `${jsonPath}/v1.0/jane@example.org?Protocol=AutodiscoverV1`,
    `${jsonPath}/v1.0/jane%40example.org?Protocol=AutodiscoverV1`,
    `${jsonPath}/v1.0/jane%2540example.org?protocol=autodiscoverV1`,
    `${jsonPath}/v1.0/jane+tag&x@example.org?Protocol=AutodiscoverV1`,
    `${jsonPath}/V1.0/Jane@Example.org?Protocol=AutodiscoverV1&RedirectCount=1`,
    '/Autodiscover/Autodiscover.json/v1.0/jane@example.org?Protocol=AutodiscoverV1',
    '/AutoDiscover/AutoDiscover.JSON?Email=jane@example.org&Protocol=AutodiscoverV1',
  ]) {
    const { status, headers, text } = await ask(t, app, { url })
    t.equal(status, 200, url)
    t.equal(headers['content-type'], 'application/json; charset=utf-8')
    t.strictSame(
      JSON.parse(text),
      { Protocol: 'AutodiscoverV1', Url: `https://autodiscover.example.org${path}` },
      url,
    )
  }
  const byHost = await ask(t, app, {
    url: `${jsonPath}?Protocol=AutodiscoverV1`,
    host: 'autodiscover.example.net',
  })
  t.match(byHost.text, 'https://autodiscover.example.net/', 'or by the Host')
})

t.test('JSON names the only supported protocol if another is requested', async (t) => {
  const { app } = await openApp(t)
  for (const protocol of [
    'Ews',
    'ActiveSync',
    'REST',
    'Substrate',
    'SubstrateSearchService',
    'AutodiscoverV2',
    '1',
  ]) {
    for (const url of [
      `${jsonPath}?Email=jane@example.org&Protocol=${protocol}`,
      `${jsonPath}/v1.0/jane@example.org?Protocol=${protocol}`,
    ]) {
      const { status, headers, text } = await ask(t, app, { url })
      t.equal(status, 400, url)
      t.equal(headers['content-type'], 'application/json; charset=utf-8')
      t.strictSame(JSON.parse(text), {
        ErrorCode: 'InvalidProtocol',
        ErrorMessage: `The given protocol value '${protocol}' is invalid. Supported values are 'AutodiscoverV1'`,
      })
    }
  }
})

t.test('only letters and digits of the requested protocol are repeated in the answer', async (t) => {
  const { app } = await openApp(t)
  for (const [protocol, said] of [
    ['<script>alert(1)</script>', 'scriptalert1script'],
    ['%3Cscript%3E', 'script'],
    ['%253Cscript%253E', 'script'],
    [`'"\\`, ''],
    ['%22%2C%22Url%22%3A%22https%3A%2F%2Fevil.example%22', 'Urlhttpsevilexample'],
    ['%0d%0aSet-Cookie:%20a=b', 'SetCookieab'],
    ['%00%e2%80%ae%ed%a0%80', ''],
    ['Jané', 'Jan'],
    ['a'.repeat(5000), 'a'.repeat(40)],
    ['%61'.repeat(1600), 'a'.repeat(40)],
  ] as const) {
    const { status, headers, text } = await ask(t, app, {
      url: `${jsonPath}?Email=jane@example.org&Protocol=${protocol}`,
    })
    t.equal(status, 400, protocol.slice(0, 60))
    t.equal(headers['x-content-type-options'], 'nosniff')
    const { ErrorCode, ErrorMessage, ...others } = JSON.parse(text)
    t.equal(ErrorCode, 'InvalidProtocol')
    t.equal(/value '(.*)' is/.exec(ErrorMessage)?.[1], said)
    t.strictSame(others, {})
  }
})

t.test('JSON names the missing parameter if no protocol is requested', async (t) => {
  const { app } = await openApp(t)
  for (const query of [
    '',
    '?',
    '?Email=jane@example.org',
    '?Email=jane@example.org&Protocol=',
    '?Protocol',
    '?XProtocol=Ews',
  ]) {
    for (const url of [`${jsonPath}${query}`, `${jsonPath}/v1.0/jane@example.org${query}`]) {
      const { status, text } = await ask(t, app, { url, host: 'example.org' })
      t.equal(status, 400, url)
      t.match(JSON.parse(text), { ErrorCode: 'MandatoryParameterMissing', ErrorMessage: /Protocol/ })
    }
  }
})

t.test('JSON is a 404 with an ErrorMessage for a domain that is not served', async (t) => {
  const { app } = await openApp(t)
  for (const url of [
    `${jsonPath}?Email=jane@elsewhere.example&Protocol=AutodiscoverV1`,
    `${jsonPath}/v1.0/jane@elsewhere.example?Protocol=AutodiscoverV1`,
    `${jsonPath}/v1.0/jane?Protocol=AutodiscoverV1`,
    `${jsonPath}?Protocol=AutodiscoverV1`,
  ]) {
    const { status, headers, text } = await ask(t, app, { url })
    t.equal(status, 404, url)
    t.equal(headers['content-type'], 'application/json; charset=utf-8')
    t.match(JSON.parse(text), { ErrorCode: /./, ErrorMessage: /./ })
    t.notMatch(text, /jane|elsewhere|https/, 'nothing of the request, and no URL')
  }
})

t.test('Mustang does not mistake this service for an Exchange server', async (t) => {
  const { app } = await openApp(t, { ...example, publicName })
  for (const host of ['autodiscover.example.org', 'example.org']) {
    for (const protocol of mustangProtocols) {
      const { answer } = await ask(t, app, { url: mustangUrl(jane.address, protocol), host })
      t.throws(() => readMustangJson(answer), { name: 'Rejected', message: 'status 400' })
      // The same if Mustang read the body first.
      t.throws(() => readMustangJson({ ...answer, status: 200 }), { message: /protocol value/ })
    }
  }
})

/** Follows redirects until the answer has settings, and returns the number of redirects. */
async function follow(t: Test, app: FastifyInstance, start: string, tells: boolean): Promise<number> {
  let url = new URL(start)
  for (let hops = 0; hops <= 10; hops++) {
    const { status, headers, hasSettings } = await ask(t, app, {
      url: url.pathname + url.search,
      host: url.host,
      headers: tells ? { 'x-forwarded-proto': url.protocol.slice(0, -1) } : {},
    })
    if (status !== 302) {
      t.equal(status, 200, url.href)
      t.ok(hasSettings, url.href)
      return hops
    }
    url = new URL(String(headers['location']))
    t.equal(url.protocol, 'https:')
  }
  return Number.POSITIVE_INFINITY
}

t.test('a proxy that sends every request with the same Host causes no redirect loop', async (t) => {
  const { app } = await openApp(t, { ...example, publicName: 'autoconfig.all2all.org' })
  const headers = { host: 'autodiscover.example.org' }
  const first = await app.inject({ url: '/autodiscover/autodiscover.xml', headers })
  t.equal(first.statusCode, 302)
  const { pathname, search } = new URL(String(first.headers.location))
  t.equal((await app.inject({ url: pathname + search, headers })).statusCode, 200)
})

t.test('a request without a namespace and without a schema gets error 601', async (t) => {
  const { app } = await openApp(t)
  const payload =
    '<Autodiscover><Request><EMailAddress>jane@example.org</EMailAddress></Request></Autodiscover>'
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: '/autodiscover/autodiscover.xml',
    payload,
  })
  t.equal(statusCode, 200)
  t.match(body, '<ErrorCode>601</ErrorCode>')
})
