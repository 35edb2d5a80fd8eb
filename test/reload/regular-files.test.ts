import { execFileSync } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { LoadThread } from '../../src/config/load-in-worker.ts'
import { disk, type FileSource } from '../../src/reading/file-source.ts'
import { FileWatcher } from '../../src/reading/file-watcher.ts'
import { Files } from '../../src/reading/files.ts'
import { fingerprint } from '../../src/reading/fingerprint.ts'
import { PatientTurns } from '../../src/reading/patient-turns.ts'
import { readRegularFile } from '../../src/reading/regular-file.ts'
import { run } from '../support/command.ts'
import { configFolder, example, findings } from '../support/example.ts'
import { hostOf, openLive } from '../support/live.ts'
import { until } from '../support/until.ts'

const never = new Promise<never>(() => undefined)

/** A pipe that no program writes to: reading it waits for ever. */
function pipeAt(file: string): string {
  execFileSync('mkfifo', [file])
  return file
}

t.test('only regular files are read', async (t) => {
  const directory = t.testdir({ 'a.map': 'a', inside: {} })
  const contentOf = async (file: string) => (await readRegularFile(file, 100)).content
  const notRegular = 'it is not a regular file (a pipe, a device or a socket is not read)'
  t.strictSame(await contentOf(pipeAt(join(directory, 'pipe'))), { ok: false, error: notRegular })
  t.strictSame(await contentOf('/dev/zero'), { ok: false, error: notRegular })
  t.strictSame(await contentOf(join(directory, 'inside')), { ok: false, error: 'it is a directory' })
  t.strictSame(await contentOf(join(directory, 'none')), { ok: false, error: 'there is no such file' })
  t.match(await contentOf(join(directory, 'a.map')), { ok: true, value: Buffer.from('a') })
  const { content } = await readRegularFile('/proc/self/status', 1e6)
  t.ok(content.ok && content.value.length > 100, 'a file of the kernel, which has size 0')
  const endless = await readRegularFile('/proc/self/status', 100)
  t.match(endless.content, { ok: false, error: /^it has 0\.1 MB; at most 0\.1 MB are read$/ })
})

t.test(
  'a pipe in place of a file is an error of check and of a reload, not the end of reloading',
  async (t) => {
    const config = { ...example, domainFiles: ['domains.map'] }
    const file = configFolder(t, config, { 'domains.map': 'a.example maximusconfessor\n' })
    const map = join(dirname(file), 'domains.map')
    const live = await openLive(t, file)
    execFileSync('rm', [map])
    pipeAt(map)
    t.ok(await until(() => live.state.reloads.failed === 1))
    t.match(live.state.lastError?.errors, [
      { path: 'domainFiles[0]', message: /^cannot be read: it is not a regular file/ },
    ])
    t.match(await run(['check', '-c', file]), { exitCode: 1, stdout: /it is not a regular file/ })
    t.match(await run(['check', '-c', map]), { exitCode: 1, stdout: /it is not a regular file/ })
    execFileSync('rm', [map])
    writeFileSync(map, 'b.example maximusconfessor\n')
    t.ok(await until(() => hostOf(live, 'b.example') === 'maximusconfessor'), 'the file is back')
  },
)

t.test('a file that is too large is an error with both sizes, and is not read', async (t) => {
  const config = {
    ...example,
    domainFiles: ['domains.map'],
    accounts: { files: ['virtual'], decoys: true, disclose: 'public', secretFile: 'secret' },
    ispdb: [{ folder: '.' }],
  }
  const files = { 'domains.map': '', virtual: '', secret: 's'.repeat(32), 'a.xml': '' }
  const cases = [
    ['domains.map', 256e6 + 1, 'domainFiles[0] cannot be read: it has 256.1 MB; at most 256 MB are read'],
    ['virtual', 700e6, 'accounts.files[0] cannot be read: it has 700 MB; at most 256 MB are read'],
    ['secret', 1e6 + 1, 'accounts.secretFile cannot be read: it has 1.1 MB; at most 1 MB are read'],
    ['a.xml', 4e6 + 1, 'a.xml:1:1 warning: cannot be read: it has 4.1 MB; at most 4 MB are read'],
    ['autoconfig.yaml', 32e6 + 1, 'cannot be read: it has 32.1 MB; at most 32 MB are read'],
  ] as const
  for (const [name, size, message] of cases) {
    const file = configFolder(t, config, files)
    truncateSync(join(dirname(file), name), size)
    const { stdout } = await run(['check', '-c', file])
    t.match(stdout, message)
  }
  t.match((await findings(t, config, files)).errors, [], 'the same files with their own sizes')
})

t.test('a file that grows while it is read may not exceed the limit', async (t) => {
  const file = join(t.testdir({}), 'growing.map')
  writeFileSync(file, '#'.repeat(1000))
  let writes = true
  const writing = (async () => {
    while (writes) await appendFile(file, '#'.repeat(100_000))
  })()
  let { content } = await readRegularFile(file, 1e6)
  const isRefused = async () => {
    content = (await readRegularFile(file, 1e6)).content
    return !content.ok
  }
  await until(isRefused, 'the end of reading').finally(() => {
    writes = false
  })
  await writing
  t.match(content, { error: /at most 1 MB are read$/ })
})

t.test('a file system that does not answer is given up, and no more threads wait for it', async (t) => {
  const turns = new PatientTurns(20)
  let started = 0
  const ask = <T>(answer: Promise<T>) =>
    turns.run(() => {
      started++
      return answer
    })
  let answer: (value: string) => void = () => undefined
  const late = new Promise<string>((resolve) => {
    answer = resolve
  })
  const first = ask(never)
  t.equal(await ask(Promise.resolve('quick')), 'quick', 'one file that hangs leaves a turn for others')
  const all = [first, ask(late), ask(Promise.resolve('waits')), ask(Promise.resolve('waits'))]
  t.strictSame(await Promise.all(all), [undefined, undefined, undefined, undefined])
  t.equal(await ask(Promise.resolve('not started')), undefined)
  t.equal(started, 3)
  answer('late')
  await sleep(0)
  t.equal(await ask(Promise.resolve('started again')), 'started again')
  await t.rejects(ask(Promise.reject(new Error('an error'))), /an error/)
  t.equal(await ask(Promise.resolve('still')), 'still', 'an error gives its turn back')
})

t.test('a file that hangs is an error of its own, and a change as soon as it answers', async (t) => {
  const file = configFolder(t, { ...example, domainFiles: ['a.map', 'b.map'], ispdb: [{ folder: 'db' }] }, {
    'a.map': '',
    'b.map': '',
    db: { 'a.xml': '' },
  } as never)
  const hangsAt = (name: string): FileSource => ({
    read: (file, limit) => (file.endsWith(name) ? never : disk.read(file, limit)),
    fingerprint: (file) => (file.endsWith(name) ? never : disk.fingerprint(file)),
    exposureOf: (file) => (file.endsWith(name) ? never : disk.exposureOf(file)),
    filesIn: (file, extension) => (file.endsWith(name) ? never : disk.filesIn(file, extension)),
  })
  const timeLimit = 1000
  const map = await loadConfig(file, { source: hangsAt('b.map'), timeLimit })
  t.match(map, {
    errors: [{ path: 'domainFiles[1]', message: 'cannot be read: the file system does not answer' }],
  })
  const { fingerprint: seen } = map.files.find((read) => read.file.endsWith('b.map')) ?? {}
  t.not(seen, await fingerprint(join(dirname(file), 'b.map')))
  t.match(await loadConfig(file, { source: hangsAt('db'), timeLimit }), {
    errors: [{ path: 'ispdb[0].folder', message: /db cannot be read: the file system does not answer$/ }],
  })
  const sign = { certificate: 'a.map', key: 'b.map' }
  const signed = configFolder(t, { ...example, apple: { sign } }, { 'a.map': '', 'b.map': '' })
  t.match(await loadConfig(signed, { source: hangsAt('b.map'), timeLimit }), {
    config: { signing: { errors: [{ path: 'apple.sign.key', message: /does not answer/ }] } },
  })
  const files = new Files(file, { source: hangsAt('a.map'), timeLimit: 10 })
  t.match(await files.openChanged('a.map', 'map', 'before'), { fingerprint: 'no answer' })
})

t.test('a file that hangs is reported, and its answer is followed by a reload', async (t) => {
  let answer: (fingerprint: string) => void = () => undefined
  const hung: string[] = []
  let changes = 0
  const asked: string[] = []
  const watcher = new FileWatcher(
    ['a', 'b', 'c'].map((file) => ({ file, fingerprint: file })),
    {
      pollInterval: 1,
      hangLimit: 200,
      fingerprint: (file) => {
        asked.push(file)
        if (file !== 'b' || changes > 0) return Promise.resolve(file)
        return new Promise((resolve) => {
          answer = resolve
        })
      },
      onChange: async () => {
        changes++
      },
      onHang: (file) => hung.push(file),
    },
  )
  t.teardown(() => watcher.close())
  t.ok(await until(() => hung.length > 0))
  await sleep(50)
  t.strictSame([asked, hung, changes], [['a', 'b'], ['b'], 0], 'no more threads wait')
  answer('b')
  t.ok(await until(() => changes === 1), 'a reload clears the error')
  t.ok(await until(() => asked.length > 10))
  t.equal(changes, 1)
})

t.test(
  'an answer of the file system that is older than a reload, or comes after the end, does not matter',
  async (t) => {
    for (const isClosed of [false, true]) {
      const answers: ((fingerprint: string) => void)[] = []
      let changes = 0
      const watcher = new FileWatcher([{ file: 'a', fingerprint: 'old' }], {
        pollInterval: 1,
        fingerprint: () => new Promise((resolve) => answers.push(resolve)),
        onChange: async () => {
          changes++
        },
        onHang: () => undefined,
      })
      t.teardown(() => watcher.close())
      t.ok(await until(() => answers.length === 1))
      if (isClosed) watcher.close()
      else watcher.update([{ file: 'a', fingerprint: 'new' }])
      answers[0]?.('other')
      if (!isClosed) {
        t.ok(await until(() => answers.length === 2))
        answers[1]?.('new')
        t.ok(await until(() => answers.length === 3))
      } else await sleep(50)
      t.equal(changes, 0)
    }
  },
)

t.test(
  'while the file system does not answer, the log and the state say so, and requests are answered',
  async (t) => {
    const file = configFolder(t, example)
    let answer: () => void = () => undefined
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    const results: object[] = []
    const live = await openLive(t, file, {
      hangLimit: 20,
      fingerprint: async (name) => {
        await answered
        return fingerprint(name)
      },
      onReload: (result) => results.push(result),
    })
    t.ok(await until(() => live.state.reloads.failed === 1))
    t.match(live.state.lastError?.errors, [{ file, message: 'the file system does not answer' }])
    t.equal(hostOf(live, 'example.org'), 'maximusconfessor')
    answer()
    t.ok(await until(() => live.state.reloads.succeeded === 1))
    t.equal(live.state.lastError, undefined)
    t.match(results, [{ errors: [{ message: 'the file system does not answer' }] }, { config: { file } }])
  },
)

t.test('a reload that hangs does not delay the end', async (t) => {
  const file = configFolder(t, example)
  const signals: AbortSignal[] = []
  const live = await openLive(t, file, {
    pollInterval: 60_000,
    reload: (_inUse, signal) => {
      signals.push(signal)
      return never
    },
  })
  const reload = live.reload()
  await live.close()
  await reload
  t.equal(signals[0]?.aborted, true)
  t.strictSame(live.state.reloads, { succeeded: 0, failed: 0, held: 0 })
})

/** A thread that runs a program in place of the loader. */
function threadWith(t: Test, program: string, options: object = {}): LoadThread {
  const directory = t.testdir({ 'worker.mjs': program })
  return new LoadThread({ module: new URL(`file://${directory}/worker.mjs`), ...options })
}

const order = { file: 'autoconfig.yaml', ispdb: [] }
const threads = "import { parentPort } from 'node:worker_threads'\n"

t.test('a thread that ends without a result, or throws, or does not end is an error', async (t) => {
  const dies = threadWith(t, `${threads}parentPort.postMessage({ read: { file: 'a', fingerprint: 'x' } })`)
  t.match(await dies.load(order), {
    isIncomplete: true,
    files: [{ file: 'a', fingerprint: 'x' }],
    errors: [{ message: 'cannot be loaded: the loading thread ended with exit code 0' }],
  })
  t.match(await threadWith(t, 'process.exit(7)').load(order), { errors: [{ message: /exit code 7$/ }] })
  t.match(await threadWith(t, "throw new Error('out of memory')").load(order), {
    errors: [{ file: 'autoconfig.yaml', message: 'cannot be loaded: out of memory' }],
  })
  t.match(await threadWith(t, 'for (;;);', { timeLimit: 1000 }).load(order), {
    errors: [{ message: 'cannot be loaded: it took longer than 1 s' }],
  })
})

t.test('the signal ends the thread', async (t) => {
  const closing = new AbortController()
  const loading = threadWith(t, 'for (;;);').load(order, closing.signal)
  closing.abort()
  t.match(await loading, { errors: [{ message: /the loading thread ended with exit code \d$/ }] })
})

const result = { files: [], errors: [], warnings: [] }
/** A thread that goes on for some milliseconds after its result. */
const lasting = (milliseconds: number): string =>
  `${threads}parentPort.postMessage({ result: ${JSON.stringify(result)} })\nsetTimeout(() => {}, ${milliseconds})`

t.test('a reload waits for a thread that takes its time to end', async (t) => {
  const thread = threadWith(t, lasting(1500))
  t.strictSame(await thread.load(order), result)
  t.strictSame(await thread.load(order), result)
})

t.test('while a thread waits for the file system, no other is started', async (t) => {
  const thread = threadWith(t, lasting(3000), { endLimit: 50 })
  t.strictSame(await thread.load(order), result)
  t.match(await thread.load(order), {
    errors: [{ message: 'cannot be loaded: the previous reload still waits for the file system' }],
  })
})

t.test('a reload that failed is not tried again until a file changes, also if its thread died', async (t) => {
  const config = { ...example, domainFiles: ['domains.map'] }
  const file = configFolder(t, config, { 'domains.map': '', 'worker.mjs': 'process.exit(1)' })
  const map = join(dirname(file), 'domains.map')
  const thread = new LoadThread({ module: new URL(`file://${dirname(file)}/worker.mjs`) })
  let looks = 0
  const look = (name: string): Promise<string> => {
    looks++
    return fingerprint(name)
  }
  const live = await openLive(t, file, { reload: (inUse) => thread.load(inUse), fingerprint: look })
  writeFileSync(map, 'a.example maximusconfessor\n')
  t.ok(await until(() => live.state.reloads.failed === 1))
  const before = looks
  await until(() => looks > before + 50, 'many looks at the files')
  t.equal(live.state.reloads.failed, 1)
  t.match(live.state.lastError?.errors, [{ message: /the loading thread ended with exit code 1$/ }])
  t.ok(live.files.includes(live.files.find((name) => name.endsWith('domains.map')) ?? ''), 'still watched')
  writeFileSync(map, 'b.example maximusconfessor\n')
  t.ok(await until(() => live.state.reloads.failed === 2), 'a change is tried')
  await live.reload()
  t.equal(live.state.reloads.failed, 3, 'and SIGHUP')
})
