import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { loadConfig } from '../../src/config/load.ts'
import { exposureOf } from '../../src/reading/exposure.ts'
import { issue } from '../support/certificates.ts'
import { example } from '../support/example.ts'

/** A directory that every user of the machine can reach, as far as that is possible in the directory for temporary files. */
function publicFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'secret-files-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  return folder
}

t.test('what others can do with a file depends on its mode and on the directories above', async (t) => {
  const folder = publicFolder(t)
  const file = join(folder, 'key')
  writeFileSync(file, 'x')
  const read = 'so every user of this machine can read it'
  const group = 'so every member of its group can change it'
  const cases: [mode: number, directory: number, expected: string | undefined][] = [
    [0o600, 0o755, undefined],
    [0o640, 0o755, undefined],
    [0o440, 0o755, undefined],
    [0o644, 0o755, `has mode 0644, ${read}`],
    [0o604, 0o711, `has mode 0604, ${read}`],
    [0o644, 0o700, undefined],
    [0o644, 0o750, undefined],
    [0o660, 0o700, undefined],
    [0o660, 0o750, `has mode 0660, ${group}`],
    [0o664, 0o755, `has mode 0664, ${group}`],
    [0o666, 0o755, 'has mode 0666, so every user of this machine can change it'],
    [0o666, 0o750, `has mode 0666, ${group}`],
  ]
  for (const [mode, directory, expected] of cases) {
    chmodSync(file, mode)
    chmodSync(folder, directory)
    t.equal(await exposureOf(file), expected, `${mode.toString(8)} in ${directory.toString(8)}`)
  }
  chmodSync(folder, 0o755)
  t.equal(await exposureOf(file, 'win32'), undefined, 'Windows has no modes')
  t.equal(await exposureOf(join(folder, 'removed')), undefined)

  const closed = join(folder, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  symlinkSync(file, join(closed, 'link'))
  t.match(await exposureOf(join(closed, 'link')), /can change it/, 'the link is hidden, the file is not')
})

t.test(
  'check warns about each file with a secret that others can use, and about no other file',
  async (t) => {
    const folder = publicFolder(t)
    const { certificate, key } = await issue('P-256')
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const secrets: Record<string, string> = {
      'decoys.key': 'x'.repeat(32),
      'link.key': 'y'.repeat(32),
      'link.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      'sql.password': 'password',
      'sign.pem': key,
    }
    const others: Record<string, string> = {
      'public.pem': publicKey.export({ type: 'spki', format: 'pem' }) as string,
      'cert.pem': certificate,
      virtual: 'jane@example.org user0001',
    }
    const sql = (url: string, more = {}) => ({
      sql: { url, domain: 'SELECT host FROM d WHERE n = $1', ...more },
    })
    const config = {
      ...example,
      accounts: { disclose: 'public', decoys: true, secretFile: 'decoys.key', files: ['virtual'] },
      links: {
        url: 'https://setup.example.org',
        keys: [
          { kid: 'a', secretFile: 'link.key' },
          { kid: 'b', privateKeyFile: 'link.pem' },
          { kid: 'c', publicKeyFile: 'public.pem' },
        ],
      },
      apple: { sign: { certificate: 'cert.pem', key: 'sign.pem' } },
      sources: [
        sql('postgres://u@db.example.org/mail', { passwordFile: 'sql.password' }),
        sql('postgres://u:secret@db.example.org/mail'),
        sql('sqlite:/var/lib/mail.db'),
      ],
    }
    const file = join(folder, 'autoconfig.yaml')
    const findingsOf = async (modes: Record<string, number>) => {
      const all = { 'autoconfig.yaml': stringify(config), ...secrets, ...others }
      for (const [name, text] of Object.entries(all)) {
        writeFileSync(join(folder, name), text)
        chmodSync(join(folder, name), modes[name] ?? 0o644)
      }
      const result = await loadConfig(file)
      if ('errors' in result) throw new Error(JSON.stringify(result.errors))
      const { warnings, signing } = result.config
      t.ok(signing && 'identity' in signing)
      return warnings.map(({ path, message }) => `${path} ${message.replaceAll(folder, '.')}`)
    }
    const fix =
      'set mode 0640 and the group of the server; for a secret of Kubernetes, defaultMode: 0440 and fsGroup'
    const readable = (path: string, name: string) =>
      `${path} ./${name} has mode 0644, so every user of this machine can read it; ${fix}`
    t.strictSame((await findingsOf({})).sort(), [
      readable('accounts.secretFile', 'decoys.key'),
      readable('apple.sign.key', 'sign.pem'),
      readable('links.keys[0].secretFile', 'link.key'),
      readable('links.keys[1].privateKeyFile', 'link.pem'),
      readable('sources[0].sql.passwordFile', 'sql.password'),
      readable('sources[1].sql', 'autoconfig.yaml'),
    ])
    const safe = Object.fromEntries(
      Object.keys({ ...secrets, 'autoconfig.yaml': '' }).map((name) => [name, 0o640]),
    )
    t.strictSame(await findingsOf(safe), [])
  },
)
