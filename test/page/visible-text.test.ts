import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { stringify } from 'yaml'
import { isLogin } from '../../src/accounts/target.ts'
import { parseEmailAddress } from '../../src/model/address.ts'
import { formatDiagnostic } from '../../src/model/diagnostic.ts'
import { printable } from '../../src/model/one-line.ts'
import { hasInvisible, withoutInvisible } from '../../src/model/visible-text.ts'
import { run } from '../support/command.ts'
import { configFolder, example, findings, openApp } from '../support/example.ts'

const spoofs: Readonly<Record<string, string>> = {
  'right to left': 'Jane\u202e \u200fDoe\u202c',
  isolated: '\u2066Jane\u2069 Doe\u061c',
  'a space of no width': 'Ja\u200bne\u2060 Doe\ufeff',
  'a soft hyphen': 'Ja\u00adne Doe',
  'joiners between Latin letters': 'Ja\u200dne\u200c Doe',
  'a variant of a letter': 'Jane\ufe0f Doe',
  tags: 'Jane\u{e0041}\u{e0042} Doe',
  'Hangul fillers': 'Jane\u3164 \u115fDoe',
  annotations: 'Jane\ufff9 Doe\ufffb',
}

for (const [name, text] of Object.entries(spoofs)) {
  t.test(`a name without invisible characters: ${name}`, async (t) => {
    t.equal(withoutInvisible(text), 'Jane Doe')
    t.equal(hasInvisible(text), true)
    const { app } = await openApp(t)
    const { body } = await app.inject({
      url: `/apple/mail.mobileconfig?emailaddress=jane@example.org&name=${encodeURIComponent(text)}`,
    })
    t.match(body, '<string>Jane Doe</string>')
    const { provider } = example
    for (const key of ['displayName', 'displayShortName']) {
      const { errors } = await findings(t, { ...example, provider: { ...provider, [key]: text } })
      t.match(errors, [`provider.${key} must not contain invisible characters`])
    }
    const file = configFolder(t, example)
    const rendered = await run([
      'render',
      'mobileconfig',
      'jane@example.org',
      '--name',
      text,
      '--config',
      file,
    ])
    t.match(rendered.stdout, '<string>Jane Doe</string>')
  })
}

const legitimate: Readonly<Record<string, string>> = {
  Persian: '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
  'Persian, a joiner at the end': '\u0647\u200d',
  'Hindi without a ligature': '\u0915\u094d\u200c\u0937',
  'Hindi with a half form': '\u0915\u094d\u200d\u0937',
  'Malayalam with a chillu at the end': '\u0d05\u0d35\u0d28\u0d4d\u200d',
  Sinhala: '\u0dc1\u0dca\u200d\u0dbb\u0dd3',
  'a family': '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}',
  'a doctor with a skin tone': '\u{1f469}\u{1f3fd}\u200d\u2695\ufe0f',
  'a rainbow flag': '\u{1f3f3}\ufe0f\u200d\u{1f308}',
  'a keycap': '1\ufe0f\u20e3',
  'the flag of Scotland': '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
  Mongolian: '\u182d\u180b',
  'a variant of a Chinese character': '\u845b\u{e0100}',
  'a variant of a rare Chinese character': '\u{20b9f}\u{e0100}',
  Hebrew: '\u05d3\u05d5\u05d3',
  'a combining accent': 'Jane\u0301',
}

for (const [name, text] of Object.entries(legitimate))
  t.test(`a name stays as it is: ${name}`, async (t) => {
    t.equal(withoutInvisible(text), text)
    t.equal(hasInvisible(text), false)
  })

t.test('joiners only stay where they join', async (t) => {
  for (const [text, visible] of Object.entries({
    '\u200c\u0645': '\u0645',
    '\u0645\u200c\u200c\u062e': '\u0645\u200c\u062e',
    '\u{1f469}\u200d': '\u{1f469}',
    '\u{1f469}\u200dJane': '\u{1f469}Jane',
    '\u{1f469}\u200c\u{1f467}': '\u{1f469}\u{1f467}',
    '\u200d\u{1f467}': '\u{1f467}',
    '\u{e0067}': '',
    '\u180bJane': 'Jane',
    'J\u{e0100}ane': 'Jane',
    '\u0645\u202e\u062e': '\u0645\u062e',
  }))
    t.equal(withoutInvisible(text), visible, JSON.stringify(text))
})

t.test('a name without invisible characters has none', async (t) => {
  const unit = fc.constantFrom(
    ...['J', '1', '\u0645', '\u094d', '\u200c', '\u200d', '\u202e', '\ufe0f', '\u{1f469}', '\u{e0067}'],
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 12 }),
        (text) => !/\p{Bidi_Control}|\u200b/u.test(withoutInvisible(text)),
      ),
    ),
  )
})

t.test('a name of invisible characters alone is none', async (t) => {
  const { app } = await openApp(t)
  const ask = async (query: string) =>
    (await app.inject({ url: `/apple/mail.mobileconfig?emailaddress=jane@example.org${query}` })).body
  t.equal(await ask('&name=%E2%80%8B%E2%80%AE'), await ask(''))
  t.equal(await ask(`&name=${'x'.repeat(101)}`), await ask(''), 'and one of more than 100 characters')
  t.match(await ask(`&name=${'x'.repeat(100)}`), `<string>${'x'.repeat(100)}</string>`)
})

const controls = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index)].map(
  (code) => String.fromCharCode(code),
)

t.test('control characters, those of Latin-1 too, are not in names, addresses or messages', async (t) => {
  const { app } = await openApp(t)
  const ask = async (query: string) => (await app.inject({ url: `/apple/mail.mobileconfig?${query}` })).body
  const unnamed = await ask('emailaddress=jane@example.org')
  const { provider } = example
  for (const control of controls) {
    const code = JSON.stringify(control)
    const text = `ja${control}ne`
    t.equal(await ask(`emailaddress=jane@example.org&name=${encodeURIComponent(text)}`), unnamed, code)
    t.equal(parseEmailAddress(`${text}@example.org`), undefined, code)
    t.equal(isLogin(text), false, code)
    t.equal(printable(text), 'ja\ufffdne', code)
    const place = { file: text, line: 1, column: 2, path: text }
    t.equal(formatDiagnostic({ ...place, message: text }), 'ja\ufffdne:1:2 ja\ufffdne ja\ufffdne', code)
    const { errors } = await findings(t, { ...example, provider: { ...provider, displayName: text } })
    t.match(errors, [/provider\.displayName must not contain control characters or line breaks$/], code)
  }
  t.equal(isLogin('ja\u00a0ne'), true, 'the first that is none')
})

t.test('check and explain print nothing that controls a terminal', async (t) => {
  const sequence = '\u001b[2J\u009b31m\u202e'
  const provider = { ...example.provider, displayName: sequence }
  const text = stringify({ ...example, provider, [`key${sequence}`]: 1, domainFiles: [`map${sequence}`] })
  const controlling = /(?!\n)\p{Cc}|\p{Bidi_Control}/u
  const wrong = await run(['check', '--config', configFolder(t, text)])
  t.equal(wrong.exitCode, 1)
  t.match(wrong.stdout, /errors, /)
  t.notMatch(wrong.stdout + wrong.stderr, controlling)
  const folder = t.testdir({ [`x${sequence}`]: { 'autoconfig.yaml': '', 'db.password': '' } })
  const file = join(folder, `x${sequence}`, 'autoconfig.yaml')
  const sql = { url: 'sqlite:/nowhere/x', domain: 'SELECT host FROM domains WHERE name = $1' }
  writeFileSync(file, stringify({ ...example, sources: [{ sql }] }))
  const online = await run(['check', '--online', '--config', file])
  t.match(online.stdout, /x\ufffd\[2J\ufffd31m\ufffd\/autoconfig\.yaml: source sql: /)
  t.notMatch(online.stdout + online.stderr, controlling)
  writeFileSync(join(folder, `x${sequence}`, 'virtual'), 'jane@example.org a, b\n')
  writeFileSync(file, stringify({ ...example, accounts: { files: ['virtual'] } }))
  const explained = await run(['explain', 'jane@example.org', '--config', file])
  t.match(
    explained.stdout,
    /^because +.*x\ufffd\[2J\ufffd31m\ufffd\/autoconfig\.yaml:\d+ maps example\.org to it$/m,
  )
  t.match(explained.stdout, /^logs in as +.*x\ufffd\[2J\ufffd31m\ufffd\/virtual:1 has two mailboxes$/m)
  t.notMatch(explained.stdout + explained.stderr, controlling)
})
