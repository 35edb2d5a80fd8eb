import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { main } from '../../src/cli/main.ts'
import { loadConfig } from '../../src/config/load.ts'
import { CopiedFiles } from '../../src/config/saved/copied-files.ts'
import { copyToDirectory } from '../../src/config/saved/copy-file.ts'
import { SavedFiles } from '../../src/config/saved/saved-files.ts'
import { AccessLog } from '../../src/http/access-log.ts'
import { adminServer } from '../../src/http/admin-server.ts'
import { logSaved } from '../../src/http/logged-events.ts'
import { ConfigError } from '../../src/model/diagnostic.ts'
import { fingerprint } from '../../src/reading/fingerprint.ts'
import { LiveResolver } from '../../src/resolver/live-resolver.ts'
import { breakDriver } from '../support/broken-driver.ts'
import { io } from '../support/command.ts'
import { configFolder, domain, example } from '../support/example.ts'
import { countedLooks, hostOf, openLive } from '../support/live.ts'
import { until } from '../support/until.ts'

const ispOf = (name: string) => `<clientConfig><domain>${name}</domain></clientConfig>`

/** A configuration with files of every kind. */
const everything = {
  ...example,
  domainFiles: ['domains.map'],
  accounts: { files: ['virtual'] },
  links: { url: 'https://a.example', keys: [{ kid: 'a', secretFile: 'secret' }] },
  ispdb: [{ folder: 'db' }],
  apple: { sign: { certificate: 'cert.pem', key: 'none.pem' } },
}
const files = {
  'domains.map': 'a.example maximusconfessor\n',
  virtual: 'jane@example.org jane\n',
  secret: 's'.repeat(32),
  db: { 'a.xml': ispOf('isp.example') },
  'cert.pem': 'no certificate',
  state: {},
} as never

/** The directory of a configuration, and what starts it. */
function prepare(t: Test, config: object = everything, now = new Date(1000)) {
  const file = configFolder(t, config, files)
  const directory = dirname(file)
  const problems: string[] = []
  const openSaved = (change: object = {}) =>
    SavedFiles.open({
      state: join(directory, 'state'),
      config: file,
      now: () => now,
      onProblem: (problem) => problems.push(problem),
      ...change,
    })
  const looks = countedLooks()
  const start = async () => {
    const saved = await openSaved()
    const live = await openLive(t, file, {
      saved,
      fingerprint: looks.fingerprint,
      load: () => loadConfig(file, { savedIspdbFile: (name) => saved.read(name) }),
    })
    await saved.settled
    return { live, saved }
  }
  /** Starts with good files, and ends. */
  const save = async () => {
    const loaded = await loadConfig(file)
    if (!('config' in loaded)) throw new Error('errors')
    const saved = await openSaved()
    await saved.save(loaded.config, loaded.files)
    return loaded
  }
  const copies = () => readdirSync(join(directory, 'state', 'last-good')).sort()
  return {
    file,
    directory,
    problems,
    openSaved,
    looks,
    start,
    save,
    copies,
    at: (name: string) => join(directory, name),
  }
}

t.test('a start with an invalid configuration serves the saved one, and a fix is noticed', async (t) => {
  const { file, save, start, at, problems } = prepare(t)
  await save()
  const good = readFileSync(file, 'utf8')
  writeFileSync(file, good.replace('maximusconfessor.all2all.org', 'no host'))
  const names = ['domains.map', 'virtual', 'secret', 'db/a.xml']
  const removed = Object.fromEntries(names.map((name) => [name, readFileSync(at(name))]))
  for (const name of names) rmSync(at(name))
  const { live } = await start()
  t.equal(hostOf(live, 'a.example'), 'maximusconfessor')
  t.equal(live.current.links !== undefined, true, 'with its keys')
  t.ok(live.current.ispdb?.find(domain('isp.example'), 'ispdb'))
  t.match(live.state, {
    savedAt: new Date(1000),
    lastError: { errors: [{ file, message: /is not a host name/ }] },
    reloads: { failed: 0 },
  })

  const lines: object[] = []
  const log = pino({ base: null }, { write: (line) => lines.push(JSON.parse(line)) })
  logSaved(log, live)
  t.match(lines, [
    {
      level: 50,
      msg: 'configuration rejected; serving the saved configuration',
      savedAt: '1970-01-01T00:00:01.000Z',
      copies: at('state/last-good'),
      errors: [/is not a host name/],
    },
  ])
  const admin = adminServer({ live, accessLog: new AccessLog(log), now: () => new Date(0) })
  t.teardown(() => admin.close())
  const ready = async () => JSON.parse((await admin.inject('/readyz')).body)
  const metrics = async () => (await admin.inject('/metrics')).body
  t.match(await ready(), {
    status: 'ready',
    lastReloadError: { errors: [/is not a host name/] },
    savedConfiguration: {
      directory: at('state/last-good'),
      savedAt: '1970-01-01T00:00:01.000Z',
      inUse: true,
    },
  })
  t.match(await metrics(), 'mail_autoconfig_saved_config_in_use 1\n')
  t.match(await metrics(), 'mail_autoconfig_config_saved_timestamp_seconds 1\n')
  t.match(await metrics(), 'mail_autoconfig_last_reload_successful 0\n')

  const fixed = { ...everything, domains: { ...example.domains, 'b.example': 'vonmuenchhausen' } }
  for (const [name, content] of Object.entries(removed)) writeFileSync(at(name), content)
  writeFileSync(file, stringify(fixed))
  t.ok(await until(() => live.state.reloads.succeeded === 1))
  t.equal(hostOf(live, 'b.example'), 'vonmuenchhausen')
  t.match(await ready(), { lastReloadError: null, heldReload: null, savedConfiguration: { inUse: false } })
  t.match(await metrics(), 'mail_autoconfig_saved_config_in_use 0\n')
  t.match(await metrics(), 'mail_autoconfig_last_reload_successful 1\n')
  lines.length = 0
  logSaved(log, live)
  t.strictSame([lines, problems], [[], []])
})

t.test(
  'a start with a configuration that has lost its domains serves the saved one until SIGHUP',
  async (t) => {
    const { save, start, looks, at, openSaved } = prepare(t)
    writeFileSync(
      at('domains.map'),
      Array.from({ length: 50 }, (_, n) => `d${n}.example maximusconfessor\n`).join(''),
    )
    await save()
    writeFileSync(at('domains.map'), '')
    const { live } = await start()
    t.equal(hostOf(live, 'd0.example'), 'maximusconfessor')
    t.match(live.state, { savedAt: new Date(1000), held: { losses: ['52 → 2 domains'] } })
    t.notOk(live.state.lastError)
    const lines: string[] = []
    const log = pino({}, { write: (line) => lines.push(JSON.parse(line).msg) })
    logSaved(log, live)
    t.strictSame(lines, [
      'the changed configuration is not used: 52 → 2 domains; send SIGHUP to use it; serving the saved configuration',
    ])
    await looks.more(100)
    t.equal(hostOf(live, 'd0.example'), 'maximusconfessor', 'also while the files stay the same')
    await live.reload()
    t.equal(hostOf(live, 'd0.example'), undefined)
    t.ok(await until(() => live.saved?.saved?.extent.domains === 2), 'it is the saved one from now on')
    t.equal((await openSaved()).saved?.extent.domains, 2)
  },
)

t.test('copies are private, and only what has changed is copied again', async (t) => {
  const { save, copies, at, openSaved } = prepare(t)
  chmodSync(at('secret'), 0o644)
  await save()
  const directory = at('state/last-good')
  const names = copies()
  t.equal(names.length, 7, 'configuration, map, virtual, secret, ISPDB, certificate, manifest')
  t.equal(statSync(directory).mode & 0o777, 0o700)
  for (const name of names) t.equal(statSync(join(directory, name)).mode & 0o777, 0o600, name)
  const ids = () => new Map(copies().map((name) => [name, statSync(join(directory, name)).ino]))
  const before = ids()
  await save()
  t.strictSame(ids(), before, 'nothing is written if nothing has changed')
  writeFileSync(at('virtual'), 'joe@example.org joe\n')
  await save()
  const same = [...ids()].filter(([name, ino]) => before.get(name) === ino)
  t.equal(same.length, 5, 'all but the manifest and the changed file')
  t.equal(copies().length, 7, 'the old copy is removed')
  const manifest = readFileSync(join(directory, 'manifest.json'), 'utf8')
  t.notMatch(manifest, /jane|joe|a\.example|ssss/, 'the manifest has nothing of a customer')
  chmodSync(directory, 0o755)
  writeFileSync(at('virtual'), 'ann@example.org ann\n')
  await save()
  t.equal(statSync(directory).mode & 0o777, 0o700)
  rmSync(join(directory, copies().find((name) => name !== 'manifest.json') as string))
  writeFileSync(at('virtual'), 'bob@example.org bob\n')
  await save()
  t.ok(await (await openSaved()).load(), 'a copy that is missing is made again')
})

t.test('without a copy that can be used, the start fails with the errors of the files', async (t) => {
  const cases: Readonly<Record<string, (directory: string) => string | undefined>> = {
    'nothing saved': (directory) => {
      rmSync(directory, { recursive: true })
      return undefined
    },
    'an invalid manifest': (directory) => {
      writeFileSync(join(directory, 'manifest.json'), '{"version":2}')
      return 'manifest.json is invalid; ignored'
    },
    'a manifest that is not JSON': (directory) => {
      writeFileSync(join(directory, 'manifest.json'), 'x')
      return 'manifest.json is invalid; ignored'
    },
    'a copy with a bad name': (directory) => {
      const manifest = readFileSync(join(directory, 'manifest.json'), 'utf8')
      writeFileSync(join(directory, 'manifest.json'), manifest.replace(/"copy":"[^"]+"/, '"copy":"../../a"'))
      return 'manifest.json is invalid; ignored'
    },
    'cut copies': (directory) => {
      for (const name of readdirSync(directory).filter((one) => one !== 'manifest.json'))
        truncateSync(join(directory, name), 5)
      return 'cannot be used: cannot be read: the copy is incomplete'
    },
    'missing copies': (directory) => {
      for (const name of readdirSync(directory).filter((one) => one !== 'manifest.json'))
        rmSync(join(directory, name))
      return 'cannot be used: cannot be read: there is no such file'
    },
  }
  for (const [name, damage] of Object.entries(cases)) {
    const { file, save, start, at, problems } = prepare(t)
    await save()
    const problem = damage(at('state/last-good'))
    writeFileSync(file, 'provider:\n')
    const error = await start().catch((reason: unknown) => reason)
    t.ok(error instanceof ConfigError, name)
    t.match(error, { errors: [{ file }, { file }] })
    t.match(problems, problem === undefined ? [] : [problem], name)
  }
})

t.test('a changed configuration is used if the copies of the earlier one cannot be used', async (t) => {
  const { save, start, at } = prepare(t)
  writeFileSync(at('virtual'), Array.from({ length: 50 }, (_, n) => `a${n}@example.org l${n}\n`).join(''))
  await save()
  writeFileSync(at('virtual'), 'jane@example.org jane\n')
  for (const name of readdirSync(at('state/last-good')).filter((one) => one !== 'manifest.json'))
    rmSync(join(at('state/last-good'), name))
  const { live } = await start()
  t.match(live.state, { held: undefined, savedAt: undefined })
})

t.test('the copies of another configuration are not used', async (t) => {
  const { save, openSaved, at, file } = prepare(t)
  await save()
  t.equal((await openSaved({ config: at('other.yaml') })).saved, undefined)
  t.equal(await (await openSaved({ config: at('other.yaml') })).load(), undefined)
  t.ok((await openSaved({ config: relative('.', file) })).saved, 'the same file by another name')
})

t.test('sources that cannot be opened are an error as well', async (t) => {
  const { file, save, start } = prepare(t, example)
  await save()
  breakDriver(t, 'ldapts')
  const ldap = { url: 'ldaps://a.example', base: 'dc=a', domain: { filter: '(cn=%s)', attribute: 'host' } }
  writeFileSync(file, stringify({ ...example, sources: [{ ldap }] }))
  const { live } = await start()
  t.match(live.state, { savedAt: new Date(1000), lastError: { errors: [{ path: 'sources[0].ldap' }] } })
})

t.test('a file that changed since it was read is not saved', async (t) => {
  const { at, openSaved, save } = prepare(t)
  const { config, files: read } = await save()
  const saved = await openSaved()
  writeFileSync(at('virtual'), 'joe@example.org joe\n')
  const newer = read.map((one) => ({ ...one, fingerprint: `${one.fingerprint}x` }))
  await saved.save(config, newer)
  t.strictSame((await openSaved()).saved?.at, new Date(1000))
  const copies = await (await openSaved()).load()
  t.match(
    copies?.files.find((one) => one.file.endsWith('virtual')),
    {
      fingerprint: read.find((one) => one.file.endsWith('virtual'))?.fingerprint,
    },
  )
})

t.test('a file that changes while it is copied is not saved', async (t) => {
  const directory = t.testdir({ a: 'a' })
  const file = join(directory, 'a')
  const before = await fingerprint(file)
  const seen = [before, 'other']
  const copied = await copyToDirectory(file, before, directory, async () => seen.shift() as string)
  t.equal(copied, undefined)
  t.strictSame(readdirSync(directory), ['a'])
  t.match(await copyToDirectory(file, before, directory), { file, fingerprint: before, size: 1 })
})

t.test('a copy has the fingerprint of its file; what is not saved has no content', async (t) => {
  const { openSaved, save, at } = prepare(t)
  t.equal(await (await openSaved()).read(at('virtual')), undefined)
  await save()
  const saved = await openSaved()
  t.strictSame(Buffer.from((await saved.read(at('virtual'))) ?? []).toString(), 'jane@example.org jane\n')
  t.equal(await saved.read(at('none')), undefined)
  const list = [{ file: at('virtual'), fingerprint: 'x', copy: 'c', size: 1 }]
  const copies = new CopiedFiles(at('state/last-good'), list)
  t.equal(await copies.fingerprint(at('virtual')), 'x')
  t.equal(await copies.fingerprint(at('none')), 'absent')
})

t.test('a saved configuration whose sources cannot be opened is not used', async (t) => {
  const ldap = { url: 'ldaps://a.example', base: 'dc=a', domain: { filter: '(cn=%s)', attribute: 'host' } }
  const { file, save, start } = prepare(t, { ...example, sources: [{ ldap }] })
  await save()
  breakDriver(t, 'ldapts')
  writeFileSync(file, 'provider:\n')
  await t.rejects(start(), { errors: [{ file }, { file }] })
})

t.test('an exception at the start is not an error of the configuration', async (t) => {
  const { file } = prepare(t)
  const load = async () => {
    const loaded = await loadConfig(file)
    return 'config' in loaded
      ? { ...loaded, config: { ...loaded.config, hosts: undefined as never } }
      : loaded
  }
  await t.rejects(openLive(t, file, { load }), TypeError)
})

t.test('a directory that cannot be written is a problem, and the server runs', async (t) => {
  const { at, start, problems } = prepare(t)
  renameSync(at('state'), at('elsewhere'))
  writeFileSync(at('state'), 'a file')
  const { live } = await start()
  t.equal(hostOf(live, 'a.example'), 'maximusconfessor')
  t.match(problems[0], /^the configuration cannot be saved: (ENOTDIR|EEXIST)/)
  t.equal(live.saved?.saved, undefined)
})

t.test('a stopped server saves nothing more', async (t) => {
  const { openSaved, file, at } = prepare(t)
  const loaded = await loadConfig(file)
  if (!('config' in loaded)) throw new Error('errors')
  for (const list of [loaded.files, []]) {
    const saved = await openSaved()
    saved.stop()
    await saved.save(loaded.config, list)
    t.strictSame(readdirSync(at('state/last-good')), [])
  }
})

t.test(
  'an ISPDB file that breaks while the server does not run is served in its last good version',
  async (t) => {
    const { save, start, at } = prepare(t)
    writeFileSync(at('db/b.xml'), ispOf('b.example'))
    await save()
    writeFileSync(at('db/a.xml'), ispOf('isp.example').slice(0, 30))
    const { live } = await start()
    t.ok(live.current.ispdb?.find(domain('isp.example'), 'ispdb'))
    t.equal(live.state.lastError, undefined)
    t.match(live.current.config.warnings, [
      { file: /a\.xml$/, message: /not well-formed.*; its last good version is served$/ },
    ])
    const again = await start()
    t.ok(again.live.current.ispdb?.find(domain('isp.example'), 'ispdb'), 'its copy is kept')
  },
)

t.test('openFile and serve keep the last good configuration', async (t) => {
  const { file, at } = prepare(t)
  const run = async () => {
    const around = io()
    const args = ['serve', '-c', file, '--host', '127.0.0.1', '--port', '0', '--admin-port', '0']
    const running = main(args, { ...around, env: { STATE_DIRECTORY: `${at('state')}:/other` } })
    let isRunning = true
    void running.finally(() => {
      isRunning = false
    })
    const isServing = () => around.stdout.text().includes('"msg":"serving"')
    const isSaved = () => readdirSync(at('state/last-good')).includes('manifest.json')
    await until(() => !isRunning || (isServing() && isSaved()), 'a saved configuration')
    around.signals.emit('SIGTERM', 'SIGTERM')
    return { exitCode: await running, log: around.stdout.text() }
  }
  t.match(await run(), { exitCode: 0, log: /^(?!.*saved configuration)/s })
  writeFileSync(file, 'provider:\n')
  t.match(await run(), {
    exitCode: 0,
    log: /"msg":"configuration rejected; serving the saved configuration"/,
  })
  rmSync(at('state/last-good/manifest.json'))
  writeFileSync(file, stringify({ ...everything, ispdb: [] }))
  const live = await LiveResolver.openFile(file)
  t.teardown(() => live.close())
  t.equal(live.saved, undefined)
})
