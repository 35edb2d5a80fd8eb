import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import t from 'tap'
import { explainBy } from '../../src/cli/explain/explanation.ts'
import { adminServer } from '../../src/http/admin-server.ts'
import { checkIds } from '../../src/model/check-ids.ts'
import { issue } from '../support/certificates.ts'
import { type CheckResult, runDoctor } from '../support/doctor.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { mailServer } from '../support/mail-server.ts'
import { webServer } from '../support/web-server.ts'
import { zoneOf } from '../support/zone.ts'
import { nameServer } from '../support/zone-server.ts'

t.test('the documentation lists every id', async (t) => {
  const rows = readFileSync('docs/doctor.md', 'utf8').matchAll(/^\| `([a-z][a-z-]+)` \| (.*) \|$/gm)
  const ids = [...rows].map(([, id, text]) => [id, text]).filter(([id]) => id?.includes('-'))
  t.strictSame(ids, Object.entries(checkIds))
})

t.test('wrong usage', async (t) => {
  const file = configFolder(t, example, { 'not.pem': 'x' })
  const cases: [string[], RegExp][] = [
    [[], /^name addresses or domains, or use --all for every mapped domain\n$/],
    [['example.org', '--all'], /^name addresses or domains, or use --all/],
    [['a_b'], /^the argument is neither an address nor a domain; write jane@example\.org or example\.org\n$/],
    [['example.org', 'a_b'], /^argument 2 is neither/],
    [['--all', '--ca', 'no/such/file'], /^--ca: the file cannot be read, or contains no certificates/],
    [['--all', '--ca', join(dirname(file), 'not.pem')], /^--ca: the file cannot be read, or contains no/],
    [['--all', '--resolver', 'dns.example'], /must be an IP address with an optional port/],
    [['--all', '--connect', 'mail.example.org'], /must be a host and its IP address, such as/],
    [['--all', '--connect', 'mail.example.org=mx'], /must be a host and its IP address, such as/],
    [['--all', '--connect', '=192.0.2.1'], /must be a host and its IP address, such as/],
    [['--all', '--timeout', '0'], /must be a number of seconds from 1 to 3600/],
    [['--all', '--timeout', 'x'], /must be a number of seconds from 1 to 3600/],
    [['--all', '--timeout', '3601'], /must be a number of seconds from 1 to 3600/],
    [['--all', '--concurrency', '0'], /must be a number from 1 to 999/],
  ]
  for (const [args, message] of cases) {
    const { exitCode, stderr } = await runDoctor([...args, '-c', file])
    t.equal(exitCode, 2, args.join(' '))
    t.match(stderr, message)
  }
})

t.test('a domain that is not served is a problem', async (t) => {
  const file = configFolder(t, example)
  const { exitCode, stdout } = await runDoctor(['elsewhere.example', '-c', file])
  t.equal(exitCode, 1)
  t.match(
    stdout,
    /^problem {2}domain-not-served elsewhere\.example: expected a host that serves the domain; seen: none; .*explain elsewhere\.example.*\n1 problem, 0 untested, 0 info, 0 OK in 1 domain, seen from this network\n$/,
  )
})

t.test('a server that serves many domains is asked once, and printed once', async (t) => {
  const names = Array.from({ length: 20 }, (_, index) => `d${index}.example`)
  const domains = Object.fromEntries([...names, '*.wild.example'].map((name) => [name, 'maximusconfessor']))
  const file = configFolder(t, { ...example, domains })
  const server = await nameServer(t, { 'A maximusconfessor.all2all.org': [] })
  const args = ['--all', '-c', file, '--resolver', server.address, '--concurrency', '3']
  const text = await runDoctor(args)
  t.equal(text.exitCode, 1)
  t.equal(text.stdout.match(/^problem .*imap maximusconfessor\.all2all\.org:993: /gm)?.length, 1)
  t.equal(text.stdout.match(/^ok .*domain-not-served /gm)?.length, 20, 'no wildcard')
  t.notMatch(text.stdout, /\r/, 'progress is for terminals')
  const asked = server.queries.filter((query) => query === 'A maximusconfessor.all2all.org')
  t.equal(asked.length, 1)
  const { stdout } = await runDoctor([...args, '--json'])
  const results = JSON.parse(stdout) as { domain: string; checks: CheckResult[] }[]
  t.strictSame(results.map(({ domain }) => domain).sort(), [...names].sort())
  for (const { checks } of results)
    t.ok(checks.some(({ target }) => target === 'imap maximusconfessor.all2all.org:993'))
})

t.test('a terminal shows the progress, and results of servers cannot control it', async (t) => {
  const { stdout } = await runDoctor(['elsewhere.example', '-c', configFolder(t, example)], true)
  t.match(stdout, '\r\u001b[K0 of 1 domain checked')
  t.match(stdout, '\r\u001b[K1 of 1 domain checked\r\u001b[K1 problem, ')
})

t.test('--running compares the files with the running server', async (t) => {
  const { live, log, accessLog, now, app } = await openApp(t)
  const admin = adminServer({
    live,
    log,
    accessLog,
    now,
    app,
    explain: (text: string) => explainBy(live.current, text),
  } as never)
  t.teardown(() => admin.close())
  await admin.listen({ port: 0, host: '127.0.0.1' })
  const names = await nameServer(t, {})
  const running = async (config: object, port = (admin.server.address() as AddressInfo).port) => {
    const args = ['--running', '--admin-port', String(port), '--resolver', names.address, '--json']
    const { stdout } = await runDoctor(['example.org', '-c', configFolder(t, config), ...args])
    return (JSON.parse(stdout) as { checks: CheckResult[] }).checks.find(({ id }) => id === 'running-differs')
  }
  t.match(await running(example), { state: 'ok', target: 'example.org' })
  const moved = { ...example, domains: { 'example.org': 'vonmuenchhausen' } }
  t.match(await running(moved), { state: 'problem', seen: 'other host, servers' })
  t.match(await running(example, 1), { state: 'untested', seen: /^no admin listener answers/ })
})

t.test('a domain where all is well', async (t) => {
  const names = ['autoconfig', 'autodiscover', 'ua-auto-config'].map((name) => `${name}.example.org`)
  const issued = await issue('P-256', undefined, [...names, 'mail.example.org', 'example.org'])
  const imap = await mailServer(t, { type: 'imap', socketType: 'SSL', issued })
  const smtp = await mailServer(t, { type: 'smtp', socketType: 'SSL', issued })
  const servers = [imap, smtp].map(({ port }, index) => ({ type: index === 0 ? 'imap' : 'smtp', port }))
  const config = {
    ...example,
    publicName: 'autoconfig.example.org',
    hosts: { one: { hostname: 'mail.example.org', servers } },
    domains: { 'example.org': 'one' },
  }
  const { app, file } = await openApp(t, config, { 'ca.pem': issued.authority })
  const web = await webServer(t, app, issued, {})
  const mx = [{ preference: 10, exchange: 'mail.example.org' }]
  const zone = { ...(await zoneOf(file)), 'A mail.example.org': ['127.0.0.2'], 'MX example.org': mx }
  const server = await nameServer(t, { ...zone, 'A autoconfig.example.org': ['127.0.0.2'] })
  const { exitCode, stdout } = await runDoctor([
    ...['example.org', '-c', file, '--resolver', server.address, '--timeout', '5'],
    ...['--ca', file.replace('autoconfig.yaml', 'ca.pem')],
    ...[...names, 'example.org'].flatMap((name) => ['--connect', `${name}=${web.place}`]),
  ])
  t.notMatch(stdout, /^(problem|untested)/m)
  t.match(stdout, /\n0 problems, 0 untested, \d+ info, \d+ OK in 1 domain, seen from this network\n$/)
  t.equal(exitCode, 0)
})
