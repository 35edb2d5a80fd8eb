import t from 'tap'
import { openNameServer } from '../../src/checks/name-server.ts'
import { config, examineDns as examine, host } from '../support/doctor-dns.ts'

t.test('the records that dns prints have no problem', async (t) => {
  const { dns, problems } = await examine(t)
  t.strictSame(problems, [])
  t.strictSame(
    dns
      .filter(({ state }) => state !== 'ok')
      .map(({ id, state }) => `${id} ${state}`)
      .sort(),
    ['dnssec-not-authenticated info', 'sts-policy-found info'],
  )
})

t.test('a record that is missing, other or extra', async (t) => {
  const srv = (port: number, target: string, priority = 0) => ({ priority, weight: 1, port, target })
  const cases: [Record<string, unknown>, string, string, RegExp][] = [
    [{ 'SRV _imaps._tcp.example.org': undefined }, 'dns-record-missing', 'problem', /^NXDOMAIN/],
    [{ 'SRV _imaps._tcp.example.org': [] }, 'dns-record-missing', 'problem', /^no such record/],
    [
      { 'SRV _imaps._tcp.example.org': [srv(993, 'old.example.net')] },
      'dns-record-differs',
      'problem',
      /old/,
    ],
    [
      { 'SRV _imaps._tcp.example.org': [srv(993, host), srv(993, 'Old.example.net')] },
      'dns-record-extra',
      'problem',
      /old\.example\.net/,
    ],
    [{ 'SRV _imaps._tcp.example.org': [srv(993, host, 7)] }, 'dns-record-differs', 'info', /other numbers/],
    [{ 'SRV _imaps._tcp.example.org': [srv(993, host.toUpperCase())] }, 'dns-record-missing', 'ok', /993/],
    [{ 'SRV _imaps._tcp.example.org': 'SERVFAIL' }, 'dns-lookup-failed', 'untested', /^SERVFAIL/],
  ]
  for (const [changes, id, state, seen] of cases) {
    const { of } = await examine(t, changes)
    t.match(of('SRV _imaps._tcp.example.org'), { id, state, seen })
  }
})

t.test('a service that is not offered', async (t) => {
  const guess = await examine(t, { 'SRV _imap._tcp.example.org': undefined })
  t.match(guess.of('SRV _imap._tcp.example.org'), { id: 'dns-record-missing', state: 'info' })
  const jmap = { priority: 0, weight: 1, port: 443, target: 'jmap.example.net' }
  const extra = await examine(t, { 'SRV _jmap._tcp.example.org': [jmap] })
  t.match(extra.of('SRV _jmap._tcp.example.org'), {
    id: 'dns-record-extra',
    state: 'problem',
    expected: 'no record',
  })
  const refused = await examine(t, { 'SRV _jmap._tcp.example.org': [{ ...jmap, port: 0, target: '.' }] })
  t.match(refused.of('SRV _jmap._tcp.example.org'), { state: 'ok' })
})

t.test('the digest of PACC is that of the document', async (t) => {
  const old = 'v=UAAC1; a=sha256; d=AAAA'
  const { problems, of } = await examine(t, { 'TXT _ua-auto-config.example.org': [old] })
  t.strictSame(problems, ['dns-record-differs TXT _ua-auto-config.example.org'])
  t.match(of('TXT _ua-auto-config.example.org'), { expected: /d=.{44}"$/, seen: `"${old}"` })
})

t.test('the path of calendars is compared as text', async (t) => {
  const hosts = {
    maximusconfessor: { hostname: host, services: { caldav: 'https://dav.example.org/calendars/' } },
  }
  const name = 'TXT _caldavs._tcp.example.org'
  const { of } = await examine(t, { [name]: ['path=/old/'] }, { ...config, hosts })
  t.match(of(name), { id: 'dns-record-differs', state: 'problem', seen: '"path=/old/"' })
})

t.test('names of this service', async (t) => {
  const name = 'CNAME autoconfig.example.org'
  const ours = 'A autoconfig.example.org'
  const cases: [Record<string, unknown>, string, string, RegExp][] = [
    [{ [name]: undefined }, 'dns-record-missing', 'problem', /^NXDOMAIN/],
    [{ [name]: undefined, [ours]: ['127.0.0.9'] }, 'dns-record-missing', 'ok', /^127\.0\.0\.9$/],
    [{ [name]: undefined, [ours]: ['127.0.0.8'] }, 'dns-record-differs', 'problem', /^127\.0\.0\.8$/],
    [
      { [name]: ['parked.example'], 'A parked.example': ['127.0.0.8'] },
      'dns-record-differs',
      'problem',
      /^parked\.example\.: 127\.0\.0\.8$/,
    ],
    [
      { [name]: ['gone.example'] },
      'cname-chain-broken',
      'problem',
      /^gone\.example\., which leads to no address/,
    ],
    [{ [name]: 'SERVFAIL' }, 'dns-lookup-failed', 'untested', /^SERVFAIL/],
  ]
  for (const [changes, id, state, seen] of cases) {
    const { of } = await examine(t, changes)
    t.match(of(name), { id, state, seen })
  }
})

t.test('the MX leads to the advertised host, or the result says where', async (t) => {
  const cases: [unknown, string, string, RegExp][] = [
    [[{ preference: 10, exchange: host }], 'mx-elsewhere', 'ok', /^10 maximus/],
    [
      [{ preference: 10, exchange: 'filter.example' }],
      'mx-elsewhere',
      'info',
      /^mail is received by 10 filter/,
    ],
    [[], 'mx-elsewhere', 'info', /^no MX/],
    [undefined, 'mx-elsewhere', 'problem', /^NXDOMAIN/],
    ['SERVFAIL', 'dns-lookup-failed', 'untested', /^SERVFAIL/],
  ]
  for (const [records, id, state, seen] of cases) {
    const { of } = await examine(t, { 'MX example.org': records })
    t.match(of('MX example.org'), { id, state, seen })
  }
})

t.test('a policy for servers that send mail is information', async (t) => {
  const { of } = await examine(t, { 'TXT _mta-sts.example.org': ['v=STSv1; id=1'] })
  t.match(of('TXT _mta-sts.example.org'), { id: 'sts-policy-found', state: 'info', seen: '"v=STSv1; id=1"' })
})

t.test('an answer of the name server that nobody expects', async (t) => {
  const { names } = openNameServer([], 2000)
  t.strictSame(await names('A', 'a..b'), { ok: false, error: { isCertain: false, why: 'error EBADNAME' } })
})
