import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { personOf, readAddressOrDomain } from '../../src/cli/arguments.ts'
import { loadConfig } from '../../src/config/load.ts'
import { dnsRecords } from '../../src/dns/records.ts'
import { zoneFormats } from '../../src/dns/zone.ts'
import { formats } from '../../src/documents/formats.ts'
import { bytesOf } from '../../src/documents/rendering.ts'
import { Renderings } from '../../src/documents/renderings.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { expectValue, settingsFor } from '../support/example.ts'

/**
 * A directory for each case: `config.yaml`, and the whole document of each format for the address or domain in its first line
 * (`# for ADDRESS`, or `# for ADDRESS?name=…&protocol=…&language=…`), and the zone. Formats that cannot express the settings are in
 * `none.txt`, with the reason. UPDATE_GOLDEN=1 writes the files again.
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
  page: 'page.html',
}

t.strictSame(
  Object.keys(files),
  formats.map(({ name }) => name),
)

for (const name of readdirSync('test/golden')) {
  t.test(`every format renders the golden documents of ${name.replaceAll('-', ' ')}`, async (t) => {
    const folder = `test/golden/${name}`
    const [, asked = '', query = ''] =
      /^# for ([^\s?]+)\??(\S*)\n/.exec(readFileSync(`${folder}/config.yaml`, 'utf8')) ?? []
    const outcome = await loadConfig(`${folder}/config.yaml`)
    t.match(outcome, { config: Object })
    if (!('config' in outcome)) return
    const person = personOf(Object.fromEntries(new URLSearchParams(query)))
    const target = readAddressOrDomain(asked)
    const values = { ...target, ...person, requestHost: target?.domain }
    const settings = await settingsFor(new Resolver(outcome.config), values)
    const reasons: string[] = []
    for (const format of formats) {
      const text = format.render(settings)
      const expected = `${folder}/${files[format.name]}`
      golden(t, expected, text.ok ? text.value : '')
      if (!text.ok) reasons.push(`${format.name}: ${text.error}\n`)
      else {
        const renderings = new Renderings(format)
        const rendering = format.personal
          ? expectValue(renderings.personal(settings))
          : expectValue(renderings.template(settings.clientConfig, settings.domain)).fill(settings.domain)
        t.equal(Buffer.from(bytesOf(rendering)).toString(), text.value, `${expected}, as the server sends it`)
        t.equal(rendering.length, Buffer.byteLength(text.value))
      }
    }
    golden(t, `${folder}/dns.zone`, zoneFormats.bind(dnsRecords(settings), settings.domain, 3600))
    golden(t, `${folder}/none.txt`, reasons.join(''))
  })
}

/** A file that contains the text, or no file if the text is empty. */
function golden(t: Test, file: string, text: string): void {
  if (process.env['UPDATE_GOLDEN']) {
    if (text === '') rmSync(file, { force: true })
    else writeFileSync(file, text)
  }
  t.equal(text, existsSync(file) ? readFileSync(file, 'utf8') : '', file)
}
