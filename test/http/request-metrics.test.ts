import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import t from 'tap'
import { adminServer } from '../../src/http/admin-server.ts'
import { ClientRequests, familyOf } from '../../src/http/client-requests.ts'
import { metricsOf } from '../../src/http/metrics.ts'
import { outcomeOf } from '../../src/http/outcome.ts'
import { Readiness } from '../../src/http/readiness.ts'
import { version } from '../../src/version.ts'
import { example, findings, openApp } from '../support/example.ts'

const url = '/mail/config-v1.1.xml?emailaddress=jane@example.org'

async function open(t: Test, config: unknown = example) {
  const opened = await openApp(t, config)
  const admin = adminServer(opened)
  t.teardown(() => admin.close())
  const metrics = async (name: string): Promise<string[]> => {
    const { body } = await admin.inject({ url: '/metrics' })
    return body.split('\n').filter((line) => line.startsWith(`mail_autoconfig_${name}`))
  }
  return { ...opened, metrics }
}

t.test('durations have a histogram for each format and outcome', async (t) => {
  const { app, metrics } = await open(t)
  t.strictSame(await metrics('request_duration_seconds'), [])
  for (const path of [url, url, '/mail/config-v1.1.xml?emailaddress=jane@example.com', '/nothing'])
    await app.inject({ url: path })
  await app.inject({ method: 'POST', url })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  // Past Fastify.
  await fetch(`http://127.0.0.1:${port}${url}`)
  const lines = await metrics('request_duration_seconds')
  t.strictSame(
    lines.filter((line) => line.includes('_count')),
    [
      'mail_autoconfig_request_duration_seconds_count{format="none",outcome="unknown"} 1',
      'mail_autoconfig_request_duration_seconds_count{format="autoconfig",outcome="answered"} 3',
      'mail_autoconfig_request_duration_seconds_count{format="autoconfig",outcome="unknown"} 1',
      'mail_autoconfig_request_duration_seconds_count{format="autoconfig",outcome="refused"} 1',
    ],
  )
  const answered = lines.filter((line) => line.includes('format="autoconfig",outcome="answered"'))
  t.strictSame(
    answered.map((line) => /le="([^"]+)"/.exec(line)?.[1]).filter((le) => le !== undefined),
    [
      ...[
        '0.0005',
        '0.001',
        '0.0025',
        '0.005',
        '0.01',
        '0.025',
        '0.05',
        '0.1',
        '0.25',
        '0.5',
        '1',
        '2.5',
        '5',
        '+Inf',
      ],
    ],
    'in seconds',
  )
  t.ok(answered.some((line) => /_bucket\{.*le="\+Inf"\} 3$/.test(line)))
  const sum = Number(
    answered
      .find((line) => line.includes('_sum'))
      ?.split(' ')
      .at(-1),
  )
  t.ok(sum > 0 && sum < 60, `${sum} seconds`)
})

t.test('the outcome of a request is read from its status', async (t) => {
  const outcomes = [200, 302, 304, 400, 404, 405, 429, 499, 500, 503].map(outcomeOf)
  t.strictSame(outcomes, [
    ...(['answered', 'answered', 'answered', 'refused', 'unknown'] as const),
    ...(['refused', 'refused', 'gone', 'failed', 'failed'] as const),
  ])
})

t.test('a slow answer is counted as slow on both ways, also if it fails', async (t) => {
  const { app, metrics, live } = await open(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  Object.assign(live.current, {
    resolve: () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error('broken')), 30)),
  })
  t.equal((await fetch(`http://127.0.0.1:${port}${url}`)).status, 500)
  t.equal((await app.inject({ url })).statusCode, 500)
  const sum = (await metrics('request_duration_seconds_sum')).find((line) => line.includes('failed'))
  t.ok(Number(sum?.split(' ').at(-1)) > 0.05, String(sum))
})

t.test('the family of a client is that of its User-Agent', async (t) => {
  const agents = {
    'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.7.0': 'thunderbird',
    'okhttp/4.12.0': 'thunderbird-android',
    'Evolution/3.46.4-2+deb12u1 ': 'evolution',
    'Mozilla/5.0 (X11; Linux x86_64) KIO/5.103 ispdb/0.1': 'kmail',
    'Horde_Http 2.1.7': 'horde',
    'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.14326; Pro)': 'outlook',
    'accountsd/113 CFNetwork/1404.0.5 Darwin/22.3.0': 'apple',
    'Mozilla/5.0 (compatible; Googlebot/2.1)': 'bot',
    'curl/8.5.0': 'curl',
    'Wget/1.21': 'curl',
    [`mail-autoconfig/${version}`]: 'mail-autoconfig',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36': 'browser',
    'Go-http-client/1.1': 'other',
    '': 'none',
  }
  for (const [agent, family] of Object.entries(agents)) t.equal(familyOf(agent), family, agent)
  t.equal(familyOf(undefined), 'none')
  t.equal(familyOf(`${'x'.repeat(200)} Thunderbird/1`), 'other', 'only the start of a long text is read')
})

t.test('requests are counted by client and protocol, and nothing of a client is kept', async (t) => {
  const { app, metrics } = await open(t)
  for (const agent of ['Thunderbird/1', 'Thunderbird/2', 'secret/1'])
    await app.inject({ url, headers: { 'user-agent': agent } })
  await app.inject({ url: '/nothing', headers: { 'user-agent': 'Thunderbird/1' } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(`GET ${url} HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n`)
  t.match(await text(socket), /^HTTP\/1\.1 200/)
  t.strictSame(await metrics('client_requests_total'), [
    'mail_autoconfig_client_requests_total{client="thunderbird",protocol="http"} 3',
    'mail_autoconfig_client_requests_total{client="other",protocol="http"} 1',
    'mail_autoconfig_client_requests_total{client="none",protocol="http"} 1',
  ])
})

t.test('a trusted proxy says whether a client uses https', async (t) => {
  const { app, metrics } = await open(t, { ...example, trustedProxies: ['127.0.0.1'] })
  for (const protocol of ['https', 'HTTPS', 'http, https', 'https, http', 'http', 'httpsx'])
    await app.inject({ url, headers: { 'user-agent': 'curl/8', 'x-forwarded-proto': protocol } })
  t.strictSame(await metrics('client_requests_total'), [
    'mail_autoconfig_client_requests_total{client="curl",protocol="http"} 3',
    'mail_autoconfig_client_requests_total{client="curl",protocol="https"} 3',
  ])
})

t.test('made-up clients do not fill the memory, and are counted', async (t) => {
  const { set } = Map.prototype
  t.teardown(() => Object.assign(Map.prototype, { set }))
  const kept: string[] = []
  Object.assign(Map.prototype, {
    set(this: Map<unknown, unknown>, key: unknown, value: unknown) {
      if (String(key).startsWith('made-up')) kept.push(String(key))
      return set.call(this, key, value)
    },
  })
  const clients = new ClientRequests()
  const of = (length: number) => 'made-up/'.padEnd(length, 'x')
  for (const length of [200, 201]) clients.add(of(length), 'http')
  t.strictSame(kept.splice(0), [of(200)], 'a long text is not kept')
  for (let number = 0; number < 1998; number++) clients.add(`made-up/${number}`, 'http')
  t.equal(kept.length, 999, 'of a thousand')
  clients.add('Thunderbird/1', 'https')
  t.strictSame(
    [...clients.counts()],
    [
      { client: 'other', protocol: 'http', requests: 2000 },
      { client: 'thunderbird', protocol: 'https', requests: 1 },
    ],
  )
})

const loaded = new Date('2026-11-30T12:00:00.500Z')

/** The values of the metrics that begin with these words, without those of the process, when they are scraped for the second time. */
async function valuesOf(t: Test, options: Partial<Parameters<typeof metricsOf>[0]>, names: RegExp) {
  const { live, accessLog } = await openApp(t, example, {}, () => loaded)
  const readiness = new Readiness(live)
  const register = metricsOf({ live, accessLog, now: () => loaded, readiness, ...options })
  await register.metrics()
  const text = await register.metrics()
  const lines = text.split('\n').filter((line) => line.startsWith('mail_autoconfig_'))
  return lines.map((line) => line.slice('mail_autoconfig_'.length)).filter((line) => names.test(line))
}

t.test('each metric has its value, in seconds and not in milliseconds', async (t) => {
  const others = /^(?!build_info|client_errors|refused)/
  t.strictSame(await valuesOf(t, { droppedLines: () => 7 }, others), [
    'log_lines_dropped_total 7',
    'reloads_total{result="success"} 0',
    'reloads_total{result="failure"} 0',
    'reloads_total{result="held"} 0',
    'last_reload_successful 1',
    'reload_held 0',
    'saved_config_in_use 0',
    'config_saved_timestamp_seconds Nan',
    'config_loaded_timestamp_seconds 1796040000.5',
    'domains 2',
    'ispdb_domains 0',
    'ispdb_broken_files 0',
    'hosts 2',
    'profiles_signed Nan',
    'signing_certificate_expiry_timestamp_seconds Nan',
    'ready 1',
    'limit_store_available Nan',
    'config_warnings 0',
  ])
})

t.test('the store of the limits is available, or is not', async (t) => {
  for (const available of [true, false]) {
    const limitStore = () => ({ available }) as never
    t.strictSame(await valuesOf(t, { limitStore }, /^limit_store/), [
      `limit_store_available ${Number(available)}`,
    ])
  }
})

t.test('certificates are counted by state, and the first that expires has its seconds', async (t) => {
  const certificate = (state: string, days: number) => ({
    facts: { validTo: loaded.getTime() + days * 86_400_000 },
    stateAt: () => state,
    messageAt: () => undefined,
  })
  const all = [certificate('valid', 60), certificate('ending', 2), certificate('valid', 30)]
  const certificates = { all, default: { files: {} }, contexts: 7 } as never
  const { accessLog } = await openApp(t)
  for (const isResumed of [true, false, true]) accessLog.addHandshake(isResumed)
  for (const code of ['ECONNRESET', 'ERR_SSL_NO_SHARED_CIPHER', 'ECONNRESET']) accessLog.tlsErrors.add(code)
  t.strictSame(await valuesOf(t, { certificates, accessLog }, /^(?:certificate|tls)/), [
    'certificates{state="unusable"} 0',
    'certificates{state="expired"} 0',
    'certificates{state="kept"} 0',
    'certificates{state="ending"} 1',
    'certificates{state="valid"} 2',
    'certificate_seconds_left 172800',
    'certificate_default 1',
    'certificate_contexts 7',
    'tls_handshakes_total{session="new"} 1',
    'tls_handshakes_total{session="resumed"} 2',
    'tls_errors_total{kind="version"} 0',
    'tls_errors_total{kind="no-cipher"} 1',
    'tls_errors_total{kind="certificate-refused"} 0',
    'tls_errors_total{kind="timeout"} 0',
    'tls_errors_total{kind="connection"} 2',
    'tls_errors_total{kind="not-tls"} 0',
    'tls_errors_total{kind="other"} 0',
  ])
  const none = { all: [], default: undefined, contexts: 0 } as never
  t.strictSame(await valuesOf(t, { certificates: none }, /^certificate_(?!contexts)/), [
    'certificate_seconds_left Nan',
    'certificate_default 0',
  ])
})

t.test('what regular checks have found is a metric of each host', async (t) => {
  const numbers = {
    lastFinished: loaded.getTime(),
    problems: [
      { host: 'one', id: 'connection-failed', problems: 3 },
      { host: 'two', id: 'connection-failed', problems: 0 },
    ],
    untested: [{ host: 'one', untested: 2 }],
    certificates: [{ host: 'one', of: 'names', seconds: 3600 }],
    messages: [{ to: 'webhook', sent: 5, failed: 4, waiting: 6 }],
  }
  const none: string[] = []
  let results: object | undefined = { numbers }
  const { live, accessLog } = await openApp(t)
  const options = { live, accessLog, now: () => loaded, readiness: new Readiness(live) }
  const register = metricsOf({ ...options, watch: () => results as never })
  const checks = async () => (await register.metrics()).match(/(?<=^mail_autoconfig_check_).*/gm) ?? none
  t.strictSame(await checks(), [
    'problems{host="one",id="connection-failed"} 3',
    'problems{host="two",id="connection-failed"} 0',
    'untested{host="one"} 2',
    'last_run_timestamp_seconds 1796040000.5',
    'certificate_seconds_left{host="one",of="names"} 3600',
    'changes_waiting{to="webhook"} 6',
    'messages_total{to="webhook",result="sent"} 5',
    'messages_total{to="webhook",result="failed"} 4',
  ])
  t.equal((await checks()).length, 8, 'the second scrape counts nothing twice')
  results = { numbers: { ...numbers, lastFinished: undefined, problems: [], messages: [] } }
  t.strictSame(await checks(), [
    'untested{host="one"} 2',
    'certificate_seconds_left{host="one",of="names"} 3600',
  ])
  results = undefined
  t.strictSame(await checks(), none, 'checks that a reload has turned off leave nothing')
})

t.test('the build has its versions as labels', async (t) => {
  const { metrics } = await open(t)
  t.strictSame(await metrics('build_info'), [
    `mail_autoconfig_build_info{version="${version}",node="${process.versions.node}"} 1`,
  ])
})

t.test('a line of the log has the domain only if the admin wants it, and only a served one', async (t) => {
  const paths = {
    [url]: 'example.org',
    '/mail/config-v1.1.xml?emailaddress=jane@unknown.example': undefined,
    '/apple/mail.mobileconfig?emailaddress=jane@example.net': 'example.net',
    '/?emailaddress=jane@example.org': 'example.org',
    '/nothing': undefined,
  }
  const silent = await open(t)
  for (const path of Object.keys(paths)) await silent.app.inject({ url: path })
  t.notMatch(silent.lines.join(''), /example\.(?:org|net)|domain/)
  const { app, lines } = await open(t, { ...example, http: { accessLog: { domains: true } } })
  for (const path of Object.keys(paths)) await app.inject({ url: path })
  t.strictSame(
    lines.map((line) => JSON.parse(line).domain),
    Object.values(paths),
  )
  t.notMatch(lines.join(''), /jane|unknown/)
  const plain = await open(t, { ...example, http: { accessLog: {} } })
  await plain.app.inject({ url })
  t.notOk(JSON.parse(plain.lines[0] as string).domain)
})

t.test('a wrong accessLog is told what to write', async (t) => {
  const messages = async (accessLog: unknown) =>
    (await findings(t, { ...example, http: { accessLog } })).errors
  for (const wrong of ['domains', 1, []])
    t.match(await messages(wrong), [
      /http\.accessLog must be true, false, or a mapping, such as \{ domains: true \}/,
    ])
  t.match(await messages({ domain: true }), [/http\.accessLog\.domain unknown key; did you mean "domains"\?/])
})
