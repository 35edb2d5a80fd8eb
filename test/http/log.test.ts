import { execFileSync } from 'node:child_process'
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { withPriority } from '../../src/cli/journal.ts'
import { droppedLine, openLog } from '../../src/cli/log.ts'
import { LogWriter, type Write } from '../../src/cli/log-writer.ts'
import { AccessLog } from '../../src/http/access-log.ts'
import { loggedEvents, logLimitStore, logSaved } from '../../src/http/logged-events.ts'
import { TlsErrors } from '../../src/http/tls-errors.ts'
import { domain } from '../support/example.ts'
import { until } from '../support/until.ts'

async function open(t: Test) {
  const file = join(t.testdir(), 'log')
  const fd = openSync(file, 'w')
  t.teardown(() => closeSync(fd))
  const { log, end } = await openLog('info', { fd, write: () => undefined }, {})
  const lines = () => readFileSync(file, 'utf8').split('\n').length - 1
  /** Returns the number of lines in the file as soon as there are this many. */
  const linesWhen = async (count: number) => {
    await until(() => lines() >= count, `${count} lines`)
    return lines()
  }
  return { log, end, lines, linesWhen }
}

t.test('a line waits for others, but not for long', async (t) => {
  const { log, lines, linesWhen } = await open(t)
  log.info('one')
  log.info('two')
  t.equal(lines(), 0)
  t.equal(await linesWhen(2), 2)
})

t.test('many lines are written together, without waiting', async (t) => {
  const { log, lines, linesWhen } = await open(t)
  for (let i = 0; i < 100; i++) log.info({ text: 'x'.repeat(100) }, 'line')
  t.ok((await linesWhen(40)) >= 40)
  t.equal(await linesWhen(100), 100)
  t.equal(lines(), 100)
})

t.test('at the end everything is written', async (t) => {
  const { log, end, lines } = await open(t)
  log.info('last')
  await end(10_000)
  t.equal(lines(), 1)
  await end(10_000)
  t.equal(lines(), 1)
})

/** A writer to a device that does what the test says: the number of bytes that it takes, or an error. */
function writer() {
  const device = { written: '', takes: Number.POSITIVE_INFINITY as number | string, calls: 0 }
  const write: Write = (bytes, from, done) => {
    device.calls++
    const { takes } = device
    setImmediate(() => {
      if (typeof takes === 'string') return done(Object.assign(new Error(takes), { code: takes }), 0)
      const some = bytes.subarray(from, from + takes)
      device.written += some.toString()
      done(null, some.length)
    })
  }
  const log = new LogWriter(write, (lines) => `dropped ${lines}\n`)
  return { device, log }
}

t.test('a device that takes a part of the bytes gets the rest', async (t) => {
  const { device, log } = writer()
  device.takes = 3
  log.write('one two\n')
  await log.end(60_000)
  t.equal(device.written, 'one two\n')
  t.equal(device.calls, 3)
})

t.test(
  'on a full disk, lines wait; those beyond a bound are dropped, and a line says so later',
  async (t) => {
    const { device, log } = writer()
    device.takes = 'ENOSPC'
    const line = `${'x'.repeat(1023)}\n`
    for (let count = 0; count < 8; count++) log.write(line)
    // The first batch is being written: it counts no more.
    for (let count = 0; count < 1024 + 5; count++) log.write(line)
    t.equal(log.dropped, 5)
    await log.end(300)
    t.ok(device.calls > 1, 'it is tried again')
    t.equal(device.written, '')
    device.takes = Number.POSITIVE_INFINITY
    await log.end(60_000)
    t.equal(device.written, `${line.repeat(8)}${line.repeat(1024)}dropped 5\n`)
    log.write('later\n')
    await log.end(60_000)
    t.match(device.written, /dropped 5\nlater\n$/, 'said once')
  },
)

t.test('lines for a reader that is gone are counted, and do not delay the end', async (t) => {
  for (const code of ['EPIPE', 'EBADF']) {
    const { device, log } = writer()
    device.takes = code
    log.write('one\ntwo\n')
    await log.end(60_000)
    t.equal(log.dropped, 2)
    t.equal(device.calls, 1)
  }
})

t.test('lines that come while others are written follow them', async (t) => {
  const { device, log } = writer()
  const line = `${'x'.repeat(8191)}\n`
  log.write(line)
  log.write('short\n')
  await until(() => device.written.endsWith('short\n'), 'the short line')
  log.write(line)
  log.write(line)
  await until(() => device.written.length >= 3 * 8192 + 6, 'all lines')
  t.equal(device.calls, 4)
})

t.test('the log counts the lines that were dropped, and says so as JSON', async (t) => {
  const { log, end, dropped } = await openLog('info', { fd: 1_000_000, write: () => undefined }, {})
  log.info('nobody reads this')
  await end(60_000)
  t.equal(dropped(), 1)
  const elsewhere = await openLog('info', { write: () => undefined }, {})
  await elsewhere.end(60_000)
  t.equal(elsewhere.dropped(), 0)
})

t.test('a duration in the access log is in milliseconds, to the microsecond', async (t) => {
  const lines: string[] = []
  const log = new AccessLog(pino({}, { write: (line) => lines.push(line) }))
  log.route('/x').add(200, 1234.567_89, { domains: false })
  t.equal(JSON.parse(lines[0] as string).durationMs, 1234.568)
})

/** A log, and its lines without what pino adds. */
function memory() {
  const lines: string[] = []
  const shown = () =>
    lines.splice(0).map((line) => {
      const { time: _time, pid: _pid, hostname: _hostname, ...rest } = JSON.parse(line)
      return rest
    })
  return { log: pino({}, { write: (line) => lines.push(line) }), shown }
}

t.test('each reload has its lines, with the place of each error and warning', async (t) => {
  const { log, shown } = memory()
  const config = { file: 'a.yaml', hosts: new Map([['one', {}]]) }
  const live = { current: { size: 3, config }, files: ['a.yaml', 'b.map'] } as never
  const { onReload } = loggedEvents(log, () => live)
  const place = { file: 'b.map', line: 4, column: 1, path: '' }
  const reopened = [
    { source: 'sql', keptAnswers: 1 },
    { source: 'ldap', keptAnswers: 0 },
  ]
  onReload({ config: { warnings: [{ ...place, message: 'is odd' }] }, reopened } as never)
  t.strictSame(shown(), [
    {
      ...{ level: 30, config: 'a.yaml', domains: 3, hosts: ['one'], files: ['a.yaml', 'b.map'] },
      msg: 'configuration reloaded',
    },
    {
      ...{ level: 30, source: 'sql', keptAnswers: 1 },
      msg: 'source opened; the answers of before are kept until it gives new ones, since its queries are the same',
    },
    { level: 30, source: 'ldap', keptAnswers: 0, msg: 'source opened; no answers of before are kept' },
    { level: 40, msg: 'b.map:4:1 is odd' },
  ])
  onReload({ errors: [{ ...place, message: 'is wrong' }] })
  t.strictSame(shown(), [
    {
      ...{ level: 50, errors: ['b.map:4:1 is wrong'] },
      msg: 'configuration rejected; still serving the last good one',
    },
  ])
  const held = (how: string) =>
    `the changed configuration is not used: 9 → 1 domains; no logins; ${how} to use it`
  onReload({ held: ['9 → 1 domains', 'no logins'] })
  loggedEvents(log, () => live, 'call reload()').onReload({ held: ['9 → 1 domains', 'no logins'] })
  t.strictSame(shown(), [
    { level: 50, msg: held('send SIGHUP') },
    { level: 50, msg: held('call reload()') },
  ])
  const savedAt = new Date(0)
  const start = (state: object) => logSaved(log, { state, saved: { directory: 'copies' } } as never)
  start({})
  start({ savedAt, lastError: { errors: [{ ...place, message: 'is wrong' }] } })
  start({ savedAt, held: { losses: ['9 → 1 domains', 'no logins'] } })
  const copies = { level: 50, savedAt: '1970-01-01T00:00:00.000Z', copies: 'copies' }
  t.strictSame(shown(), [
    {
      ...{ ...copies, errors: ['b.map:4:1 is wrong'] },
      msg: 'configuration rejected; serving the saved configuration',
    },
    { ...copies, msg: `${held('send SIGHUP')}; serving the saved configuration` },
  ])
})

t.test('each outage has two lines: an error, and its end', async (t) => {
  const { log, shown } = memory()
  const { onBackend, onNotify } = loggedEvents(log, () => ({}) as never)
  for (const problem of ['it is down', undefined]) {
    onBackend('sql', problem)
    onNotify('sql', problem)
    logLimitStore(log)(problem)
  }
  const [source, problem] = ['sql', 'it is down']
  t.strictSame(shown(), [
    { level: 50, source, problem, msg: 'source unavailable; serving its last known answers' },
    { level: 50, source, problem, msg: 'source announces no changes; they take effect after ttl' },
    { level: 50, problem, msg: 'limit store unavailable; each server counts requests alone' },
    { level: 30, source, msg: 'source available again' },
    { level: 30, source, msg: 'source announces changes again' },
    { level: 30, msg: 'limit store available again; requests are counted together' },
  ])
})

t.test(
  'each kind of handshake that fails has a line a minute, but a closed connection has none',
  async (t) => {
    const { log, shown } = memory()
    let now = 0
    const errors = new TlsErrors(log, () => now)
    const codes = [
      ...['ERR_SSL_UNSUPPORTED_PROTOCOL', 'ERR_SSL_NO_SHARED_CIPHER', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
      ...['ERR_TLS_HANDSHAKE_TIMEOUT', 'ECONNRESET', 'ERR_SSL_HTTP_REQUEST', 'ERR_UNHEARD_OF', undefined],
    ]
    for (const time of [0, 59_999, 60_000]) {
      now = time
      for (const code of codes) errors.add(code)
    }
    t.strictSame(errors.counts, {
      ...{ version: 3, 'no-cipher': 3, 'certificate-refused': 3, timeout: 3, connection: 3, 'not-tls': 3 },
      other: 6,
    })
    const kinds = ['version', 'no-cipher', 'certificate-refused', 'timeout', 'not-tls', 'other']
    const line = (kind: string, total: number) => ({ level: 30, kind, total, msg: 'a TLS handshake failed' })
    t.strictSame(shown(), [
      ...kinds.map((kind) => line(kind, 1)),
      ...kinds.map((kind) => line(kind, kind === 'other' ? 5 : 3)),
    ])
  },
)

t.test(
  'a line of the access log has the host and the format, and the domain only if it is wanted',
  async (t) => {
    const { log, shown } = memory()
    const access = new AccessLog(log)
    const subject = { mailHost: 'one', domain: domain('example.org') }
    const route = access.route('/x', 'autoconfig')
    t.equal(access.route('/x', 'autoconfig'), route)
    for (const accessLog of [false, true, {}, { domains: false }, { domains: true }] as never[])
      route.add(200, 1, accessLog, subject)
    route.add(404, 2, { domains: true })
    access.route('none').add(404, 3, { domains: true })
    const common = { level: 30, route: '/x', format: 'autoconfig' }
    const hidden = { ...common, host: 'one', status: 200, durationMs: 1 }
    t.strictSame(shown(), [
      ...[hidden, hidden, hidden, { ...hidden, domain: 'example.org' }],
      { ...common, status: 404, durationMs: 2 },
      { level: 30, route: 'none', status: 404, durationMs: 3 },
    ])
    t.strictSame(
      [...access.counts()],
      [
        { route: '/x', status: 200, requests: 5 },
        { route: '/x', status: 404, requests: 1 },
        { route: 'none', status: 404, requests: 1 },
      ],
    )
    t.strictSame(
      access.durations().map(({ labels, histogram: { count, sum } }) => ({ ...labels, count, sum })),
      [
        { format: 'autoconfig', outcome: 'answered', count: 5, sum: 0.005 },
        { format: 'autoconfig', outcome: 'unknown', count: 1, sum: 0.002 },
        { format: 'none', outcome: 'unknown', count: 1, sum: 0.003 },
      ],
    )
  },
)

t.test('the line about dropped lines is one of the log', (t) => {
  t.match(JSON.parse(droppedLine(7)), {
    level: 40,
    time: Number,
    lines: 7,
    msg: /lines of the log were dropped/,
  })
  t.end()
})

t.test('lines in the journal of systemd begin with their priority', async (t) => {
  const file = join(t.testdir(), 'log')
  const fd = openSync(file, 'w')
  t.teardown(() => closeSync(fd))
  const { dev, ino } = fstatSync(fd)
  for (const journal of ['1:2', `${dev}:${ino}`]) {
    const { log, end } = await openLog('trace', { fd, write: () => undefined }, { JOURNAL_STREAM: journal })
    for (const level of ['debug', 'info', 'warn', 'error', 'fatal'] as const) log[level](level)
    await end(60_000)
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const priorities = lines.map((line) => /^<\d>/.exec(line)?.[0])
  const none = new Array(5).fill(undefined)
  t.strictSame(priorities, [...none, '<7>', '<6>', '<4>', '<3>', '<2>'])
  for (const line of lines) t.match(JSON.parse(line.replace(/^<\d>/, '')), { msg: String })
})

t.test(
  'a pipe that nobody has read gets a line about dropped lines, with a priority in the journal',
  async (t) => {
    const pipe = join(t.testdir(), 'pipe')
    execFileSync('mkfifo', [pipe])
    const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
    t.teardown(() => closeSync(fd))
    const { dev, ino } = fstatSync(fd)
    for (const [journal, line] of [
      ['', /^{"level":40,.*were dropped/m],
      [`${dev}:${ino}`, /^<4>{"level":40,.*were dropped/m],
    ] as const) {
      const { log, end, dropped } = await openLog(
        'info',
        { fd, write: () => undefined },
        { JOURNAL_STREAM: journal },
      )
      for (let count = 0; count < 20_000; count++) log.info('x'.repeat(100))
      t.ok(dropped() > 0)
      let text = ''
      const bytes = Buffer.alloc(65_536)
      await until(() => {
        try {
          text += bytes.toString('utf8', 0, readSync(fd, bytes))
        } catch {
          // Empty for the moment.
        }
        return text.includes('were dropped')
      }, 'the line')
      t.match(text, line)
      await end(60_000)
    }
  },
)

t.test('a line that pino has not written has the priority of information', async (t) => {
  t.equal(withPriority('not of pino'), '<6>not of pino')
})
