import t from 'tap'
import { clients } from '../../src/rehearsal/clients/index.ts'
import { geary } from '../../src/rehearsal/readers/geary.ts'
import { autoconfigRules, inTurn, type Rules } from '../../src/rehearsal/search.ts'
import { Walk } from '../../src/rehearsal/walk.ts'
import { accountOf, asksOf, type Choice, rehearsalOf } from './rehearsing.ts'
import {
  address,
  documentOf,
  domain,
  exchangeSettings,
  imap,
  mx,
  parkedPage,
  rule,
  settings,
  situations,
  smtp,
  sub,
  subPath,
  wellKnownPath,
  worldOf,
} from './situations.ts'
import { networkOf, type World } from './world.ts'

const found = ['imap mx1.hoster.example:993 SSL', 'smtp mx1.hoster.example:465 SSL'].map(
  (server) => `${server} ${address}`,
)

const accountIn = async (id: string, world: World, choice: Choice = {}) =>
  accountOf(await rehearsalOf(id, world, choice))

/** Why the client did what it did at the first step that has this in its question. */
async function whyOf(id: string, world: World, what: string, choice: Choice = {}) {
  const step = (await rehearsalOf(id, world, choice)).steps.find((step) => step.what.includes(what))
  return step && `${step.outcome}: ${step.why}`
}

const srv = (service: string, data: string) => `${service}._tcp.${domain}. IN SRV ${data}`
const tls = [srv('_imaps', '0 1 993 imap.srv.example.'), srv('_submissions', '0 1 465 smtp.srv.example.')]
const bySrv = [`imap imap.srv.example:993 SSL ${address}`, `smtp smtp.srv.example:465 SSL ${address}`]
const exchangePath = '/autodiscover/autodiscover\\.xml'

/** The clients that find nothing, although others do. Those with files of their own are not listed. */
const losers: Readonly<Record<string, readonly string[]>> = {
  autoconfig: [],
  'parked autoconfig host': [],
  'bad certificate': ['thunderbird-ios', 'mailspring', 'aerc', 'email-engine'],
  'redirect to another host': ['pimalaya'],
  'relative redirect': ['pimalaya'],
  'byte order mark': [],
  'no content type': [],
  'truncated document': [],
  'status 500': [],
  'only at the provider': [
    ...['thunderbird-android', 'fairemail', 'snappymail', 'mailspring', 'mustang', 'aerc', 'pimalaya'],
    'email-engine',
  ],
  'slow answer': [],
}

const others = [
  ...[
    'thunderbird-android',
    'thunderbird-ios',
    'gnome-online-accounts',
    'fairemail',
    'nextcloud',
    'snappymail',
  ],
  ...['mailspring', 'mustang', 'aerc', 'pimalaya', 'email-engine'],
]

for (const [name, ids] of Object.entries(losers)) {
  t.test(`other clients in the situation "${name}"`, async (t) => {
    const { world } = situations[name] as { world: World }
    for (const id of others) t.strictSame(await accountIn(id, world), ids.includes(id) ? null : found, id)
    for (const id of ['fairemail-play', 'outlook', 'em-client']) t.equal(await accountIn(id, world), null, id)
  })
}

t.test('clients that ask Autodiscover find its settings', async (t) => {
  const { world } = situations['only Autodiscover'] as { world: World }
  for (const id of ['fairemail', 'mustang', 'email-engine', 'outlook', 'em-client'])
    t.strictSame(await accountIn(id, world), found, id)
  for (const id of [
    'thunderbird-android',
    'thunderbird-ios',
    'gnome-online-accounts',
    'nextcloud',
    'pimalaya',
  ])
    t.equal(await accountIn(id, world), null, id)
  const { world: bySrvRecord } = situations['Autodiscover by SRV'] as { world: World }
  for (const id of ['outlook', 'em-client']) t.strictSame(await accountIn(id, bySrvRecord), found, id)
  // The server did not return the address that SnappyMail made up.
  const servers = ['imap mx1.hoster.example:993 SSL ', 'smtp mx1.hoster.example:465 SSL ']
  t.strictSame(await accountIn('snappymail', bySrvRecord), servers)
})

t.test('Autodiscover by a redirect over http is for Outlook', async (t) => {
  const host = `autodiscover.${domain}`
  const world = worldOf({
    hosts: [host, 'exchange.hoster.example'],
    ports: { [host]: { http: 'open', https: 'closed' } },
    http: [
      rule(host, exchangePath, {
        status: 302,
        location: 'https://exchange.hoster.example/a.xml',
        body: null,
      }),
      rule('exchange.hoster.example', '/a\\.xml', { body: exchangeSettings }),
    ],
  })
  t.strictSame(await accountIn('outlook', world), found)
})

t.test('clients that ask nobody say so', async (t) => {
  const nobody = clients.filter(({ asksNobody }) => asksNobody).map(({ id }) => id)
  t.strictSame(nobody, ['apple-mail', 'new-outlook', 'gmail', 'samsung-email'])
  for (const id of nobody) {
    t.strictSame(asksOf(await rehearsalOf(id, worldOf({}))), [])
    t.match(await whyOf(id, worldOf({}), domain), /asks nobody for settings/)
  }
})

t.test('SRV records win over documents in FairEmail and aerc', async (t) => {
  const smtps = srv('_smtps', '0 1 465 smtp.srv.example.')
  const both = worldOf({ dns: [...tls, smtps], http: [rule(sub, subPath)] })
  t.strictSame(await accountIn('fairemail', both), bySrv)
  t.strictSame(await accountIn('aerc', both), bySrv)
  t.equal(await whyOf('aerc', both, sub), 'rejected: has settings, but aerc prefers the SRV records')
  const none = worldOf({ dns: tls })
  t.strictSame(await accountIn('fairemail', none), bySrv)
  t.strictSame(await accountIn('aerc', none), [bySrv[0], 'none'], 'it does not know _submissions')
})

t.test('FairEmail ignores SRV records for incoming mail or for outgoing mail alone', async (t) => {
  for (const record of tls) {
    const world = worldOf({ dns: [record], http: [rule(sub, subPath)] })
    t.strictSame(await accountIn('fairemail', world), found)
    t.equal(await accountIn('fairemail-play', world), null)
  }
})

t.test('a literal username in a document wins over SRV records in FairEmail', async (t) => {
  const login = settings.replaceAll('%EMAILADDRESS%', 'u0815')
  const world = worldOf({ dns: tls, http: [rule(sub, subPath, { body: login })] })
  t.match(await accountIn('fairemail', world), [/ u0815$/, / u0815$/])
  const localPart = settings.replaceAll('%EMAILADDRESS%', '%EMAILLOCALPART%')
  t.strictSame(
    await accountIn('fairemail', worldOf({ dns: tls, http: [rule(sub, subPath, { body: localPart })] })),
    bySrv,
  )
})

t.test('of several SRV records the lowest priority and the greatest weight count', async (t) => {
  const records = ['1 9 1 c.example.', '0 1 2 b.example.', '0 5 993 a.example.'].map((data) =>
    srv('_imaps', data),
  )
  const [incoming] = (await accountIn('pimalaya', worldOf({ dns: records }))) ?? []
  t.equal(incoming, `imap a.example:993 SSL ${address}`)
})

t.test('the target "." means that there is no such service, except for EmailEngine', async (t) => {
  const world = worldOf({ dns: [srv('_imaps', '0 0 0 .'), srv('_autodiscover', '0 0 0 .')] })
  t.equal(await accountIn('fairemail-play', world), null)
  t.equal(await accountIn('thunderbird', world), null)
  t.equal(await accountIn('em-client', world), null)
  t.strictSame(await accountIn('email-engine', world), ['imap :0 SSL ', 'none'])
})

t.test('EmailEngine takes the first answer that arrives', async (t) => {
  const late = documentOf([imap.replace('993', '1993'), smtp])
  const world = worldOf({
    http: [rule(domain, wellKnownPath, { scheme: 'http', body: late, delayMs: 900 }), rule(sub, subPath)],
  })
  t.strictSame(await accountIn('email-engine', world), found)
  t.equal(
    await whyOf('email-engine', world, wellKnownUrl),
    'rejected: has settings, but another answer arrived earlier',
  )
  const withSrv = { ...world, dns: tls }
  t.strictSame(
    await accountIn('email-engine', withSrv),
    bySrv.map((server) => server.replace(address, '')),
    'the person types the username',
  )
  t.match(await whyOf('email-engine', withSrv, sub), /SRV records arrive earlier/)
})
const wellKnownUrl = `http://${domain}/.well-known/`

t.test('SnappyMail loses SMTP with SRV records', async (t) => {
  t.strictSame(await accountIn('snappymail', worldOf({ dns: tls })), [bySrv[0], 'none'])
  t.equal(await accountIn('snappymail', worldOf({})), null)
})

t.test('pimalaya follows a TXT record, and no redirect', async (t) => {
  const text = (url: string) =>
    worldOf({
      hosts: ['settings.example'],
      dns: [`${domain}. IN TXT mailconf=${url}`, `${domain}. IN TXT v=spf1`],
      http: [rule('settings.example', '/a\\.xml')],
    })
  t.strictSame(await accountIn('pimalaya', text('https://settings.example/a.xml')), found)
  t.equal(await accountIn('pimalaya', text('ftp://settings.example/a.xml')), null)
  t.equal(await accountIn('pimalaya', text('nothing')), null)
  const { world } = situations['relative redirect'] as { world: World }
  t.equal(await whyOf('pimalaya', world, sub), 'rejected: redirects; pimalaya does not follow it')
})

t.test('a parked page hides the settings at other addresses', async (t) => {
  const { world } = situations['parked autoconfig host'] as { world: World }
  t.match(
    await whyOf('thunderbird', world, sub),
    'rejected: Thunderbird takes any 2xx as the end of its search: this web page (sent as text/html) hides settings at other addresses',
  )
  t.match(await whyOf('geary', world, sub), /^rejected: Geary cannot use this web page \(not well-formed: /)
  const empty = worldOf({ http: [rule(sub, subPath, { body: '' }), rule(domain, wellKnownPath)] })
  t.match(
    await whyOf('delta-chat', empty, sub),
    /^rejected: Delta Chat takes any document .*: an empty answer hides/,
  )
  t.equal(await whyOf('delta-chat', empty, `//${domain}/.well-known`), 'not asked: the search has ended')
})

t.test('documents without servers end the search of GNOME Online Accounts and Mailspring', async (t) => {
  for (const [id, body] of [
    ['gnome-online-accounts', '<clientConfig version="1.1"/>'],
    ['mailspring', '<html/>'],
  ] as const) {
    const world = worldOf({ http: [rule(sub, '.*', { body }), rule(domain, wellKnownPath)] })
    t.equal(await accountIn(id, world), null, id)
    t.match(await whyOf(id, world, `//${domain}/.well-known`), 'not asked: the search has ended')
  }
  const page = worldOf({ http: [rule(sub, '.*', { body: parkedPage }), rule(domain, wellKnownPath)] })
  t.strictSame(await accountIn('mailspring', page), found)
})

t.test('some clients take half an account', async (t) => {
  const half = (servers: readonly string[]) =>
    worldOf({ http: [rule(sub, subPath, { body: documentOf(servers) })] })
  for (const id of ['evolution', 'kmail', 'delta-chat', 'nextcloud', 'horde']) {
    t.strictSame(await accountIn(id, half([imap])), [found[0], 'none'], id)
    t.strictSame(await accountIn(id, half([smtp])), ['none', found[1]], id)
  }
  t.match(
    await whyOf('kmail', half([imap]), sub),
    'taken: KMail takes half an account: no usable outgoing server',
  )
  for (const id of ['thunderbird', 'geary', 'mustang']) t.equal(await accountIn(id, half([imap])), null, id)
})

t.test('Horde parses every answer but a 404', async (t) => {
  const world = (status: number) => worldOf({ http: [rule(sub, subPath, { status })] })
  t.strictSame(await accountIn('horde', world(500)), found)
  t.equal(await accountIn('horde', world(404)), null)
})

t.test('KMail ends its search at a 404 without a body', async (t) => {
  const world = worldOf({ http: [rule(sub, '.*', { status: 404, body: null }), rule(domain, wellKnownPath)] })
  t.equal(await whyOf('kmail', world, sub), 'rejected: status 404 without a body: KMail ends its search')
})

t.test('Delta Chat follows a RedirectUrl of Autodiscover, but not for ever', async (t) => {
  const to = (url: string) =>
    `<Autodiscover><Response><RedirectUrl>${url}</RedirectUrl></Response></Autodiscover>`
  const hosts = ['exchange.hoster.example', domain]
  const world = (url: string) =>
    worldOf({
      hosts,
      http: [
        rule(domain, exchangePath, { body: to(url) }),
        rule('exchange.hoster.example', '/a\\.xml', { body: exchangeSettings }),
      ],
    })
  t.strictSame(await accountIn('delta-chat', world('https://exchange.hoster.example/a.xml')), found)
  const loop = await rehearsalOf('delta-chat', world(`https://${domain}/autodiscover/autodiscover.xml`))
  t.equal(loop.account, null)
  t.equal(asksOf(loop).filter((line) => line.includes(`https://${domain}/autodiscover/`)).length, 10)
  t.equal(await accountIn('delta-chat', world('nothing')), null)
  const empty = worldOf({ hosts, http: [rule(domain, exchangePath, { body: '<Autodiscover/>' })] })
  t.match(
    await whyOf('delta-chat', empty, `https://${domain}/autodiscover/`),
    /^rejected: Delta Chat takes any document/,
  )
})

t.test('Thunderbird refuses U-labels, and other clients ask with A-labels', async (t) => {
  const { world } = situations['internationalised domain'] as { world: World }
  const typed = { address: 'jane@bücher.example' }
  t.strictSame(asksOf(await rehearsalOf('thunderbird', world, typed)), [])
  t.match(
    await whyOf('thunderbird', world, 'bücher', typed),
    /^not asked: Thunderbird refuses such a domain; type it/,
  )
  t.match(await accountIn('geary', world, typed), [/ jane@bücher\.example$/, /./])
  t.equal(await accountIn('mustang', world, typed), null, 'its <domain> has to be the very domain')
})

t.test('Thunderbird asks a host of the same domain without a question to the person', async (t) => {
  const host = `exchange.${domain}`
  const world = worldOf({
    hosts: [host],
    dns: [srv('_autodiscover', `0 0 443 ${host}.`)],
    http: [rule(host, exchangePath, { method: 'POST', body: exchangeSettings })],
  })
  t.strictSame(await accountIn('thunderbird', world), found)
})

t.test('settings of the domain win over those of the ISPDB and of the provider', async (t) => {
  const world = worldOf({
    hosts: [sub, 'autoconfig.hoster.example'],
    http: [
      rule('*', subPath),
      rule('live.thunderbird.net', '/autoconfig/v1\\.1/.*', { body: documentOf([imap, smtp]) }),
    ],
  })
  const why = `rejected: has settings, but Thunderbird prefers those from https://${sub}/mail/config-v1.1.xml?emailaddress=jane%40${domain}`
  t.equal(await whyOf('thunderbird', world, 'https://autoconfig.hoster.example'), why)
  t.equal(await whyOf('thunderbird', world, `live.thunderbird.net/autoconfig/v1.1/${domain}`), why)
  t.match(await whyOf('thunderbird', world, `http://${sub}`), /^rejected: asked at the same time, but https:/)
})

t.test('an MX host of the domain itself, and a null MX, lead nowhere', async (t) => {
  for (const record of [`${domain}. IN MX 10 mx.${domain}.`, `${domain}. IN MX 0 .`]) {
    const world = worldOf({ dns: [record] })
    for (const id of [
      'thunderbird',
      'thunderbird-ios',
      'thunderbird-android',
      'gnome-online-accounts',
      'mustang',
    ]) {
      const asked = asksOf(await rehearsalOf(id, world)).filter((line) =>
        /autoconfig\.(?!customer|thunderbird)/.test(line),
      )
      t.strictSame(asked, [], id)
    }
  }
})

t.test('the provider is found by its MX host', async (t) => {
  const names = async (host: string) => {
    const world = worldOf({ dns: [mx.replace('mx1.hoster.example', host), mx.replace('10', '20')] })
    const asked = asksOf(await rehearsalOf('thunderbird', world))
    return asked
      .flatMap((line) => /live.*v1\.1\/(\S+)/.exec(line)?.[1] ?? [])
      .filter((name) => name !== domain)
  }
  t.strictSame(await names('mx.eu.hoster.example'), ['eu.hoster.example', 'hoster.example'])
  t.strictSame(await names('mx1.hoster.co.uk'), ['hoster.co.uk'])
  t.strictSame(await names('hoster.example'), ['hoster.example'])
})

t.test('Mustang finds the settings of the provider, and takes an Exchange server', async (t) => {
  const body = settings.replace(`<domain>${domain}</domain>`, '<domain>hoster.example</domain>')
  const world = worldOf({
    hosts: ['autoconfig.hoster.example'],
    http: [rule('autoconfig.hoster.example', subPath, { body })],
  })
  t.strictSame(await accountIn('mustang', world), found)
  const json = worldOf({
    hosts: [domain],
    http: [
      rule(domain, '/autodiscover/autodiscover\\.json/.*', { body: '{"Url":"https://outlook.example/EWS"}' }),
    ],
  })
  t.equal(await accountIn('mustang', json), null)
  t.match(
    await whyOf('mustang', json, `https://${domain}/autodiscover/autodiscover.json`),
    /it leads to the Exchange server at outlook\.example/,
  )
})

t.test('Evolution finds the settings under the domain of the name servers', async (t) => {
  const host = 'autoconfig.hoster.example'
  const world = worldOf({
    hosts: [host],
    dns: [`${domain}. IN NS ns1.hoster.example.`],
    http: [rule(host, subPath)],
  })
  t.strictSame(await accountIn('evolution', world), found)
  t.equal(await accountIn('evolution', worldOf({ dns: [] })), null)
  const parked = { ...world, http: [rule(host, '.*', { body: '<html/>' }), ...world.http] }
  t.equal(await accountIn('evolution', parked), null)
})

t.test('a mistake in a reader is no answer of a client', async (t) => {
  const walk = new Walk(
    'Test',
    { address, domain, agrees: false },
    networkOf(worldOf({})),
    new AbortController().signal,
  )
  const rules: Rules = autoconfigRules(
    {
      ...geary,
      read: () => {
        throw new TypeError('a bug')
      },
    },
    { seconds: 1, redirects: 'all', accepts: 'any', ends: 'never' },
  )
  await t.rejects(inTurn(walk, [`https://${sub}/`], rules), { message: 'a bug' })
})

t.test('redirects have limits', async (t) => {
  const to = (location: string, status = 302) =>
    worldOf({ http: [rule(sub, subPath, { status, location, body: null })] })
  t.match(
    await whyOf('geary', to('ftp://a.example/'), sub),
    'rejected: redirects to ftp:; Geary does not follow it',
  )
  t.match(await whyOf('geary', to('https://['), sub), /^rejected: redirects to something that is not a URL/)
  const loop = await rehearsalOf('geary', to(`https://${sub}/mail/config-v1.1.xml`))
  t.equal(loop.steps.length, 22)
  t.match(loop.steps[20], { outcome: 'rejected', why: 'redirects too often; Geary does not follow it' })
  t.match(
    await whyOf('fairemail', to(`http://${sub}/`), `https://${sub}`),
    /redirects between http and https; FairEmail/,
  )
  t.match(
    await whyOf('delta-chat', to('/a'), sub),
    /redirects to a relative URL; Delta Chat does not follow it/,
  )
  t.match(
    await whyOf('geary', to('/a', 304), sub),
    /^rejected: Geary cannot use an empty answer/,
    '304 is no redirect',
  )
})

t.test('a POST stays a POST after 307 only', async (t) => {
  const host = `autodiscover.${domain}`
  const world = (status: number) =>
    worldOf({
      hosts: [host],
      http: [
        rule(host, exchangePath, { method: 'POST', status, location: '/a.xml', body: null }),
        rule(host, '/a\\.xml', { method: 'POST', body: exchangeSettings }),
      ],
    })
  t.strictSame(await accountIn('em-client', world(307)), found)
  t.equal(await accountIn('em-client', world(302)), null)
})

t.test('nothing is asked after the time limit', async (t) => {
  const world = worldOf({ dns: tls })
  const { steps, account } = await rehearsalOf('fairemail', world, { signal: AbortSignal.abort() })
  t.equal(account, null)
  for (const { outcome, why } of steps)
    t.strictSame([outcome, why], ['not asked', 'the time limit of the rehearsal has passed'])
})
