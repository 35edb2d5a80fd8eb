import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Test } from 'tap'
import t from 'tap'
import { ClientGone, CostlyWork } from '../../src/http/costly-work.ts'
import { mostUnanswered, oneAtATime, type RequestHandler } from '../../src/http/pipelining.ts'
import { takeRequests } from '../../src/http/take-requests.ts'
import { Turns } from '../../src/http/turns.ts'
import { openApp } from '../support/example.ts'
import { until } from '../support/until.ts'

async function portOf(t: Test, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Sends bytes and returns all that comes back. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  socket.write(bytes)
  return text(socket).catch(() => '')
}

const request = (path = '/', more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
const last = 'Connection: close\r\n'

t.test('the requests of a connection are answered one after the other', async (t) => {
  let running = 0
  let most = 0
  let tooMany = 0
  const server = createServer(
    oneAtATime(
      async ({ url }, response) => {
        most = Math.max(most, ++running)
        await nextTurn()
        running--
        response.end(url)
      },
      () => tooMany++,
    ),
  )
  const port = await portOf(t, server)
  const paths = Array.from({ length: mostUnanswered }, (_, index) => `/${index}`)
  const received = await send(
    port,
    paths.map((path, index) => request(path, index === 15 ? last : '')).join(''),
  )
  t.strictSame(received.match(/(?<=\r\n\r\n)\/\d+/g), paths)
  t.equal(most, 1)
  t.equal(tooMany, 0)
})

t.test('more unanswered requests close the connection, and no others are even read', async (t) => {
  let tooMany = 0
  let seen = 0
  const unanswered: RequestHandler = () => undefined
  const server = createServer(oneAtATime(unanswered, () => tooMany++))
  server.prependListener('request', () => seen++)
  const port = await portOf(t, server)
  t.equal(await send(port, request().repeat(mostUnanswered + 1000)), '')
  t.equal(tooMany, 1)
  t.equal(seen, mostUnanswered + 1)
})

t.test('requests that came with the last one are ignored, also without the parser', async (t) => {
  const socket = new Socket()
  let tooMany = 0
  const limited = oneAtATime(
    () => t.fail('nothing is answered'),
    () => tooMany++,
  )
  const ask = () => limited({ socket } as never, { socket: null, once: () => undefined } as never)
  for (let count = 0; count < mostUnanswered + 5; count++) ask()
  t.equal(tooMany, 1)
  t.ok(socket.destroyed)
})

t.test('a client that reads its answers may go on for ever', async (t) => {
  const server = createServer(oneAtATime((_request, response) => response.end('x'), t.fail))
  const port = await portOf(t, server)
  const socket = connect(port, '127.0.0.1')
  let answers = 0
  socket.on('data', (bytes) => {
    answers += String(bytes).split('HTTP/1.1 200').length - 1
    if (answers < 200) socket.write(request().repeat(2))
    else socket.end()
  })
  socket.write(request())
  await once(socket, 'close')
  t.ok(answers >= 200)
})

t.test('every endpoint of the server is limited, and the counter says so', async (t) => {
  const { app, accessLog } = await openApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const starts = [
    request('/thunderbird/qr.svg?emailaddress=jane@example.org'),
    request('/apple/mail.mobileconfig?emailaddress=jane@example.org'),
    request('/v1.1/example.org'),
    request('/mail/config-v1.1.xml?emailaddress=jane@example.org'),
    request('/unknown'),
    'OPTIONS /v1.1/example.org HTTP/1.1\r\nHost: a\r\n\r\n',
    'PUT / HTTP/1.1\r\nHost: a\r\n\r\n',
    request('/', 'Expect: something\r\n'),
  ]
  for (const start of starts) await send(port, start.repeat(100))
  t.equal(accessLog.refusals.counts.pipelining, starts.length)
  t.match(await send(port, request('/', `Expect: something\r\n${last}`)), /^HTTP\/1\.1 404/)
})

t.test('a request without a Host header gets one answer, and ends the connection', async (t) => {
  const { app } = await openApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  for (const path of ['/', '/mail/config-v1.1.xml']) {
    const received = await send(port, `GET ${path} HTTP/1.1\r\n\r\n`.repeat(10))
    t.match(received, /^HTTP\/1\.1 400 .*\r\nThe request has no Host header\.\n$|no Host header/s)
    t.equal(received.split('HTTP/1.1').length, 2)
  }
})

t.test('work that waits gets a part of each turn of the event loop', async (t) => {
  const turns = new Turns(2)
  const order: string[] = []
  for (const name of ['a', 'b', 'c']) turns.add(() => order.push(name))
  await nextTurn()
  t.strictSame(order, ['a', 'b'])
  await nextTurn()
  t.strictSame(order, ['a', 'b', 'c'])
})

t.test(
  'costly work begins when the work before it has ended, and others are answered in between',
  async (t) => {
    const costly = new CostlyWork()
    const order: string[] = []
    let finish = (): void => undefined
    const loaded = new Promise<void>((resolve) => {
      finish = resolve
    })
    const piece = (name: string) => async () => {
      order.push(`${name} begins`)
      await loaded
      order.push(`${name} ends`)
      return name
    }
    const here = () => false
    const results = [costly.run(piece('a'), here), costly.run(piece('b'), here)]
    for (let turn = 0; turn < 20; turn++) await nextTurn()
    t.strictSame(order, ['a begins'], 'both wait for the same, and only one has begun')
    finish()
    await results[0]
    for (let turn = 1; turn <= 2; turn++) {
      order.push(`turn ${turn}`)
      await nextTurn()
    }
    t.strictSame(await Promise.all(results), ['a', 'b'])
    t.strictSame(order, ['a begins', 'a ends', 'turn 1', 'turn 2', 'b begins', 'b ends'])
  },
)

t.test('work that fails, or whose client is gone, does not stop the work after it', async (t) => {
  const costly = new CostlyWork()
  const failing = costly.run(
    () => Promise.reject(new Error('broken')),
    () => false,
  )
  const gone = costly.run(
    async () => t.fail('nobody waits for it'),
    () => true,
  )
  const after = costly.run(
    async () => 'done',
    () => false,
  )
  await t.rejects(failing, { message: 'broken' })
  await t.rejects(gone, ClientGone)
  t.equal(await after, 'done')
})

t.test('a picture whose client is gone is not drawn', async (t) => {
  const { app, accessLog, lines } = await openApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  const seen = once(app.server, 'request')
  socket.write(request('/thunderbird/qr.png?emailaddress=jane@example.org'))
  const [{ socket: theirs }] = await seen
  theirs.destroy()
  await until(() => [...accessLog.counts()].some(({ status }) => status === 499), 'status 499')
  t.strictSame([...accessLog.counts()], [{ route: '/thunderbird/qr.png', status: 499, requests: 1 }])
  t.match(lines.join(''), '"status":499')
})

t.test('an endless body gets one answer, and the connection ends', async (t) => {
  const { app } = await openApp(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  for (const [start, status] of [
    ['PUT /v1.1/example.org HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', 405],
    [
      'PUT /v1.1/example.org HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
      405,
    ],
    ['GET /mail/config-v1.1.xml HTTP/1.1\r\nHost: example.org\r\nContent-Length: 99999999\r\n\r\n', 200],
    ['POST /unknown HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', 404],
  ] as const) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined)
    let received = ''
    socket.on('data', (bytes) => {
      received += bytes
    })
    socket.write(start)
    const timer = setInterval(() => socket.write('1000\r\n'.padEnd(0x1000 + 6, 'x').concat('\r\n')), 5)
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(timer)
    t.match(received, new RegExp(`^HTTP/1\\.1 ${status} `), start)
    t.equal(received.split('HTTP/1.1').length, 2, 'one answer')
  }
})

t.test('a complete body leaves the connection open, unless the answer closes it', async (t) => {
  const server = createServer()
  takeRequests(
    server,
    ({ url }, response) => {
      if (url === '/last') response.setHeader('Connection', 'close')
      response.end('x')
    },
    { onTooMany: t.fail },
  )
  const port = await portOf(t, server)
  const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx`
  const received = await send(port, post('/') + post('/') + post('/last'))
  t.equal(received.split('HTTP/1.1 200 OK').length, 4, received)
})
