import { mkdirSync, renameSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/load.ts'
import { LoadThread } from '../../src/config/load-in-worker.ts'
import { ConfigError, formatDiagnostic } from '../../src/model/diagnostic.ts'
import { unsettledChecks } from '../../src/reading/file-watcher.ts'
import { fingerprint } from '../../src/reading/fingerprint.ts'
import { readRegularFile } from '../../src/reading/regular-file.ts'
import { LiveResolver, pollInterval } from '../../src/resolver/live-resolver.ts'
import { breakDriver } from '../support/broken-driver.ts'
import { configFolder, example, openApp, sourceSettings, textOf } from '../support/example.ts'
import { countedLooks, hostOf, openLive } from '../support/live.ts'
import { settle } from '../support/test-clock.ts'
import { until } from '../support/until.ts'

const withFile = { ...example, domainFiles: ['domains.map'] }

t.test('a configuration that cannot be read is not opened', async (t) => {
  await t.rejects(openLive(t, 'no/such/file.yaml'), ConfigError)
})

t.test('openFile opens and watches a file with the clock of the system', async (t) => {
  const file = configFolder(t, example)
  const started = Date.now()
  const live = await LiveResolver.openFile(file)
  t.teardown(() => live.close())
  t.strictSame(live.files, [file])
  t.equal(hostOf(live, 'example.org'), 'maximusconfessor')
  t.ok(live.state.loadedAt.getTime() >= started)
  writeFileSync(file, stringify({ ...example, domains: { 'c.example': 'vonmuenchhausen' } }))
  t.ok(await until(() => hostOf(live, 'c.example') === 'vonmuenchhausen'))
})

t.test('openFile without saved files starts without a broken ISPDB file', async (t) => {
  const config = { ...example, ispdb: [{ folder: 'isp' }] }
  const live = await LiveResolver.openFile(configFolder(t, config, { isp: { 'a.xml': '<broken' } as never }))
  t.teardown(() => live.close())
  t.equal(hostOf(live, 'example.org'), 'maximusconfessor')

  const asked: string[] = []
  const saved = { read: async (name: string) => void asked.push(name), save: async () => {}, stop: () => {} }
  const file = configFolder(t, config, { isp: { 'a.xml': '<broken' } as never })
  const second = await LiveResolver.openFile(file, { saved: saved as never })
  t.teardown(() => second.close())
  t.match(asked, [/a\.xml$/])
})

t.test('a change takes effect within five seconds, also if the file never stops changing', async (t) => {
  t.ok((unsettledChecks + 1) * pollInterval < 4000, 'a second is left to load it')
})

t.test('a changed file is loaded soon, whether it was written or replaced', async (t) => {
  const file = configFolder(t, withFile, { 'domains.map': 'a.example maximusconfessor\n' })
  const map = join(dirname(file), 'domains.map')
  const live = await openLive(t, file)
  t.equal(hostOf(live, 'a.example'), 'maximusconfessor')
  writeFileSync(map, 'a.example vonmuenchhausen\n')
  t.ok(await until(() => hostOf(live, 'a.example') === 'vonmuenchhausen'), 'written')
  writeFileSync(`${map}.new`, 'b.example maximusconfessor\n')
  renameSync(`${map}.new`, map)
  t.ok(await until(() => hostOf(live, 'b.example') === 'maximusconfessor'), 'renamed, as editors do')
  writeFileSync(file, stringify({ ...withFile, domains: { 'c.example': 'vonmuenchhausen' } }))
  t.ok(await until(() => hostOf(live, 'c.example') === 'vonmuenchhausen'), 'the configuration itself')
  t.equal(hostOf(live, 'example.org'), undefined)
  t.equal(live.state.reloads.failed, 0)
})

t.test('other content of the same length and with the same time is a change', async (t) => {
  const file = configFolder(t, withFile, { 'domains.map': 'a.example maximusconfessor\n' })
  const map = join(dirname(file), 'domains.map')
  // In whole seconds: a Date has no microseconds.
  utimesSync(map, 1, 1)
  const { ino, size, mtimeMs } = statSync(map)
  const before = await fingerprint(map)
  const live = await openLive(t, file)
  writeFileSync(map, 'b.example maximusconfessor\n')
  utimesSync(map, 1, 1)
  t.match(statSync(map), { ino, size, mtimeMs }, 'all that a program can set is as before')
  t.not(await fingerprint(map), before)
  t.ok(await until(() => hostOf(live, 'b.example') === 'maximusconfessor'))
})

t.test('the sources of a configuration that is replaced are closed, unless they stay the same', async (t) => {
  const withSource = (ttl: number) => ({ ...example, sources: [{ mx: { ttl } }] })
  const file = configFolder(t, withSource(10))
  const live = await openLive(t, file, { pollInterval: 60_000 })
  const closed: string[] = []
  const observe = (name: string) => {
    const [source] = live.current.backends?.all ?? []
    if (!source) throw new Error('no source')
    const { backend } = source
    const close = backend.close.bind(backend)
    backend.close = () => {
      closed.push(name)
      return close()
    }
  }
  observe('first')
  writeFileSync(file, stringify({ ...withSource(10), domains: { 'a.example': 'maximusconfessor' } }))
  await live.reload()
  t.strictSame(closed, [])
  writeFileSync(file, stringify(withSource(20)))
  await live.reload()
  t.strictSame(closed, ['first'])
  observe('second')
  writeFileSync(file, 'provider:\n')
  await live.reload()
  t.strictSame(closed, ['first'], 'an invalid configuration replaces nothing')
  await live.close()
  t.strictSame(closed, ['first', 'second'])
})

t.test('after a reload, clients may cache answers for the new time', async (t) => {
  const { app, live, file } = await openApp(t)
  const urls = ['/mail/config-v1.1.xml?emailaddress=jane@example.org', '/v1.1/elsewhere.example', '/']
  const caching = async () => {
    const answers = await Promise.all(
      urls.map((url) => app.inject({ url, headers: { host: 'autoconfig.example.org' } })),
    )
    return answers.map(({ headers }) => headers['cache-control'])
  }
  t.strictSame(await caching(), ['public, max-age=3600', 'public, max-age=300', 'public, max-age=3600'])
  writeFileSync(file, stringify({ ...example, http: { maxAge: 60, notFoundMaxAge: 7 } }))
  await live.reload()
  t.strictSame(await caching(), ['public, max-age=60', 'public, max-age=7', 'public, max-age=60'])
  writeFileSync(file, stringify({ ...example, http: { maxAge: 0, notFoundMaxAge: 0 } }))
  await live.reload()
  t.strictSame(await caching(), ['public, max-age=0', 'public, max-age=0', 'public, max-age=0'])
})

t.test('a symbolic link with another target is a change, as in a Kubernetes ConfigMap', async (t) => {
  const folder = dirname(configFolder(t, example))
  for (const [name, host] of [
    ['one', 'maximusconfessor'],
    ['two', 'vonmuenchhausen'],
  ] as const) {
    mkdirSync(join(folder, name))
    writeFileSync(
      join(folder, name, 'autoconfig.yaml'),
      stringify({ ...example, domains: { 'a.example': host } }),
    )
  }
  symlinkSync('one', join(folder, 'data'))
  const live = await openLive(t, join(folder, 'data', 'autoconfig.yaml'))
  t.equal(hostOf(live, 'a.example'), 'maximusconfessor')
  symlinkSync('two', join(folder, 'data.new'))
  renameSync(join(folder, 'data.new'), join(folder, 'data'))
  t.ok(await until(() => hostOf(live, 'a.example') === 'vonmuenchhausen'))
})

t.test('after an error the last good configuration stays in use, and the error is reported', async (t) => {
  const file = configFolder(t, withFile, { 'domains.map': 'a.example maximusconfessor\n' })
  const map = join(dirname(file), 'domains.map')
  const results: string[] = []
  const looks = countedLooks()
  const live = await openLive(t, file, {
    fingerprint: looks.fingerprint,
    onReload: (result) =>
      results.push('errors' in result ? result.errors.map(formatDiagnostic).join() : 'good'),
  })
  writeFileSync(map, '# a.example vonmuenchhausen\n-----BEGIN PRIVATE KEY-----')
  t.ok(await until(() => live.state.reloads.failed === 1))
  t.equal(hostOf(live, 'a.example'), 'maximusconfessor')
  t.match(live.state, {
    lastError: { at: new Date(0), errors: [{ line: 2, message: /this is a private key/ }] },
  })
  await looks.more(20)
  t.equal(live.state.reloads.failed, 1, 'the same error is reported once')
  unlinkSync(map)
  t.ok(await until(() => live.state.reloads.failed === 2), 'a missing file is an error')
  t.equal(hostOf(live, 'a.example'), 'maximusconfessor')
  writeFileSync(map, 'b.example vonmuenchhausen\n')
  t.ok(await until(() => live.state.reloads.succeeded === 1), 'fixed')
  t.equal(live.state.lastError, undefined)
  t.equal(hostOf(live, 'b.example'), 'vonmuenchhausen')
  t.match(results, [
    /domains\.map:2:1 this is a private key/,
    /cannot be read: there is no such file/,
    'good',
  ])
})

t.test('a file is read when it has stopped changing, or after a while if it never stops', async (t) => {
  const file = configFolder(t, withFile, { 'domains.map': 'a.example maximusconfessor\n' })
  const map = join(dirname(file), 'domains.map')
  const loads: number[] = []
  let looks = 0
  let writes = 0
  const live = await openLive(t, file, {
    // The file has changed again at each look, as long as there are writes.
    fingerprint: (name) => {
      if (name.endsWith('domains.map')) {
        looks++
        if (writes-- > 0) writeFileSync(map, `n${looks}.example maximusconfessor\n`, { flag: 'a' })
      }
      return fingerprint(name)
    },
    reload: () => {
      loads.push(looks)
      return loadConfig(file)
    },
  })
  looks = 0
  writes = unsettledChecks
  t.ok(await until(() => hostOf(live, `n${unsettledChecks}.example`) !== undefined))
  t.strictSame(loads, [unsettledChecks + 1], 'once, after the last write')
  looks = 0
  writes = 1000
  t.ok(await until(() => loads.length > 1), 'a file that never stops changing is read, too')
  t.equal(loads[1], unsettledChecks + 1)
})

t.test('requests to reload during a reload cause one more reload', async (t) => {
  const file = configFolder(t, example)
  let loads = 0
  const live = await openLive(t, file, {
    pollInterval: 60_000,
    reload: async () => {
      loads++
      await settle()
      return loadConfig(file)
    },
  })
  await Promise.all(Array.from({ length: 50 }, () => live.reload()))
  t.equal(loads, 2)
  const last = live.reload()
  const more = live.reload()
  await live.close()
  await Promise.all([last, more])
  t.equal(loads, 3, 'a closed resolver does not reload again')
})

t.test('a resolver that is closed while it loads stops watching the files', async (t) => {
  const file = configFolder(t, example)
  let goOn: () => void = () => undefined
  let loads = 0
  const live = await openLive(t, file, {
    reload: async () => {
      loads++
      await new Promise<void>((resolve) => {
        goOn = resolve
      })
      return loadConfig(file)
    },
  })
  writeFileSync(file, stringify({ ...example, domains: {} }))
  t.ok(await until(() => loads === 1))
  const closed = live.close()
  goOn()
  await closed
  // Another one sees this change.
  const other = await openLive(t, file)
  writeFileSync(file, stringify(example))
  t.ok(await until(() => other.state.reloads.succeeded === 1))
  t.equal(loads, 1)
})

t.test('a file that changes while it is read is read again, a few times at most', async (t) => {
  const file = join(dirname(configFolder(t, example)), 'large.map')
  writeFileSync(file, '#'.repeat(1e6))
  let writes = true
  const writing = (async () => {
    while (writes) {
      writeFileSync(file, '#', { flag: 'a' })
      await setImmediate()
    }
  })()
  const { content, fingerprint: seen } = await readRegularFile(file, 1e9)
  writes = false
  await writing
  t.ok(content.ok && content.value.length > 1e6)
  t.not(seen, await fingerprint(file), 'the next look finds it changed')
  const still = await readRegularFile(file, 1e9)
  t.equal(still.fingerprint, await fingerprint(file))
})

t.test('an exception of the loader is an error of the reload', async (t) => {
  const file = configFolder(t, example)
  const live = await openLive(t, file, {
    pollInterval: 60_000,
    reload: () => Promise.reject(new Error('out of memory')),
  })
  await live.reload()
  t.match(live.state.lastError?.errors, [{ message: 'cannot be loaded: out of memory' }])
  t.equal(hostOf(live, 'example.org'), 'maximusconfessor')
})

t.test('a source that cannot be opened is an error with its place, at start and at a reload', async (t) => {
  breakDriver(t, 'ldapts')
  const ldap = {
    url: 'ldaps://ldap.example.org',
    base: 'dc=example',
    domain: { filter: '(cn=%s)', attribute: 'host' },
  }
  const broken = { ...example, domains: { 'a.example': 'maximusconfessor' }, sources: [{ mx: {} }, { ldap }] }
  const refused = await openLive(t, configFolder(t, broken)).catch((error: unknown) => error)
  t.ok(refused instanceof ConfigError)
  t.match(refused, {
    errors: [
      { line: 15, column: 7, path: 'sources[1].ldap', message: /^cannot be opened: a part is missing$/ },
    ],
  })
  const file = configFolder(t, example)
  const results: string[] = []
  const looks = countedLooks()
  const live = await openLive(t, file, {
    fingerprint: looks.fingerprint,
    onReload: (result) =>
      results.push('errors' in result ? result.errors.map(formatDiagnostic).join() : 'good'),
  })
  writeFileSync(file, stringify(broken))
  t.ok(await until(() => live.state.reloads.failed === 1))
  t.equal(hostOf(live, 'example.org'), 'maximusconfessor', 'the last good configuration stays in use')
  t.equal(live.current.backends, undefined)
  t.match(live.state.lastError?.errors, [{ path: 'sources[1].ldap' }])
  await looks.more(20)
  t.equal(live.state.reloads.failed, 1, 'the same error is reported once')
  writeFileSync(file, stringify({ ...broken, sources: [{ mx: {} }] }))
  t.ok(await until(() => live.state.reloads.succeeded === 1), 'fixed')
  t.equal(live.state.lastError, undefined)
  t.match(results, [/autoconfig\.yaml:\d+:7 sources\[1\]\.ldap cannot be opened: /, 'good'])
})

t.test('every file of a configuration is watched, also if its sources cannot be opened', async (t) => {
  const file = configFolder(t, example)
  const beside = join(dirname(file), 'beside.map')
  const nothing = { kind: 'nothing', settings: sourceSettings }
  const place = { file, line: 1, column: 1, path: 'sources[0].nothing' }
  let loads = 0
  const live = await openLive(t, file, {
    reload: async () => {
      const outcome = await loadConfig(file)
      if (!('config' in outcome)) return outcome
      const files = [...outcome.files, { file: beside, fingerprint: await fingerprint(beside) }]
      const backends = loads++ === 0 ? [{ ...nothing, place }] : []
      return { files, config: { ...outcome.config, backends } }
    },
  })
  await live.reload()
  t.match(live.state.lastError?.errors, [
    { ...place, message: 'cannot be opened: there is no kind of source "nothing"' },
  ])
  writeFileSync(beside, '')
  t.ok(await until(() => live.state.reloads.succeeded === 1))
})

t.test('after a configuration that cannot be used, the resolver and its sources stay in use', async (t) => {
  const withSource = { ...example, sources: [{ mx: {} }] }
  const file = configFolder(t, withSource)
  let backends: 'as before' | 'another' = 'as before'
  const live = await openLive(t, file, {
    pollInterval: 60_000,
    reload: async () => {
      const outcome = await loadConfig(file)
      if (!('config' in outcome)) return outcome
      const [source] = outcome.config.backends
      const changed = source ? [{ ...source, settings: { ...source.settings, ttl: 1 } }] : []
      const more = backends === 'another' ? { backends: changed } : {}
      return { ...outcome, config: { ...outcome.config, ...more, hosts: undefined as never } }
    },
  })
  const before = live.current
  await live.reload()
  backends = 'another'
  await live.reload()
  t.equal(live.state.reloads.failed, 2)
  t.match(live.state.lastError?.errors, [{ file, line: 1, message: /^cannot be loaded: / }])
  t.equal(live.current, before)
})

t.test('a worker thread loads the same configuration', async (t) => {
  const file = configFolder(t, withFile, { 'domains.map': 'a.example maximusconfessor\n' })
  const thread = new LoadThread()
  const live = await openLive(t, file, { pollInterval: 60_000, reload: (inUse) => thread.load(inUse) })
  await live.reload()
  t.equal(live.state.reloads.succeeded, 1)
  t.equal(hostOf(live, 'a.example'), 'maximusconfessor')
  t.equal(hostOf(live, 'example.net'), 'vonmuenchhausen')
  await t.rejects(
    thread.load({ file: Symbol('not a name') as never, ispdb: [] }),
    'a thread that cannot start rejects',
  )
})

t.test('each request during a reload is answered by one configuration, old or new', async (t) => {
  const files = { 'domains.map': 'a.example maximusconfessor\n' }
  const { app, live, file } = await openApp(t, withFile, files)
  const map = join(dirname(file), 'domains.map')
  const answers = new Set<string>()
  let writes = true
  const asking = (async () => {
    while (writes) {
      const { statusCode, body } = await app.inject({ url: '/v1.1/a.example' })
      await setImmediate()
      answers.add(`${statusCode} ${textOf(body, 'displayName')} ${textOf(body, 'hostname')}`)
    }
  })()
  for (let turn = 0; turn < 20; turn++) {
    const [name, host] = turn % 2 === 0 ? ['Second', 'vonmuenchhausen'] : ['all2all mail', 'maximusconfessor']
    const change = { ...withFile, provider: { ...example.provider, displayName: name } }
    writeFileSync(file, stringify(change))
    writeFileSync(map, `a.example ${host}\n`)
    await live.reload()
  }
  writes = false
  await asking
  t.strictSame([...answers].sort(), [
    '200 Second vonmuenchhausen.all2all.org',
    '200 all2all mail maximusconfessor.all2all.org',
  ])
})
