import fc from 'fast-check'
import t from 'tap'
import {
  type Domain,
  formatEmailAddress,
  inULabels,
  parseDomain,
  parseEmailAddress,
  spellingOf,
} from '../../src/model/address.ts'
import { fillPlaceholders } from '../../src/model/placeholders.ts'

t.test('a domain is read in every spelling and kept in one', async (t) => {
  const spellings = {
    'example.org': 'example.org',
    'EXAMPLE.Org': 'example.org',
    'example.org.': 'example.org',
    'bücher.example': 'xn--bcher-kva.example',
    'BÜCHER.example.': 'xn--bcher-kva.example',
    'XN--BCHER-KVA.example': 'xn--bcher-kva.example',
    'straße.example': 'xn--strae-oqa.example',
    '例え。jp': 'xn--r8jz45g.jp',
    '例え.jp。': 'xn--r8jz45g.jp',
    localhost: 'localhost',
    '1and1.example': '1and1.example',
    'a--b.example': 'a--b.example',
    [`${'a'.repeat(63)}.example`]: `${'a'.repeat(63)}.example`,
  }
  for (const [text, domain] of Object.entries(spellings)) t.equal(parseDomain(text), domain, text)
})

t.test('a domain with valid A-labels is also written in U-labels', async (t) => {
  const spellings = {
    'xn--bcher-kva.example': 'bücher.example',
    'www.xn--bcher-kva.example': 'www.bücher.example',
    'xn--strae-oqa.example': 'straße.example',
    'xn--r8jz45g.xn--zckzah': '例え.テスト',
    'example.org': undefined,
    'foo-xn--bar.example': undefined,
    'xn--a.example': undefined,
    'xn--bcher-kva.xn--a.example': undefined,
    'xn--zz-.example': undefined,
    'XN--BCHER-KVA.example': undefined,
  }
  for (const [domain, unicode] of Object.entries(spellings))
    t.equal(inULabels(domain as Domain), unicode, domain)
})

t.test('what is not a host name is not a domain', async (t) => {
  const strangers = [
    ...['', '.', '..', 'a..b', '.example.org', 'example.org..', '-a.example', 'a-.example', 'a_b.example'],
    ...[
      '192.0.2.1',
      '1.2',
      '[2001:db8::1]',
      '2001:db8::1',
      'example.org:80',
      'example.org/evil',
      'a@b.example',
    ],
    ...[
      'ex%41mple.org',
      'exa mple.org',
      'example.org\u0000',
      'xn--a.example',
      'xn--.example',
      '*.example.org',
    ],
    ...[
      `${'a'.repeat(64)}.example`,
      `${'a.'.repeat(130)}example`,
      'ü'.repeat(3000),
      '\u00ad',
      '\u{e0001}.example',
    ],
  ]
  for (const text of strangers) t.equal(parseDomain(text), undefined, JSON.stringify(text.slice(0, 40)))
})

t.test('an address is cut at its last @', async (t) => {
  t.strictSame(parseEmailAddress('jane@example.org'), { localPart: 'jane', domain: 'example.org' })
  t.strictSame(parseEmailAddress('"a@b"@EXAMPLE.org'), { localPart: '"a@b"', domain: 'example.org' })
  for (const text of ['jane', '@example.org', 'jane@', 'jane@exa mple', '']) {
    t.equal(parseEmailAddress(text), undefined, text)
  }
  t.equal(
    formatEmailAddress({ localPart: 'jane', domain: parseDomain('example.org') as never }),
    'jane@example.org',
  )
})

t.test('whatever is read as a domain is read again as itself', async (t) => {
  const anything = fc.oneof(fc.domain(), fc.string({ unit: 'grapheme' }), fc.webAuthority())
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(anything, (text) => {
        const domain = parseDomain(text)
        return domain === undefined || (parseDomain(domain) === domain && /^[a-z0-9.-]{1,253}$/.test(domain))
      }),
      { numRuns: 2000 },
    ),
  )
})

t.test('an address that is read is written as it came, but for the spelling of its domain', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const address = parseEmailAddress(text)
        return address !== undefined && formatEmailAddress(address).toLowerCase() === text.toLowerCase()
      }),
    ),
  )
})

t.test('of bytes, as of texts, it is told how a name is spelled', async (t) => {
  const spelling = (text: string) => {
    const bytes = new TextEncoder().encode(`<${text}>`)
    return spellingOf((index) => bytes[index] as number, 1, bytes.length - 1)
  }
  const letters = fc.string({
    unit: fc.constantFrom('a', 'z', '0', '9', '-', '.', 'A', '_', 'ü'),
    maxLength: 20,
  })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.oneof(letters, fc.domain(), fc.string()),
        (text) => spelling(text) !== 'plain' || parseDomain(text) === text,
      ),
      { numRuns: 5000 },
    ),
  )
  for (const text of [
    'example.org',
    'a-b.c1.example',
    '1and1.example',
    'a',
    'a--b.example',
    'axn--b.example',
  ]) {
    t.equal(spelling(text), 'plain', text)
  }
  t.equal(spelling('a.xn--bcher-kva.example'), 'A-labels')
  for (const text of [
    'a.1',
    `${'a.'.repeat(127)}aa`,
    `${'a'.repeat(64)}.b`,
    '',
    '.a',
    'a.',
    '-a',
    'a-',
    'A.example',
  ]) {
    t.equal(spelling(text), undefined, text)
  }
})

t.test('placeholders are filled in as clients do it; what is none stays', async (t) => {
  const address = { localPart: 'jane', domain: parseDomain('example.org') as never }
  for (const [text, filled] of [
    ['%EMAILADDRESS%', 'jane@example.org'],
    ['%EMAILLOCALPART%.%EMAILDOMAIN%', 'jane.example.org'],
    ['100%', '100%'],
    ['%USER%', '%USER%'],
    ['user0001', 'user0001'],
  ] as const) {
    t.equal(fillPlaceholders(text, address), filled)
  }
})
