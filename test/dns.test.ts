import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { type DnsRecord, dnsRecords } from '../src/dns/records.ts'
import { autoconfig } from '../src/formats/autoconfig.ts'
import { pacc } from '../src/formats/pacc.ts'
import type { AccountSettings, ServerSettings } from '../src/model/settings.ts'
import { parseXml } from './readers/xml.ts'
import { run, runForBytes } from './support/command.ts'
import {
  configFolder,
  domain,
  example,
  expectValue,
  load,
  openApp,
  openResolver,
  settingsFor,
} from './support/example.ts'

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

t.test('a domain gets its names, its servers, and a point for what is not offered', async (t) => {
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
      '_submission._tcp.example.org. SRV 0 0 0 .',
    ],
  )
  t.match(stdout, /^; if example\.org has CAA records, .* example\.org\. CAA 0 issue "letsencrypt\.org"$/m)
})

t.test('addresses take the place of the CNAME', async (t) => {
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

t.test('our own name is no alias of itself', async (t) => {
  const config = { ...withName, domains: { 'all2all.org': 'maximusconfessor' } }
  const { stdout } = await dns(t, config, 'all2all.org')
  t.notMatch(stdout, /^autoconfig\.all2all\.org\./m)
  t.match(stdout, /^autodiscover\.all2all\.org\. 3600 IN CNAME autoconfig\.all2all\.org\.$/m)
})

t.test('a domain without PACC is told why, in every format', async (t) => {
  const domains = { 'example.org': { host: 'maximusconfessor', username: '%EMAILLOCALPART%' } }
  for (const format of ['bind', 'table']) {
    const { stdout } = await dns(t, { ...withName, domains }, 'example.org', '--format', format)
    t.match(stdout, /no PACC: clients of PACC log in with the address/)
    t.notMatch(stdout, 'ua-auto-config')
  }
})

t.test('JSON is for programs, the table for people', async (t) => {
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

t.test('during a change both digests are published, and one where nothing changes', async (t) => {
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

t.test('the digest of the document after a move that is named is published before it', async (t) => {
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
  const tell = async (now: string, ...args: string[]) => {
    const command = ['dns', 'a.example.org', '--config', file, ...args]
    const stdout = (await runForBytes(command, () => new Date(now))).bytes.toString()
    const digests = recordsOf(stdout).filter(({ type }) => type === 'TXT')
    const remark = /^(?:; )?(the digests? of PACC.*)$/m.exec(stdout)?.[1]
    return { digests: digests.map(({ data }) => data), remark, stdout }
  }
  const none = 'no document from 2027-01-30T01:00:00.000Z on: take the records away before'
  const early = await tell(today)
  t.strictSame(early.digests, [first, second])
  t.equal(
    early.remark,
    `the digests of PACC, in this order: (1) now and from 2027-01-20T01:00:00.000Z on, (2) from 2027-01-10T01:00:00.000Z on; take away what is over; ${none}`,
  )
  t.equal((await tell(today, '--format', 'table')).remark, early.remark, 'to people who type it, too')
  t.strictSame((await tell(then)).digests, [second, first], 'what is over is no longer there')
  const last = await tell(third)
  t.strictSame(last.digests, [first])
  t.equal(last.remark, `the digest of PACC: now; ${none}`)
  t.match((await tell(late)).stdout, /^; no PACC: PACC knows TLS on 993/m)
  const changed = await tell(today, '--next', file.replace('autoconfig', 'next'))
  t.strictSame(changed.digests, [first, second, renamedFirst, renamedSecond])
  t.match(
    changed.remark,
    / \(3\) after the change and from 2027-01-20T01:00:00\.000Z on, \(4\) from 2027-01-10T/,
  )
})

t.test('what is to be done with the digests is told', async (t) => {
  const without = { ...withName, domains: { 'example.org': { host: 'maximusconfessor', pacc: false } } }
  const elsewhere = { ...withName, domains: { 'example.com': 'maximusconfessor' } }
  const files = {
    'without.yaml': stringify(without),
    'elsewhere.yaml': stringify(elsewhere),
    'other.yaml': stringify({ ...withName, pacc: { submissionKey: 'both' } }),
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
    return stdout.match(/(?<=^; ).*PACC.*$/gm)?.at(-1) ?? stderr
  }
  t.match(await remark(withName, 'autoconfig'), /a change of its content needs a new one$/)
  t.equal(
    await remark(withName, 'other'),
    'the digests of PACC, in this order: (1) now, (2) after the change; take away what is over',
  )
  t.equal(
    await remark(withName, 'without'),
    'the digest of PACC: now; no document after the change: take the records away before',
  )
  t.equal(await remark(without, 'other'), 'the digest of PACC: after the change; no document now')
  t.match(await remark(without, 'without'), /^no PACC: the configuration says pacc: false$/)
  t.match(
    await remark(withName, 'elsewhere'),
    /^nobody serves example\.org by .*elsewhere\.yaml: take its records away/,
  )
})

t.test('who asks for what is not there is told so', async (t) => {
  t.match(await dns(t, withName, 'elsewhere.example'), {
    exitCode: 1,
    stderr: /^nobody serves elsewhere\.example/,
  })
  t.match(await dns(t, withName, 'jane@example.org'), { exitCode: 2, stderr: /is not a domain/ })
  t.match(await dns(t, example, 'example.org'), {
    exitCode: 1,
    stderr:
      /autoconfig\.yaml: publicName is missing: .* such as publicName: autoconfig\.all2all\.org; or give --address/,
  })
  t.match(await dns(t, withName, 'example.org', '--address', 'here'), {
    exitCode: 2,
    stderr: /"here" is not an IP address/,
  })
  t.match(await dns(t, withName, 'example.org', '--format', 'xml'), {
    exitCode: 2,
    stderr: /bind, json, table/,
  })
})

t.test('services beside mail have records too', async (t) => {
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

t.test('a long text is cut into strings that a zone can hold', async (t) => {
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
        const { imap, pop3, submit } = JSON.parse(document.value).protocols
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
