import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { type DnsRecord, dnsRecords } from '../../src/dns/records.ts'
import { zoneFormats } from '../../src/dns/zone.ts'
import { autoconfig } from '../../src/formats/autoconfig.ts'
import { pacc } from '../../src/formats/pacc.ts'
import type { AccountSettings, ServerSettings } from '../../src/model/settings.ts'
import { parseXml } from '../../src/rehearsal/readers/xml.ts'
import { run, runForBytes } from '../support/command.ts'
import {
  configFolder,
  domain,
  example,
  expectValue,
  load,
  openApp,
  openResolver,
  settingsFor,
} from '../support/example.ts'

const withName = { ...example, publicName: 'autoconfig.all2all.org' }
const paccUrl = '/.well-known/user-agent-configuration.json'

async function dns(t: Parameters<typeof configFolder>[0], config: object, ...args: string[]) {
  return run(['dns', ...args, '--config', configFolder(t, config)])
}

/** The records of a zone file, by name and type. */
function recordsOf(zone: string): { name: string; type: string; data: string }[] {
  return zone.split('\n').flatMap((line) => {
    const [, name = '', type = '', data = ''] = /^([^;\s]+) 3600 IN (\S+) (.*)$/.exec(line) ?? []
    return name === '' ? [] : [{ name, type, data }]
  })
}

t.test(
  'a domain gets its names, its servers, and the target . for services that are not offered',
  async (t) => {
    const { exitCode, stdout } = await dns(t, withName, 'example.org')
    t.equal(exitCode, 0)
    const { body } = await (await openApp(t, withName)).app.inject({
      url: paccUrl,
      headers: { host: 'ua-auto-config.example.org' },
    })
    const digest = createHash('sha256').update(body).digest('base64')
    const host = 'maximusconfessor.all2all.org.'
    t.strictSame(
      recordsOf(stdout).map(({ name, type, data }) => `${name} ${type} ${data}`),
      [
        'autoconfig.example.org. CNAME autoconfig.all2all.org.',
        'autodiscover.example.org. CNAME autoconfig.all2all.org.',
        '_autodiscover._tcp.example.org. SRV 0 0 443 autoconfig.all2all.org.',
        'ua-auto-config.example.org. CNAME autoconfig.all2all.org.',
        `_ua-auto-config.example.org. TXT "v=UAAC1; a=sha256; d=${digest}"`,
        `_imaps._tcp.example.org. SRV 0 1 993 ${host}`,
        '_imap._tcp.example.org. SRV 0 0 0 .',
        `_pop3s._tcp.example.org. SRV 10 1 995 ${host}`,
        '_pop3._tcp.example.org. SRV 0 0 0 .',
        `_submissions._tcp.example.org. SRV 0 1 465 ${host}`,
        `_smtps._tcp.example.org. SRV 0 1 465 ${host}`,
        '_submission._tcp.example.org. SRV 0 0 0 .',
      ],
    )
    t.match(stdout, /^; if example\.org has CAA records, .* example\.org\. CAA 0 issue "letsencrypt\.org"$/m)
  },
)

t.test('only services with STARTTLS have the target .: EmailEngine takes it for a server', async (t) => {
  const hosts = { maximusconfessor: { hostname: 'mail.example.org', servers: ['imap', 'submission'] } }
  const { stdout } = await dns(
    t,
    { ...withName, hosts, domains: { 'example.org': 'maximusconfessor' } },
    'example.org',
  )
  t.strictSame(
    recordsOf(stdout)
      .filter(({ name }) => /^_(imap|pop3|submission|smtp)/.test(name))
      .map(({ name, data }) => `${name} ${data}`),
    [
      '_imap._tcp.example.org. 0 1 143 mail.example.org.',
      '_pop3._tcp.example.org. 0 0 0 .',
      '_submission._tcp.example.org. 0 1 587 mail.example.org.',
    ],
  )
})

t.test('a remark says that SRV records contain no username, if it is not the address', async (t) => {
  const remarkOf = async (domain: object, more: object = {}) => {
    const domains = { 'example.org': { host: 'maximusconfessor', ...domain } }
    const { stdout } = await dns(t, { ...withName, domains, ...more }, 'example.org', '--format', 'table')
    return /^SRV records contain no username; .*$/m.exec(stdout)?.[0]
  }
  t.equal(await remarkOf({}), undefined)
  t.match(
    await remarkOf({ username: '%EMAILLOCALPART%' }),
    /the username here is the part before the @: aerc/,
  )
  const differs = /the usernames here can differ from the address: aerc and SnappyMail/
  t.match(await remarkOf({ username: 'info' }), differs)
  t.match(await remarkOf({}, { accounts: { map: { 'jane@example.org': 'user0001' } } }), differs)
})

t.test('a remark says that a digest of version 0.1 is out of date', async (t) => {
  const remark = /^; the PACC document names outgoing mail submit and smtp; a digest from version 0\.1 /m
  t.match((await dns(t, withName, 'example.org')).stdout, remark)
  const asBefore = { ...withName, pacc: { submissionKey: 'submit' } }
  t.notMatch((await dns(t, asBefore, 'example.org')).stdout, remark)
})

t.test('with --address, A and AAAA records replace the CNAME', async (t) => {
  const { stdout } = await dns(
    t,
    example,
    'example.org',
    '--address',
    '192.0.2.1',
    '--address',
    '2001:db8::1',
  )
  t.strictSame(
    recordsOf(stdout)
      .filter(({ type }) => type === 'A' || type === 'AAAA')
      .map(({ name, type, data }) => `${name} ${type} ${data}`),
    ['autoconfig', 'autodiscover', 'ua-auto-config'].flatMap((name) => [
      `${name}.example.org. A 192.0.2.1`,
      `${name}.example.org. AAAA 2001:db8::1`,
    ]),
  )
  t.match(stdout, '_autodiscover._tcp.example.org. 3600 IN SRV 0 0 443 autodiscover.example.org.')
  t.notMatch(stdout, 'CNAME')
})

t.test('a source does not change the records of a configured domain', async (t) => {
  const moves = [{ at: '2027-01-10T02:00:00+01:00', host: 'vonmuenchhausen' }]
  const config = { ...withName, domains: { 'example.org': { host: 'maximusconfessor', moves } } }
  const expected = await dns(t, config, 'example.org')
  const sources = [{ mx: { resolver: ['192.0.2.1'] } }]
  t.strictSame(await dns(t, { ...config, sources }, 'example.org'), expected)
})

t.test('the public name has no CNAME to itself', async (t) => {
  const config = { ...withName, domains: { 'all2all.org': 'maximusconfessor' } }
  const { stdout } = await dns(t, config, 'all2all.org')
  t.notMatch(stdout, /^autoconfig\.all2all\.org\./m)
  t.match(stdout, /^autodiscover\.all2all\.org\. 3600 IN CNAME autoconfig\.all2all\.org\.$/m)
})

t.test('every format prints why a domain has no PACC', async (t) => {
  const domains = { 'example.org': { host: 'maximusconfessor', username: '%EMAILLOCALPART%' } }
  for (const format of ['bind', 'table']) {
    const { stdout } = await dns(t, { ...withName, domains }, 'example.org', '--format', format)
    t.match(stdout, /no PACC: PACC clients log in with the address, but the username here is different/)
    t.notMatch(stdout, 'ua-auto-config')
  }
})

t.test('JSON and the table contain the same records as the zone', async (t) => {
  const json = JSON.parse((await dns(t, withName, 'example.org', '--format', 'json')).stdout)
  const zone = recordsOf((await dns(t, withName, 'example.org')).stdout)
  t.equal(json.domain, 'example.org')
  t.strictSame(
    json.records.map(({ name, type, data }: DnsRecord & { data: string }) => ({
      name: `${name}.`,
      type,
      data,
    })),
    zone,
  )
  const { stdout } = await dns(t, withName, 'Example.ORG', '--format', 'table')
  t.match(
    stdout,
    /^In the zone of example\.org:\n\nname +type +value\nautoconfig +CNAME +autoconfig\.all2all\.org\.\n/,
  )
})

t.test('with --next, both digests are published, and only one if the document stays the same', async (t) => {
  const next = { ...withName, provider: { ...example.provider, displayName: 'Another name' } }
  const digestOf = async (config: object) => {
    const resolver = await openResolver(t, config)
    const bytes = expectValue(pacc.render(await settingsFor(resolver, { domain: domain('example.org') })))
    return `"v=UAAC1; a=sha256; d=${createHash('sha256').update(bytes).digest('base64')}"`
  }
  const [now, then] = [await digestOf(withName), await digestOf(next)]
  const file = configFolder(t, withName, { 'next.yaml': stringify(next), 'same.yaml': stringify(withName) })
  const digestsOf = async (name: string) => {
    const { stdout } = await run([
      'dns',
      'example.org',
      '--config',
      file,
      '--next',
      file.replace('autoconfig', name),
    ])
    return recordsOf(stdout)
      .filter(({ type }) => type === 'TXT')
      .map(({ data }) => data)
  }
  t.strictSame(await digestsOf('same'), [now])
  t.strictSame(await digestsOf('next'), [now, then])
})

t.test('the digest of the document after a scheduled move is published before the move', async (t) => {
  const moves = [
    { at: '2027-01-10T02:00:00+01:00', host: 'vonmuenchhausen' },
    { at: '2027-01-20T02:00:00+01:00', host: 'maximusconfessor' },
    { at: '2027-01-30T02:00:00+01:00', host: 'withoutTls' },
  ]
  const hosts = {
    ...example.hosts,
    withoutTls: {
      hostname: 'third.all2all.org',
      servers: [
        { type: 'imap', port: 143, socketType: 'STARTTLS' },
        { type: 'smtp', port: 587, socketType: 'STARTTLS' },
      ],
    },
  }
  const domains = { '*.example.org': { host: 'maximusconfessor', moves } }
  const moving = { ...withName, hosts, domains }
  const renamed = { ...moving, provider: { ...example.provider, displayName: 'Another name' } }
  const digestAt = async (config: object, now: string) => {
    const { app } = await openApp(t, config, {}, () => new Date(now))
    const { body } = await app.inject({ url: paccUrl, headers: { host: 'ua-auto-config.a.example.org' } })
    return `"v=UAAC1; a=sha256; d=${createHash('sha256').update(body).digest('base64')}"`
  }
  const days = [
    '2027-01-01T00:00:00Z',
    '2027-01-11T00:00:00Z',
    '2027-01-21T00:00:00Z',
    '2027-01-31T00:00:00Z',
  ]
  const [today = '', then = '', third = '', late = ''] = days
  const [first, second] = [await digestAt(moving, today), await digestAt(moving, then)]
  const [renamedFirst, renamedSecond] = [await digestAt(renamed, today), await digestAt(renamed, then)]
  const file = configFolder(t, moving, { 'next.yaml': stringify(renamed) })
  const print = async (now: string, ...args: string[]) => {
    const command = ['dns', 'a.example.org', '--config', file, ...args]
    const stdout = (await runForBytes(command, () => new Date(now))).bytes.toString()
    const digests = recordsOf(stdout).filter(({ type }) => type === 'TXT')
    const remark = /^(?:; )?(the PACC digests?,? .*)$/m.exec(stdout)?.[1]
    return { digests: digests.map(({ data }) => data), remark, stdout }
  }
  const none = 'there is no document from 2027-01-30T01:00:00.000Z on; remove the records before then'
  const early = await print(today)
  t.strictSame(early.digests, [first, second])
  t.equal(
    early.remark,
    `the PACC digests, in this order, are for: (1) now and from 2027-01-20T01:00:00.000Z on, (2) from 2027-01-10T01:00:00.000Z on; remove each digest when it no longer applies; ${none}`,
  )
  t.equal((await print(today, '--format', 'table')).remark, early.remark, 'the table has the same remark')
  t.strictSame(
    (await print(then)).digests,
    [second, first],
    'the first digest is published for its second time',
  )
  const last = await print(third)
  t.strictSame(last.digests, [first])
  t.equal(last.remark, `the PACC digest is for: now; ${none}`)
  t.match((await print(late)).stdout, /^; no PACC: PACC supports only TLS on ports 993 or 995 and 465$/m)
  const changed = await print(today, '--next', file.replace('autoconfig', 'next'))
  t.strictSame(changed.digests, [first, second, renamedFirst, renamedSecond])
  t.match(
    changed.remark,
    / \(3\) after the change and from 2027-01-20T01:00:00\.000Z on, \(4\) from 2027-01-10T/,
  )
})

t.test(
  'while a move is pending, dns and render print two digests, with a TTL that ends at the move',
  async (t) => {
    const moves = [{ at: '2027-01-10T02:00:00+01:00', host: 'vonmuenchhausen' }]
    const file = configFolder(t, {
      ...withName,
      domains: { 'example.org': { host: 'maximusconfessor', moves } },
    })
    const print = async (now: string, ...command: string[]) =>
      (await runForBytes([...command, '--config', file], () => new Date(now))).bytes.toString()
    const digestsOf = (zone: string) =>
      zone.match(/^_ua-auto-config\.example\.org\. \d+ IN TXT "v=UAAC1; a=sha256; d=\S+"$/gm) ?? []
    const ttlsOf = (zone: string) => new Set([...zone.matchAll(/^[^;\s]+ (\d+) IN /gm)].map(([, ttl]) => ttl))
    for (const [now, count, ttl] of [
      ['2027-01-01T00:00:00Z', 2, '3600'],
      ['2027-01-10T00:47:13Z', 2, '767'],
      ['2027-01-10T01:00:00Z', 1, '3600'],
    ] as const) {
      const zone = await print(now, 'dns', 'example.org')
      t.equal(new Set(digestsOf(zone)).size, count, now)
      t.strictSame(ttlsOf(zone), new Set([ttl]), now)
      t.equal(await print(now, 'render', 'dns-zone', 'example.org'), zone, now)
      const json = JSON.parse(await print(now, 'dns', 'example.org', '--format', 'json'))
      const records: { type: string; ttl: number }[] = json.records
      t.equal(records.filter(({ type }) => type === 'TXT').length, count)
      t.ok(records.every((record) => record.ttl === Number(ttl)))
    }
  },
)

t.test('a remark says what to do with the digests', async (t) => {
  const without = { ...withName, domains: { 'example.org': { host: 'maximusconfessor', pacc: false } } }
  const elsewhere = { ...withName, domains: { 'example.com': 'maximusconfessor' } }
  const files = {
    'without.yaml': stringify(without),
    'elsewhere.yaml': stringify(elsewhere),
    'other.yaml': stringify({ ...withName, pacc: { submissionKey: 'smtp' } }),
  }
  const remark = async (now: object, next: string) => {
    const file = configFolder(t, now, files)
    const { stdout, stderr } = await run([
      'dns',
      'example.org',
      '--config',
      file,
      '--next',
      file.replace('autoconfig', next),
    ])
    return stdout.match(/(?<=^; )(?!the PACC document ).*PACC.*$/gm)?.at(-1) ?? stderr
  }
  t.match(await remark(withName, 'autoconfig'), /a change of its content needs a new one$/)
  t.equal(
    await remark(withName, 'other'),
    'the PACC digests, in this order, are for: (1) now, (2) after the change; remove each digest when it no longer applies',
  )
  t.equal(
    await remark(withName, 'without'),
    'the PACC digest is for: now; there is no document after the change; remove the records before then',
  )
  t.equal(
    await remark(without, 'other'),
    'the PACC digest is for: after the change; there is no document now',
  )
  t.match(await remark(without, 'without'), /^no PACC: the configuration has pacc: false$/)
  t.match(
    await remark(withName, 'elsewhere'),
    /^no host serves example\.org in .*elsewhere\.yaml; remove its records before that configuration is in use$/m,
  )
})

t.test('wrong arguments and unknown domains are errors', async (t) => {
  t.match(await dns(t, withName, 'elsewhere.example'), {
    exitCode: 1,
    stderr: /^no host serves elsewhere\.example; "mail-autoconfig explain elsewhere\.example" shows why$/m,
  })
  t.match(await dns(t, withName, 'jane@example.org'), { exitCode: 2, stderr: /is not a domain/ })
  t.match(await dns(t, example, 'example.org'), {
    exitCode: 1,
    stderr:
      /autoconfig\.yaml: publicName is missing: .* such as publicName: autoconfig\.all2all\.org; or use --address/,
  })
  t.match(await dns(t, withName, 'example.org', '--address', 'here'), {
    exitCode: 2,
    stderr: /^error: option '--address <ip>' must be an IP address\.\n/,
  })
  t.match(await dns(t, withName, 'example.org', '--format', 'xml'), {
    exitCode: 2,
    stderr: /bind, json, table/,
  })
})

t.test('services other than mail have records, too', async (t) => {
  const hosts = {
    maximusconfessor: {
      ...example.hosts.maximusconfessor,
      services: {
        jmap: 'https://jmap.example.org:8443/session',
        caldav: 'https://dav.example.org/cal/',
        carddav: 'https://dav.example.org/card/',
        managesieve: { hostname: 'sieve.example.org', socketType: 'SSL', port: 4191 },
      },
    },
  }
  const domains = { 'example.org': 'maximusconfessor' }
  const { stdout } = await dns(t, { ...withName, hosts, domains }, 'example.org')
  t.match(
    stdout,
    [
      '; services other than mail',
      '_jmap._tcp.example.org. 3600 IN SRV 0 1 8443 jmap.example.org.',
      '_caldavs._tcp.example.org. 3600 IN SRV 0 1 443 dav.example.org.',
      '_caldavs._tcp.example.org. 3600 IN TXT "path=/cal/"',
      '_caldav._tcp.example.org. 3600 IN SRV 0 0 0 .',
      '_carddavs._tcp.example.org. 3600 IN SRV 0 1 443 dav.example.org.',
      '_carddavs._tcp.example.org. 3600 IN TXT "path=/card/"',
      '_carddav._tcp.example.org. 3600 IN SRV 0 0 0 .',
      '_sieve._tcp.example.org. 3600 IN SRV 0 1 4191 sieve.example.org.',
    ].join('\n'),
  )
})

t.test('a long text is split into strings that a zone can contain', async (t) => {
  const hosts = {
    maximusconfessor: {
      ...example.hosts.maximusconfessor,
      services: { caldav: `https://dav.example.org/${'a'.repeat(300)}"` },
    },
  }
  const domains = { 'example.org': 'maximusconfessor' }
  const { stdout } = await dns(t, { ...withName, hosts, domains }, 'example.org')
  t.match(stdout, `TXT "path=/${'a'.repeat(249)}" "${'a'.repeat(51)}%22"`)
})

t.test('SRV, XML and PACC always agree', async (t) => {
  const { hosts } = await load(t, example)
  const clientConfig = hosts.get('maximusconfessor')
  if (!clientConfig) throw new Error('no provider')
  const servers: fc.Arbitrary<ServerSettings[]> = fc.array(
    fc.record({
      type: fc.constantFrom('imap', 'pop3', 'smtp'),
      hostname: fc.constantFrom(domain('one.example.org'), domain('two.example.org')),
      port: fc.constantFrom(993, 995, 465, 143, 110, 587, 1993),
      socketType: fc.constantFrom('SSL', 'STARTTLS', 'plain'),
      authentication: fc.constantFrom(['password-cleartext'], ['OAuth2', 'password-cleartext'], ['GSSAPI']),
      username: fc.constant('%EMAILADDRESS%'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(servers, fc.constantFrom('safe', 'all'), (list, shape) => {
        const settings: AccountSettings = {
          domain: domain('example.org'),
          clientConfig: { ...clientConfig, servers: list, host: { ...clientConfig.host, shape } },
        }
        const xml = new Set(serversOf(expectValue(autoconfig.render(settings))))
        const srv = new Set(srvServers(dnsRecords(settings).flatMap(({ records }) => records)))
        if ([...xml].some((one) => !srv.has(one)) || xml.size !== srv.size) return false
        const document = pacc.render(settings)
        if (!document.ok) return true
        const { imap, pop3, submit, smtp } = JSON.parse(document.value).protocols
        if (smtp.host !== submit.host) return false
        return Object.entries({ imap: [imap, 993], pop3: [pop3, 995], smtp: [submit, 465] }).every(
          ([type, [entry, port]]) => entry === undefined || xml.has(`${type} ${entry.host}:${port} SSL`),
        )
      }),
      { numRuns: 500 },
    ),
  )
})

/** `imap one.example.org:993 SSL` for each server of an autoconfig document. */
function serversOf(xml: string): string[] {
  const [emailProvider] = parseXml(new TextEncoder().encode(xml)).root.children
  const servers = emailProvider?.children.filter(({ name }) => /^(incoming|outgoing)Server$/.test(name)) ?? []
  return servers.map((server) => {
    const text = (name: string) => server.children.find((child) => child.name === name)?.parts[0]?.text
    const tls = text('socketType') === 'SSL' ? 'SSL' : 'other'
    return `${server.attributes['type']} ${text('hostname')}:${text('port')} ${tls}`
  })
}

const srvTypes: Readonly<Record<string, string>> = {
  _imaps: 'imap',
  _imap: 'imap',
  _pop3s: 'pop3',
  _pop3: 'pop3',
  _submissions: 'smtp',
  _smtps: 'smtp',
  _submission: 'smtp',
}

function srvServers(records: readonly DnsRecord[]): string[] {
  return records.flatMap((record) => {
    const service = record.name.split('.')[0] as string
    const type = srvTypes[service]
    if (record.type !== 'SRV' || type === undefined || record.target === '.') return []
    return [`${type} ${record.target}:${record.port} ${service.endsWith('s') ? 'SSL' : 'other'}`]
  })
}

t.test('a backslash and a quote in a text record are escaped, as zone files require', (t) => {
  const text = `a\\b"c${'\\'.repeat(255)}`
  const records = [{ name: 'example.org', type: 'TXT', text }] as const
  const name = domain('example.org')
  const [, line] = zoneFormats.bind([{ remark: '', records }], name, 60).split('\n')
  t.equal(line, `example.org. 60 IN TXT "a\\\\b\\"c${'\\\\'.repeat(250)}" "${'\\\\'.repeat(5)}"`)
  const json = JSON.parse(zoneFormats.json([{ remark: '', records }], name, 60))
  t.equal(`example.org. 60 IN TXT ${json.records[0].data}`, line)
  t.end()
})
