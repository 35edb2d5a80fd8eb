import t from 'tap'
import { checkCaa } from '../../src/checks/caa-check.ts'
import { openNameServer } from '../../src/checks/name-server.ts'
import type { Network } from '../../src/checks/network.ts'
import { promisedDocuments } from '../../src/checks/promised-documents.ts'
import { issue } from '../support/certificates.ts'
import { run } from '../support/command.ts'
import { examineNames as examine, main, services, wellKnown } from '../support/doctor-names.ts'
import { configFolder, domain, example, openResolver } from '../support/example.ts'
import type { Foreign } from '../support/web-server.ts'
import { nameServer, type Zone } from '../support/zone-server.ts'

const document = `<clientConfig version="1.1"><emailProvider id="example.org"><domain>example.org</domain><displayName>A</displayName><displayShortName>A</displayShortName>
<incomingServer type="imap"><hostname>a.example</hostname><port>993</port><socketType>SSL</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>a.example</hostname><port>465</port><socketType>SSL</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></outgoingServer></emailProvider></clientConfig>`
t.test(
  'a name of this service answers with the same bytes as render, at every URL that clients ask',
  async (t) => {
    const { checks, problems, asked } = await examine(t)
    t.strictSame(problems, [])
    t.strictSame(
      checks.filter(({ state }) => state !== 'ok').map(({ id, state }) => `${id} ${state}`),
      ['host-not-found info', 'host-not-found info', 'host-not-found info'],
      'the addresses are given',
    )
    for (const url of [
      `GET ${main}`,
      `GET ${wellKnown}`,
      'GET http://autoconfig.example.org/mail/config-v1.1.xml',
      'GET https://autoconfig.example.org/.well-known/mail-v1.xml',
      'GET https://ua-auto-config.example.org/.well-known/user-agent-configuration.json',
      'POST https://autodiscover.example.org/autodiscover/autodiscover.xml',
    ])
      t.ok(asked.includes(url), url)
  },
)

t.test('somebody else who answers at the domain itself hides the settings', async (t) => {
  const { problems, of } = await examine(t, { foreign: { [wellKnown]: [200, '<html>For sale</html>'] } })
  t.strictSame(problems, [`foreign-answer ${wellKnown}`])
  t.match(of(wellKnown), { seen: 'status 200, 21 bytes', advice: /Thunderbird takes any answer/ })
  const gone = await examine(t, { foreign: { [wellKnown]: [404, 'no'] } })
  t.strictSame(gone.problems, [])
  const moved = await examine(t, {
    foreign: {
      [wellKnown]: [301, '', { location: '/sale' }],
      'https://example.org/sale': [200, 'For sale'],
    },
  })
  t.match(moved.of(wellKnown), {
    state: 'problem',
    seen: 'status 200, 8 bytes from https://example.org/sale',
  })
  t.strictSame((await examine(t, { hosts: services })).problems, [], 'a domain without a web site')
  const zone = { 'A example.org': 'SERVFAIL', 'AAAA example.org': 'SERVFAIL' } as const
  const unknown = await examine(t, { hosts: services, zone })
  t.match(unknown.of('example.org', 'host-not-found'), {
    id: 'host-not-found',
    state: 'untested',
    seen: /^SERVFAIL/,
  })
  t.notOk(unknown.of(wellKnown))
})

t.test('a name of this service that answers something else', async (t) => {
  const to = (location: string): Foreign => [302, '', { location }]
  const cases: [Foreign, RegExp][] = [
    [[200, 'For sale'], /^status 200, 8 bytes$/],
    [[404, 'no'], /^status 404/],
    [to('https://elsewhere.example/'), /^NXDOMAIN.* at https:\/\/elsewhere\.example\/$/],
    [to(main), /^more than 5 redirects/],
    [to('mailto:jane@example.org'), /^a redirect to no web address$/],
    [to('http://['), /^a redirect to no web address$/],
    [[200, 'x'.repeat(1_100_000)], /more than a megabyte/],
  ]
  for (const [answer, seen] of cases) {
    const { of } = await examine(t, { foreign: { [main]: answer } })
    t.match(of(main), { id: 'answer-differs', state: 'problem', seen })
  }
  const silent = await examine(t, { foreign: { [main]: undefined }, args: ['--timeout', '1'] })
  t.match(silent.of(main), { state: 'problem', seen: 'no answer in time' })
  const redirected = await examine(t, {
    foreign: { 'http://autoconfig.example.org/mail/config-v1.1.xml': to(main) },
  })
  t.strictSame(redirected.problems, [], 'from http to https')
})

t.test('the right document with an error status is not an answer', async (t) => {
  const { stdout } = await run(['render', 'autoconfig', 'example.org', '-c', configFolder(t, example)])
  const { of } = await examine(t, { foreign: { [main]: [404, stdout] } })
  t.match(of(main), { id: 'answer-differs', state: 'problem', seen: /^status 404/ })
})

t.test('a server with older files answers with other bytes', async (t) => {
  const served = { ...example, provider: { ...example.provider, displayName: 'Old' } }
  const { problems } = await examine(t, { served })
  t.ok(problems.includes(`answer-differs ${main}`))
})

t.test('the certificate of each name is checked', async (t) => {
  const { problems } = await examine(t, { issued: await issue('P-256', undefined, services.slice(1)) })
  t.strictSame(problems, ['certificate-host-mismatch https://autoconfig.example.org'])
})

t.test('names without addresses', async (t) => {
  const { problems, asked } = await examine(t, { hosts: services.slice(1) })
  t.strictSame(problems, ['host-not-found autoconfig.example.org'])
  t.notOk(asked.some((url) => url.includes('autoconfig.example.org/mail')))
  const refused = await examine(t, {
    hosts: services.slice(1),
    zone: { 'A autoconfig.example.org': ['127.0.0.77'] },
  })
  t.ok(refused.problems.includes(`answer-differs ${main}`))
  t.match(refused.of('http://autoconfig.example.org/mail/config-v1.1.xml'), { state: 'info' })
  t.notOk(refused.of('CAA autoconfig.example.org'), 'no certificate, no authority')
})

t.test('a format that a host does not publish', async (t) => {
  const config = {
    ...example,
    hosts: { ...example.hosts, maximusconfessor: { hostname: 'a.example', pacc: false } },
  }
  const { checks } = await examine(t, { config })
  t.notOk(checks.some(({ target }) => target.includes('ua-auto-config')))
})

t.test('CAA records must allow the authority in use', async (t) => {
  const target = 'CAA autoconfig.example.org'
  const issuer = (value: string) => ({ flags: 0, tag: 'issue', value })
  const cases: [Zone, string, RegExp][] = [
    [{}, 'ok', /^no CAA records$/],
    [
      { 'CAA example.org': [issuer('letsencrypt.org')] },
      'info',
      /^example\.org: 0 issue "letsencrypt\.org"; compare/,
    ],
    [
      { 'CAA example.org': [{ flags: 0, tag: 'iodef', value: 'mailto:a@example.org' }] },
      'ok',
      /no restriction/,
    ],
    [{ 'CAA org': [issuer(';')] }, 'problem', /^org: 0 issue ";"$/],
    [{ 'CAA autoconfig.example.org': 'SERVFAIL' }, 'untested', /^SERVFAIL/],
  ]
  for (const [zone, state, seen] of cases) {
    const { of } = await examine(t, { zone })
    t.match(of(target), { id: 'caa-forbids-authority', state, seen })
  }
  const { address } = await nameServer(t, {
    'CAA example.org': [issuer('ca.example; account=1'), issuer(';')],
  })
  const network = openNameServer([address], 2000) as unknown as Network
  t.match(await checkCaa('autoconfig.example.org', "US, Let's Encrypt, R10", network), {
    state: 'problem',
    seen: 'example.org: 0 issue "ca.example; account=1", 0 issue ";"',
    advice: /^publish example\.org\. CAA 0 issue "letsencrypt\.org"/,
  })
  t.match(await checkCaa('autoconfig.example.org', 'US, DigiCert Inc', network), { state: 'problem' })
  const allowed = await nameServer(t, { 'CAA example.org': [issuer('letsencrypt.org')] })
  const elsewhere = openNameServer([allowed.address], 2000) as unknown as Network
  t.match(await checkCaa('a.b.example.org', "US, Let's Encrypt, R10", elsewhere), { state: 'ok' })
})

t.test('a document of the ISPDB is promised where it is served', async (t) => {
  const config = {
    ...example,
    domains: { '*': 'maximusconfessor' },
    ispdb: [{ folder: 'db', serve: 'all' }],
  }
  const resolver = await openResolver(t, config, { db: { 'example.org.xml': document } } as never)
  const promised = await promisedDocuments(domain('example.org'), resolver)
  const body = promised.find(({ url }) => url === main)?.body
  t.ok(
    Buffer.from(body as Uint8Array)
      .toString()
      .endsWith(document),
  )
  t.strictSame(await promisedDocuments(domain('elsewhere.example'), await openResolver(t, example)), [])
})
