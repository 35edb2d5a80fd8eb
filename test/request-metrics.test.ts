import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import t from 'tap'
import { adminServer } from '../src/http/admin-server.ts'
import { ClientRequests, familyOf } from '../src/http/client-requests.ts'
import { outcomeOf } from '../src/http/outcome.ts'
import { version } from '../src/version.ts'
import { example, findings, openApp } from './support/example.ts'

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
  t.ok(answered.some((line) => /_bucket\{.*le="0\.0005"\} \d$/.test(line)))
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
  const clients = new ClientRequests()
  for (let number = 0; number < 2000; number++) clients.add(`made-up/${number}`, 'http')
  clients.add('Thunderbird/1', 'https')
  t.strictSame(
    [...clients.counts()],
    [
      { client: 'other', protocol: 'http', requests: 2000 },
      { client: 'thunderbird', protocol: 'https', requests: 1 },
    ],
  )
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
