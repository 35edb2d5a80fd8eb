import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readers } from '../../src/rehearsal/readers/index.ts'
import { parseXml } from '../../src/rehearsal/readers/xml.ts'
import { run } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { draftSchema, validate } from '../support/schema/validate.ts'

const one = {
  provider: { id: 'isp.example', displayName: 'ISP Mail', displayShortName: 'ISP' },
  hosts: { mx: { hostname: 'mail.isp.example' } },
  domains: { 'example.org': 'mx', 'example.net': 'mx' },
}

async function submitted(t: Test, config: object, ...options: string[]) {
  const { exitCode, stdout, stderr } = await run(['submit', '--config', configFolder(t, config), ...options])
  return { exitCode, stdout, notes: stderr.split('\n').filter(Boolean) }
}

const domainsIn = (xml: string): string[] =>
  [...xml.matchAll(/<domain>(.*)<\/domain>/g)].map(([, name]) => name as string)

t.test('one file, named by the id, contains the MX domain and all own domains', async (t) => {
  const { exitCode, stdout, notes } = await submitted(t, one)
  t.equal(exitCode, 0)
  t.strictSame(domainsIn(stdout), ['isp.example', 'example.org', 'example.net'])
  t.strictSame(notes, [
    'submit this file as ispdb/isp.example.xml to https://github.com/thunderbird/autoconfig',
  ])
})

t.test('the file passes the checks of the public database', async (t) => {
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
    t.equal(root.attributes['version'], '1.1', 'the only version that the database accepts')
    t.notMatch(stdout, /caldav|managesieve/)
    const [provider] = root.children
    const names = provider?.children.map(({ name }) => name) ?? []
    for (const name of ['displayName', 'displayShortName'])
      t.equal(names.filter((other) => other === name).length, 1, name)
  }
})

t.test('a mirror serves the file for every domain, and clients read it', async (t) => {
  const { stdout } = await submitted(t, one)
  const ispdb = [{ folder: 'db' }]
  const { app } = await openApp(t, { ...example, domains: {}, ispdb }, {
    db: { 'isp.example.xml': stdout },
  } as never)
  for (const domain of ['isp.example', 'example.org', 'example.net']) {
    const { rawPayload, body } = await app.inject(`/v1.1/${domain}`)
    t.equal(body, stdout)
    for (const reader of readers) {
      // Some clients look for exactly their domain among those of the file.
      const person = { address: `jane@${domain}`, localPart: 'jane', domain }
      t.match(reader.read(rawPayload, person), { incoming: { hostname: 'mail.isp.example' } }, reader.name)
    }
  }
})

t.test('import reads the file without losses', async (t) => {
  const { stdout } = await submitted(t, one)
  const folder = t.testdir({})
  writeFileSync(join(folder, 'isp.example.xml'), stdout)
  const { stderr, exitCode } = await run(['import', join(folder, 'isp.example.xml')])
  t.match({ stderr, exitCode }, { stderr: '', exitCode: 0 })
})

t.test('hosts with the same settings share a file; otherwise --host has to name one', async (t) => {
  const equal = { a: { hostname: 'mail.isp.example' }, b: { hostname: 'mail.isp.example' } }
  const domains = { 'example.org': 'a', 'example.net': 'b' }
  const { stdout } = await submitted(t, { ...one, hosts: equal, domains })
  t.strictSame(domainsIn(stdout), ['isp.example', 'example.org', 'example.net'])

  const { exitCode, notes } = await submitted(t, example)
  t.equal(exitCode, 1)
  t.match(notes, [
    /^the hosts maximusconfessor and vonmuenchhausen have different settings; name one with --host/,
  ])
  const named = await submitted(t, example, '--host', 'maximusconfessor')
  t.strictSame(domainsIn(named.stdout), ['example.org'])
  t.match(named.notes, [
    /^all2all\.org omitted: the hosts maximusconfessor and vonmuenchhausen are both below it/,
    /^submit this file as /,
  ])
  const withMx = await submitted(
    t,
    example,
    '--host',
    'maximusconfessor',
    '--mx',
    'mx1.all2all.org',
    '--mx',
    'mx2.all2all.org',
  )
  t.strictSame(domainsIn(withMx.stdout), ['mx1.all2all.org', 'mx2.all2all.org', 'example.org'])
  t.match(await submitted(t, example, '--host', 'maximus'), {
    exitCode: 2,
    notes: [/^there is no host with this key/],
  })
  t.match(await submitted(t, example, '--host', 'x'), {
    exitCode: 2,
    notes: [/; use one of: maximusconfessor, vonmuenchhausen$/],
  })
})

t.test('a note asks a provider with many customers to name its own domains', async (t) => {
  const customers = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`c${i}.example`, 'mx']))
  const all = await submitted(t, { ...one, domains: customers })
  t.equal(domainsIn(all.stdout).length, 102)
  t.match(all.notes, [
    /^101 domains: the database accepts only domains of the provider/,
    /^submit this file as /,
  ])
  const own = await submitted(
    t,
    { ...one, domains: customers },
    '--domain',
    'Isp.Example',
    '--domain',
    'isp.org',
  )
  t.strictSame(domainsIn(own.stdout), ['isp.example', 'isp.org'])
  t.strictSame(own.notes.length, 1)
  t.match(await submitted(t, one, '--domain', 'a_b'), {
    exitCode: 2,
    notes: ['--domain is not a domain; write one such as example.org'],
  })
})

t.test('notes list omitted domains and settings that the database would reject', async (t) => {
  const { notes, stdout } = await submitted(
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
    new Set(notes),
    new Set([
      'b.example omitted: its settings differ from those of its host',
      '*.c.example omitted: the database has no wildcards',
      '* omitted: the database has no wildcards',
      'a server has no encryption, and the database rejects it; use SSL or STARTTLS',
      'the username contains %USER%, which the database rejects',
      'the username is the same for everyone; use a placeholder such as %EMAILADDRESS%',
      'submit this file as ispdb/isp.example.xml to https://github.com/thunderbird/autoconfig',
    ]),
  )
})

t.test('without a domain there is no file; the MX domain is the parent of the host name', async (t) => {
  const bare = (hostname: string) => submitted(t, { ...one, hosts: { mx: { hostname } }, domains: {} })
  t.match(await bare('mailhost.example'), {
    exitCode: 1,
    notes: [/^no domain to submit; /],
  })
  t.strictSame(domainsIn((await bare('mx.far.elsewhere.example')).stdout), ['far.elsewhere.example'])
  t.strictSame(domainsIn((await bare('isp.example')).stdout), ['isp.example'])
})
