import { execFile, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { autoconfig } from '../../src/formats/autoconfig.ts'
import { parseDomain } from '../../src/model/address.ts'
import { formatDiagnostic } from '../../src/model/diagnostic.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { run } from '../support/command.ts'
import { configFolder, example, expectValue, openApp, settingsFor } from '../support/example.ts'

/** Real ISPDB documents, if they are next to this project, and the tool that compares two documents by meaning. */
const folder = process.env['ISPDB_FOLDER'] ?? '../shared/ispdb'
const compare = process.env['ISPDB_COMPARE'] ?? '../shared/tools/compare.py'
const compareDir = join(dirname(compare), 'compare_dir.py')
const python = spawnSync('python3', ['--version']).status === 0
const missing = [folder, compare].filter((path) => !existsSync(path))
const skip = missing.length > 0 ? `no ${missing.join(' and ')}` : !python && 'no python3'

const names = skip ? [] : readdirSync(folder).filter((name) => name.endsWith('.xml'))

t.test('a mirror returns every document for each of its domains', { skip }, async (t) => {
  const { app } = await openApp(t, {
    ...example,
    ispdb: [{ folder: join(process.cwd(), folder), serve: 'all' }],
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  for (const [url, ...more] of [
    ['{base}/v1.1/{domain}', '--absent', 'mail.gmx.example'],
    ['{base}/autoconfig/v1.1/{domain}'],
    ['{base}/mail/config-v1.1.xml?emailaddress={email}'],
    ['{base}/.well-known/mail-v1.xml', '--host', 'autoconfig.{domain}'],
  ] as [string, ...string[]][]) {
    const result = await promisify(execFile)('python3', [compareDir, folder, base, '--url', url, ...more])
    t.match(result.stdout, new RegExp(`^files ${names.length} \\(with a failure: 0\\)`), url)
    t.comment(result.stdout)
  }
})

t.test('each file, imported and served, differs only where import reports a loss', { skip }, async (t) => {
  const pairs: { name: string; original: string; domain: string; rendered: string }[] = []
  const reported = new Map<string, string[]>()
  const skipped: string[] = []
  for (const name of names) {
    const original = readFileSync(join(folder, name))
    const { exitCode, stdout, stderr } = await run(['import', join(folder, name)])
    reported.set(name, stderr.split('\n').filter(Boolean))
    if (exitCode !== 0) skipped.push(name)
    else {
      const outcome = await loadConfig(configFolder(t, stdout))
      if ('errors' in outcome) throw new Error(`${name}: ${outcome.errors.map(formatDiagnostic).join('\n')}`)
      const resolver = new Resolver(outcome.config)
      for (const pattern of resolver.patterns()) {
        const settings = await settingsFor(resolver, { domain: parseDomain(pattern) })
        const rendered = expectValue(autoconfig.render(settings))
        pairs.push({ name, original: original.toString('latin1'), domain: pattern, rendered })
      }
    }
  }
  const results = differences(pairs)
  const differing = new Set<string>()
  for (const [index, { name, domain }] of pairs.entries()) {
    const found = results[index] as string[]
    if (found.length > 0) differing.add(name)
    t.strictSame(
      found.filter((difference) => !isReported(difference, reported.get(name) ?? [])),
      [],
      `${name}, ${domain}`,
    )
  }
  const equal = names.length - differing.size - skipped.length
  const counts = `Of ${names.length} files, ${equal} .*, ${differing.size} .*, and ${skipped.length} `
  t.match(
    readFileSync('docs/ispdb.md', 'utf8').replaceAll('\n', ' '),
    new RegExp(counts),
    'the counts in the documentation',
  )
  t.comment(
    `${names.length} files, ${equal} equal, ${skipped.length} skipped; different: ${[...differing].join(', ')}`,
  )
})

t.test('all files at once become a configuration that check accepts', { skip }, async (t) => {
  const { exitCode, stdout } = await run(['import', folder])
  t.equal(exitCode, 0)
  const checked = await run(['check', '--config', configFolder(t, stdout)])
  t.match(checked, { exitCode: 0, stdout: new RegExp(`\\nOK: 432 domains, ${names.length} hosts, `) })
})

/** Does a line of import name the element that differs, one inside it or around it, or one that was moved there? */
function isReported(difference: string, lines: readonly string[]): boolean {
  const plain = (path: string) => path.replace(/\[\d+\]/g, '')
  const place = plain(/^\/([^\s:@]*)/.exec(difference)?.[1] ?? '')
  const name = place.split('/').at(-1) as string
  return lines.some((line) => {
    const path = plain(line.split(' ')[1] as string)
    if (path === place || path.startsWith(`${place}/`)) return true
    if (place.startsWith(`${path}/`)) return line.includes(name)
    return /moved into|renamed to/.test(line) && [path.split('/').at(-1), 'documentation'].includes(name)
  })
}

/** The differences of each pair; all in one process, since Python takes a while to start. */
function differences(documents: readonly object[]): string[][] {
  const script = `
import json, sys
sys.path.insert(0, ${JSON.stringify(dirname(compare))})
import compare
pairs = json.load(sys.stdin)
options = lambda pair: compare.Options(domain=pair['domain'], email='fred@' + pair['domain'])
print(json.dumps([compare.compare_bytes(p['original'].encode('latin1'), p['rendered'].encode(), options(p)) for p in pairs]))
`
  const { stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(documents),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}
