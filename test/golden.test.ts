import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { personOf, readAddressOrDomain } from '../src/cli/arguments.ts'
import { loadConfig } from '../src/config/load.ts'
import { bytesOf, Renderings } from '../src/documents/renderings.ts'
import { isExpressible } from '../src/formats/format.ts'
import { formats } from '../src/formats/index.ts'
import { Resolver } from '../src/resolver/resolver.ts'

/**
 * A folder a case: `config.yaml`, and the whole document that each format gives for the address or domain in its first
 * line (`# for ADDRESS`, or `# for ADDRESS?name=…&protocol=…&language=…`); what a format cannot say is in `none.txt`, with
 * the reason. UPDATE_GOLDEN=1 writes the documents anew.
 */
const files: Readonly<Record<string, string>> = {
  autoconfig: 'autoconfig.xml',
  'mail-v1': 'mail-v1.xml',
  autodiscover: 'autodiscover.xml',
  'autodiscover-json': 'autodiscover.json',
  mobileconfig: 'mail.mobileconfig',
  'apple-qr': 'apple-qr.txt',
  'thunderbird-qr': 'thunderbird-qr.json',
  'settings-text': 'settings.txt',
  'settings-json': 'settings.json',
  pacc: 'user-agent-configuration.json',
  'dns-zone': 'dns.zone',
}

t.strictSame(
  Object.keys(files),
  formats.map(({ name }) => name),
)

for (const name of readdirSync('test/golden')) {
  t.test(`golden: ${name.replaceAll('-', ' ')}`, async (t) => {
    const folder = `test/golden/${name}`
    const [, asked = '', query = ''] =
      /^# for ([^\s?]+)\??(\S*)\n/.exec(readFileSync(`${folder}/config.yaml`, 'utf8')) ?? []
    const outcome = await loadConfig(`${folder}/config.yaml`)
    t.match(outcome, { config: Object })
    if (!('config' in outcome)) return
    const person = personOf(Object.fromEntries(new URLSearchParams(query)))
    const settings = await new Resolver(outcome.config).settings({
      ...readAddressOrDomain(asked),
      ...person,
    })
    t.ok(settings, `${asked} is served`)
    if (!settings) return
    const reasons: string[] = []
    for (const format of formats) {
      const rendering = new Renderings(format).render(settings)
      const expected = `${folder}/${files[format.name]}`
      if (isExpressible(rendering)) {
        const bytes = Buffer.from(bytesOf(rendering))
        golden(t, expected, bytes.toString())
        t.equal(bytes.length, rendering.length)
      } else {
        reasons.push(`${format.name}: ${rendering.notExpressible}\n`)
        golden(t, expected, '')
      }
    }
    golden(t, `${folder}/none.txt`, reasons.join(''))
  })
}

/** A file that holds the text; none where it is empty. */
function golden(t: Test, file: string, text: string): void {
  if (process.env['UPDATE_GOLDEN']) {
    if (text === '') rmSync(file, { force: true })
    else writeFileSync(file, text)
  }
  t.equal(text, existsSync(file) ? readFileSync(file, 'utf8') : '', file)
}
