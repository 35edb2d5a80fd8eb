import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import t from 'tap'
import { exit } from '../../src/cli/exit.ts'
import { quietSignals } from '../../src/cli/quiet-signals.ts'
import { Stopping } from '../../src/cli/stopping.ts'
import { finishClients } from '../../src/http/finish-clients.ts'
import { stopListening } from '../../src/http/stop-listening.ts'
import { openServer } from '../support/open-server.ts'
import { until } from '../support/until.ts'

async function listening(t: Test, host = '127.0.0.1'): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.setHeader('Connection', 'close').end('x'))
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port }
}

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

async function ask(port: number, host = '127.0.0.1'): Promise<string> {
  const socket = connect(port, host)
  socket.write(request)
  try {
    return (await text(socket)).slice(0, 12)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code as string
  }
}

t.test('clients that wait in the backlog are answered, later ones are refused', async (t) => {
  for (const [host, client] of [
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '::1'],
  ] as const) {
    const { server, port } = await listening(t, host)
    const answers = Array.from({ length: 50 }, () => ask(port, client))
    // The kernel has their connections, and this thread has accepted none of them.
    await new Promise((resolve) => process.nextTick(resolve))
    await stopListening(server)
    t.notOk(server.listening)
    for (const answer of await Promise.all(answers)) if (answer !== 'HTTP/1.1 200') t.fail(answer)
    t.equal(await ask(port, client), 'ECONNREFUSED', host)
  }
})

t.test('without the tables of the kernel, the listener is closed after a while', async (t) => {
  const { server } = await listening(t)
  let reads = 0
  const read = () => {
    reads++
    throw new Error('ENOENT')
  }
  await stopListening(server, { patience: 20, read })
  t.ok(reads > 1, 'it tries again until its patience ends')
  t.notOk(server.listening)
  await stopListening(server)
})

const onLinux = { skip: process.platform !== 'linux' && 'only Linux has the tables' }

t.test('the listener is open until the kernel has its own connection in the backlog', onLinux, async (t) => {
  const { server } = await listening(t)
  const reads: string[] = []
  const read = (file: string) => {
    reads.push(file)
    t.ok(server.listening)
    return reads.length > 8 ? readFileSync(file, 'latin1') : ''
  }
  await stopListening(server, { patience: 60_000, read })
  t.ok(reads.length > 8)
  t.strictSame(reads.slice(0, 4), [
    '/proc/self/net/tcp',
    '/proc/self/net/tcp6',
    '/proc/self/net/tcp',
    '/proc/self/net/tcp6',
  ])
  t.notOk(server.listening)
})

const open = async (t: Test) => {
  const server = createServer((_request, response) => response.end('x'))
  return { server, ...(await openServer(t, server)) }
}

t.test('a connection whose request is still to come gets its answer', async (t) => {
  const { server, listeners, connections, join } = await open(t)
  const fresh = await join()
  const kept = await join(request)
  await once(kept, 'data')
  const finished = finishClients(connections, {
    ...{ quiet: 60_000, timeout: 60_000 },
    hurry: new AbortController().signal,
    listeners: [listeners],
  })
  await until(() => !server.listening, 'the end of listening')
  for (const socket of [fresh, kept]) {
    socket.write(request.replace('Host', 'Connection: close\r\nHost'))
    t.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200 OK/)
  }
  await finished
})

t.test(
  'connections without a request are closed after a while, and those with half of one at the end',
  async (t) => {
    const { listeners, connections, join } = await open(t)
    const silent = await join()
    const kept = await join(request)
    await once(kept, 'data')
    const half = await join('GET / HT')
    const closed: string[] = []
    for (const [name, socket] of Object.entries({ silent, kept, half }))
      socket.resume().once('close', () => closed.push(name))
    await finishClients(connections, {
      quiet: 100,
      timeout: 600,
      hurry: new AbortController().signal,
      listeners: [listeners],
    })
    await until(() => closed.length === 3, 'the end of three connections')
    t.strictSame(closed.slice(0, 2).sort(), ['kept', 'silent'])
    t.equal(closed[2], 'half')
  },
)

t.test('when the last client is gone, no timer is left, and a late signal closes nothing', async (t) => {
  const calls: string[] = []
  const connections = {
    empty: async () => void calls.push('empty'),
    closeAll: () => calls.push('all'),
    closeIdle: () => calls.push('idle'),
    closeSilent: (age = 0) => calls.push(`silent for ${age}`),
  }
  const listenersOf = (areKept: boolean) => ({ areKept, stop: async () => void calls.push('stop') })
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const finish = async (hurry: AbortController, ...kept: readonly boolean[]) => {
    await finishClients(connections as never, {
      ...{ quiet: 60_000, timeout: 60_000, hurry: hurry.signal },
      listeners: kept.map(listenersOf) as never,
    })
    return calls.splice(0)
  }
  const hurry = new AbortController()
  t.strictSame(await finish(hurry, false, false), ['stop', 'stop', 'empty'])
  const kept = ['empty', 'idle', 'silent for 60000', 'stop', 'stop', 'empty']
  t.strictSame(await finish(hurry, false, true), kept, 'if systemd keeps a socket')
  t.equal(timers(), before)
  hurry.abort()
  t.strictSame(calls, [])
  t.strictSame(await finish(hurry, false), ['stop', 'all', 'empty'], 'a signal that came before')
})

t.test('a second signal closes everything at once', async (t) => {
  for (const isEarly of [true, false]) {
    const { listeners, connections, join } = await open(t)
    await join('GET / HT')
    const signals = new EventEmitter()
    const stopping = new Stopping(signals)
    t.notOk(stopping.isStopping())
    signals.emit('SIGTERM', 'SIGTERM')
    t.equal(await stopping.requested, 'SIGTERM')
    t.ok(stopping.isStopping())
    const delayed = stopping.delay(60_000)
    if (isEarly) signals.emit('SIGINT', 'SIGINT')
    const { hurry } = stopping
    const finished = finishClients(connections, {
      quiet: 60_000,
      timeout: 60_000,
      hurry,
      listeners: [listeners],
    })
    if (!isEarly) signals.emit('SIGINT', 'SIGINT')
    await delayed
    await finished
    stopping.close()
    t.strictSame(signals.eventNames(), [])
  }
})

t.test('no delay is no wait', async (t) => {
  const stopping = new Stopping(new EventEmitter())
  await stopping.delay(0)
  t.notOk(stopping.hurry.aborted)
})

t.test('signals that would end the process, or open a debugger, have a handler at once', async (t) => {
  const handled = (args: readonly string[]) => {
    const signals = new EventEmitter()
    quietSignals(signals, args)
    for (const name of signals.eventNames()) signals.emit(name)
    return signals.eventNames()
  }
  t.strictSame(handled(['node', 'bin.js', 'serve']), ['SIGUSR1', 'SIGUSR2', 'SIGHUP'])
  t.strictSame(handled(['node', 'bin.js', 'check']), ['SIGUSR1', 'SIGUSR2'])
})

t.test('a thread that waits for a file does not keep the process alive', async (t) => {
  const calls: string[] = []
  const processWith = (...resources: string[]) => ({
    pid: 1,
    getActiveResourcesInfo: () => resources,
    kill(pid: number, signal?: string | number) {
      calls.push(`kill ${pid} ${signal}`)
      return true as const
    },
    exit: (code: unknown) => calls.push(`exit ${code}`) as never,
  })
  exit(0, processWith('Timeout', 'TCPServerWrap'))
  t.strictSame(calls.splice(0), ['exit 0'])
  exit(0, processWith('Timeout', 'FSReqCallback'))
  t.strictSame(calls.splice(0), ['kill 1 SIGKILL', 'exit 0'])
  exit(0, processWith('Worker'))
  t.strictSame(calls, ['kill 1 SIGKILL', 'exit 0'])
})
