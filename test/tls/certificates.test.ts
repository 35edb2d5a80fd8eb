import { EventEmitter } from 'node:events'
import t, { type Test } from 'tap'
import { inOrder } from '../../src/checks/in-order.ts'
import { certificates } from '../../src/cli/certificates.ts'
import { io, run } from '../support/command.ts'
import { configFolder, example } from '../support/example.ts'
import { nameServer, type Zone } from '../support/zone-server.ts'

const config = { ...example, publicName: 'autoconfig.all2all.org' }
const map = (...domains: string[]) =>
  Object.fromEntries(domains.map((domain) => [domain, 'maximusconfessor']))

/** The lines that the command prints for a configuration. */
async function print(t: Test, change: object = {}, ...args: string[]) {
  const file = configFolder(t, { ...config, ...change })
  const { exitCode, stdout, stderr } = await run(['certificates', ...args, '-c', file])
  return { exitCode, lines: stdout.split('\n').slice(0, -1), stdout, stderr }
}

const ours = [
  'autoconfig.all2all.org',
  'autoconfig.maximusconfessor.all2all.org',
  'autoconfig.vonmuenchhausen.all2all.org',
]

t.test('the public name, the names that the MX leads to, and one certificate for each domain', async (t) => {
  const { exitCode, lines, stderr } = await print(t)
  t.equal(exitCode, 0)
  t.equal(stderr, '')
  t.strictSame(lines, [
    ...ours,
    'autoconfig.example.org autodiscover.example.org ua-auto-config.example.org',
    'autoconfig.example.net autodiscover.example.net ua-auto-config.example.net',
  ])
})

t.test('without a public name, the provider has a name all the same', async (t) => {
  const { lines } = await print(t, { publicName: undefined })
  t.strictSame(lines.slice(0, 1), ours.slice(0, 1))
})

t.test('a public name that is not one of a domain has a certificate of its own', async (t) => {
  t.strictSame((await print(t, { publicName: 'setup.all2all.org' })).lines.slice(0, 2), [
    'setup.all2all.org',
    ours[0],
  ])
  t.strictSame(
    (await print(t, { publicName: 'autodiscover.example.com' })).lines[0],
    'autodiscover.example.com',
  )
})

t.test(
  'the public name comes first also if its domain is mapped, and no name is printed twice',
  async (t) => {
    const { lines } = await print(t, { domains: map('example.org', 'all2all.org') })
    t.strictSame(lines, [
      'autoconfig.all2all.org autodiscover.all2all.org ua-auto-config.all2all.org',
      ...ours.slice(1),
      'autoconfig.example.org autodiscover.example.org ua-auto-config.example.org',
    ])
  },
)

t.test('the name for PACC only where PACC can express the settings', async (t) => {
  const domains = { 'example.org': { host: 'maximusconfessor', username: '%EMAILLOCALPART%' } }
  t.equal((await print(t, { domains })).lines.at(-1), 'autoconfig.example.org autodiscover.example.org')
})

t.test('a domain that a map refuses is not printed', async (t) => {
  const file = configFolder(
    t,
    { ...config, domains: {}, domainFiles: ['transport'] },
    { transport: 'example.org maximusconfessor\nexample.net error:gone\n' },
  )
  const { stdout } = await run(['certificates', '--format', 'plain', '-c', file])
  t.match(stdout, 'autoconfig.example.org')
  t.notMatch(stdout, 'example.net')
})

t.test('wildcards are omitted, and why', async (t) => {
  const { exitCode, lines, stderr } = await print(t, { domains: map('example.org', '*.example.org', '*') })
  t.equal(exitCode, 0)
  t.equal(lines.length, ours.length + 1)
  t.match(stderr, /^omitted: \*\.example\.org: the names of its subdomains are not known/m)
  t.match(stderr, /^omitted: \*: no list of names can cover every domain/m)
})

t.test('names that no authority accepts are omitted, and a few of them are shown', async (t) => {
  const label = 'a'.repeat(60)
  const long = `${label}.${label}.${label}.${'b'.repeat(60)}.com`
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name}.test`)
  const domains = map(
    ...many,
    'mail.home.arpa',
    'hosts.internal',
    'intranet',
    'example.org',
    `${label}.com`,
    long,
  )
  const { lines, stderr } = await print(t, { domains })
  t.equal(lines.length, ours.length + 1)
  t.match(
    stderr,
    'omitted: a.test, b.test, c.test, d.test, e.test and 2 more: no public authority issues certificates for .test\n',
  )
  t.match(stderr, 'omitted: mail.home.arpa: no public authority issues certificates for .home.arpa\n')
  t.match(stderr, 'omitted: hosts.internal: no public')
  t.match(stderr, 'omitted: intranet: a domain without a dot')
  t.match(
    stderr,
    `omitted: autoconfig.${label}.com: the first name of a certificate, its common name, has at most 64 characters\n`,
  )
  t.match(
    stderr,
    `autoconfig.${long}, autodiscover.${long}, ua-auto-config.${long}: a name has at most 253 characters\n`,
  )
})

t.test('a name of 253 characters can be in a certificate of names that are long', async (t) => {
  const { stderr } = await print(t, { publicName: `${'a'.repeat(62)}.com`, domains: {} })
  t.match(stderr, `omitted: ${'a'.repeat(62)}.com: the first name`)
})

t.test('formats', async (t) => {
  const domains = { 'example.org': { host: 'maximusconfessor', username: '%EMAILLOCALPART%' } }
  t.equal(
    (await print(t, { domains }, '--format', 'lego')).lines.at(-1),
    '-d autoconfig.example.org -d autodiscover.example.org',
  )
  t.strictSame((await print(t, { domains }, '--format', 'plain')).lines, [
    ...ours,
    'autoconfig.example.org',
    'autodiscover.example.org',
  ])
  const { stdout } = await print(t, { domains }, '--format', 'json')
  const list = JSON.parse(stdout)
  t.equal(list.length, 4)
  t.strictSame(list[3], {
    name: 'autoconfig.example.org',
    names: ['autoconfig.example.org', 'autodiscover.example.org'],
  })
})

t.test('a configuration without any name has exit code 1, and valid JSON', async (t) => {
  const change = {
    provider: { ...example.provider, id: 'all2all.test' },
    hosts: { maximusconfessor: { hostname: 'mx.all2all.test' } },
    ...{ publicName: undefined, domains: {} },
  }
  const { exitCode, stdout, stderr } = await print(t, change, '--format', 'json')
  t.equal(exitCode, 1)
  t.strictSame(JSON.parse(stdout), [])
  t.match(stderr, /omitted: .*\nno certificate: no domain is listed\n$/)
})

t.test('domains of a source cannot be listed', async (t) => {
  const { exitCode, stderr } = await print(t, { sources: [{ mx: {} }] })
  t.equal(exitCode, 0)
  t.match(stderr, 'domains that only a source knows are not listed')
})

const zone: Zone = {
  'A autoconfig.all2all.org': ['192.0.2.1'],
  'AAAA autoconfig.all2all.org': ['2001:db8::1'],
  'CNAME autoconfig.example.org': ['autoconfig.all2all.org'],
  'CNAME autodiscover.example.org': ['autoconfig.all2all.org'],
  'A autoconfig.example.net': ['192.0.2.1'],
  'A autodiscover.example.net': ['192.0.2.7'],
}

async function resolving(t: Test, records: Zone, ...args: string[]) {
  const server = await nameServer(t, { ...zone, ...records })
  return print(t, {}, '--resolving', '--resolver', server.address, ...args)
}

t.test('--resolving prints only names whose records lead here', async (t) => {
  const { exitCode, lines, stderr } = await resolving(t, {})
  t.equal(exitCode, 0)
  t.equal(stderr, '')
  t.strictSame(lines, [
    'autoconfig.all2all.org',
    'autoconfig.example.org autodiscover.example.org',
    'autoconfig.example.net',
  ])
})

t.test('a certificate keeps its name if the first of its names is missing', async (t) => {
  const { lines } = await resolving(t, {
    'A ua-auto-config.example.net': ['192.0.2.1'],
    'A autoconfig.example.net': [],
  })
  t.equal(lines.at(-1), 'ua-auto-config.example.net > autoconfig.example.net')
})

t.test('one address that is not ours is enough to omit a name', async (t) => {
  const { lines } = await resolving(t, { 'AAAA autoconfig.example.net': ['2001:db8::2'] })
  t.equal(lines.at(-1), 'autoconfig.example.org autodiscover.example.org')
})

t.test('an alias of the public name leads here, whatever its addresses are at the moment', async (t) => {
  const { lines } = await resolving(t, {
    'CNAME autoconfig.example.org': ['autoconfig.all2all.org'],
    'A autoconfig.example.org': ['198.51.100.9'],
  })
  t.match(lines, ['autoconfig.all2all.org', 'autoconfig.example.org autodiscover.example.org'])
})

t.test('--address is compared in place of the public name, in any spelling', async (t) => {
  const server = await nameServer(t, {
    'AAAA autoconfig.example.org': ['2001:db8::5'],
    'CNAME autoconfig.example.net': ['autoconfig.all2all.org'],
    'A autoconfig.all2all.org': ['192.0.2.1'],
  })
  const args = ['--address', '2001:DB8:0::0005', '--address', '192.0.2.5', '--resolver', server.address]
  for (const publicName of [config.publicName, undefined]) {
    const { exitCode, lines } = await print(t, { publicName }, ...args)
    t.equal(exitCode, 0)
    t.strictSame(lines, ['autoconfig.example.org'])
  }
})

t.test('a name that the DNS does not answer keeps its certificate out of this run', async (t) => {
  const { exitCode, lines, stderr } = await resolving(t, {
    'A autodiscover.example.org': 'SERVFAIL',
    'CNAME autodiscover.example.org': 'SERVFAIL',
  })
  t.equal(exitCode, 0)
  t.strictSame(lines, ['autoconfig.all2all.org', 'autoconfig.example.net'])
  t.match(stderr, /^omitted: autoconfig\.example\.org: SERVFAIL/)
})

t.test('without the addresses of this service, nothing is printed', async (t) => {
  const gone = await resolving(t, { 'A autoconfig.all2all.org': [], 'AAAA autoconfig.all2all.org': [] })
  t.match(gone, {
    exitCode: 1,
    stdout: '',
    stderr: /^--resolving: autoconfig\.all2all\.org has no address; publish/,
  })
  const failing = await resolving(t, { 'A autoconfig.all2all.org': 'SERVFAIL' })
  t.match(failing, { exitCode: 1, stdout: '', stderr: /^--resolving: SERVFAIL/ })
  const nameless = await print(t, { publicName: undefined }, '--resolving')
  t.match(nameless, { exitCode: 1, stdout: '', stderr: /publicName is missing.*--address/ })
})

t.test('no name that leads here is exit code 1', async (t) => {
  const { exitCode, stdout, stderr } = await resolving(t, {}, '--address', '203.0.113.9')
  t.equal(exitCode, 1)
  t.equal(stdout, '')
  t.equal(stderr, 'no certificate: no name leads here\n')
})

t.test('a first name that is too long is omitted also after others are gone', async (t) => {
  const domain = `${'a'.repeat(48)}.com`
  const server = await nameServer(t, { ...zone, [`A ua-auto-config.${domain}`]: ['192.0.2.1'] })
  const { stderr, lines } = await print(
    t,
    { domains: map(domain) },
    '--resolving',
    '--resolver',
    server.address,
  )
  t.strictSame(lines, ['autoconfig.all2all.org'])
  t.match(stderr, `omitted: ua-auto-config.${domain}: the first name`)
})

t.test('results come in the order of the items, with a bounded number at once', async (t) => {
  let running = 0
  let most = 0
  const slowFirst = async (item: number) => {
    most = Math.max(most, ++running)
    for (let turn = 0; turn < 20 - item; turn++) await new Promise(setImmediate)
    running--
    return item
  }
  const items = Array.from({ length: 10 }, (_, index) => index)
  const seen: number[] = []
  for await (const value of inOrder(items, 3, slowFirst)) seen.push(value)
  t.strictSame(seen, items)
  t.equal(most, 3)
})

/** An output whose reader is slow, or leaves after the first piece. */
class SlowReader extends EventEmitter {
  readonly pieces: string[] = []
  readonly #leaves: boolean

  constructor(leaves: boolean) {
    super()
    this.#leaves = leaves
  }

  write(text: string): boolean {
    this.pieces.push(text)
    setImmediate(() => this.emit(this.#leaves ? 'error' : 'drain', new Error('EPIPE')))
    return false
  }
}

t.test('output waits for a slow reader, and stops if there is none', async (t) => {
  const domains = map(...Array.from({ length: 2000 }, (_, index) => `customer-${index}.com`))
  const file = configFolder(t, { ...config, domains })
  const options = { config: file, format: 'plain', concurrency: 1 } as const
  const slow = new SlowReader(false)
  t.equal(await certificates(options, { ...io(), env: {}, stdout: slow }), 0)
  t.ok(slow.pieces.length > 2)
  t.equal(slow.pieces.join('').split('\n').length, 2000 * 3 + ours.length + 1)
  const gone = new SlowReader(true)
  t.equal(await certificates(options, { ...io(), env: {}, stdout: gone }), 0)
  t.equal(gone.pieces.length, 1)
  const pieces: string[] = []
  const plain = { write: (text: string) => pieces.push(text) === 0 }
  t.equal(await certificates(options, { ...io(), env: {}, stdout: plain }), 0)
  t.equal(pieces.join(''), slow.pieces.join(''))
})
