import fc from 'fast-check'
import t from 'tap'
import { decode, lookupByQuery } from '../../src/http/lookup.ts'
import { example, openApp, textOf } from '../support/example.ts'

const headers = { host: 'autoconfig.all2all.org' }
const path = '/mail/config-v1.1.xml'

/** Queries as real clients send them, or as people type them. */
const spellings = [
  ['encoded, as Thunderbird sends it', 'emailaddress=jane%40example.org'],
  ['raw, as Nextcloud, FairEmail and GNOME Online Accounts send it', 'emailaddress=jane@example.org'],
  ['with a raw plus', 'emailaddress=jane+lists@example.org'],
  ['with an encoded plus', 'emailaddress=jane%2Blists%40example.org'],
  ['with a space in place of a plus', 'emailaddress=jane%20lists@example.org'],
  [
    'with everything encoded, as Delta Chat sends it',
    'emailaddress=jane%2Edoe%2D1%40example%2Dorg%2Eexample',
  ],
  ['encoded twice, as old Thunderbird sent it', 'emailaddress=jane%2540example.org'],
  ['with the dummy of old Evolution', 'emailaddress=EVOLUTIONUSER%40example.org&emailmd5=0123456789abcdef'],
  ['in capitals', 'EMAILADDRESS=JANE@EXAMPLE.ORG'],
  ['with a trailing dot', 'emailaddress=jane@example.org.'],
  ['between spaces', 'emailaddress=%20jane@example.org%20'],
  ['as a bare domain', 'emailaddress=example.org'],
  ['as a bare domain behind an @', 'emailaddress=@example.org'],
  ['with two @', 'emailaddress=%22a@b%22@example.org'],
  ['behind other parameters', 'foo=bar&x&=&emailaddress=jane@example.org'],
  ['twice', 'emailaddress=jane@example.org&emailaddress=jane@example.net'],
  ['behind an empty one', 'emailaddress=&emailaddress=jane@example.org'],
  ['behind a name that ends alike', 'myemailaddress=jane@example.net&emailaddress=jane@example.org'],
  ['with half an escape', 'emailaddress=jane%4@example.org%'],
] as const

t.test('every spelling of the query gives the same bytes', async (t) => {
  const { app } = await openApp(t, {
    ...example,
    domains: { ...example.domains, 'example-org.example': 'maximusconfessor' },
  })
  const { body: expected } = await app.inject({ url: `${path}?emailaddress=jane%40example.org`, headers })
  for (const [name, query] of spellings) {
    const { statusCode, body } = await app.inject({ url: `${path}?${query}`, headers })
    const encoded = name.startsWith('with everything')
    const found = name === 'with half an escape' ? 404 : 200
    t.equal(statusCode, found, name)
    if (found === 200) {
      t.equal(encoded ? body.replace('example-org.example', 'example.org') : body, expected, name)
    }
  }
})

t.test('a query without a domain is answered for the Host', async (t) => {
  const { app } = await openApp(t)
  const queries = [
    ...['', '?', '?emailaddress', '?emailaddress=', '?emailaddress=jane', '?emailaddress=%EMAILADDRESS%'],
    ...[
      '?emailaddress=jane@',
      '?emailaddress=@',
      '?emailaddress=%00',
      '?emailaddress=%ff%fe@%c3',
      '?&&&=&',
      '?a=b',
    ],
    ...[
      '?emailaddress=jane@exa%20mple',
      '?emailaddress=localhost',
      `?emailaddress=${'a'.repeat(9000)}`,
      '?emailaddress=%',
    ],
  ]
  for (const query of queries) {
    const { statusCode, body } = await app.inject({
      url: `${path}${query}`,
      headers: { host: 'autoconfig.example.org' },
    })
    t.equal(statusCode, 200, query.slice(0, 60))
    t.equal(textOf(body, 'domain'), 'example.org')
  }
})

t.test(
  'a path is found in any case, with an additional slash, and in absolute form, without a redirect',
  async (t) => {
    const { app } = await openApp(t)
    for (const url of [
      '/Mail/Config-V1.1.XML',
      '/mail/config-v1.1.xml/',
      '//mail//config-v1.1.xml',
      '/mail/config%2Dv1.1.xml',
      '/.well-known/autoconfig/mail/config-v1.1.xml',
      '/.well-known/mail-v1.xml',
      '/v1.1/mail/config-v1.1.xml',
      'http://autoconfig.example.org/mail/config-v1.1.xml',
    ]) {
      const { statusCode, body } = await app.inject({ url, headers: { host: 'autoconfig.example.org' } })
      t.equal(statusCode, 200, url)
      t.equal(textOf(body, 'domain'), 'example.org', url)
    }
  },
)

t.test('any query gets either the document or status 404', async (t) => {
  const { app } = await openApp(t)
  const part = fc.oneof(
    fc.constantFrom(
      'emailaddress=',
      '&',
      '%',
      '@',
      '=',
      'example.org',
      '%40',
      '%2540',
      '+',
      '%c3',
      ';',
      'jane',
    ),
    fc.string({ unit: 'grapheme-ascii', maxLength: 5 }).map((text) => text.replace(/[\s#\\]/g, '')),
  )
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const { statusCode, headers } = await app.inject({ url: `${path}?${parts.join('')}` })
        return (
          statusCode === 200 ||
          (statusCode === 404 && headers['content-type'] === 'text/plain; charset=utf-8')
        )
      }),
      { numRuns: 300 },
    ),
  )
})

t.test('a lookup contains the address of the query', async (t) => {
  const of = (query: string) => lookupByQuery(`${path}${query}`, 'example.org').person().address
  t.strictSame(of('?emailaddress=jane%2Blists%40Example.org'), {
    localPart: 'jane+lists',
    domain: 'example.org',
  })
  t.equal(of('?emailaddress=jane'), undefined)
  t.equal(of(''), undefined)
})

t.test('a name has at most 100 letters, encoding is undone twice, and a domain has a dot', async (t) => {
  const nameIn = (name: string) => lookupByQuery(`/?name=${name}`, '').person().realName
  t.equal(nameIn('a'.repeat(100)), 'a'.repeat(100))
  t.equal(nameIn('a'.repeat(101)), undefined)
  t.equal(decode('jane%2540example.org'), 'jane@example.org')
  t.equal(decode('jane%252540example.org'), 'jane%40example.org')
  t.equal(lookupByQuery('/?emailaddress=example.org', '').domain, 'example.org')
  t.equal(lookupByQuery('/?emailaddress=jane', '').domain, undefined, 'the beginning of an address')
})
