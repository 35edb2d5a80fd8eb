import { EventEmitter } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { main } from '../../src/cli/main.ts'
import { askServer } from '../../src/http/ask-server.ts'
import { io } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { freePorts, serving } from '../support/serving.ts'
import { takenPort } from '../support/taken-port.ts'

t.test('the listener for /ask answers it at any host name, and nothing else', async (t) => {
  const { live } = await openApp(t, example)
  const ask = askServer(live)
  t.teardown(() => ask.close())
  const statusOf = async (url: string) =>
    (await ask.inject({ url, headers: { host: 'mail-autoconfig:8082' } })).statusCode
  t.equal(await statusOf('/ask?domain=autoconfig.example.org'), 200)
  t.equal(await statusOf('/ask?domain=autoconfig.example.com'), 404)
  t.equal(await statusOf('/ask'), 404)
  for (const path of [
    '/',
    '/healthz',
    '/readyz',
    '/metrics',
    '/explain?address=example.org',
    '/mail/config-v1.1.xml',
  ])
    t.equal(await statusOf(path), 404, path)
  t.equal((await ask.inject('/')).body, 'Not found. The path is /ask?domain=NAME.\n')
  t.equal((await ask.inject({ method: 'POST', url: '/ask', payload: 'x' })).statusCode, 404)
})

t.test('a client that sends many requests at once does not keep it busy', async (t) => {
  const { live } = await openApp(t, example)
  const ask = askServer(live)
  t.teardown(() => ask.close())
  await ask.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((ask.server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET /ask?domain=autoconfig.example.org HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1000))
  const answers = (await text(socket).catch(() => '')).match(/HTTP\/1\.1 200/g) ?? []
  t.ok(answers.length < 1000)
})

t.test('serve listens for /ask at a port of its own, until it stops', async (t) => {
  const common = ['-c', configFolder(t, example), ...freePorts]
  const { ask, stop } = await serving([...common, '--ask-port', '0'])
  t.equal((await fetch(`${ask}/ask?domain=autoconfig.example.org`)).status, 200)
  t.equal((await fetch(`${ask}/metrics`)).status, 404)
  t.equal(await stop(), 0)
  await t.rejects(fetch(`${ask}/ask`))

  const failed = io()
  const env = { ASK_PORT: String(await takenPort(t)) }
  t.equal(await main(['serve', ...common], { ...failed, signals: new EventEmitter(), env }), 1)
  t.match(failed.stdout.text(), /cannot listen: .*EADDRINUSE/)
})
