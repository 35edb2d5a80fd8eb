import fc from 'fast-check'
import t from 'tap'
import { DomainTableBuilder, entryOf, namesOf, ruleOf } from '../src/domains/domain-table.ts'
import { parsePattern } from '../src/domains/pattern.ts'
import { parseDomain } from '../src/model/address.ts'
import { readMapValue, scanMap } from '../src/reading/postfix-map.ts'
import { domain, example, findings, openResolver } from './support/example.ts'

const withFile = { ...example, domainFiles: ['domains.map'] }
const hostOf = async (t: Parameters<typeof openResolver>[0], map: string, asked: string) =>
  (await openResolver(t, withFile, { 'domains.map': map })).find(domain(asked))?.host.key

t.test('a line of a map file is a domain, white space, and a host', async (t) => {
  const maximus = 'maximusconfessor.all2all.org'
  const lines = {
    'by key': 'a.example maximusconfessor',
    'by host name': `a.example ${maximus}`,
    'by host name in upper case': `a.example ${maximus.toUpperCase()}.`,
    'with tabs and blanks': 'a.example \t  maximusconfessor \t',
    'with CRLF': 'b.example vonmuenchhausen\r\na.example maximusconfessor\r\n',
    'with a comment after it': 'a.example maximusconfessor # moved in May',
    'after comments and empty lines': '# all of them\n\n   \n  # indented\na.example maximusconfessor',
    'after a byte order mark': '\ufeffa.example maximusconfessor',
    'in upper case': 'A.Example maximusconfessor',
    'with a trailing dot': 'a.example. maximusconfessor',
    'as a transport in brackets': `a.example smtp:[${maximus}]:25`,
    'as a transport without brackets': `a.example relay:${maximus}:25`,
    'as a transport without a port': `a.example smtp:${maximus}`,
    'as a transport without a name': `a.example :[${maximus}]`,
    'as LMTP over TCP': `a.example lmtp:inet:${maximus}:24`,
    'as the second of two next hops': `a.example smtp:[mx.elsewhere.example],[${maximus}]`,
    'listed twice, on the same host': 'a.example maximusconfessor\na.example maximusconfessor',
  }
  for (const [name, map] of Object.entries(lines))
    t.equal(await hostOf(t, map, 'a.example'), 'maximusconfessor', name)
  t.equal(
    await hostOf(t, 'bücher.example vonmuenchhausen', 'xn--bcher-kva.example'),
    'vonmuenchhausen',
    'as a U-label',
  )
  t.equal(
    await hostOf(t, 'a.example maximusconfessor', 'b.example'),
    undefined,
    'and no other domain is served',
  )
})

t.test('wildcards match subdomains, and the most specific entry wins', async (t) => {
  const resolver = await openResolver(
    t,
    { ...withFile, domains: { '*.example.org': 'maximusconfessor', 'own.example.org': 'vonmuenchhausen' } },
    { 'domains.map': '.deep.example.org vonmuenchhausen\n*.example.net vonmuenchhausen\n' },
  )
  const served = {
    'a.example.org': 'maximusconfessor',
    'b.a.example.org': 'maximusconfessor',
    'own.example.org': 'vonmuenchhausen',
    'below.own.example.org': 'maximusconfessor',
    'a.deep.example.org': 'vonmuenchhausen',
    'deep.example.org': 'maximusconfessor',
    'a.example.net': 'vonmuenchhausen',
  }
  for (const [name, host] of Object.entries(served))
    t.equal(resolver.find(domain(name))?.host.key, host, name)
  for (const name of ['example.org', 'example.net', 'other.example', 'org']) {
    t.equal(resolver.find(domain(name)), undefined, `${name} is not its own subdomain`)
  }
  const all = await openResolver(t, {
    ...example,
    domains: { '*': 'maximusconfessor', 'a.example': 'vonmuenchhausen' },
  })
  t.equal(all.find(domain('whatever.example'))?.host.key, 'maximusconfessor')
  t.equal(all.find(domain('a.example'))?.host.key, 'vonmuenchhausen')
  t.equal(all.find(domain('localhost')), undefined, 'a name without a dot is not a mail domain')
})

t.test('errors of a map file are reported with the line and what to write instead', async (t) => {
  const errorsOf = async (map: string) => (await findings(t, withFile, { 'domains.map': map })).errors
  t.strictSame(await errorsOf('\na.example maximusconfesor\nb.example nobody'), [
    'domains.map:2:1 there is no host "maximusconfesor"; did you mean "maximusconfessor"?',
    'domains.map:3:1 there is no host "nobody"; the hosts are maximusconfessor, vonmuenchhausen',
  ])
  t.strictSame(await errorsOf('a_b.example maximusconfessor\na.example\na.example # where?'), [
    'domains.map:1:1 "a_b.example" is not a domain; write example.org, *.example.org or *',
    'domains.map:2:1 "a.example" has no host; write the domain, white space, and a host',
    'domains.map:3:1 "a.example" has no host; write the domain, white space, and a host',
  ])
  t.strictSame(await errorsOf('a.example maximusconfessor\n  b.example vonmuenchhausen'), [
    'domains.map:2:1 "b.example vonmuenchhausen" begins with white space, so Postfix joins it to the line above; remove the white space',
  ])
  t.strictSame(
    await errorsOf('a.example maximusconfessor\nA.EXAMPLE vonmuenchhausen\na.example vonmuenchhausen'),
    [
      'domains.map:2:1 "A.EXAMPLE" is mapped to vonmuenchhausen here and to maximusconfessor in domains.map:1; remove one of them',
      'domains.map:3:1 "a.example" is mapped to vonmuenchhausen here and to maximusconfessor in domains.map:1; remove one of them',
    ],
  )
  t.strictSame(await errorsOf('example.org vonmuenchhausen'), [
    'domains.map:1:1 "example.org" is mapped to vonmuenchhausen here and to maximusconfessor in autoconfig.yaml:11; remove one of them',
  ])
  t.match((await errorsOf(`${'x'.repeat(200)}\u0007 maximusconfessor`))[0], /"x{79}…" is not a domain/)
  const many = await errorsOf('a.example nobody\n'.repeat(150))
  t.equal(many.length, 101)
  t.match(many.at(-1), 'domains.map:101:1 50 more errors from this line on; fix those above first')
  const oneMore = await errorsOf('a.example nobody\n'.repeat(101))
  t.match(oneMore.at(-1), 'domains.map:101:1 1 more error from this line on; fix those above first')
})

t.test(
  'a Postfix transport map can be used unchanged: entries for other hosts cause a warning',
  async (t) => {
    const map = [
      'lists.example mailman:',
      'old.example error:5.1.1 no such domain here',
      'relay.example smtp:[mx.elsewhere.example]',
      'jane@a.example smtp:[maximusconfessor.all2all.org]',
      'a.example smtp:[maximusconfessor.all2all.org]',
      'typo.example smtp:[maximusconfesor.all2all.org]',
    ].join('\n')
    const { errors, warnings } = await findings(t, withFile, { 'domains.map': map })
    t.strictSame(errors, [])
    t.strictSame(warnings, [
      'domains.map:1:1 ignored: "mailman:" does not lead to a configured host; the hosts are maximusconfessor, vonmuenchhausen',
      'domains.map:2:1 ignored: "error:5.1.1 no such domain here" does not lead to a configured host; the hosts are maximusconfessor, vonmuenchhausen',
      'domains.map:3:1 ignored: "smtp:[mx.elsewhere.example]" does not lead to a configured host; the hosts are maximusconfessor, vonmuenchhausen',
      'domains.map:4:1 ignored: the key is an address, not a domain',
      'domains.map:6:1 ignored: "smtp:[maximusconfesor.all2all.org]" does not lead to a configured host; did you mean "maximusconfessor.all2all.org"?',
    ])
    t.equal(await hostOf(t, map, 'a.example'), 'maximusconfessor')
    const long = await findings(t, withFile, {
      'domains.map': 'relay.example smtp:[mx.elsewhere.example]\n'.repeat(8),
    })
    t.equal(long.warnings.length, 6)
    t.match(long.warnings.at(-1), 'domains.map:6:1 3 more warnings from this line on; fix those above first')
  },
)

t.test('a file that cannot be read is an error at the place that names it', async (t) => {
  t.strictSame((await findings(t, { ...example, domainFiles: ['missing.map'] })).errors, [
    'autoconfig.yaml:14:5 domainFiles[0] cannot be read: there is no such file',
  ])
  t.match((await findings(t, { ...example, domainFiles: ['.'] })).errors, [
    /domainFiles\[0\] cannot be read: it is a directory/,
  ])
})

t.test('an invalid key is reported beside an invalid or unknown host', async (t) => {
  const config = { ...withFile, hosts: { ...example.hosts, third: { hostname: 'a_b' } } }
  const { errors } = await findings(t, config, { 'domains.map': 'a_b.example third\nc_d.example nobody\n' })
  t.strictSame(errors.slice(1), [
    'domains.map:1:1 "a_b.example" is not a domain; write example.org, *.example.org or *',
    'domains.map:2:1 there is no host "nobody"; the hosts are maximusconfessor, vonmuenchhausen, third',
    'domains.map:2:1 "c_d.example" is not a domain; write example.org, *.example.org or *',
  ])
})

t.test('a domain on an invalid host is not reported as an error', async (t) => {
  const broken = {
    ...withFile,
    hosts: { ...example.hosts, third: { hostname: 'a_b' } },
    domains: { 'c.example': 'third' },
  }
  const map = [
    'd.example third',
    'e.example maximusconfessor.all2all.org',
    'f.example smtp:[vonmuenchhausen.all2all.org]',
  ].join('\n')
  const { errors, warnings } = await findings(t, broken, { 'domains.map': map })
  t.equal(errors.length, 1)
  t.strictSame(warnings, [])
  t.match(errors[0], /hosts\.third\.hostname "a_b" is not a host name/)
})

t.test('any bytes can be scanned, and every line is counted', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        let last = 0
        let total = 0
        const check = (start: number, end: number, line: number) => {
          total += end - start
          if (line < last || start >= end || end > bytes.length) throw new Error('out of order')
          last = line
        }
        scanMap(bytes, {
          entry: (keyStart, _keyEnd, _valueStart, valueEnd, line) => check(keyStart, valueEnd, line),
          keyOnly: check,
          continued: check,
        })
        return total <= bytes.length
      }),
      { numRuns: 2000 },
    ),
  )
})

t.test('any map file results in a map or in errors', async (t) => {
  const line = fc.oneof(
    fc
      .tuple(
        fc.domain(),
        fc.constantFrom(' ', '\t', '  '),
        fc.constantFrom('maximusconfessor', 'nobody', ':', 'smtp:['),
      )
      .map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  )
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
        const { errors } = await findings(t, withFile, { 'domains.map': lines.join('\n') })
        return errors.every((error) => error.startsWith('domains.map:'))
      }),
      { numRuns: 60 },
    ),
  )
})

t.test('the table contains exactly what was added', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.domain(), { maxLength: 300 }),
        fc.domain(),
        fc.boolean(),
        (names, other, sized) => {
          const builder = sized
            ? new DomainTableBuilder(names.length, names.join('').length)
            : new DomainTableBuilder(0, 0)
          names.forEach((name, index) => {
            const bytes = new TextEncoder().encode(name)
            if (builder.add(bytes, 0, bytes.length, index, index + 7) !== undefined)
              throw new Error('not unique')
          })
          const table = builder.finish()
          const found = names.every(
            (name, index) => ruleOf(table, name) === index && entryOf(table, name)?.line === index + 7,
          )
          return (
            found &&
            (names.includes(other) || ruleOf(table, other) === -1) &&
            [...namesOf(table)].join() === names.join()
          )
        },
      ),
    ),
  )
  const builder = new DomainTableBuilder(1, 1)
  const name = new TextEncoder().encode('a.example')
  t.equal(builder.add(name, 0, name.length, 4_000_000_000, 1), undefined)
  t.strictSame(
    builder.add(name, 0, name.length, 2, 2),
    { rule: 4_000_000_000, line: 1 },
    'the first entry is kept',
  )
  t.equal(entryOf(builder.finish(), 'b.example'), undefined)
})

t.test('many names, and hosts whose names have the same hash, are distinguished', async (t) => {
  const names = Array.from({ length: 20_000 }, (_, index) => `n${index}.example`)
  const builder = new DomainTableBuilder(0, 0)
  names.forEach((name, index) => {
    builder.add(new TextEncoder().encode(name), 0, name.length, index, 1)
  })
  const table = builder.finish()
  t.ok(names.every((name, index) => ruleOf(table, name) === index))
  t.ok(names.every((_name, index) => ruleOf(table, `n${index + names.length}.example`) === -1))
  // Both have the hash 2112.
  const hosts = { Aa: { hostname: 'a.mx.example' }, BB: { hostname: 'b.mx.example' } }
  const resolver = await openResolver(
    t,
    { ...example, hosts, domains: {}, domainFiles: ['domains.map'] },
    { 'domains.map': 'a.example Aa\nb.example BB\nc.example Aa\nd.example BB\n' },
  )
  for (const [name, host] of [
    ['a', 'Aa'],
    ['b', 'BB'],
    ['c', 'Aa'],
    ['d', 'BB'],
  ] as const) {
    t.equal(resolver.find(domain(`${name}.example`))?.host.key, host)
  }
})

t.test('values are read as Postfix writes them', async (t) => {
  t.strictSame(readMapValue('mx1'), { host: 'mx1' })
  t.strictSame(readMapValue('smtp:[a.example]:25, b.example:26'), { nextHops: ['a.example', 'b.example'] })
  t.strictSame(readMapValue('local:'), { nextHops: [] })
  t.equal(parsePattern('*.EXAMPLE.org'), '.example.org')
  t.equal(parsePattern('.'), undefined)
  t.equal(parseDomain('*'), undefined)
})
