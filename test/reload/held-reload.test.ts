import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { type Extent, extentOf } from '../../src/config/extent.ts'
import { loadConfig } from '../../src/config/load.ts'
import { lossesBetween } from '../../src/config/losses.ts'
import { AccessLog } from '../../src/http/access-log.ts'
import { adminServer } from '../../src/http/admin-server.ts'
import { loggedEvents } from '../../src/http/logged-events.ts'
import type { FileEnd } from '../../src/reading/file-end.ts'
import type { LiveResolver } from '../../src/resolver/live-resolver.ts'
import { run } from '../support/command.ts'
import { configFolder, example, findings } from '../support/example.ts'
import { hostOf, openLive } from '../support/live.ts'
import { until } from '../support/until.ts'

/** A map with so many domains. */
const mapOf = (domains: number): string =>
  Array.from({ length: domains }, (_, index) => `d${index}.example maximusconfessor\n`).join('')

const accountsOf = (accounts: number): string =>
  Array.from({ length: accounts }, (_, index) => `a${index}@example.org login${index}\n`).join('')

const withMap = { ...example, domainFiles: ['domains.map'] }

/** A server with a map of a thousand domains, its log and its admin listener. */
async function openWithMap(t: Test, config: object = withMap, files: Record<string, string> = {}) {
  const file = configFolder(t, config, { 'domains.map': mapOf(1000), ...files })
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line).msg) })
  const { onReload } = loggedEvents(log, () => live)
  const live: LiveResolver = await openLive(t, file, { onReload })
  const admin = adminServer({ live, accessLog: new AccessLog(log), now: () => new Date(0) })
  t.teardown(() => admin.close())
  const map = join(dirname(file), 'domains.map')
  const ready = async () => JSON.parse((await admin.inject('/readyz')).body)
  const metrics = async () => (await admin.inject('/metrics')).body
  return { live, file, map, lines, ready, metrics }
}

t.test(
  'more than ten lost entries, and more than maxLoss per cent of them, look like an accident',
  async (t) => {
    const extent: Extent = {
      domains: 1000,
      logins: 1000,
      ispdbDomains: 1000,
      sections: ['hosts', 'domains', 'accounts'],
      ends: [],
      maxLoss: 50,
    }
    const losses = (before: Partial<Extent>, after: Partial<Extent>) =>
      lossesBetween({ ...extent, ...before }, { ...extent, ...before, ...after })
    t.strictSame(losses({}, {}), [])
    t.strictSame(losses({}, { domains: 500 }), [])
    t.strictSame(losses({}, { domains: 499, logins: 0, ispdbDomains: 1 }), [
      '1,000 → 499 domains',
      '1,000 → 0 logins',
      '1,000 → 1 domains of ISPDB files',
    ])
    t.strictSame(losses({ domains: 10 }, { domains: 0 }), [])
    t.strictSame(losses({ domains: 11 }, { domains: 0 }), ['11 → 0 domains'])
    t.strictSame(losses({ maxLoss: 0 }, { domains: 989 }), ['1,000 → 989 domains'])
    t.strictSame(losses({ maxLoss: 0 }, { domains: 990 }), [])
    t.strictSame(losses({ maxLoss: 99 }, { domains: 9 }), ['1,000 → 9 domains'])
    t.strictSame(
      losses({}, { domains: 0, maxLoss: 100 }),
      ['1,000 → 0 domains'],
      'the limit before the change counts',
    )
    t.strictSame(losses({ maxLoss: 100 }, { domains: 0, sections: [] }), [])

    const cut = (was: FileEnd | undefined, is: FileEnd | undefined) =>
      losses({ ends: was ? [['a', was]] : [] }, { ends: is ? [['a', is]] : [] })
    const [noMark, middle] = ['a no longer ends with the line "# end"', 'a ends in the middle of a line']
    t.strictSame([cut('mark', 'mark'), cut('mark', 'line'), cut('mark', 'middle')], [[], [noMark], [noMark]])
    t.strictSame([cut('line', 'line'), cut('line', 'mark'), cut('line', 'middle')], [[], [], [middle]])
    t.strictSame([cut('middle', 'middle'), cut(undefined, 'middle'), cut('mark', undefined)], [[], [], []])

    const left = (...sections: string[]) => losses({}, { sections })
    t.strictSame(left('hosts'), ['the configuration ends before domains:, accounts:'])
    t.strictSame(left('hosts', 'domains'), ['the configuration ends before accounts:'])
    t.strictSame(left(), ['the configuration ends before hosts:, domains:, accounts:'])
    for (const sections of [
      ['domains', 'accounts'],
      ['hosts', 'accounts'],
      ['domains', 'hosts', 'links'],
    ])
      t.strictSame(left(...sections), [], 'sections in another order')
  },
)

t.test('a changed file that takes most domains away is not used until SIGHUP', async (t) => {
  const { live, map, lines, ready, metrics } = await openWithMap(t)
  t.match(await ready(), { domains: 1002, heldReload: null, savedConfiguration: null })
  writeFileSync(map, '')
  t.ok(await until(() => live.state.held !== undefined))
  t.equal(hostOf(live, 'd999.example'), 'maximusconfessor')
  const message = 'the changed configuration is not used: 1,002 → 2 domains; send SIGHUP to use it'
  t.strictSame(lines, [message])
  t.match(await ready(), {
    status: 'ready',
    domains: 1002,
    reloads: { succeeded: 0, failed: 0, held: 1 },
    lastReloadError: null,
    heldReload: { at: '1970-01-01T00:00:00.000Z', losses: ['1,002 → 2 domains'], message },
  })
  const held = await metrics()
  t.match(held, 'mail_autoconfig_reload_held 1\n')
  t.match(held, 'mail_autoconfig_reloads_total{result="held"} 1\n')
  t.match(held, 'mail_autoconfig_last_reload_successful 0\n')

  writeFileSync(map, '# the export failed again\n')
  t.ok(await until(() => live.state.reloads.held === 2))
  t.equal(lines.length, 1, 'the same losses are one line')
  await live.reload()
  t.equal(hostOf(live, 'd999.example'), undefined, 'SIGHUP uses it')
  t.match(await ready(), { domains: 2, heldReload: null, reloads: { succeeded: 1 } })
  t.match(await metrics(), 'mail_autoconfig_reload_held 0\n')
  t.match(await metrics(), 'mail_autoconfig_last_reload_successful 1\n')
})

t.test('a file that is right again is used without SIGHUP', async (t) => {
  const { live, map, lines } = await openWithMap(t)
  writeFileSync(map, '')
  t.ok(await until(() => live.state.held !== undefined))
  writeFileSync(map, `${mapOf(990)}new.example vonmuenchhausen\n`)
  t.ok(await until(() => hostOf(live, 'new.example') === 'vonmuenchhausen'))
  t.equal(live.state.held, undefined)
  t.match(lines, [/1,002 → 2 domains/, 'configuration reloaded'])
})

t.test('an error after a held change replaces it', async (t) => {
  const { live, map, ready } = await openWithMap(t)
  writeFileSync(map, '')
  t.ok(await until(() => live.state.held !== undefined))
  rmSync(map)
  t.ok(await until(() => live.state.lastError !== undefined))
  t.match(await ready(), { domains: 1002, heldReload: null, lastReloadError: { errors: [/no such file/] } })
})

t.test('half of the domains may go, and a handful; reload.maxLoss sets the limit', async (t) => {
  const cases = [
    { from: 1000, to: 500, losses: undefined },
    { from: 1000, to: 498, losses: ['1,002 → 500 domains'] },
    { from: 10, to: 0, losses: undefined },
    { from: 11, to: 0, losses: ['13 → 2 domains'] },
    { from: 1000, to: 980, maxLoss: 1, losses: ['1,002 → 982 domains'] },
    { from: 1000, to: 980, maxLoss: 2, losses: undefined },
    { from: 1000, to: 0, maxLoss: 99, losses: ['1,002 → 2 domains'] },
    { from: 1000, to: 0, maxLoss: 100, losses: undefined },
  ]
  for (const { from, to, maxLoss, losses } of cases) {
    const config = maxLoss === undefined ? withMap : { ...withMap, reload: { maxLoss } }
    const { live, map } = await openWithMap(t, config, { 'domains.map': mapOf(from) })
    writeFileSync(map, mapOf(to))
    t.ok(await until(() => live.state.held !== undefined || live.state.reloads.succeeded > 0))
    t.strictSame(live.state.held?.losses, losses, `${from} to ${to}, ${maxLoss}`)
  }
})

t.test('logins and the domains of ISPDB files count as well', async (t) => {
  const ispOf = (domains: number) =>
    `<clientConfig>${Array.from({ length: domains }, (_, index) => `<domain>i${index}.example</domain>`)}</clientConfig>`
  const config = { ...withMap, accounts: { files: ['virtual'] }, ispdb: [{ folder: '.' }] }
  const { live, file } = await openWithMap(t, config, { virtual: accountsOf(40), 'a.xml': ispOf(30) })
  writeFileSync(join(dirname(file), 'virtual'), accountsOf(3))
  t.ok(await until(() => live.state.held !== undefined))
  t.strictSame(live.state.held?.losses, ['40 → 3 logins'])
  writeFileSync(join(dirname(file), 'a.xml'), ispOf(2))
  t.ok(await until(() => live.state.held?.losses.length === 2))
  t.strictSame(live.state.held?.losses, ['40 → 3 logins', '30 → 2 domains of ISPDB files'])
})

t.test('a file that ends in the middle of a line, or has lost its line "# end", may be cut', async (t) => {
  const { live, map, file } = await openWithMap(t)
  writeFileSync(map, mapOf(1000).slice(0, -8))
  t.ok(await until(() => live.state.held !== undefined))
  t.match(live.state.held?.losses, [/domains\.map ends in the middle of a line$/])
  writeFileSync(map, `${mapOf(1000)}# end\n`)
  t.ok(await until(() => live.state.reloads.succeeded === 1))
  writeFileSync(map, mapOf(999))
  t.ok(await until(() => live.state.held !== undefined))
  t.match(live.state.held?.losses, [/domains\.map no longer ends with the line "# end"$/])
  writeFileSync(map, `${mapOf(999)}# end`)
  t.ok(await until(() => live.state.reloads.succeeded === 2), 'the line needs no line break')
  writeFileSync(file, `${readFileSync(file, 'utf8')}  d.example: max`)
  t.ok(await until(() => live.state.reloads.failed === 1), 'an error is an error')
})

t.test('a configuration that is cut at any place is not used without SIGHUP', async (t) => {
  const text = [
    stringify({ ...example, domainFiles: ['domains.map'] }),
    '# customers with a database of their own\n',
    stringify({ ispdb: [{ folder: 'db' }] }),
  ].join('')
  const db = { 'a.xml': '<clientConfig><domain>i.example</domain></clientConfig>' }
  const file = configFolder(t, text, { 'domains.map': mapOf(1000), db } as never)
  const full = await loadConfig(file)
  if (!('config' in full)) throw new Error('errors')
  const before = extentOf(full.config, full.files)
  const used: string[] = []
  for (let length = 0; length < text.length; length++) {
    writeFileSync(file, text.slice(0, length))
    const cut = await loadConfig(file)
    if ('config' in cut && lossesBetween(before, extentOf(cut.config, cut.files)).length === 0)
      used.push(text.slice(length))
  }
  t.strictSame(used, [])
})

t.test('a file with "end: true" must end with the line "# end"', async (t) => {
  const config = {
    ...example,
    domainFiles: [{ file: 'domains.map', end: true }],
    accounts: { files: [{ file: 'virtual', end: true }] },
  }
  const complete = { 'domains.map': `${mapOf(2)}# end\n`, virtual: `${accountsOf(1)}# end\r\n` }
  t.strictSame(await findings(t, config, complete), { errors: [], warnings: [] })
  const why = 'so the file is incomplete; write the line, or remove "end: true" from the configuration'
  for (const [content, line] of [
    ['', 1],
    [mapOf(2), 2],
    [`${mapOf(2)}# en`, 3],
    [`${mapOf(2)}# end\n${mapOf(2)}`, 5],
    [`${mapOf(2)}x # end\n`, 3],
    [`#${' '.repeat(60)}# end`, 1],
  ] as const) {
    const { errors } = await findings(t, config, { ...complete, 'domains.map': content })
    t.strictSame(errors, [`domains.map:${line}:1 the last line is not "# end", ${why}`], content)
  }
  const accounts = await findings(t, config, { ...complete, virtual: accountsOf(1) })
  t.strictSame(accounts.errors, [`virtual:1:1 the last line is not "# end", ${why}`])
  for (const end of ['# end', `${'x'.repeat(40)}\n# end\n`, '# end \n']) {
    const { errors } = await findings(t, { ...config, accounts: {} }, { 'domains.map': `#\n${end}` })
    t.strictSame(errors, [], end)
  }
  const { errors } = await findings(t, { ...example, domainFiles: [{ file: 'domains.map' }] }, complete)
  t.match(errors, [/domainFiles\[0\]\.host is required unless "end" is true$/])
})

t.test('check warns of a map without domains and of one without addresses', async (t) => {
  const config = { ...example, domainFiles: ['domains.map'], accounts: { files: ['virtual'] } }
  const { warnings } = await findings(t, config, { 'domains.map': '', virtual: '# nothing\n' })
  t.strictSame(warnings, ['domains.map:1:1 contains no domains', 'virtual:1:1 contains no addresses'])
  const file = configFolder(t, config, { 'domains.map': '', virtual: '' })
  t.match(await run(['check', '-c', file]), { exitCode: 0, stdout: /OK: .*, 2 warnings\n$/ })
})
