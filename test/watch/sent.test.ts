import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import t from 'tap'
import { trust } from '../../src/checks/trust.ts'
import type { Result } from '../../src/model/result.ts'
import type { Change } from '../../src/watch/change.ts'
import { command } from '../../src/watch/command.ts'
import { type Message, messageOf } from '../../src/watch/message.ts'
import { trustOf } from '../../src/watch/open-network.ts'
import { pauses, Sender } from '../../src/watch/sender.ts'
import { webhook } from '../../src/watch/webhook.ts'
import { issue } from '../support/certificates.ts'
import { TestClock } from '../support/test-clock.ts'
import { until } from '../support/until.ts'

const change = (seen = 'ECONNREFUSED', domain?: string): Change => ({
  change: 'problem-appeared',
  id: 'connection-failed',
  host: 'mx1',
  ...(domain !== undefined && { domain }),
  target: 'imap mail.example.org:993',
  expected: 'a connection',
  seen,
  advice: '',
  since: '2026-11-30T03:00:00.000Z',
})
const message = messageOf([change()], { at: 0, service: 'example.org', omitted: 0 })
const never = new AbortController().signal
const noTrust = () => trust([])

/** A receiver that answers with these statuses, one after the other. */
async function receiver(t: Test, statuses: readonly number[], headers = {}) {
  const got: { readonly body: unknown; readonly headers: IncomingMessage['headers'] }[] = []
  const server = createServer(async (request, response) => {
    got.push({ body: JSON.parse(await text(request)), headers: request.headers })
    response.writeHead(statuses[Math.min(got.length, statuses.length) - 1] as number, headers).end('x')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

t.test('a webhook gets the JSON by POST, with its token', async (t) => {
  const { got, url } = await receiver(t, [204])
  t.match(await webhook({ url, token: 'secret', timeout: 5000 }, noTrust)(message, never), { ok: true })
  t.strictSame(got[0]?.body, message)
  t.match(got[0]?.headers, { authorization: 'Bearer secret', 'content-type': 'application/json' })
  await webhook({ url, timeout: 5000 }, noTrust)(message, never)
  t.equal(got[1]?.headers.authorization, undefined)
})

t.test('redirects and errors are failures, and no failure has the URL', async (t) => {
  const cases: [number, RegExp][] = [
    [302, /^status 302: redirects are not followed; configure the final URL$/],
    [500, /^status 500$/],
    [403, /^status 403$/],
  ]
  for (const [status, why] of cases) {
    const { got, url } = await receiver(t, [status], { location: '/elsewhere' })
    const result = await webhook({ url, timeout: 5000 }, noTrust)(message, never)
    t.match(result, { ok: false, error: why })
    t.equal(got.length, 1)
  }
  const refused = await webhook({ url: 'http://127.0.0.1:1/secret', timeout: 5000 }, noTrust)(message, never)
  t.strictSame(refused, { ok: false, error: 'no connection (ECONNREFUSED)' })
})

t.test(
  'a receiver that does not answer is given up, at its time limit or when the server stops',
  async (t) => {
    const server = createServer(() => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.closeAllConnections())
    t.teardown(() => server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const late = await webhook({ url, timeout: 50 }, noTrust)(message, never)
    t.strictSame(late, { ok: false, error: 'no answer in time' })
    const stop = new AbortController()
    const sending = webhook({ url, timeout: 60_000 }, noTrust)(message, stop.signal)
    stop.abort()
    t.match(await sending, { ok: false })
  },
)

t.test('the certificate of a webhook is verified', async (t) => {
  const { certificate, key, authority } = await issue('P-256', undefined, ['localhost'])
  const server = createHttpsServer({ cert: certificate, key }, (_, response) => response.end()).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const to = (name: string, given?: string) =>
    webhook(
      { url: `https://${name}:${port}/`, timeout: 5000 },
      trustOf(given === undefined ? {} : { authority: given }),
    )(message, never)
  t.match(await to('localhost', authority), { ok: true })
  t.match(await to('localhost'), { ok: false, error: /^no connection \(/ })
  t.match(await to('127.0.0.1', authority), { ok: false, error: /ERR_TLS_CERT_ALTNAME_INVALID/ })
})

const node = process.execPath
const run = (
  script: string,
  timeout = 20_000,
  args: readonly string[] = [],
  signal = never,
  about = message,
) => command({ run: [node, '-e', script, ...args], timeout })(about, signal)

t.test('a command gets the JSON on standard input, and its arguments unchanged', async (t) => {
  const file = join(t.testdir(), 'got')
  const script = `
    const fs = require('node:fs')
    fs.writeFileSync(process.argv[1], JSON.stringify([process.argv[2], JSON.parse(fs.readFileSync(0, 'utf8'))]))`
  t.match(await run(script, 20_000, [file, '$(id) "x"']), { ok: true })
  t.strictSame(JSON.parse(readFileSync(file, 'utf8')), ['$(id) "x"', message])
})

t.test(
  'a command that fails is a failure, with some of its output and nothing of addresses or domains',
  async (t) => {
    const about = { ...message, changes: [change('x', 'example.org')] }
    const script = `
    console.error('jane@example.net: example.org\\u001b ' + 'x'.repeat(1e6))
    process.exitCode = 3`
    const result = await run(script, 20_000, [], never, about)
    t.match(result, { ok: false, error: /^ended with exit code 3: … …\ufffd x+$/ })
    t.ok(!result.ok && result.error.length < 250)
    t.strictSame(await run('process.exit(1)'), { ok: false, error: 'ended with exit code 1' })
    t.match(await run('setInterval(() => {}, 1000); process.kill(process.pid, "SIGTERM")'), {
      ok: false,
      error: 'was ended by SIGTERM',
    })
    const cannotStart = [
      ['/no/such/program', 'ENOENT'],
      [`${node}/program`, 'ENOTDIR'],
    ] as const
    for (const [program, code] of cannotStart)
      t.strictSame(await command({ run: [program], timeout: 1000 })(message, never), {
        ok: false,
        error: `cannot be started (${code})`,
      })
  },
)

t.test('a command that hangs is killed, and what it has started as well', async (t) => {
  const file = join(t.testdir(), 'pid')
  const script = `
    process.on('SIGTERM', () => {})
    const { spawn } = require('node:child_process')
    const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    require('node:fs').writeFileSync(process.argv[1] + '.new', String(pid))
    require('node:fs').renameSync(process.argv[1] + '.new', process.argv[1])
    setInterval(() => {}, 1000)`
  const stop = new AbortController()
  const running = run(script, 60_000, [file], stop.signal)
  await until(() => existsSync(file), 'the file')
  const pid = Number(readFileSync(file, 'utf8'))
  stop.abort()
  t.match(await running, { ok: false, error: /^did not end before the server stopped .*, and was killed$/ })
  const isAlive = () => {
    try {
      // A zombie that nobody has waited for is dead as well.
      return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }
  while (isAlive()) await new Promise(setImmediate)
  t.match(await run('setInterval(() => {}, 1000)', 100), {
    ok: false,
    error: 'did not end within 0.1 s, and was killed',
  })
})

t.test('a command that cannot be killed is given up', async (t) => {
  const kill = (group: number) => {
    t.teardown(() => process.kill(group, 'SIGKILL'))
    throw Object.assign(new Error('not permitted'), { code: 'EPERM' })
  }
  const hanging = { run: [node, '-e', 'setInterval(() => {}, 1000)'], timeout: 100 }
  t.strictSame(await command(hanging, kill)(message, never), {
    ok: false,
    error: 'did not end within 0.1 s, and could not be killed (EPERM)',
  })
})

/** A sender to a receiver whose answers are given. */
function openSender(t: Test, answers: (Result<void> | Promise<Result<void>>)[]) {
  const clock = new TestClock()
  const sent: Message[] = []
  const failures: string[] = []
  const sender = new Sender({
    to: 'webhook',
    service: 'example.org',
    clock,
    onFailure: (to, problem) => failures.push(`${to}: ${problem}`),
    async deliver(each) {
      sent.push(each)
      return (await answers.shift()) ?? { ok: true, value: undefined }
    },
  })
  t.teardown(() => sender.close())
  return { clock, sent, failures, sender }
}
const failed = (): Result<void> => ({ ok: false, error: 'status 500' })

t.test('a failed message is sent again after a while, with what came meanwhile', async (t) => {
  const { clock, sent, failures, sender } = openSender(t, [failed()])
  sender.send([change('a')])
  await clock.pass(0)
  sender.send([change('b')])
  await clock.pass(29_000)
  t.equal(sent.length, 1)
  await clock.pass(1000)
  t.strictSame(
    sent.map(({ changes }) => changes.map(({ seen }) => seen)),
    [['a'], ['a', 'b']],
  )
  t.strictSame(failures, ['webhook: status 500'])
  t.strictSame(sender.counts, { sent: 1, failed: 1 })
  t.strictSame(sender.waiting, [])
  t.equal(sender.to, 'webhook')
})

t.test('attempts are bounded, and nothing is lost: it goes with the next change', async (t) => {
  const { clock, sent, sender } = openSender(t, [failed(), failed(), failed(), failed()])
  sender.send([change('a')])
  await clock.pass(24 * 3_600_000)
  t.equal(sent.length, 1 + pauses.length)
  sender.send([change('b')])
  await clock.pass(0)
  t.strictSame(
    sent.at(-1)?.changes.map(({ seen }) => seen),
    ['a', 'b'],
  )
})

t.test('a message is bounded, and so is what waits', async (t) => {
  const { clock, sent, sender } = openSender(t, [])
  sender.send(Array.from({ length: 1050 }, (_, index) => change(String(index))))
  await clock.pass(0)
  t.equal(sent.length, 10)
  t.match(sent[0], { omitted: 50, changes: [{ seen: '50' }] })
  t.equal(sent[1]?.omitted, 0)
})

t.test('the end of the server ends the attempts', async (t) => {
  const { clock, sent, failures, sender } = openSender(t, [failed()])
  sender.send([change()])
  await clock.pass(0)
  await sender.close()
  sender.send([change()])
  await clock.pass(24 * 3_600_000)
  t.equal(sent.length, 1)
  let answer = (_: Result<void>) => {}
  const second = openSender(t, [new Promise<Result<void>>((resolve) => (answer = resolve))])
  second.sender.send([change()])
  await second.clock.pass(0)
  const closing = second.sender.close()
  answer(failed())
  await closing
  t.strictSame([failures.length, second.failures.length], [1, 0], 'what was aborted is no failure')
})
