import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { handedSockets } from '../../src/cli/activation.ts'
import { main } from '../../src/cli/main.ts'
import { ServiceNotifier, type ServiceNotifierOptions } from '../../src/cli/service-notifier.ts'
import { serviceStatus } from '../../src/cli/service-status.ts'
import type { LiveResolver, LoadState } from '../../src/resolver/live-resolver.ts'
import { io } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { heldTimers } from '../support/held-timers.ts'
import { freePorts, serving } from '../support/serving.ts'
import { settle } from '../support/test-clock.ts'
import { until } from '../support/until.ts'

/** A notifier whose messages are kept in place of sent. */
function open(t: Test, env: Record<string, string>, options: Partial<ServiceNotifierOptions> = {}) {
  const messages: string[] = []
  const problems: string[] = []
  const notifier = new ServiceNotifier({
    env: { NOTIFY_SOCKET: '/run/notify', ...env },
    pid: 7,
    onProblem: (problem) => problems.push(problem),
    send: async (lines) => void messages.push(lines.join('\n')),
    monotonic: () => 42n,
    ...options,
  })
  t.teardown(() => notifier.close())
  return { notifier, messages, problems }
}

t.test('systemd gets each change of state, in order', async (t) => {
  const { notifier, messages } = open(t, {})
  void notifier.ready('Serving 1 domain')
  void notifier.reloading()
  void notifier.status('rejected:\n a')
  void notifier.ready('Serving 2 domains')
  await notifier.stopping(10_000)
  t.strictSame(messages, [
    'READY=1\nSTATUS=Serving 1 domain',
    'RELOADING=1\nMONOTONIC_USEC=42',
    'STATUS=rejected: a',
    'READY=1\nSTATUS=Serving 2 domains',
    'STOPPING=1\nSTATUS=Stopping\nEXTEND_TIMEOUT_USEC=10000000',
  ])
})

t.test('a slow message does not let a later one pass', async (t) => {
  const messages: string[] = []
  let deliver: () => void = () => undefined
  const delivered = new Promise<void>((resolve) => {
    deliver = resolve
  })
  const send = async ([line = '']: readonly string[]) => {
    if (line === 'READY=1') await delivered
    messages.push(line)
  }
  const { notifier } = open(t, {}, { send })
  void notifier.ready('')
  const later = notifier.reloading()
  await settle()
  t.strictSame(messages, [])
  deliver()
  await later
  t.strictSame(messages, ['READY=1', 'RELOADING=1'])
})

t.test('without systemd nothing is sent', async (t) => {
  const timers = heldTimers(t)
  const { notifier, messages } = open(t, { NOTIFY_SOCKET: '', WATCHDOG_USEC: '2000' })
  await notifier.ready('')
  timers.pass(20)
  await settle()
  t.strictSame(messages, [])
})

t.test('the clock is the monotonic one of the system, in microseconds', async (t) => {
  const messages: string[] = []
  const notifier = new ServiceNotifier({
    env: { NOTIFY_SOCKET: '/run/notify' },
    pid: 7,
    onProblem: t.fail,
    send: async ([, time = '']) => void messages.push(time),
  })
  const before = process.hrtime.bigint() / 1000n
  await notifier.reloading()
  const [, time] = (messages[0] as string).split('=')
  t.ok(BigInt(time as string) >= before)
  t.ok(BigInt(time as string) <= process.hrtime.bigint() / 1000n)
})

t.test('the watchdog hears twice in each period that the event loop runs', async (t) => {
  const timers = heldTimers(t)
  const { notifier, messages } = open(t, { WATCHDOG_USEC: '20000', WATCHDOG_PID: '7' })
  const pass = async (milliseconds: number) => {
    messages.length = 0
    for (let passed = 0; passed < milliseconds; passed++) {
      timers.pass(1)
      await settle()
    }
    return messages
  }
  t.strictSame(await pass(30), [], 'not before the service is ready')
  void notifier.ready('')
  await notifier.ready('')
  t.strictSame(await pass(9), [])
  t.strictSame(await pass(1), ['WATCHDOG=1'])
  t.strictSame(await pass(30), ['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1'])
  notifier.close()
  t.strictSame(await pass(40), [])
})

t.test('a watchdog of another process, or none, hears nothing', async (t) => {
  const timers = heldTimers(t)
  for (const env of [{ WATCHDOG_USEC: '2000', WATCHDOG_PID: '8' }, { WATCHDOG_USEC: 'x' }, {}]) {
    const { notifier, messages } = open(t, env as Record<string, string>)
    await notifier.ready('')
    timers.pass(20)
    await settle()
    t.equal(messages.length, 1)
  }
})

t.test('messages to the watchdog do not pile up while one waits', async (t) => {
  const timers = heldTimers(t)
  const sent: (() => void)[] = []
  const send = () => new Promise<void>((resolve) => sent.push(resolve))
  const { notifier } = open(t, { WATCHDOG_USEC: '4000' }, { send })
  void notifier.ready('')
  timers.pass(50)
  await settle()
  t.equal(sent.length, 1)
  sent[0]?.()
  await settle()
  t.equal(sent.length, 2, 'one of all that were due')
  sent[1]?.()
  await settle()
  timers.pass(2)
  await settle()
  t.equal(sent.length, 3, 'the next one is sent in its time')
})

t.test('if systemd cannot be notified, the log says so once, and the server goes on', async (t) => {
  const { notifier, problems } = open(t, { PATH: t.testdir() }, { send: undefined as never })
  await notifier.ready('')
  await notifier.status('')
  t.strictSame(problems, ['systemd cannot be notified (ENOENT): is systemd-notify installed?'])
  const other = open(t, {}, { send: () => Promise.reject(new Error('refused')) })
  await other.notifier.ready('')
  t.strictSame(other.problems, ['systemd cannot be notified (refused): is systemd-notify installed?'])
})

/** A systemd-notify(1) in a directory, which writes its arguments to a file. */
function fakeNotify(directory: string) {
  const sent = join(directory, 'sent')
  writeFileSync(sent, '')
  writeFileSync(join(directory, 'systemd-notify'), `#!/bin/sh\nIFS='|'\necho "$*" >> '${sent}'\n`)
  chmodSync(join(directory, 'systemd-notify'), 0o755)
  return { PATH: `${directory}:${process.env['PATH']}`, sent: () => readFileSync(sent, 'utf8') }
}

t.test('the server reports its start, reloads and its end', async (t) => {
  const around = io()
  const config = configFolder(t, example)
  const { PATH, sent } = fakeNotify(dirname(config))
  const args = ['serve', '-c', config, '--host', '127.0.0.1', '--port', '0', '--admin-port', '0']
  const running = main(args, { ...around, env: { NOTIFY_SOCKET: '/run/notify', PATH } })
  const untilSent = (text: string) => until(() => sent().includes(text), text)
  await untilSent('READY=1|STATUS=Serving 2 domains on 2 hosts\n')
  writeFileSync(config, 'quux: 1')
  around.signals.emit('SIGHUP', 'SIGHUP')
  await untilSent('RELOADING=1|MONOTONIC_USEC=')
  await untilSent(`READY=1|STATUS=Serving 2 domains on 2 hosts; configuration rejected: ${config}:1:1 `)
  around.signals.emit('SIGTERM', 'SIGTERM')
  t.equal(await running, 0)
  await untilSent('STOPPING=1|STATUS=Stopping|EXTEND_TIMEOUT_USEC=10000000\n')
})

t.test('a server that cannot notify systemd says so, and serves', async (t) => {
  const env = { NOTIFY_SOCKET: '/run/notify', PATH: '/nowhere' }
  const { logged, stop } = await serving(['-c', configFolder(t, example), ...freePorts], { env })
  await logged('systemd cannot be notified (ENOENT): is systemd-notify installed?')
  t.equal(await stop(), 0)
})

t.test('the status says which configuration is in use, and why', async (t) => {
  const { live } = await openApp(t)
  const at = new Date(0)
  const statusWith = (state: Partial<LoadState>) =>
    serviceStatus({
      current: live.current,
      files: [],
      state: { loadedAt: at, reloads: live.state.reloads, ...state },
    } as unknown as LiveResolver)
  t.equal(statusWith({}), 'Serving 2 domains on 2 hosts')
  t.equal(
    statusWith({ held: { at, losses: ['2 of 2 domains are gone'] } }),
    'Serving 2 domains on 2 hosts; the changed configuration is not used: 2 of 2 domains are gone; send SIGHUP to use it',
  )
  const errors = [{ file: 'a.yaml', line: 2, column: 3, path: 'hosts', message: 'is required' }]
  t.equal(
    statusWith({ savedAt: at, lastError: { at, errors } }),
    'Serving 2 domains on 2 hosts of the saved configuration; configuration rejected: a.yaml:2:3 hosts is required',
  )
})

t.test('sockets are handed over by name, a single one without a name is for clients', async (t) => {
  const handed = (count: number, names?: string) =>
    handedSockets(
      { LISTEN_PID: '7', LISTEN_FDS: String(count), ...(names !== undefined && { LISTEN_FDNAMES: names }) },
      7,
    )
  t.strictSame(handed(3, 'http:admin:http'), { ok: true, value: { http: [3, 5], https: [], admin: [4] } })
  t.strictSame(handed(2, 'http:https'), { ok: true, value: { http: [3], https: [4], admin: [] } })
  for (const names of [undefined, 'mail-autoconfig.socket', 'http'])
    t.strictSame(handed(1, names), { ok: true, value: { http: [3], https: [], admin: [] } })
  t.strictSame(handed(1, 'admin'), { ok: true, value: { http: [], https: [], admin: [3] } })
  for (const names of [undefined, 'http:other'])
    t.match(handed(2, names), {
      ok: false,
      error: /systemd hands over 2 sockets, and [12] of them without a known name; set /,
    })
})

t.test('sockets for another process are not ours', async (t) => {
  const none = { ok: true, value: { http: [], https: [], admin: [] } }
  t.strictSame(handedSockets({}, 7), none)
  t.strictSame(handedSockets({ LISTEN_PID: '8', LISTEN_FDS: '1' }, 7), none)
  t.strictSame(handedSockets({ LISTEN_PID: '7', LISTEN_FDS: 'x' }, 7), none)
})
