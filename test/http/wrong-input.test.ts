import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { readAutodiscoverRequest } from '../../src/http/autodiscover-request.ts'
import { requestSchema, responseSchema } from '../../src/rehearsal/autodiscover-readers/reader.ts'
import { parseXml } from '../../src/rehearsal/readers/xml.ts'
import { ask, jsonPath, path, request } from '../support/autodiscover-requests.ts'
import { openApp } from '../support/example.ts'

/** The maximum size of a body, in bytes. */
const limit = 8 * 1024

const good = request('jane@example.org')
const email = '<EMailAddress>jane@example.org</EMailAddress>'
const inRequest = (addition: string): string => good.replace('<Request>', () => `<Request>${addition}`)
const withLocalPart = (text: string): string => good.replace('jane@', () => `${text}@`)

/** A unit, repeated as often as a valid request leaves room for. */
const flood = (unit: string, from = good): string =>
  unit.repeat(Math.floor((limit - Buffer.byteLength(from)) / Buffer.byteLength(unit)))

const utf16 = (text: string, endian: 'le' | 'be', mark = ''): Buffer => {
  const bytes = Buffer.from(mark + text, 'utf16le')
  return endian === 'le' ? bytes : bytes.swap16()
}

/** The answer to a body: settings with or without a login name, or an error code. */
type Answer = { readonly login: string | undefined } | number

const jane: Answer = { login: 'jane@example.org' }
/** The domain was read, but not the local part. */
const somebody: Answer = { login: undefined }

const laughs = Array.from({ length: 9 }, (_, n) => `<!ENTITY lol${n + 1} "${`&lol${n};`.repeat(10)}">`)
const bodies: Readonly<Record<string, readonly [string | Uint8Array, Answer]>> = {
  'as long as allowed': [inRequest(flood(' ')), jane],
  'nested 2,700 deep': ['<a>'.repeat(2700), 600],
  'nested as deep as possible around a valid request': [`${flood('<a>')}${good}`, 600],
  'nested as deep as possible in a valid request': [
    inRequest(`${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`),
    jane,
  ],
  'closing tags without opening tags': [inRequest(flood('</a>')), jane],
  'thousands of elements': [inRequest(flood('<a/>')), jane],
  'thousands of attributes': [good.replace('<Request', `<Request ${flood('a="" ')}`), jane],
  'attributes that are all different': [
    `<a ${Array.from({ length: 900 }, (_, n) => `a${n}=""`).join(' ')}/>`,
    600,
  ],
  'a name as long as possible': [inRequest(`<${flood('a').slice(3)}/>`), jane],
  'a name of colons': [inRequest(`<a${flood(':').slice(4)}/>`), jane],
  'an unclosed attribute': [good.replace('<Request', '<Request a="'), 600],
  'ampersands in the local part': [withLocalPart(flood('&')), somebody],
  'ampersands, escaped, in the local part': [withLocalPart(flood('&amp;')), somebody],
  'half entities in the local part': [withLocalPart(flood('&#')), somebody],
  'ampersands between the elements': [inRequest(flood('&')), jane],
  'ampersands in an attribute': [good.replace('<Request', `<Request a="${flood('&').slice(6)}"`), jane],
  'only ampersands': ['&'.repeat(limit), 600],
  'only opening brackets': ['<'.repeat(limit), 600],
  'only closing brackets': ['>'.repeat(limit), 600],
  'a local part of only @': [withLocalPart(flood('@')), somebody],
  'only unclosed comments': ['<!--'.repeat(limit / 4), 600],
  'only unclosed CDATA': [`${good.slice(0, good.indexOf('<EM'))}${'<![CDATA['.repeat(800)}`, 600],
  'a billion laughs': [
    `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">${laughs.join('')}]>${good.slice(good.indexOf('<Auto')).replace('jane', '&lol9;')}`,
    600,
  ],
  'an entity from a file': [
    `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>${withLocalPart('&x;')}`,
    600,
  ],
  'an entity of parameters': [`<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]>${good}`, 600],
  'a document type from elsewhere': [`<!DOCTYPE Autodiscover SYSTEM "http://127.0.0.1:1/">${good}`, 600],
  'a document type in small letters': [`<!doctype autodiscover>${good}`, 600],
  'a document type within': [inRequest('<!DOCTYPE a>'), 600],
  'a document type in UTF-16': [utf16(`<!DOCTYPE a>${good}`, 'be'), 600],
  'a document type in a comment': [inRequest('<!--<!DOCTYPE a>-->'), jane],
  'a document type in CDATA': [inRequest('<a><![CDATA[<!DOCTYPE a>]]></a>'), jane],
  'an undeclared entity': [withLocalPart('&lol;'), { login: '&lol;@example.org' }],
  'UTF-8 that says it is UTF-16': [good.replace('utf-8', 'utf-16'), jane],
  'UTF-8 that says it is nonsense': [good.replace('utf-8', 'nonsense'), jane],
  'UTF-16, little end first, with a mark': [utf16(good, 'le', '\uFEFF'), jane],
  'UTF-16, little end first, without a mark': [utf16(good, 'le'), jane],
  'UTF-16, big end first, with a mark': [utf16(good, 'be', '\uFEFF'), jane],
  'UTF-16, big end first, without a mark': [utf16(good, 'be'), jane],
  'UTF-16 that says it is UTF-16': [utf16(good.replace('utf-8', 'utf-16'), 'le', '\uFEFF'), jane],
  'UTF-16 with letters beyond ASCII': [utf16(withLocalPart('jané😀'), 'be'), { login: 'jané😀@example.org' }],
  'UTF-16 cut within a letter': [utf16(good, 'le').subarray(0, -1), jane],
  'UTF-16 with half a letter': [
    utf16(withLocalPart('jane\uD800'), 'le'),
    { login: 'jane\uFFFD@example.org' },
  ],
  'UTF-32': [Buffer.from([...good].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 0])), 600],
  'Latin-1': [Buffer.from(withLocalPart('jané'), 'latin1'), { login: 'jané@example.org' }],
  'UTF-8 with an invalid byte': [
    Buffer.concat([
      Buffer.from(good.slice(0, good.indexOf('jane@'))),
      Buffer.of(0xff),
      Buffer.from(good.slice(good.indexOf('jane@'))),
    ]),
    { login: 'ÿjane@example.org' },
  ],
  'a null in the local part': [withLocalPart('ja\0ne'), somebody],
  'a control character in the local part': [withLocalPart('ja\x1bne'), somebody],
  'a control character, escaped': [withLocalPart('ja&#x1b;ne'), somebody],
  'half a letter, escaped': [withLocalPart('ja&#xd800;ne'), { login: 'ja\uFFFDne@example.org' }],
  'a line break in the local part': [withLocalPart('ja\nne'), somebody],
  'a code point that is not a character in the local part': [withLocalPart('ja\uFFFEne'), somebody],
  'a null before everything, which is UTF-16 by its first two bytes': [`\0${good}`, 600],
  'a local part of 256 letters': [
    withLocalPart('a'.repeat(256)),
    { login: `${'a'.repeat(256)}@example.org` },
  ],
  'a local part of 257 letters': [withLocalPart('a'.repeat(257)), somebody],
  'a domain that is too long': [request(`jane@${'a.'.repeat(200)}org`), 500],
  'a domain of invalid A-labels': [request(`jane@${'xn--a.'.repeat(40)}org`), 500],
  'a domain of too many U-labels': [request(`jane@${'ü.'.repeat(500)}org`), 500],
  'a wrong namespace and no schema': [
    good.replace(requestSchema, 'urn:x').replace(/<Acceptable.*Schema>/, ''),
    601,
  ],
  'the namespace of an answer and no schema': [
    good
      .replace(requestSchema, 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006')
      .replace(/<Acceptable.*Schema>/, ''),
    601,
  ],
  'the address twice': [good.replace(email, email + email), 600],
  'the address twice, in two spellings': [good.replace(email, email + email.toLowerCase()), 600],
  'the schema twice': [good.replace(/<Acceptable.*Schema>/, '$&$&'), 600],
  'two Requests': [good.replace(/<Request>.*<\/Request>/, '$&$&'), 600],
  'two documents': [good + good.slice(good.indexOf('<Auto')), 600],
  'an answer': [
    `<Autodiscover><Response xmlns="${responseSchema}"><Account/></Response></Autodiscover>`,
    600,
  ],
  'names with a meaning in JavaScript': [
    inRequest('<__proto__>x</__proto__><constructor __proto__="x" toString="x"/>'),
    jane,
  ],
  'a compressed body': [gzipSync(good), 600],
}

t.test('each invalid body gets a defined answer', async (t) => {
  const { app, lines } = await openApp(t)
  for (const [name, [body, outcome]] of Object.entries(bodies)) {
    t.ok(Buffer.byteLength(body) <= limit, `${name} is read at all`)
    const { status, error, login, hasSettings } = await ask(t, app, { body })
    t.equal(status, outcome === 500 ? 404 : 200, name)
    if (typeof outcome === 'number') t.equal(error, outcome, name)
    else t.strictSame({ hasSettings, login }, { hasSettings: true, login: outcome.login }, name)
  }
  noErrors(t, lines)
})

t.test('a body of more than 8 KiB is rejected with status 413', async (t) => {
  const { app, lines } = await openApp(t)
  for (const body of [`${inRequest(flood(' '))} `, ' '.repeat(limit + 1), 'x'.repeat(1_000_000)]) {
    const { status, headers, error } = await ask(t, app, { host: 'example.org', body })
    t.equal(status, 413)
    t.equal(headers['content-type'], 'text/xml; charset=utf-8')
    t.equal(error, 600)
  }
  noErrors(t, lines)
})

t.test('random bytes get a defined answer', async (t) => {
  const { app, lines } = await openApp(t)
  const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array))
  const begun = fc.constantFrom(
    '',
    good.slice(0, 40),
    good.slice(0, good.indexOf('jane')),
    good,
    '<a',
    '<!',
    '<?',
    '&#',
  )
  const body = fc
    .tuple(begun, bytes, begun)
    .map(([before, random, after]) => Buffer.concat([Buffer.from(before), random, Buffer.from(after)]))
  await holds(
    t,
    fc.asyncProperty(body, async (body) => isDefined(t, app, body)),
    800,
  )
  noErrors(t, lines)
})

t.test('a request cut off anywhere gets a defined answer, in every encoding', async (t) => {
  const { app, lines } = await openApp(t)
  const whole = [Buffer.from(good), utf16(good, 'le', '\uFEFF'), utf16(good, 'be')] as const
  for (const bytes of whole) {
    // With two bytes a character, not every length matters.
    const step = bytes === whole[0] ? 1 : 5
    for (let length = 0; length < bytes.length; length += step) {
      if (!(await isDefined(t, app, bytes.subarray(0, length)))) t.fail(`cut off after ${length}`)
    }
  }
  const upToAddress = good.slice(0, good.indexOf('jane'))
  t.equal((await ask(t, app, { host: 'example.org', body: upToAddress })).error, 600)
  noErrors(t, lines)
})

t.test('a request with one byte changed, removed or added gets a defined answer', async (t) => {
  const { app, lines } = await openApp(t)
  const bytes = Buffer.from(good)
  const mutation = fc.tuple(
    fc.nat({ max: bytes.length - 1 }),
    fc.nat({ max: 255 }),
    fc.constantFrom('changed', 'gone', 'too many'),
  )
  const mutated = mutation.map(([at, byte, how]) => {
    const after = how === 'too many' ? at : at + 1
    return Buffer.concat([
      bytes.subarray(0, at),
      how === 'gone' ? Buffer.of() : Buffer.of(byte),
      bytes.subarray(after),
    ])
  })
  await holds(
    t,
    fc.asyncProperty(mutated, async (body) => isDefined(t, app, body)),
    1000,
  )
  noErrors(t, lines)
})

t.test('pieces of requests in any order get a defined answer', async (t) => {
  const { app, lines } = await openApp(t)
  const piece = fc.constantFrom(
    ...(good.match(/<[^>]*>|[^<]+/g) as string[]),
    ...[
      '<',
      '>',
      '</',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '<!DOCTYPE a [',
      ']>',
      '&',
      '&amp;',
      '&#0;',
    ],
    ...[
      '"',
      "'",
      '=',
      ' xmlns="',
      ' ',
      '\0',
      '\uFEFF',
      '😀',
      '@',
      '</a:Request>',
      '<a:Request xmlns:a="x">',
      '<LegacyDN/>',
    ],
  )
  const body = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
  await holds(
    t,
    fc.asyncProperty(body, async (body) => isDefined(t, app, body)),
    800,
  )
  noErrors(t, lines)
})

t.test('no header about the body changes the answer', async (t) => {
  const { app, lines } = await openApp(t)
  const { text: expected } = await ask(t, app, { body: good })
  const value = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
    fc
      .array(fc.constantFrom('text', '/', 'xml', ';', 'charset', '=', '"', ',', ' ', 'utf-8', '*', '\xe9'))
      .map((all) => all.join('')),
  )
  const name = fc.constantFrom(
    'content-type',
    'content-encoding',
    'content-language',
    'accept',
    'accept-charset',
  )
  await holds(
    t,
    fc.asyncProperty(name, value, async (name, value) => {
      const { text } = await ask(t, app, { headers: { [name]: value }, body: good })
      return text === expected
    }),
    400,
  )
  noErrors(t, lines)
})

t.test('the local part is returned unchanged, or not at all', async (t) => {
  const { app, lines } = await openApp(t)
  const escapeXml = (text: string) => text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`)
  const localPart = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          '&',
          'amp;',
          'lt;',
          '#38;',
          '#x26;',
          '<',
          '>',
          ']]>',
          '"',
          "'",
          '%',
          '%EMAILADDRESS%',
          'a',
          '😀',
          '\u00a0',
          '--',
        ),
      )
      .map((all) => all.join('')),
  )
  await holds(
    t,
    fc.asyncProperty(localPart, async (localPart) => {
      const inBody = await ask(t, app, { body: withLocalPart(escapeXml(localPart)) })
      const inQuery = await ask(t, app, {
        url: `${path}?Email=${encodeURIComponent(localPart)}%40example.org`,
      })
      const isSaid = (login: string | undefined) =>
        login === undefined || login === `${localPart.trimStart()}@example.org`
      // In a query, a value that still looks percent-encoded is decoded again.
      const isSaidInQuery = localPart.includes('%') || isSaid(inQuery.login)
      return inBody.hasSettings && isSaid(inBody.login) && inQuery.hasSettings && isSaidInQuery
    }),
    300,
  )
  noErrors(t, lines)
})

t.test('a body that does not match its headers', async (t) => {
  const { app, lines } = await openApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const head = `POST ${path} HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n`
  const send = async (bytes: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.end(bytes)
    return (await text(socket)).replace(/^HTTP\/1.1 100 .*\r\n\r\n/, '')
  }
  const chunk = (length: number) => `${length.toString(16)}\r\n${' '.repeat(length)}\r\n`

  await t.test('a body in chunks is read', async (t) => {
    const chunks = good.replace(/.{1,50}/gs, (part) => `${part.length.toString(16)}\r\n${part}\r\n`)
    const answer = await send(`${head}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
    t.match(answer, /^HTTP\/1.1 200 /)
    t.match(answer, '<LoginName>jane@example.org</LoginName>')
  })
  await t.test('endless chunks are rejected', async (t) => {
    const answer = await send(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk(4096).repeat(3)}`)
    t.match(answer, /^HTTP\/1.1 413 /)
    t.match(answer, '<ErrorCode>600</ErrorCode>')
  })
  await t.test('a body with a length above the limit is rejected before it is sent', async (t) => {
    const answer = await send(`${head}Content-Length: 9000\r\n\r\n`)
    t.match(answer, /^HTTP\/1.1 413 /)
    t.match(answer, '<ErrorCode>600</ErrorCode>')
  })
  await t.test('a body shorter than its length is answered with 400 or not at all', async (t) => {
    t.match(await send(`${head}Content-Length: 5000\r\n\r\n${good}`), /^(?:HTTP\/1.1 400 |$)/)
  })
  await t.test('a body that is announced with Expect is read', async (t) => {
    const answer = await send(`${head}Expect: 100-continue\r\nContent-Length: ${good.length}\r\n\r\n${good}`)
    t.match(answer, '<LoginName>jane@example.org</LoginName>')
  })
  await t.test('an invalid length is answered with 400', async (t) => {
    for (const length of ['-1', 'x', '1e3', '9'.repeat(30)])
      t.match(await send(`${head}Content-Length: ${length}\r\n\r\n${good}`), /^HTTP\/1.1 4(?:00|13) /, length)
  })
  t.equal((await ask(t, app, { body: good })).status, 200, 'and the server still answers')
  noErrors(t, lines)
})

interface Target {
  readonly path: string
  readonly parameters: readonly string[]
  /** The beginning of the body, by status. */
  readonly answers: Readonly<Record<number, RegExp>>
}

const profile: Target = {
  path: '/apple/mail.mobileconfig',
  parameters: ['emailaddress', 'name', 'protocol', 'language'],
  answers: { 200: /^<\?xml.*\n<!DOCTYPE plist/, 404: /^(?:No|Not) / },
}
// Drawing is slow, so only the parameters that matter are tried for pictures.
const picture: Target = { ...profile, parameters: ['emailaddress', 'name'] }
const svg: Target = { ...picture, path: '/apple/qr.svg', answers: { 200: /^<svg /, 404: /^(?:No|Not) / } }
const png: Target = {
  ...picture,
  path: '/thunderbird/qr.png',
  answers: { 200: /^.PNG/, 404: /^(?:No|Not) / },
}
const json: Target = {
  path: jsonPath,
  parameters: ['Email', 'Protocol', 'RedirectCount'],
  answers: { 200: /^\{"Protocol":/, 400: /^\{"ErrorCode":/, 404: /^\{"ErrorCode":/ },
}
const pox: Target = {
  path,
  parameters: ['emailaddress', 'name', 'email'],
  answers: { 200: /^<\?xml/, 404: /^<\?xml/ },
}
const targets = [profile, svg, png, json, pox]

const defaults: Readonly<Record<string, string>> = {
  emailaddress: 'jane%40example.org',
  Email: 'jane%40example.org',
  Protocol: 'AutodiscoverV1',
}

const wrongValues: readonly string[] = [
  ...[
    '',
    '%',
    '%%',
    '%4',
    '%zz',
    '%u0041',
    '%00',
    'a%00b',
    '%0d%0aSet-Cookie:%20a=b',
    '%0a',
    '%09',
    '%1b%5b31m',
    '%7f',
  ],
  ...[
    '%c2%85',
    '%c2%9b',
    '%e2%80%a8',
    '%e2%80%ae',
    '%ed%a0%80',
    '%ed%b0%80',
    '%ed%a0%bd%ed%b8%80',
    '%ef%bf%be',
    '%ef%bf%bf',
  ],
  ...[
    '%ef%bb%bf',
    '%f4%90%80%80',
    '%ff%fe',
    '%c3',
    '%c3%28',
    '%c0%af',
    '%fe%fe%ff%ff',
    '%3C%3E%26%22%27',
    '%5D%5D%3E',
  ],
  ...[
    '%26amp%3B',
    '%26%23x1b%3B',
    '%26lt%3B',
    '%25%32%35',
    '__proto__',
    'constructor',
    'toString',
    '..%2f..%2fetc%2fpasswd',
  ],
  ...[
    '%24%7Bjndi%7D',
    '%7B%7B7*7%7D%7D',
    '%EMAILADDRESS%',
    '%22%3E%3Cscript%3E',
    '+',
    ';',
    ',',
    '=',
    '==',
    '@',
    '%40',
    '%40%40',
  ],
  ...[
    'a'.repeat(limit),
    '%61'.repeat(2700),
    '%f0%9f%98%80'.repeat(680),
    '%'.repeat(limit),
    '+'.repeat(limit),
    '%00'.repeat(2700),
  ],
  ...[
    '%e4'.repeat(2700),
    '@'.repeat(limit),
    '.'.repeat(limit),
    `${'a.'.repeat(4000)}org`,
    'xn--'.repeat(2000),
    '-'.repeat(limit),
  ],
  ...['en;q='.repeat(1600), 'de,'.repeat(2700), '%26'.repeat(2700), '%3C'.repeat(2700)],
]

t.test('every value of every parameter gets one of the defined answers', async (t) => {
  const { app, lines } = await openApp(t)
  for (const target of targets) {
    for (const name of target.parameters) {
      for (const value of wrongValues) {
        for (const place of name.toLowerCase().includes('email') ? ['', '@example.org'] : ['']) {
          await isAnswered(t, app, target, query(target, name, value + place))
        }
      }
    }
  }
  noErrors(t, lines)
})

t.test('every address in the path gets one of the defined answers', async (t) => {
  const { app, lines } = await openApp(t)
  for (const value of wrongValues) {
    for (const address of [value, `${value}@example.org`, `jane@${value}`]) {
      const { statusCode, body } = await app.inject({
        url: `${jsonPath}/v1.0/${address}?Protocol=AutodiscoverV1`,
        headers: { host: 'mail.elsewhere.example' },
      })
      const label = `${statusCode} for ${address.slice(0, 40)}`
      if (statusCode === 404) t.match(body, /^(?:\{"ErrorCode":|Not found\.)/, label)
      else t.match({ statusCode, body }, { statusCode: 200, body: /^\{"Protocol":/ }, label)
    }
  }
  noErrors(t, lines)
})

t.test('every query gets one of the defined answers', async (t) => {
  const { app, lines } = await openApp(t)
  const encoded = fc.nat({ max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
  const names = [...new Set(targets.flatMap(({ parameters }) => parameters))]
  const part = fc.oneof(
    { weight: 2, arbitrary: encoded },
    fc.constantFrom(...names.map((name) => `&${name}=`)),
    fc.constantFrom(
      '&',
      '=',
      '%',
      '@',
      '%40',
      'example.org',
      'jane',
      '+',
      'AutodiscoverV1',
      'imap',
      'fr',
      ';',
      '?',
      '/',
    ),
    fc.constantFrom(...wrongValues.filter((value) => value.length < 50)),
  )
  const parts = fc.array(part, { maxLength: 15 }).map((all) => all.join(''))
  await holds(
    t,
    fc.asyncProperty(fc.constantFrom(...targets), parts, async (target, parts) => {
      await isAnswered(t, app, target, `${target.path}?${parts}`)
      return true
    }),
    600,
  )
  noErrors(t, lines)
})

t.test('bytes that are not allowed in a URL are answered with 400, or as if they were encoded', async (t) => {
  const { app, lines } = await openApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  for (const target of targets) {
    for (const byte of [0x00, 0x01, 0x09, 0x0b, 0x1b, 0x22, 0x3c, 0x5c, 0x7f, 0x80, 0xc3, 0xff]) {
      const url = Buffer.concat([
        Buffer.from(query(target, target.parameters[1] ?? '', 'a')),
        Buffer.of(byte),
      ])
      const socket = connect(port, '127.0.0.1')
      // Node drops the answer if the client has closed the connection.
      socket.write(
        Buffer.concat([
          Buffer.from('GET '),
          url,
          Buffer.from(' HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n\r\n'),
        ]),
      )
      const status = Number((await text(socket)).slice(9, 12))
      t.ok(
        [400, ...Object.keys(target.answers).map(Number)].includes(status),
        `${target.path} ${byte}: ${status}`,
      )
    }
  }
  noErrors(t, lines)
})

t.test('without a valid Host, the address decides the answer', async (t) => {
  const { app, lines } = await openApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const send = (bytes: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(bytes)
    return text(socket)
  }
  const hosts = [
    ...[
      '',
      ':',
      ':443',
      '[::1]:80',
      '192.0.2.1',
      '@',
      'exa mple',
      'http://example.org/',
      '%',
      '%00',
      '..',
      'é',
    ],
    'a'.repeat(5000),
  ]
  const heads = ['HTTP/1.0', ...hosts.map((host) => `HTTP/1.1\r\nHost: ${host}\r\nConnection: close`)]
  for (const head of heads) {
    const label = head.slice(0, 40)
    const posted = await send(`POST ${path} ${head}\r\nContent-Length: ${good.length}\r\n\r\n${good}`)
    t.match(posted, '<LoginName>jane@example.org</LoginName>', label)
    for (const target of targets) {
      const status = target === json ? 400 : 404
      t.match(
        await send(`GET ${target.path} ${head}\r\n\r\n`),
        `HTTP/1.1 ${status} `,
        `${target.path} ${label}`,
      )
    }
  }
  noErrors(t, lines)
})

t.test('no body takes a hundred times as long to read as a simple one of the same length', async (t) => {
  const read = (body: Buffer) => () => void readAutodiscoverRequest(body)
  const plain = read(Buffer.from(inRequest(flood(' '))))
  for (const [name, unit] of Object.entries(units)) {
    const begun = good.slice(0, good.indexOf('jane@'))
    for (const body of [unit.repeat(limit / unit.length), inRequest(flood(unit)), begun + flood(unit)]) {
      const times = await slowerBy(read(Buffer.from(body)), plain)
      t.ok(times < 100, `${name}: ${times.toFixed(1)} times`)
    }
  }
  for (const [name, [body]] of Object.entries(bodies)) {
    const times = await slowerBy(read(Buffer.from(body)), plain)
    t.ok(times < 100, `${name}: ${times.toFixed(1)} times`)
  }
})

t.test('a body eight times as long takes about eight times as long to read, not sixty-four', async (t) => {
  for (const [name, unit] of Object.entries(units)) {
    const read = (length: number) => {
      const body = Buffer.from(inRequest(unit.repeat(length / unit.length)))
      return () => void readAutodiscoverRequest(body)
    }
    const times = await slowerBy(read(8 * limit), read(limit))
    t.ok(times < 30, `${name}: ${times.toFixed(1)} times`)
  }
})

t.test('no query takes a hundred times as long to answer as a simple one of the same length', async (t) => {
  const { app } = await openApp(t)
  for (const target of targets) {
    for (const name of target.parameters) {
      const ask = (value: string) =>
        app.inject({ url: query(target, name, value), headers: { host: 'example.org' } })
      const plain = () => ask('a'.repeat(limit))
      for (const value of wrongValues.filter(({ length }) => length > limit / 2)) {
        const times = await slowerBy(() => ask(value), plain, 3)
        t.ok(times < 100, `${target.path} ${name} ${value.slice(0, 6)}: ${times.toFixed(1)} times`)
      }
    }
  }
})

/** Pieces to fill a body with. Closing tags are omitted where they would close other elements. */
const units: Readonly<Record<string, string>> = {
  blanks: ' ',
  letters: 'x',
  'empty elements': '<a/>',
  'elements with a text': '<a>b</a>',
  'elements with the name of the address': '<EMailAddress/>',
  attributes: '<a b="" c="" d="" e=""/>',
  ampersands: '&',
  entities: '&amp;',
  'half entities': '&#',
  comments: '<!---->',
  'CDATA sections': '<![CDATA[]]>',
  instructions: '<?a?>',
  declarations: '<!a>',
  quotes: '"',
  colons: '<a::::::/>',
  'letters beyond ASCII': 'é',
}

/**
 * The ratio of the work of two functions: the shortest of alternating runs of each. It compares processor time, because a busy machine
 * interrupts longer work more often.
 */
async function slowerBy(one: () => unknown, other: () => unknown, runs = 9): Promise<number> {
  const times = { one: [] as number[], other: [] as number[] }
  for (let run = 0; run < runs; run++) {
    times.one.push(await timeOf(one))
    times.other.push(await timeOf(other))
  }
  return Math.min(...times.one) / Math.min(...times.other)
}

/** In microseconds. */
async function timeOf(work: () => unknown): Promise<number> {
  const started = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(started)
  return user + system
}

function query({ path, parameters }: Target, name: string, value: string): string {
  const pairs = parameters
    .filter((other) => other !== name && defaults[other] !== undefined)
    .map((other) => `${other}=${defaults[other]}`)
  return `${path}?${[`${name}=${value}`, ...pairs].join('&')}`
}

/** Checks that the answer is one of the defined ones, complete and well-formed. */
async function isAnswered(t: Test, app: FastifyInstance, { answers }: Target, url: string): Promise<void> {
  const { statusCode, headers, body, rawPayload } = await app.inject({
    url,
    headers: { host: 'example.org' },
  })
  const label = `${statusCode} for ${url.slice(0, 100)}`
  const beginning = answers[statusCode]
  if (!beginning?.test(body)) return void t.fail(`${label}: ${body.slice(0, 100)}`)
  if (Number(headers['content-length']) !== rawPayload.length) t.fail(`${label}: of another length`)
  if (/^<(?:\?xml|svg)/.test(body)) parseXml(rawPayload)
  if (body.startsWith('{')) JSON.parse(body)
  if (/[^\x20-\x7e]/.test(String(headers['content-disposition'] ?? '')))
    t.fail(`${label}: a header of more than ASCII`)
}

/** POX answers every body with settings or an error code. */
async function isDefined(t: Test, app: FastifyInstance, body: string | Uint8Array): Promise<boolean> {
  const { status, headers, error, hasSettings } = await ask(t, app, { host: 'example.org', body })
  const isXml = headers['content-type'] === 'text/xml; charset=utf-8'
  return (
    status === (error === 500 ? 404 : 200) &&
    isXml &&
    (hasSettings ? error === undefined : [500, 600, 601].includes(Number(error)))
  )
}

async function holds<T>(t: Test, property: fc.IAsyncProperty<T>, numRuns: number): Promise<void> {
  await t.resolves(fc.assert(property, { numRuns }))
}

function noErrors(t: Test, lines: readonly string[]): void {
  t.strictSame(
    lines.filter((line) => JSON.parse(line).level >= 40),
    [],
    'nothing is logged as an error',
  )
}
