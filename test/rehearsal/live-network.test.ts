import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { liveNetwork } from '../../src/rehearsal/live-network.ts'
import type { HttpReply } from '../../src/rehearsal/network.ts'
import { issue } from '../support/certificates.ts'
import { nameServer } from '../support/name-server.ts'

const never = new AbortController().signal
const userAgent = 'test/1'

async function listen(t: Test, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  return (server.address() as AddressInfo).port
}

const serve = (t: Test, answer: RequestListener): Promise<number> => listen(t, createServer(answer))
const get = (url: string) => ({ method: 'GET', url }) as const
const failureOf = (reply: HttpReply) => ('failure' in reply ? [reply.failure, reply.reason] : reply)

t.test('an answer has its status, media type, Location and body', async (t) => {
  const port = await serve(t, (request, response) => {
    const seen = [request.method, request.url, request.headers['user-agent'], request.headers['content-type']]
    request.toArray().then((body) => {
      response.writeHead(302, { 'content-type': 'text/xml', location: '/next' }).end(`${[...seen, ...body]}`)
    })
  })
  const { http } = liveNetwork({ signal: never, userAgent })
  const url = `http://127.0.0.1:${port}/a?b=c`
  const reply = await http({ method: 'POST', url, headers: { 'content-type': 'text/plain' }, body: 'hello' })
  t.match(reply, { status: 302, contentType: 'text/xml', location: '/next' })
  t.ok('body' in reply && reply.seconds >= 0)
  t.equal('body' in reply && String(reply.body), 'POST,/a?b=c,test/1,text/plain,hello')
  const bare = await serve(t, (_, response) => response.writeHead(204).end())
  t.match(await http(get(`http://127.0.0.1:${bare}/`)), { status: 204, contentType: '', location: undefined })
})

t.test('failures have a name and a reason', async (t) => {
  const { http } = liveNetwork({ signal: never, userAgent })
  const large = await serve(t, (_, response) => response.end('x'.repeat(1_000_001)))
  t.strictSame(failureOf(await http(get(`http://127.0.0.1:${large}/`))), [
    'failed',
    'the answer is larger than 1 MB',
  ])
  const reset = await serve(t, (request) => request.socket.destroy())
  t.strictSame(failureOf(await http(get(`http://127.0.0.1:${reset}/`))), [
    'failed',
    'the connection fails (ECONNRESET)',
  ])
  const closed = createServer()
  const port = await listen(t, closed)
  closed.close()
  await once(closed, 'close')
  t.strictSame(failureOf(await http(get(`http://127.0.0.1:${port}/`))), [
    'refused',
    'the connection is refused',
  ])
})

t.test('the time limit ends a request', async (t) => {
  const limit = new AbortController()
  const port = await serve(t, () => limit.abort())
  const { http } = liveNetwork({ signal: limit.signal, userAgent })
  t.strictSame(failureOf(await http(get(`http://127.0.0.1:${port}/`))), ['gave up', 'no answer in time'])
})

t.test('a certificate must be trusted, and name the host', async (t) => {
  const { certificate: cert, key, authority } = await issue('P-256')
  const port = await listen(
    t,
    createTlsServer({ cert, key }, (_, response) => response.end('ok')),
  )
  const resolver = await nameServer(t, [
    { type: 'A', name: 'mail.example.org', data: '127.0.0.1' },
    { type: 'AAAA', name: 'mail.example.org', data: '::1' },
    { type: 'A', name: 'other.example.org', data: '127.0.0.1' },
  ])
  const strict = liveNetwork({ signal: never, userAgent, resolver })
  const refused = await strict.http(get(`https://mail.example.org:${port}/`))
  t.match(failureOf(refused), ['certificate refused', /^the certificate is not trusted \(UNABLE_TO_/])

  const { http } = liveNetwork({ signal: never, userAgent, resolver, authority })
  t.match(await http(get(`https://mail.example.org:${port}/`)), { status: 200 })
  const other = get(`https://other.example.org:${port}/`)
  t.strictSame(failureOf(await http(other)), ['certificate refused', 'the certificate is for other names'])
  t.match(await http({ ...other, ignoresCertificateNames: true }), { status: 200 })
})

t.test('a name that does not exist differs from one without an address', async (t) => {
  const resolver = await nameServer(t, [{ type: 'TXT', name: 'example.org', data: 'x' }])
  const { http } = liveNetwork({ signal: never, userAgent, resolver })
  t.strictSame(failureOf(await http(get('http://nothing.example.org/'))), [
    'NXDOMAIN',
    'the name does not exist',
  ])
  t.strictSame(failureOf(await http(get('http://example.org/'))), ['no address', 'the name has no address'])
})

t.test('records are printed as in a zone file', async (t) => {
  const name = 'example.org'
  const resolver = await nameServer(t, [
    { type: 'MX', name, data: { preference: 10, exchange: 'mx1.example.net' } },
    { type: 'NS', name, data: 'ns1.example.net' },
    { type: 'TXT', name, data: ['mailconf=', 'https://example.net/'] },
    {
      type: 'SRV',
      name: `_imaps._tcp.${name}`,
      data: { priority: 0, weight: 1, port: 993, target: 'a.example' },
    },
  ])
  const { dns } = liveNetwork({ signal: never, userAgent, resolver })
  t.strictSame(await dns('MX', name), { records: ['10 mx1.example.net.'] })
  t.strictSame(await dns('NS', name), { records: ['ns1.example.net.'] })
  t.strictSame(await dns('TXT', name), { records: ['mailconf=https://example.net/'] })
  t.strictSame(await dns('SRV', `_imaps._tcp.${name}`), { records: ['0 1 993 a.example.'] })
  t.strictSame(await dns('SRV', name), { failure: 'none', reason: 'the name has no SRV record' })
  t.strictSame(await dns('MX', 'no.example.org'), { failure: 'NXDOMAIN', reason: 'the name does not exist' })
  t.strictSame(await dns('MX', 'broken.example.org'), {
    failure: 'failed',
    reason: 'the DNS does not answer (ESERVFAIL)',
  })
})
