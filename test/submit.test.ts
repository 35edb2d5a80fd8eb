import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readers } from './readers/index.ts'
import { parseXml } from './readers/xml.ts'
import { draftSchema, validate } from './schema/validate.ts'
import { run } from './support/command.ts'
import { configFolder, example, openApp } from './support/example.ts'

const one = {
  provider: { id: 'isp.example', displayName: 'ISP Mail', displayShortName: 'ISP' },
  hosts: { mx: { hostname: 'mail.isp.example' } },
  domains: { 'example.org': 'mx', 'example.net': 'mx' },
}

async function submitted(t: Test, config: object, ...options: string[]) {
  const { exitCode, stdout, stderr } = await run(['submit', '--config', configFolder(t, config), ...options])
  return { exitCode, stdout, remarks: stderr.split('\n').filter(Boolean) }
}

const domainsIn = (xml: string): string[] =>
  [...xml.matchAll(/<domain>(.*)<\/domain>/g)].map(([, name]) => name as string)

t.test('the MX domain and all own domains stand in one file that is named by its id', async (t) => {
  const { exitCode, stdout, remarks } = await submitted(t, one)
  t.equal(exitCode, 0)
  t.strictSame(domainsIn(stdout), ['isp.example', 'example.org', 'example.net'])
  t.strictSame(remarks, ['for ispdb/isp.example.xml in https://github.com/thunderbird/autoconfig'])
})

t.test('it passes what the public database checks', async (t) => {
  const oAuth2 = {
    issuer: 'https://id.example',
    authURL: 'https://id.example/a',
    tokenURL: 'https://id.example/t',
    scope: 'mail',
  }
  const services = { caldav: 'https://dav.example/cal/', managesieve: 'sieve.example' }
  const servers = [
    'imaps',
    { type: 'imap', port: 143, hostname: 'imap.%EMAILDOMAIN%' },
    'pop3s',
    'submissions',
  ]
  for (const host of [{}, { oAuth2, services }, { shape: 'all', servers, oAuth2, services }]) {
    const { stdout } = await submitted(t, { ...one, hosts: { mx: { ...one.hosts.mx, ...host } } })
    const bytes = Buffer.from(stdout)
    const { root, hasDeclaration, hasByteOrderMark } = parseXml(bytes)
    t.match({ hasDeclaration, hasByteOrderMark }, { hasDeclaration: true, hasByteOrderMark: false })
    t.strictSame(await validate(draftSchema, bytes), [])
    t.equal(root.attributes['version'], '1.1', 'the only one that it takes')
    t.notMatch(stdout, /caldav|managesieve/)
    const [provider] = root.children
    const names = provider?.children.map(({ name }) => name) ?? []
    for (const name of ['displayName', 'displayShortName'])
      t.equal(names.filter((other) => other === name).length, 1, name)
  }
})

t.test('mirrored, it is served for every domain, and clients read it', async (t) => {
  const { stdout } = await submitted(t, one)
  const ispdb = [{ folder: 'db' }]
  const { app } = await openApp(t, { ...example, domains: {}, ispdb }, {
    db: { 'isp.example.xml': stdout },
  } as never)
  for (const domain of ['isp.example', 'example.org', 'example.net']) {
    const { rawPayload, body } = await app.inject(`/v1.1/${domain}`)
    t.equal(body, stdout)
    for (const reader of readers) {
      // Who compares the domain letter for letter finds it among the others.
      const asked = { address: `jane@${domain}`, localPart: 'jane', domain }
      t.match(reader.read(rawPayload, asked), { incoming: { hostname: 'mail.isp.example' } }, reader.name)
    }
  }
})

t.test('imported again it is what it was', async (t) => {
  const { stdout } = await submitted(t, one)
  const folder = t.testdir({})
  writeFileSync(join(folder, 'isp.example.xml'), stdout)
  const { stderr, exitCode } = await run(['import', join(folder, 'isp.example.xml')])
  t.match({ stderr, exitCode }, { stderr: '', exitCode: 0 })
})

t.test('hosts that are reached alike are one; of others one has to be named', async (t) => {
  const alike = { a: { hostname: 'mail.isp.example' }, b: { hostname: 'mail.isp.example' } }
  const domains = { 'example.org': 'a', 'example.net': 'b' }
  const { stdout } = await submitted(t, { ...one, hosts: alike, domains })
  t.strictSame(domainsIn(stdout), ['isp.example', 'example.org', 'example.net'])

  const { exitCode, remarks } = await submitted(t, example)
  t.equal(exitCode, 1)
  t.match(remarks, [
    /^maximusconfessor and vonmuenchhausen are reached differently: name one of them with --host/,
  ])
  const named = await submitted(t, example, '--host', 'maximusconfessor')
  t.strictSame(domainsIn(named.stdout), ['example.org'])
  t.match(named.remarks, [
    /^all2all\.org is left out: maximusconfessor and vonmuenchhausen are both below it/,
    /^for /,
  ])
  const told = await submitted(
    t,
    example,
    '--host',
    'maximusconfessor',
    '--mx',
    'mx1.all2all.org',
    '--mx',
    'mx2.all2all.org',
  )
  t.strictSame(domainsIn(told.stdout), ['mx1.all2all.org', 'mx2.all2all.org', 'example.org'])
  t.match(await submitted(t, example, '--host', 'maximus'), {
    exitCode: 2,
    remarks: [/^there is no host "maximus"/],
  })
  t.match(await submitted(t, example, '--host', 'x'), {
    exitCode: 2,
    remarks: [/; there are maximusconfessor, vonmuenchhausen$/],
  })
})

t.test('a provider with many customers names the domains that are its own', async (t) => {
  const customers = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`c${i}.example`, 'mx']))
  const all = await submitted(t, { ...one, domains: customers })
  t.equal(domainsIn(all.stdout).length, 102)
  t.match(all.remarks, [/^101 domains: the database wants those of the provider/, /^for /])
  const own = await submitted(
    t,
    { ...one, domains: customers },
    '--domain',
    'Isp.Example',
    '--domain',
    'isp.org',
  )
  t.strictSame(domainsIn(own.stdout), ['isp.example', 'isp.org'])
  t.strictSame(own.remarks.length, 1)
  t.match(await submitted(t, one, '--domain', 'a_b'), { exitCode: 2, remarks: ['"a_b" is not a domain'] })
})

t.test('what the database has no word for, or would not take, is told', async (t) => {
  const { remarks, stdout } = await submitted(
    t,
    {
      ...one,
      hosts: {
        mx: {
          hostname: 'mail.isp.example',
          shape: 'all',
          servers: ['imaps', { type: 'imap', socketType: 'plain' }, { type: 'smtp', username: 'everybody' }],
          username: '%USER%',
        },
        other: { hostname: 'mx.elsewhere.example' },
      },
      domains: {
        'a.example': 'mx',
        'b.example': { host: 'mx', displayName: 'B' },
        '*.c.example': 'mx',
        '*': 'mx',
        'd.example': 'other',
      },
    },
    '--host',
    'mx',
  )
  t.strictSame(domainsIn(stdout), ['isp.example', 'a.example'])
  t.strictSame(
    new Set(remarks),
    new Set([
      'b.example is left out: it says some things otherwise than its host',
      '*.c.example is left out: the database has no word for it',
      '* is left out: the database has no word for it',
      'a server without encryption: the database takes none',
      'the user name %USER% holds %USER%, which the database refuses',
      'the user name everybody is one for everybody: is it?',
      'for ispdb/isp.example.xml in https://github.com/thunderbird/autoconfig',
    ]),
  )
})

t.test(
  'without a domain there is no file; the MX domain is that of the host, where it has one',
  async (t) => {
    const bare = (hostname: string) => submitted(t, { ...one, hosts: { mx: { hostname } }, domains: {} })
    t.match(await bare('mailhost.example'), {
      exitCode: 1,
      remarks: [/^no domain is left that a file could be for/],
    })
    t.strictSame(domainsIn((await bare('mx.far.elsewhere.example')).stdout), ['far.elsewhere.example'])
    t.strictSame(domainsIn((await bare('isp.example')).stdout), ['isp.example'])
  },
)
