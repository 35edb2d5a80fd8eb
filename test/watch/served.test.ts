import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import t from 'tap'
import { stringify } from 'yaml'
import { watchAll } from '../../src/cli/doctor/watching.ts'
import { main } from '../../src/cli/main.ts'
import { serverWatching } from '../../src/cli/watching.ts'
import { loadConfig } from '../../src/config/load.ts'
import { defaultWatch } from '../../src/config/read-watch.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import type { Change } from '../../src/watch/change.ts'
import { messageOf } from '../../src/watch/message.ts'
import { issue } from '../support/certificates.ts'
import { io } from '../support/command.ts'
import { configFolder, example, findings, openApp, openResolver } from '../support/example.ts'
import { mailServer } from '../support/mail-server.ts'
import { TestClock } from '../support/test-clock.ts'
import { until } from '../support/until.ts'
import { webServer } from '../support/web-server.ts'
import { nameServer } from '../support/zone-server.ts'

// Real checks of several servers take their time on a busy machine.
t.setTimeout(300_000)
const options = { timeout: 240_000 }

const brokenPem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n'

t.test('what makes no sense is an error or a warning', async (t) => {
  const files = {
    token: 'a b',
    url: 'ftp://x',
    plain: 'http://chat.example/x',
    'ca.pem': 'x',
    'broken.pem': brokenPem,
    good: 'abc\n',
  }
  const cases: [watch: unknown, message: RegExp | undefined][] = [
    [{}, undefined],
    [{ webhook: { url: 'https://alerts.example/', tokenFile: 'good' } }, undefined],
    [{ webhook: { url: 'http://127.0.0.1/' } }, undefined],
    [{ webhook: { url: 'http://[::1]/' } }, undefined],
    [{ webhook: { url: 'http://localhost:8000/' } }, undefined],
    ...[6, true, null, '6 hours'].map((every): [unknown, RegExp] => [
      { every },
      /watch\.every must be a number and a unit \(s, m, h or d\), such as 90s, 5m or 6h$/,
    ]),
    [{ confirm: 5 }, /watch\.confirm must be a number and a unit/],
    [{ timeout: 10 }, /watch\.timeout must be a number and a unit/],
    [{ webhook: { url: 'https://x/', timeout: 10 } }, /watch\.webhook\.timeout must be a number and a unit/],
    [{ command: { run: ['/x'], timeout: 10 } }, /watch\.command\.timeout must be a number and a unit/],
    [{ every: '8d' }, /watch\.every must be from 1s to 7d/],
    [{ every: '30s', confirm: '10s' }, /watch\.every warning.*|watch\.every is under a minute/],
    [{ every: '2m' }, /watch\.confirm is not shorter than "every"/],
    [{ every: '10m', sample: 1000 }, /watch\.sample is too large: 1002 hosts and domains/],
    [
      { ignore: ['dns-record-mising'] },
      /watch\.ignore\[0\] must be one of .*did you mean "dns-record-missing"/,
    ],
    [
      { webhook: 'https://alerts.example/' },
      /watch\.webhook must be a mapping, such as { url: https:\/\/alerts\.example\.net\/mail }$/,
    ],
    ...['/usr/local/bin/mail-admin', ['/usr/local/bin/mail-admin']].map((command): [unknown, RegExp] => [
      { command },
      /watch\.command must be a mapping, such as { run: \[\/usr\/local\/bin\/mail-admin, root@localhost\] }$/,
    ]),
    [{ command: { program: '/x' } }, /watch\.command\.program unknown key; the keys are run, timeout/],
    [{ webhook: {} }, /watch\.webhook must have exactly one of url, urlFile/],
    [
      { webhook: { url: 'https://a:b@x/' } },
      /watch\.webhook\.url must not contain a username; put a token into tokenFile/,
    ],
    [{ webhook: { url: 'x' } }, /watch\.webhook\.url must be an absolute URL/],
    [
      { webhook: { url: 'http://alerts.example/' } },
      /watch\.webhook\.url sends changes to another machine without encryption/,
    ],
    [{ webhook: { urlFile: 'plain' } }, /watch\.webhook\.urlFile sends changes to another machine without/],
    [{ webhook: { urlFile: 'url' } }, /watch\.webhook\.urlFile must contain an absolute URL/],
    [{ webhook: { urlFile: 'none' } }, /watch\.webhook\.urlFile cannot be read/],
    [
      { webhook: { url: 'https://x/', tokenFile: 'token' } },
      /watch\.webhook\.tokenFile must contain one line of ASCII/,
    ],
    [
      { authorityFile: 'ca.pem' },
      /watch\.authorityFile .*ca\.pem contains no valid certificates; write a PEM file/,
    ],
    [{ authorityFile: 'broken.pem' }, /watch\.authorityFile .*broken\.pem contains no valid certificates/],
    [{ authorityFile: 'none' }, /watch\.authorityFile cannot be read/],
    [{ command: { run: ['mail'] } }, /watch\.command\.run must begin with the absolute path of a program/],
    [{ command: { run: [] } }, /watch\.command\.run must not be empty/],
    [{ resolvers: ['dns.example'] }, /watch\.resolvers\[0\] must be an IP address with an optional port/],
    [
      { connect: { 'mail.example.org': 'x' } },
      /must be an IP address with an optional port, such as 192\.0\.2\.1/,
    ],
  ]
  for (const [watch, message] of cases) {
    const { errors, warnings } = await findings(t, { ...example, watch }, files)
    const all = [...errors, ...warnings].join('\n')
    if (message) t.match(all, message)
    else t.equal(all, '')
  }
})

t.test('the server checks, logs, shows and sends what has changed', options, async (t) => {
  const issued = await issue('P-256', new Date(Date.now() + 10 * 86_400_000), [
    'mail.example.org',
    'setup.example.org',
  ])
  const web = await webServer(t, (await openApp(t)).app, issued, {})
  const got: { readonly changes: Change[] }[] = []
  const receiver = createServer(async (request, response) => {
    got.push(JSON.parse(await text(request)))
    response.end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  t.teardown(() => receiver.close())
  const imap = await mailServer(t, { type: 'imap', socketType: 'SSL', issued })
  const names = await nameServer(t, {})
  const config = {
    ...example,
    publicName: 'setup.example.org',
    hosts: {
      one: {
        hostname: 'mail.example.org',
        servers: [
          { type: 'imap', port: imap.port },
          { type: 'smtp', port: 1 },
        ],
      },
    },
    domains: { 'customer.example': 'one' },
    watch: {
      every: '1s',
      confirm: '1s',
      sample: 1,
      ignore: ['old-tls-accepted'],
      authorityFile: 'ca.pem',
      resolvers: [names.address],
      connect: { 'mail.example.org': imap.address, 'setup.example.org': web.place },
      webhook: { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/` },
      command: { run: ['/bin/false'] },
    },
  }
  const around = io()
  const file = configFolder(t, config, { 'ca.pem': issued.authority })
  const args = ['serve', '-c', file, '--host', '127.0.0.1', '--port', '0', '--admin-port', '0']
  const running = main(args, { ...around, now: () => new Date(), env: {} })
  const log = () => around.stdout.text()
  const isTold = (id: string) => got.some(({ changes }) => changes.some((change) => change.id === id))
  t.ok(
    await until(
      () => isTold('connection-failed') && isTold('certificate-expires-soon') && isTold('dns-record-missing'),
    ),
  )
  t.match(log(), /"level":40[^\n]*"id":"connection-failed","host":"one","target":"smtp mail\.example\.org:1"/)
  t.ok(await until(() => /changes could not be sent by the command/.test(log())))
  t.match(log(), /"problem":"ended with exit code 1"/)
  t.match(log(), /"msg":"a certificate ends soon"/)
  const admin = /"admin":"([^"]*)"/.exec(log())?.[1] ?? ''
  const get = async (path: string) => (await fetch(`${admin}${path}`)).text()
  await until(async () => (await get('/metrics')).includes('check_last_run_timestamp_seconds 1'))
  const metrics = await get('/metrics')
  t.match(metrics, 'mail_autoconfig_check_problems{host="one",id="connection-failed"} 1\n')
  t.match(metrics, 'mail_autoconfig_check_problems{host="one",id="certificate-host-mismatch"} 0\n')
  t.match(metrics, /mail_autoconfig_check_certificate_seconds_left\{host="one",of="mail"\} 8\d{5}\n/)
  t.match(
    metrics,
    /mail_autoconfig_check_certificate_seconds_left\{host="setup\.example\.org",of="mail"\} 8\d{5}\n/,
  )
  t.match(metrics, /mail_autoconfig_check_last_run_timestamp_seconds \d/)
  t.match(metrics, 'mail_autoconfig_check_untested{host="one"} 0\n')
  t.match(metrics, /mail_autoconfig_check_messages_total\{to="webhook",result="sent"\} \d/)
  const ready = await fetch(`${admin}/readyz`)
  t.equal(ready.status, 200, 'a failed check never makes the server unready')
  const { checks } = (await ready.json()) as { checks: object }
  t.match(checks, {
    hosts: [
      {
        host: 'one',
        certificates: [{ name: 'mail.example.org', daysLeft: 9 }],
        problems: [{ id: /./ }],
      },
      { host: 'setup.example.org', certificates: [{ daysLeft: 9 }] },
    ],
  })
  t.ok(
    got.some(({ changes }) =>
      changes.some(({ domain, host }) => domain === 'customer.example' && host === 'one'),
    ),
    'the message may name it',
  )
  t.notMatch(log(), /"(id|msg)":[^\n]*customer\.example(?!')[^\n]*"since"/)
  t.notMatch(`${metrics}${JSON.stringify(checks)}`, 'customer.example')
  writeFileSync(file, stringify({ ...config, watch: { ...config.watch, server: false } }))
  around.signals.emit('SIGHUP', 'SIGHUP')
  t.ok(await until(async () => !(await get('/metrics')).includes('check_problems{')))
  t.match(await get('/readyz'), '"checks":null')
  around.signals.emit('SIGTERM', 'SIGTERM')
  t.equal(await running, 0)
})

t.test('the server logs a problem as a warning, its end as information, and a bug as an error', async (t) => {
  const names = await nameServer(t, {})
  const watch = { every: '1s', confirm: '1s', sample: 0, resolvers: [names.address] }
  const servers = ['imap', 'smtp'].map((type) => ({ type, port: 1 }))
  const down = {
    ...example,
    hosts: { one: { hostname: 'mail.example.org', servers } },
    domains: {},
    watch: { ...watch, connect: { 'mail.example.org': '127.0.0.1' } },
  }
  const lines: string[] = []
  const watching = serverWatching(pino({}, { write: (line: string) => lines.push(line) }))
  t.teardown(() => watching.close())
  const logged = (line: RegExp) => until(() => lines.some((each) => line.test(each)))
  watching.use(await openResolver(t, down))
  t.ok(await logged(/"level":40.*"id":"connection-failed","host":"one".*"msg":"a check has found a problem/))
  const { config } = await openResolver(t, { ...example, watch })
  // The end of a host that is no longer configured.
  watching.use(new Resolver(config))
  t.ok(await logged(/"level":30.*"id":"connection-failed","host":"one".*"msg":"a problem has ended"/))
  // This could not be read from a file, so nobody expects an error.
  watching.use(new Resolver({ ...config, watch: { ...defaultWatch(), every: 1000, authority: brokenPem } }))
  t.ok(await logged(/"level":50.*"stack":"Error: .*"msg":"a bug: please report it"/))
})

/** `doctor --all --watch` with a clock of its own. */
function watchWith(file: string, flags: object) {
  const around = io()
  const clock = new TestClock()
  const given = { config: file, all: true, watch: true, adminHost: '', adminPort: 1, ...flags } as const
  const running = watchAll(given, { ...around, env: {}, now: () => new Date(clock.time) }, clock)
  const wait = (isSo: () => boolean, step = 1000) =>
    until(
      async () => {
        await clock.pass(step)
        return isSo()
      },
      String(isSo),
      // The clock passes a step at each look.
      5,
    )
  const end = () => {
    around.signals.emit('SIGTERM', 'SIGTERM')
    return running
  }
  return { around, wait, end }
}

t.test('doctor --all --watch prints changes as they come, until it is stopped', options, async (t) => {
  const names = await nameServer(t, { 'A mail.example.org': 'SERVFAIL' })
  const config = {
    ...example,
    publicName: 'setup.example.org',
    hosts: { one: { hostname: 'mail.example.org' } },
    domains: {},
    watch: { every: '10m', confirm: '1m', command: { run: ['/bin/false'] } },
  }
  const file = configFolder(t, { ...config, sources: [] }, {})
  const connect = new Map([
    ['mail.example.org', { address: '127.0.0.9', port: 1 }],
    ['setup.example.org', { address: '::1', port: 1 }],
    ['other.example.org', { address: '::1' }],
  ])
  const first = watchWith(file, { resolver: [names.address], connect, timeout: 5 })
  const { stdout, stderr, signals } = first.around
  t.ok(await first.wait(() => /problem connection-failed imap mail\.example\.org:993/.test(stdout.text())))
  t.ok(await first.wait(() => /Z 2 checks made; the next begin at \d{4}-/.test(stdout.text())))
  t.ok(await first.wait(() => /changes could not be sent by the command.*exit code 1/.test(stderr.text())))
  writeFileSync(file, 'provider: x')
  signals.emit('SIGHUP', 'SIGHUP')
  t.ok(await first.wait(() => stderr.text().includes('provider must be a mapping')))
  writeFileSync(file, stringify({ ...config, hosts: { two: { hostname: 'two.example.org' } } }))
  t.ok(await first.wait(() => /is not used: .* ends before sources:; send SIGHUP/.test(stderr.text())))
  signals.emit('SIGHUP', 'SIGHUP')
  t.ok(
    await first.wait(() =>
      /ended {3}connection-failed imap mail\.example\.org:993.*no longer in the/.test(stdout.text()),
    ),
  )
  t.equal(await first.end(), 0)
  t.strictSame(signals.eventNames(), [])

  writeFileSync(file, stringify({ ...config, watch: undefined }))
  const ca = join(dirname(file), 'ca.pem')
  writeFileSync(ca, (await issue('P-256')).authority)
  const second = watchWith(file, { json: true, ca, connect, resolver: [names.address] })
  t.ok(await second.wait(() => second.around.stdout.text().includes('connection-failed')))
  const [line = ''] = second.around.stdout.text().split('\n')
  t.match(JSON.parse(line), { at: /Z$/, change: 'problem-appeared', host: /./, since: /Z$/ })
  t.equal(await second.end(), 0)
})

t.test('doctor --all --watch prints what goes wrong: sources, checks that do not end, bugs', async (t) => {
  const names = await nameServer(t, {})
  const silent = createTcpServer((socket) => void t.teardown(() => socket.destroy())).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const domain = { filter: '(cn=%s)', attribute: 'mailHost' }
  const config = {
    ...example,
    hosts: { one: { hostname: 'mail.example.org' } },
    domains: {},
    sources: [{ ldap: { url: 'ldap://127.0.0.1:1', base: 'dc=example', domain } }],
  }
  const file = configFolder(t, config, { 'broken.pem': brokenPem })
  const connect = new Map([['mail.example.org', { address: '127.0.0.1', port }]])
  const first = watchWith(file, { connect, timeout: 3600, resolver: [names.address] })
  const { stderr } = first.around
  t.ok(await first.wait(() => /^source ldap.*ECONNREFUSED/m.test(stderr.text())))
  const givenUp = /^a check was given up: a check of a host did not end within 300 s$/m
  t.ok(await first.wait(() => givenUp.test(stderr.text()), 60_000))
  t.equal(await first.end(), 0)

  const second = watchWith(file, { ca: join(dirname(file), 'broken.pem') })
  const bug = /^a bug: please report it: Error: .*\n +at /m
  t.ok(await second.wait(() => bug.test(second.around.stderr.text()), 60_000))
  t.equal(await second.end(), 0)
})

t.test('--watch is a mode of --all', options, async (t) => {
  const file = configFolder(t, example)
  const runMain = async (...args: string[]) => {
    const around = io()
    const exitCode = main(['doctor', ...args, '-c', file], { ...around, env: {} })
    // Without an error, the command would go on.
    setTimeout(() => around.signals.emit('SIGINT', 'SIGINT'), 3000).unref()
    return [await exitCode, around.stderr.text()]
  }
  t.match(await runMain('--watch', 'example.org'), [2, /--watch: requires --all/])
  t.match(await runMain('--watch', '--all', '--running'), [2, /--watch.*cannot be used with.*--running/])
  const around = io()
  const running = main(['doctor', '--all', '--watch', '-c', file], { ...around, env: {} })
  await until(() => around.signals.listenerCount('SIGTERM') > 0)
  around.signals.emit('SIGTERM', 'SIGTERM')
  t.equal(await running, 0)
})

const document = readFileSync('docs/watch.md', 'utf8')
const blocks = (language: string): string[] =>
  [...document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code)

t.test('the documentation shows a true message, valid settings and every metric', async (t) => {
  const [shown = ''] = blocks('json')
  const { text: _text, ...parsed } = JSON.parse(shown)
  const made = messageOf(parsed.changes, { at: Date.parse(parsed.at), service: parsed.service, omitted: 0 })
  t.strictSame(JSON.parse(shown), made)
  for (const block of blocks('yaml')) {
    const files = { 'alerts.token': 'abc', 'chat.url': 'https://chat.example/x' }
    t.strictSame(await findings(t, `${stringify(example)}${block}`, files), { errors: [], warnings: [] })
  }
  const loaded = await loadConfig(configFolder(t, { ...example, watch: {} }))
  const { watch = {} } = 'config' in loaded ? loaded.config : {}
  t.match(document, '(configuration.md#watch)')
  const [, reference = ''] = readFileSync('docs/configuration.md', 'utf8').split('\n## `watch`\n')
  const [settings = ''] = reference.split('\n## ')
  for (const key of Object.keys(watch)) t.match(settings, `| \`${key}\` |`)
})

t.test('the recipe for mail works', async (t) => {
  const [script = ''] = blocks('bash')
  const folder = t.testdir({ 'mail-admin': script, sendmail: `#!/bin/sh\ncat > "$(dirname "$0")/mail"\n` })
  for (const name of ['mail-admin', 'sendmail']) chmodSync(join(folder, name), 0o755)
  execFileSync(join(folder, 'mail-admin'), ['root@localhost'], {
    input: blocks('json')[0],
    env: { ...process.env, SENDMAIL: join(folder, 'sendmail') },
  })
  t.ok(existsSync(join(folder, 'mail')))
  t.match(
    readFileSync(join(folder, 'mail'), 'utf8'),
    /^To: root@localhost\nSubject: .*\n\nproblem connection-failed imap/,
  )
})
