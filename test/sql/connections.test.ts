import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { createSecureContext, TLSSocket } from 'node:tls'
import * as pg from 'pg'
import t from 'tap'
import { BackendBusy } from '../../src/backends/backend.ts'
import { Listener, type ListeningConnection } from '../../src/backends/listener.ts'
import type { SqlConnection, SqlDatabase } from '../../src/backends/sql/database.ts'
import type { SqlEndpoint } from '../../src/backends/sql/endpoints.ts'
import { listenTo } from '../../src/backends/sql/notifications.ts'
import { SqlPool } from '../../src/backends/sql/pool.ts'
import { postgresql } from '../../src/backends/sql/postgresql.ts'
import { SqlQueries } from '../../src/backends/sql/queries.ts'
import { sql } from '../../src/backends/sql/sql.ts'
import { issue } from '../support/certificates.ts'
import { Faults, mysqlServer, postgresqlServer } from '../support/databases.ts'
import { domain, example, findings, load } from '../support/example.ts'
import { until } from '../support/until.ts'

/** Connections to databases: when one is opened, kept, given up, and watched. */

class Connection implements SqlConnection {
  usable = true
  isDestroyed = false
  readonly name: string

  constructor(name = '') {
    this.name = name
  }

  async first(): Promise<unknown> {
    return this.name
  }

  async *rows(): AsyncGenerator<readonly unknown[]> {}

  async close(): Promise<void> {
    this.isDestroyed = true
  }

  destroy(): void {
    this.isDestroyed = true
  }
}

const soon = () => AbortSignal.timeout(20_000)
const turns = async () => {
  for (let i = 0; i < 5; i++) await turn()
}

/** A pool whose server accepts and refuses connections as the test says. */
function poolOf(limit: number) {
  let time = 0
  const opened: Connection[] = []
  const server = { refuses: false, isSilent: false, attempts: 0 }
  const late: { accept(): void; refuse(): void }[] = []
  const pool = new SqlPool({
    limit,
    now: () => time,
    async connect() {
      server.attempts++
      const accept = (): Connection => {
        const connection = new Connection(`connection ${opened.length + 1}`)
        opened.push(connection)
        return connection
      }
      if (server.isSilent) {
        return new Promise((resolve, reject) => {
          late.push({ accept: () => resolve(accept()), refuse: () => reject(new Error('refused')) })
        })
      }
      if (server.refuses) throw new Error('too many connections')
      return accept()
    },
  })
  /** Takes a connection until the returned function is called. */
  const take = async (signal = soon()) => {
    const { promise: taken, resolve: onTaken } = deferred<Connection>()
    const { promise: over, resolve: release } = deferred<void>()
    const using = pool.use(signal, async (connection) => {
      onTaken(connection as Connection)
      await over
    })
    using.catch(() => undefined)
    const connection = await Promise.race([taken, using.then(() => undefined)])
    return { connection, release, using }
  }
  const pass = (milliseconds: number) => {
    time += milliseconds
  }
  return { pool, opened, server, late, take, pass }
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

t.test('a refused connection fails no query while others work', async (t) => {
  const { pool, server, take, pass } = poolOf(4)
  const first = await take()
  server.refuses = true
  const waiting = [take(), take()]
  await turns()
  t.equal(server.attempts, 3, 'one attempt each')
  first.release()
  const second = await waiting[0]
  t.equal(second?.connection, first.connection)
  second?.release()
  const third = await waiting[1]
  t.equal(third?.connection, first.connection)
  const fourth = take()
  await turns()
  t.equal(server.attempts, 3, 'no other attempt for a second')
  third?.release()
  ;(await fourth).release()
  await turns()
  t.strictSame(pool.connections, { open: 1, idle: 1 })
  const busy = await take()
  pass(1000)
  server.refuses = false
  const next = await take()
  t.equal(server.attempts, 4)
  t.not(next.connection, busy.connection)
  busy.release()
  next.release()
  await turns()
  t.strictSame(pool.connections, { open: 2, idle: 2 })
})

t.test('if no connection is left, each query fails with the reason', async (t) => {
  const { pool, server, take } = poolOf(1)
  server.refuses = true
  await t.rejects(
    pool.use(soon(), async () => 1),
    { message: 'too many connections' },
  )
  await t.rejects(
    pool.use(soon(), async () => 1),
    { message: 'too many connections' },
  )
  t.strictSame(pool.connections, { open: 0, idle: 0 })
  server.refuses = false
  const { release } = await take()
  release()
})

t.test('those who wait fail with a server that has gone', async (t) => {
  const { pool, server, late, take } = poolOf(2)
  server.isSilent = true
  const failing = [pool.use(soon(), async () => 1), pool.use(soon(), async () => 1)]
  const waiting = pool.use(soon(), async () => 1)
  for (const each of [...failing, waiting]) each.catch(() => undefined)
  await turns()
  t.strictSame([server.attempts, pool.connections], [2, { open: 2, idle: 0 }])
  late[0]?.refuse()
  await turns()
  late[1]?.refuse()
  for (const each of [...failing, waiting]) await t.rejects(each, { message: 'refused' })
  t.strictSame(pool.connections, { open: 0, idle: 0 })
  server.isSilent = false
  ;(await take()).release()
  await turns()
  t.strictSame(pool.connections, { open: 1, idle: 1 }, 'no query waits any more')
})

t.test('a connection that comes too late is for the next query', async (t) => {
  const { pool, server, late, opened } = poolOf(1)
  server.isSilent = true
  const leaving = new AbortController()
  const abandoned = pool.use(leaving.signal, async () => 1)
  await turns()
  leaving.abort(new Error('timed out'))
  await t.rejects(abandoned, { message: 'timed out' })
  t.strictSame(pool.connections, { open: 1, idle: 0 }, 'it is still being opened')
  const next = pool.use(soon(), async (connection) => connection)
  await turns()
  late[0]?.accept()
  t.equal(await next, opened[0])
  t.equal(server.attempts, 1)
  await turns()
  t.strictSame(pool.connections, { open: 1, idle: 1 })
  const other = poolOf(1)
  other.server.isSilent = true
  const gone = new AbortController()
  const failing = other.pool.use(gone.signal, async () => 1)
  await turns()
  gone.abort(new Error('timed out'))
  await t.rejects(failing, { message: 'timed out' })
  const second = other.pool.use(soon(), async () => 2)
  await turns()
  other.server.isSilent = false
  other.late[0]?.refuse()
  t.equal(await second, 2, 'its place is free again')
})

t.test('waiting for a connection is no failure of the server', async (t) => {
  const { pool, take } = poolOf(1)
  const { release } = await take()
  const leaving = new AbortController()
  const waiting = pool.use(leaving.signal, async () => 1)
  await turns()
  leaving.abort()
  const error = await waiting.catch((reason: unknown) => reason)
  t.ok(error instanceof BackendBusy)
  t.match(error, { message: 'timed out: all connections are busy (connections: 1)' })
  release()
  await turns()
  t.equal(await pool.use(soon(), async () => 2), 2)
})

t.test('after a query that timed out, idle connections are discarded', async (t) => {
  const { pool, opened, take } = poolOf(3)
  const leaving = new AbortController()
  const all = [await take(), await take(), await take(leaving.signal)]
  all[0]?.release()
  all[1]?.release()
  await turns()
  t.strictSame(pool.connections, { open: 3, idle: 2 })
  leaving.abort(new Error('timed out'))
  await t.rejects(all[2]?.using ?? Promise.resolve(), { message: 'timed out' })
  t.strictSame(pool.connections, { open: 0, idle: 0 })
  t.strictSame(
    opened.map(({ isDestroyed }) => isDestroyed),
    [true, true, true],
    'a firewall may have dropped them all',
  )
})

t.test('a failed query keeps its connection, a lost one is replaced', async (t) => {
  const { pool, opened, take } = poolOf(2)
  await t.rejects(
    pool.use(soon(), async () => {
      throw new Error('no such table')
    }),
    { message: 'no such table' },
  )
  t.strictSame(pool.connections, { open: 1, idle: 1 })
  const [first] = opened
  if (first) first.usable = false
  const { connection, release } = await take()
  t.not(connection, first)
  t.equal(first?.isDestroyed, true)
  await pool.close()
  release()
  await turns()
  t.equal(connection?.isDestroyed, true, 'one in use is dropped when its query ends')
  t.strictSame(pool.connections, { open: 0, idle: 0 })
})

t.test('a pool that closes drops the connections that cannot be closed, and later ones', async (t) => {
  const { pool, opened, take, server, late } = poolOf(4)
  const all = [await take(), await take(), await take()]
  const [polite, broken] = opened
  if (broken) broken.close = () => Promise.reject(new Error('EPIPE'))
  const farewells: string[] = []
  if (polite) polite.close = async () => void farewells.push('polite')
  server.isSilent = true
  const leaving = new AbortController()
  const abandoned = pool.use(leaving.signal, async () => 1)
  await turns()
  leaving.abort(new Error('timed out'))
  await t.rejects(abandoned, { message: 'timed out' })
  all[0]?.release()
  all[1]?.release()
  await turns()
  t.strictSame(pool.connections, { open: 4, idle: 2 })
  await pool.close()
  t.strictSame(pool.connections, { open: 2, idle: 0 }, 'one is in use, and one is being opened')
  const destroyed = () => opened.map(({ isDestroyed }) => isDestroyed)
  t.strictSame([farewells, destroyed()], [['polite'], [false, true, false]])
  late[0]?.accept()
  all[2]?.release()
  await turns()
  t.strictSame(destroyed(), [false, true, true, true])
  t.strictSame(pool.connections, { open: 0, idle: 0 })
})

t.test('queries get connections in the order in which they came, and the warmest one', async (t) => {
  const { pool, opened, take } = poolOf(2)
  const [first, second] = [await take(), await take()]
  const order: string[] = []
  const waiting = ['a', 'b'].map((name) => pool.use(soon(), async () => order.push(name)))
  await turns()
  second?.release()
  await Promise.all(waiting)
  t.strictSame(order, ['a', 'b'])
  first?.release()
  await turns()
  t.equal(await pool.use(soon(), async (connection) => connection), opened[0], 'the one that was used last')
})

/** A server that can be switched off. */
function endpoint(address: string, onAttempt = () => {}) {
  const server = { isDown: false, attempts: 0 }
  const database: SqlDatabase = {
    errorTexts: { codes: {} },
    async connect() {
      server.attempts++
      onAttempt()
      if (server.isDown) throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
      const connection = new Connection(address)
      connection.usable = false
      return connection
    },
  }
  return { server, endpoint: { database, address } satisfies SqlEndpoint }
}

t.test('replicas answer in their order, and the primary server if none of them can be reached', async (t) => {
  let time = 0
  const [one, two, primary] = [endpoint('replica1:5432'), endpoint('replica2:5432'), endpoint('primary:5432')]
  const queries = new SqlQueries({
    endpoints: [one.endpoint, two.endpoint, primary.endpoint],
    timeout: 1000,
    connections: 1,
    now: () => time,
  })
  const ask = () => queries.first('domain', { text: 'SELECT', parameters: 1 }, 'example.org', soon())
  t.equal(await ask(), 'replica1:5432')
  one.server.isDown = true
  t.equal(await ask(), 'replica2:5432')
  t.equal(await ask(), 'replica2:5432')
  t.equal(one.server.attempts, 2, 'a server that failed is not tried again at once')
  two.server.isDown = true
  t.equal(await ask(), 'primary:5432')
  one.server.isDown = false
  time = 29_999
  t.equal(await ask(), 'primary:5432')
  time = 30_000
  t.equal(await ask(), 'replica1:5432')
  one.server.isDown = true
  primary.server.isDown = true
  await t.rejects(ask(), {
    message:
      /^(cannot connect to (replica1|replica2|primary):5432: connection refused \(ECONNREFUSED\)(; |$)){3}$/,
  })
})

t.test('a server that answers again is not left for a later one', async (t) => {
  let time = 0
  const connecting = () => {
    time += 1000
  }
  const [one, two] = [endpoint('replica1:5432', connecting), endpoint('replica2:5432', connecting)]
  const queries = new SqlQueries({
    endpoints: [one.endpoint, two.endpoint],
    timeout: 1000,
    connections: 1,
    now: () => time,
  })
  const ask = () => queries.first('domain', { text: 'SELECT', parameters: 1 }, 'example.org', soon())
  one.server.isDown = true
  t.equal(await ask(), 'replica2:5432')
  two.server.isDown = true
  time = 10_000
  await t.rejects(ask(), {
    message: /^cannot connect to replica2:5432: .*; cannot connect to replica1:5432: /,
  })
  one.server.isDown = false
  two.server.isDown = false
  t.equal(await ask(), 'replica1:5432', 'both have failed, so the first is tried first')
  time = 41_500
  t.equal(await ask(), 'replica1:5432', 'although the other one failed before it')
})

/** A listener whose connections and pauses end when the test says so. */
function listening() {
  const pauses: number[] = []
  const events: string[] = []
  const state = { isDown: true, attempts: 0, pings: 0, isSilent: false }
  let lost = new AbortController()
  let wake: () => void = () => undefined
  const connections: { destroyed: boolean }[] = []
  const listener = new Listener({
    async connect() {
      state.attempts++
      if (state.isDown) throw new Error('connection refused')
      lost = new AbortController()
      const connection = { destroyed: false }
      connections.push(connection)
      return {
        lost: lost.signal,
        async ping() {
          state.pings++
          if (state.isSilent) throw new Error('no response')
        },
        destroy: () => {
          connection.destroyed = true
        },
      } satisfies ListeningConnection
    },
    onListening: () => void events.push('listening'),
    onProblem: (problem) => void events.push(problem ?? 'again'),
    pause(milliseconds, signal) {
      pauses.push(milliseconds)
      return new Promise((resolve) => {
        wake = resolve
        signal.addEventListener('abort', () => resolve())
        if (signal.aborted) resolve()
      })
    },
  })
  const go = async () => {
    wake()
    await turns()
  }
  const lose = async () => {
    lost.abort(new Error('connection lost'))
    await turns()
  }
  return { listener, pauses, events, state, connections, go, lose }
}

t.test('a listener that cannot connect waits twice as long after each attempt', async (t) => {
  const { listener, pauses, events, state, go, lose } = listening()
  await turns()
  for (let i = 0; i < 8; i++) await go()
  t.strictSame(pauses, [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  t.strictSame(events, ['connection refused'], 'one line')
  t.strictSame(listener.status, { listening: false, problem: 'connection refused' })
  state.isDown = false
  await go()
  t.strictSame(events.splice(0), ['connection refused', 'again', 'listening'])
  t.strictSame(listener.status, { listening: true })
  state.isDown = true
  pauses.length = 0
  await lose()
  t.strictSame(events.splice(0), ['connection lost'])
  await go()
  await go()
  t.strictSame(pauses, [250, 500, 1000], 'the time begins again after a success')
  t.strictSame(listener.status, { listening: false, problem: 'connection refused' }, 'the newest reason')
  await listener.close()
})

t.test('a connection that announces nothing is asked every ten seconds whether it is alive', async (t) => {
  const { listener, pauses, events, state, connections, go } = listening()
  state.isDown = false
  await turns()
  await go()
  t.strictSame([listener.status, state.pings], [{ listening: true }, 0])
  await go()
  await go()
  t.strictSame(pauses, [250, 10_000, 10_000, 10_000])
  t.equal(state.pings, 2)
  state.isSilent = true
  await go()
  t.strictSame(listener.status, { listening: false, problem: 'no response' })
  t.strictSame(connections, [{ destroyed: true }])
  t.strictSame(pauses.at(-1), 250)
  await go()
  t.strictSame(events, ['connection refused', 'again', 'listening', 'no response', 'again', 'listening'])
  await listener.close()
  t.strictSame(connections, [{ destroyed: true }, { destroyed: true }])
  t.equal(listener.status.listening, false)
  t.equal(events.length, 6, 'closing is no problem')
})

/** How many timers keep the process running. */
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

t.test('neither a listener that waits nor a later announcement keeps the process running', async (t) => {
  const before = timers()
  const database: SqlDatabase = {
    errorTexts: { codes: {} },
    connect: () => Promise.reject(new Error('not used')),
    listen: () => Promise.reject(new Error('connection refused')),
  }
  const primary = { database, address: 'primary:5432' }
  const waiting = listenTo(primary, 'mail_changed', 0, { onChange: () => undefined })
  await turns()
  t.match(waiting.status, { listening: false, problem: /^notify: primary:5432: / })
  t.equal(timers(), before)
  await waiting.close()
  const quiet = { lost: new AbortController().signal, ping: async () => undefined, destroy: () => undefined }
  const listening = { database: { ...database, listen: async () => quiet }, address: 'primary:5432' }
  const changes: unknown[] = []
  const listener = listenTo(listening, 'mail_changed', 5000, { onChange: (change) => changes.push(change) })
  await turns()
  t.strictSame([listener.status, changes], [{ listening: true }, [undefined]])
  t.equal(timers(), before)
  await listener.close()
})

t.test('a change is announced again when it has arrived at the replicas', async (t) => {
  const changes: (string | undefined)[] = []
  let notify: ((payload?: string) => void) | undefined
  const database: SqlDatabase = {
    errorTexts: { codes: {} },
    connect: () => Promise.reject(new Error('not used')),
    async listen(_channel, onNotification) {
      notify = onNotification
      return { lost: new AbortController().signal, ping: async () => undefined, destroy: () => undefined }
    },
  }
  const primary = { database, address: 'primary:5432' }
  const onChange = (change?: string) => void changes.push(change)
  const listener = listenTo(primary, 'mail_changed', 20, { onChange })
  await turns()
  t.strictSame(changes, [undefined])
  notify?.('example.org')
  t.strictSame(changes.splice(0), [undefined, 'example.org'])
  await until(() => changes.length === 2, 'the second announcement')
  t.strictSame(changes, [undefined, 'example.org'])
  await listener.close()
  const failing = { database: { ...database, listen: () => Promise.reject(new Error('x')) }, address: 'db:1' }
  const problems: (string | undefined)[] = []
  const other = listenTo(failing, 'x', 0, {
    onChange,
    onNotifyProblem: (problem) => problems.push(problem),
  })
  await turns()
  t.strictSame(problems, ['notify: db:1: unexpected error'])
  await other.close()
})

const queries = { domain: 'SELECT host FROM mail_domain WHERE name = $1' }

t.test('errors in the settings of replicas and of files for TLS', (t) => {
  const url = 'postgres://reader@localhost/mail'
  const errorsOf = (settings: Record<string, unknown>) => {
    const { success, error } = sql.schema.safeParse({ url, ...queries, ...settings })
    return success ? [] : error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  }
  for (const settings of [
    { replicas: ['replica1', 'replica2.example.org:5433', '192.0.2.1', '[2001:db8::1]:5432', '[::1]'] },
    { tls: true, authorityFile: 'ca.pem' },
    { url: `${url}?sslmode=require`, certificateFile: 'client.pem', keyFile: 'client.key' },
    { connections: 1000, queue: 0, cacheSize: 1, negativeCacheSize: 1 },
  ])
    t.strictSame(errorsOf(settings), [], JSON.stringify(settings))
  for (const [settings, message] of [
    [{ replicas: ['a b'] }, 'replicas.0 must be host or host:port'],
    [{ replicas: ['db:0'] }, 'replicas.0 must be host or host:port'],
    [{ replicas: ['db:65536'] }, 'replicas.0 must be host or host:port'],
    [{ replicas: ['postgres://db'] }, 'replicas.0 must be host or host:port'],
    [{ replicas: ['db'], url: 'mysql://db/mail' }, 'replicas is supported only by PostgreSQL; remove it'],
    [{ authorityFile: 'ca.pem' }, 'authorityFile requires tls: true'],
    [{ tls: true, keyFile: 'x' }, 'certificateFile requires keyFile; set both or neither'],
    [{ tls: true, certificateFile: 'x' }, 'certificateFile requires keyFile; set both or neither'],
    [{ url: 'sqlite:/a.db', authorityFile: 'x' }, 'authorityFile is not supported by SQLite; remove it'],
  ] as const)
    t.strictSame(errorsOf(settings), [message])
  t.end()
})

t.test('the files for TLS are read with the configuration, and the source is opened with them', async (t) => {
  const { certificate, key } = await issue('P-256')
  const other = await issue('P-256')
  const source = {
    sql: {
      ...{ ...queries, url: 'postgres://reader@localhost:1/mail', tls: true },
      ...{ authorityFile: 'ca.pem', certificateFile: 'client.pem', keyFile: 'client.key' },
    },
  }
  const config = { ...example, sources: [source] }
  const files = { 'ca.pem': certificate, 'client.pem': certificate, 'client.key': `${key}\n` }
  const [read] = (await load(t, config, files)).backends
  t.strictSame(Object.keys(read?.files ?? {}), ['authorityFile', 'certificateFile', 'keyFile'])
  t.equal(read?.files?.['authorityFile'], certificate.trimEnd())
  const { errors } = await findings(t, config, { 'ca.pem': certificate })
  t.match(errors.join('\n'), /sources\[0\]\.sql\.certificateFile cannot be read: there is no such file/)
  const settings = sql.schema.parse(source.sql)
  const context = { onChange: () => undefined, files: read?.files ?? {} }
  await (await sql.open(settings, context)).close()
  for (const wrong of [{ authorityFile: 'not PEM at all' }, { keyFile: other.key }]) {
    await t.rejects(sql.open(settings, { ...context, files: { ...context.files, ...wrong } }), {
      message:
        'authorityFile, certificateFile or keyFile does not contain PEM, or the key does not belong to the certificate',
    })
  }
})

t.test('MySQL gets nothing but the request for TLS if its certificate is for another name', async (t) => {
  const open = async (name: string) => {
    const issued = await issue('P-256', undefined, [name])
    const context = createSecureContext({ cert: issued.certificate, key: issued.key })
    let heard = ''
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      // Protocol 10, and that TLS is possible (0x0800).
      const greeting = `\x0a8.0.0\0\x01\0\0\0saltsalt\0\x09\xaa\x2d\x02\0\x08\0\x15${'\0'.repeat(10)}`
      const packet = Buffer.from(`\0\0\0\0${greeting}saltsaltsalt\0mysql_native_password\0`, 'latin1')
      packet.writeUIntLE(packet.length - 4, 0, 3)
      socket.write(packet)
      socket.once('data', (bytes) => {
        // The client does not wait for an answer to its request for TLS, which has 36 bytes.
        socket.pause()
        if (bytes.length > 36) socket.unshift(bytes.subarray(36))
        const secured = new TLSSocket(socket, { isServer: true, secureContext: context })
        secured.on('error', () => undefined)
        secured.on('data', (bytes) => {
          heard += bytes.toString('latin1')
          secured.destroy()
        })
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const { port } = server.address() as AddressInfo
    const settings = { ...queries, url: `mysql://reader@localhost:${port}/mail`, tls: true, timeout: 20 }
    const source = await sql.open(sql.schema.parse(settings), {
      onChange: () => undefined,
      password: 'secret',
      files: { authorityFile: issued.authority },
    })
    t.teardown(() => source.close())
    const error = await source.check(soon()).catch(({ message }: Error) => message)
    return { heard, error }
  }
  t.match(await open('localhost'), { heard: /reader/, error: /connection lost/ })
  t.match(await open('other.example.org'), {
    heard: '',
    error: /the server's certificate cannot be verified/,
  })
})

t.test('PostgreSQL does not keep a connection whose log-in has failed', async (t) => {
  // AuthenticationSASL, and AuthenticationSASLContinue. The server then waits for a minute.
  const answers = ['\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0', '\0\0\0\x1d\0\0\0\x0br=x,s=c2FsdA==,i=4096']
  const closed: string[] = []
  const server = createServer((socket) => {
    const next = answers.values()
    socket.on('data', () => socket.write(`R${next.next().value}`))
    socket.on('close', () => closed.push('closed')).on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const settings = { ...queries, url: `postgres://reader@127.0.0.1:${port}/mail` }
  const source = await sql.open(sql.schema.parse(settings), { onChange: () => undefined })
  await t.rejects(source.check(soon()), { message: /the server requires a password; set passwordFile$/ })
  await until(() => closed.length > 0, 'the end of the connection')
  await source.close()
})

t.test('MySQL closes both directions of a connection to a server that hangs', async (t) => {
  const { port: upstreamPort, queries: asked } = await mysqlServer(t, () => undefined)
  let open = 0
  const server = createServer({ allowHalfOpen: true }, (client) => {
    open++
    const upstream = connect(upstreamPort, '127.0.0.1')
    upstream.pipe(client, { end: false })
    client.pipe(upstream, { end: false })
    // A server that hangs does not close its side, and may still send. Only a closed socket rejects that.
    client.on('end', () => {
      const sending = setInterval(() => client.write('x'), 5)
      client.on('close', () => clearInterval(sending))
    })
    client
      .on('error', () => undefined)
      .on('close', () => {
        open--
        upstream.destroy()
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const settings = { ...queries, url: `mysql://reader@127.0.0.1:${port}/mail`, timeout: 20 }
  const source = await sql.open(sql.schema.parse(settings), { onChange: () => undefined })
  t.teardown(() => source.close())
  const patience = new AbortController()
  const query = source.findHost?.(domain('example.org'), patience.signal)
  await until(() => asked.some((query) => query.startsWith('SELECT')), 'the query')
  patience.abort()
  await t.rejects(Promise.resolve(query), { message: 'domain: timed out' })
  await until(() => open === 0, 'the end of the connection')
})

t.test('PostgreSQL', async (t) => {
  const server = await postgresqlServer(t, 'CREATE TABLE mail_domain (name TEXT, host TEXT)')
  const proxy = await Faults.before(t, server.port)
  const settings = {
    ...queries,
    url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
    notify: 'mail_changed',
    timeout: 20,
  }

  t.test('a listening connection says when it is lost, and whether the server answers', async (t) => {
    const endpoint = {
      host: '127.0.0.1',
      port: proxy.port,
      user: 'postgres',
      tls: false,
      timeout: 20_000,
    } as const
    const connection = await postgresql(pg, endpoint).listen?.('mail_changed', () => undefined)
    await connection?.ping()
    t.equal(connection?.lost.aborted, false)
    proxy.cut()
    await connection?.ping()
    t.match(connection?.lost, { aborted: true, reason: { message: 'notify: connection lost' } })
  })

  t.test('notifications through a pooler are refused with the reason', async (t) => {
    proxy.pool()
    const problems: (string | undefined)[] = []
    const source = await sql.open(sql.schema.parse(settings), {
      onChange: () => t.fail('nothing is announced'),
      onNotifyProblem: (problem) => problems.push(problem),
    })
    t.teardown(() => source.close())
    const reason =
      'notify: a connection pooler such as PgBouncer loses notifications; name the server itself in url, and the pooler in replicas'
    await t.rejects(source.check(soon()), { message: reason })
    await until(() => proxy.open === 1, 'only the connection of the queries')
    t.match(source.status?.(), { notify: { listening: false, problem: undefined } }, 'it begins with a query')
    t.equal(await source.findHost?.(domain('example.org'), soon()), undefined, 'queries are answered')
    await until(() => problems.length > 0, 'a problem')
    t.strictSame(problems, [reason])
    t.match(source.status?.(), {
      connections: { open: 1, idle: 1 },
      notify: { listening: false, problem: reason },
    })
  })

  t.test('check ends in time if the server does not answer LISTEN', async (t) => {
    const source = await sql.open(sql.schema.parse(settings), { onChange: () => undefined })
    t.teardown(() => source.close())
    proxy.hold()
    await t.rejects(source.check(AbortSignal.timeout(100)), { message: /notify: timed out$/ })
    proxy.letGo()
  })

  t.test('a replica answers, and the server in the URL announces changes', async (t) => {
    const replica = await Faults.before(t, server.port)
    const primary = await Faults.before(t, server.port)
    const changes: (string | undefined)[] = []
    const url = `postgres://postgres@127.0.0.1:${primary.port}/postgres`
    const more = { url, replicas: [`127.0.0.1:${replica.port}`], connections: 1 }
    const source = await sql.open(sql.schema.parse({ ...settings, ...more }), {
      onChange: (change) => changes.push(change),
    })
    t.teardown(() => source.close())
    t.equal(await source.findHost?.(domain('example.org'), soon()), undefined)
    await until(() => changes.length > 0, 'LISTEN')
    t.match(replica.written, 'SELECT host FROM mail_domain')
    t.notMatch(replica.written, 'LISTEN')
    t.match(primary.written, 'LISTEN mail_changed')
    t.notMatch(primary.written, 'SELECT host')
    await replica.kill()
    await source.findHost?.(domain('example.org'), soon()).catch(() => undefined)
    t.equal(await source.findHost?.(domain('example.org'), soon()), undefined)
    t.match(primary.written, 'SELECT host FROM mail_domain', 'the primary server stands in')
  })
})
