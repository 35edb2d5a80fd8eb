import t from 'tap'
import { Backends } from '../../src/backends/backends.ts'
import { lookupOf } from '../../src/model/lookup.ts'
import { domainOfServiceName } from '../../src/model/service-names.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { domain, example, load, openApp, textOf } from '../support/example.ts'

const hosts = { ...example.hosts }
const withOwn = { ...example, domains: { ...example.domains, 'all2all.org': 'vonmuenchhausen' } }
const withDefault = { ...example, provider: { ...example.provider, defaultHost: 'maximusconfessor' } }

/** The requested host, the query, then the domain and the mail host in the answer. */
type Case = [
  host: string,
  query: string,
  domain: string | undefined,
  mailHost: keyof typeof hosts | undefined,
]

function table(name: string, config: unknown, cases: readonly Case[]) {
  t.test(name, async (t) => {
    const { app } = await openApp(t, config)
    for (const [host, query, domain, mailHost] of cases) {
      const { statusCode, body } = await app.inject({
        url: `/mail/config-v1.1.xml${query}`,
        headers: { host },
      })
      const title = `${host} ${query} -> ${domain ?? 'nobody'}`
      t.equal(statusCode, domain ? 200 : 404, title)
      t.equal(textOf(body, 'domain'), domain, title)
      t.equal(textOf(body, 'hostname'), mailHost && hosts[mailHost].hostname, title)
      if (domain) t.equal(body.split('<domain>').length, 2, 'exactly one domain')
    }
  })
}

table('the domain of the address has precedence over the requested host', example, [
  ['autoconfig.example.org', '?emailaddress=jane@example.org', 'example.org', 'maximusconfessor'],
  ['autoconfig.example.org', '?emailaddress=jane@example.net', 'example.net', 'vonmuenchhausen'],
  ['localhost:8080', '?emailaddress=jane@example.net', 'example.net', 'vonmuenchhausen'],
  ['192.0.2.1', '?emailaddress=jane@example.net', 'example.net', 'vonmuenchhausen'],
  ['[2001:db8::1]:8080', '?emailaddress=jane@example.net', 'example.net', 'vonmuenchhausen'],
  ['autoconfig.all2all.org', '?emailaddress=jane@example.org', 'example.org', 'maximusconfessor'],
  [
    'autoconfig.maximusconfessor.all2all.org',
    '?emailaddress=jane@example.net',
    'example.net',
    'vonmuenchhausen',
  ],
])

table('without an address of a served domain, the answer is for the domain of the requested host', example, [
  ['autoconfig.example.org', '', 'example.org', 'maximusconfessor'],
  ['example.org', '', 'example.org', 'maximusconfessor'],
  ['www.example.org', '', 'example.org', 'maximusconfessor'],
  ['autodiscover.example.org', '', 'example.org', 'maximusconfessor'],
  ['AutoConfig.EXAMPLE.Org.:8080', '', 'example.org', 'maximusconfessor'],
  ['autoconfig.example.org', '?emailaddress=jane@elsewhere.example', 'example.org', 'maximusconfessor'],
  ['autoconfig.example.org', '?emailaddress=', 'example.org', 'maximusconfessor'],
  ['autoconfig.autoconfig.example.org', '', undefined, undefined],
  ['sub.example.org', '', undefined, undefined],
  ['autoconfig.elsewhere.example', '', undefined, undefined],
  ['localhost', '', undefined, undefined],
  ['192.0.2.1', '', undefined, undefined],
  ['a_b.example.org', '', undefined, undefined],
])

table('the own name of a mail host answers for every domain', example, [
  [
    'autoconfig.maximusconfessor.all2all.org',
    '?emailaddress=jane@elsewhere.example',
    'elsewhere.example',
    'maximusconfessor',
  ],
  [
    'autoconfig.vonmuenchhausen.all2all.org',
    '?emailaddress=jane@elsewhere.example',
    'elsewhere.example',
    'vonmuenchhausen',
  ],
  ['autoconfig.maximusconfessor.all2all.org', '', 'maximusconfessor.all2all.org', 'maximusconfessor'],
  ['maximusconfessor.all2all.org', '?emailaddress=jane', 'maximusconfessor.all2all.org', 'maximusconfessor'],
])

table('the provider’s own domain answers only for mapped domains', example, [
  ['autoconfig.all2all.org', '?emailaddress=jane@example.net', 'example.net', 'vonmuenchhausen'],
  ['autoconfig.all2all.org', '?emailaddress=jane@elsewhere.example', undefined, undefined],
  ['autoconfig.all2all.org', '', undefined, undefined],
])

table('the provider’s own domain answers for itself if it is mapped, but not for unknown domains', withOwn, [
  ['autoconfig.all2all.org', '', 'all2all.org', 'vonmuenchhausen'],
  ['autoconfig.all2all.org', '?emailaddress=jane@all2all.org', 'all2all.org', 'vonmuenchhausen'],
  ['autoconfig.all2all.org', '?emailaddress=jane@elsewhere.example', undefined, undefined],
])

table(
  'with a default host, the provider’s own domain answers for unknown domains with that host',
  withDefault,
  [
    [
      'autoconfig.all2all.org',
      '?emailaddress=jane@elsewhere.example',
      'elsewhere.example',
      'maximusconfessor',
    ],
    ['autoconfig.all2all.org', '', 'all2all.org', 'maximusconfessor'],
    ['autoconfig.all2all.org', '?emailaddress=jane@example.net', 'example.net', 'vonmuenchhausen'],
    ['autoconfig.elsewhere.example', '?emailaddress=jane@elsewhere.example', undefined, undefined],
  ],
)

table(
  'domains that match a wildcard are served like any other',
  { ...example, domains: { '*.example.org': 'maximusconfessor' } },
  [
    ['autoconfig.sub.example.org', '', 'sub.example.org', 'maximusconfessor'],
    ['autoconfig.example.org', '?emailaddress=jane@a.b.example.org', 'a.b.example.org', 'maximusconfessor'],
    ['autoconfig.example.org', '', undefined, undefined],
  ],
)

t.test('the name of a service leads to its domain', (t) => {
  for (const name of ['autoconfig', 'autodiscover', 'ua-auto-config'])
    t.equal(domainOfServiceName(domain(`${name}.example.org`)), 'example.org')
  for (const name of ['example.org', 'www.example.org', 'autoconfigs.example.org'])
    t.equal(domainOfServiceName(domain(name)), undefined)
  t.end()
})

t.test('a resolver lists its domains and wildcards, and knows its own names', async (t) => {
  const hosts = { ...example.hosts, twin: { hostname: 'maximusconfessor.all2all.org' } }
  const domains = { ...example.domains, '*.example.org': 'twin' }
  const files = { 'gone.map': 'gone.example error:\nsub.example.org error:\n' }
  const config = await load(t, { ...example, hosts, domains, domainFiles: ['gone.map'] }, files)
  const resolver = new Resolver(config)
  const entries = [...resolver.entries()].map(([pattern, { host }]) => [pattern, host.key])
  t.strictSame(entries.sort(), [
    ['.example.org', 'twin'],
    ['example.net', 'vonmuenchhausen'],
    ['example.org', 'maximusconfessor'],
  ])
  t.strictSame(
    [...resolver.patterns()].sort(),
    entries.map(([pattern]) => pattern),
  )
  t.equal(resolver.size, 3)
  const hostKeys = [...resolver.clientConfigs()].map(({ host }) => host.key)
  t.strictSame(hostKeys.sort(), ['maximusconfessor', 'twin', 'vonmuenchhausen'])
  const shown = (name: string) => {
    const found = resolver.ruleFor(domain(name))
    const refusal = resolver.refusalOf(domain(name))
    return [resolver.find(domain(name))?.host.key, found?.pattern, found?.rule.line, refusal?.line]
  }
  t.strictSame(shown('a.example.org'), ['twin', '.example.org', 15, undefined])
  t.strictSame(shown('example.org'), ['maximusconfessor', 'example.org', 13, undefined])
  t.strictSame(shown('sub.example.org'), [undefined, undefined, undefined, 2])
  t.strictSame(shown('elsewhere.example'), [undefined, undefined, undefined, undefined])
  const own = ['all2all.org', 'maximusconfessor.all2all.org', 'vonmuenchhausen.all2all.org', 'example.org']
  t.strictSame(
    own.map((name) => resolver.isOwnName(domain(name))),
    [true, true, true, false],
  )
  const byHost = await resolver.resolve(lookupOf({ requestHost: domain('maximusconfessor.all2all.org') }))
  t.match(byHost, { clientConfig: { host: { key: 'maximusconfessor' } } }, 'the first of two with that name')
  const parts = ({ backends, ispdb, links }: Resolver) => [backends, ispdb, links].map(Boolean)
  t.strictSame(parts(new Resolver(config, { backends: new Backends([]) })), [false, false, false])
  const keys = [{ kid: 'a', secretFile: 'link.key' }]
  const more = { links: { url: 'https://setup.example/', keys }, ispdb: [{ folder: 'db' }] }
  const document =
    '<clientConfig version="1.1"><emailProvider id="isp.example"><domain>isp.example</domain></emailProvider></clientConfig>'
  const nested = { 'link.key': 'x'.repeat(32), db: { 'a.xml': document } } as unknown as typeof files
  t.strictSame(parts(new Resolver(await load(t, { ...example, ...more }, nested))), [false, true, true])
})

t.test('a lookup of known values returns them', (t) => {
  const address = { localPart: 'jane', domain: domain('example.org') }
  const emailMd5 = '0123456789abcdef0123456789abcdef'
  const lookup = lookupOf({ address, realName: 'Jane', emailMd5, requestHost: domain('example.net') })
  t.equal(lookup.domain, 'example.org')
  t.equal(lookup.requestHost(), 'example.net')
  t.equal(lookup.emailMd5(), emailMd5)
  t.strictSame(lookup.person(), { address, realName: 'Jane' })
  t.equal(lookup.link, undefined)
  t.equal(lookupOf({ address, domain: domain('example.com') }).domain, 'example.com')
  t.end()
})

t.test('a domain in the path is answered as by an ISPDB', async (t) => {
  const { app } = await openApp(t, withDefault)
  const asked = {
    'example.org': 'example.org',
    'EXAMPLE.ORG.': 'example.org',
    'jane@example.org': 'example.org',
    'jane%40example.org': 'example.org',
    'maximusconfessor.all2all.org': 'maximusconfessor.all2all.org',
    'all2all.org': 'all2all.org',
    'elsewhere.example': undefined,
    'autoconfig.example.org': undefined,
    a_b: undefined,
  }
  for (const [name, domain] of Object.entries(asked)) {
    for (const path of ['/v1.1/', '/autoconfig/v1.1/']) {
      const { statusCode, body } = await app.inject({ url: `${path}${name}` })
      t.equal(statusCode, domain ? 200 : 404, `${path}${name}`)
      t.equal(textOf(body, 'domain'), domain)
    }
  }
})

t.test('an internationalised domain is found in every spelling, and answered in A-labels', async (t) => {
  const { app } = await openApp(t, { ...example, domains: { 'Bücher.example': 'maximusconfessor' } })
  const utf8 = Buffer.from('bücher.example').toString('latin1')
  const percent = encodeURIComponent('bücher.example')
  const requests = [
    { url: '/mail/config-v1.1.xml', headers: { host: 'autoconfig.xn--bcher-kva.example' } },
    { url: '/mail/config-v1.1.xml', headers: { host: `autoconfig.${utf8}` } },
    { url: '/mail/config-v1.1.xml', headers: { host: `autoconfig.${percent}` } },
    { url: `/mail/config-v1.1.xml?emailaddress=jane@${percent}` },
    { url: '/mail/config-v1.1.xml?emailaddress=jane%40XN--BCHER-KVA.example' },
    { url: `/v1.1/${percent}` },
  ]
  for (const request of requests) {
    const { body } = await app.inject(request)
    t.equal(textOf(body, 'domain'), 'xn--bcher-kva.example', request.url)
  }
})

t.test('X-Forwarded-Host is read only from trusted proxies', async (t) => {
  const headers = { host: 'inner.example', 'x-forwarded-host': 'autoconfig.example.org' }
  const url = '/mail/config-v1.1.xml'
  const trusting = (trustedProxies: string[]) => openApp(t, { ...example, trustedProxies })
  for (const [networks, remoteAddress, status] of [
    [[], '127.0.0.1', 404],
    [['127.0.0.1'], '127.0.0.1', 200],
    [['127.0.0.1'], '::ffff:127.0.0.1', 200],
    [['127.0.0.1'], '192.0.2.1', 404],
    [['192.0.2.0/24', '2001:db8::/32'], '192.0.2.77', 200],
    [['192.0.2.0/24', '2001:db8::/32'], '2001:db8::5', 200],
    [['192.0.2.0/24', '::1'], '::1', 200],
    [['192.0.2.0/24', '::1'], '::2', 404],
  ] as const) {
    const { app } = await trusting([...networks])
    const { statusCode } = await app.inject({ url, headers, remoteAddress })
    t.equal(statusCode, status, `${networks} ${remoteAddress}`)
    t.equal((await app.inject({ url, headers, remoteAddress })).statusCode, status, 'the second time')
  }
  const { app } = await trusting(['127.0.0.1'])
  const forged = { ...headers, 'x-forwarded-host': 'autoconfig.example.org, autoconfig.example.net' }
  const { body } = await app.inject({ url, headers: forged })
  t.equal(textOf(body, 'domain'), 'example.net', 'of several names, the one that the trusted proxy added')
})
