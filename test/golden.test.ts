import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { readAddressOrDomain } from '../src/cli/asked.ts'
import { loadConfig } from '../src/config/load.ts'
import { Directory } from '../src/directory.ts'
import { formats } from '../src/formats/index.ts'
import { bytesOf, Renderings } from '../src/renderings.ts'

/**
 * A folder a case: `config.yaml`, and the whole document that each format gives for the address or domain in its first
 * line (`# for ADDRESS`). UPDATE_GOLDEN=1 writes the documents anew.
 */
const extensions: Readonly<Record<string, string>> = { autoconfig: 'autoconfig.xml' }

for (const name of readdirSync('test/golden')) {
  t.test(`golden: ${name.replaceAll('-', ' ')}`, async (t) => {
    const file = `test/golden/${name}/config.yaml`
    const asked = /^# for (\S+)\n/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
    const outcome = await loadConfig(file)
    t.match(outcome, { config: Object })
    if (!('config' in outcome)) return
    const settings = new Directory(outcome.config).settings(readAddressOrDomain(asked) ?? {})
    t.ok(settings, `${asked} is served`)
    if (!settings) return
    for (const format of formats) {
      const rendering = new Renderings(format).render(settings)
      const bytes = Buffer.from(bytesOf(rendering))
      const expected = `test/golden/${name}/${extensions[format.name]}`
      if (process.env['UPDATE_GOLDEN']) writeFileSync(expected, bytes)
      t.equal(bytes.toString(), readFileSync(expected, 'utf8'))
      t.equal(bytes.length, rendering.length)
    }
  })
}
