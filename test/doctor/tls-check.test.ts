import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import t from 'tap'
import { runForBytes } from '../support/command.ts'
import { configFolder, example, findings } from '../support/example.ts'
import { certificateFor, pair, today, write } from '../support/tls.ts'

/** What `check` prints of a configuration with files beside it. */
async function check(t: Test, tls: object, files: Record<string, string>, more: object = {}) {
  const file = configFolder(t, { ...example, tls, ...more })
  const directory = dirname(file)
  write(directory, files)
  const run = async () => {
    const { exitCode, bytes } = await runForBytes(['check', '-c', file], () => today)
    t.equal(exitCode, 0)
    return bytes.toString()
  }
  return { directory, run }
}

const listed = (...names: string[]) => ({
  certificates: names.map((name) => ({ certificate: `${name}/fullchain.pem`, key: `${name}/privkey.pem` })),
})

t.test(
  'check warns of certificates that are broken, have no chain, or whose key others can read',
  async (t) => {
    const good = await certificateFor(['autoconfig.example.org', 'autoconfig.example.net'])
    const other = await certificateFor(['b.example'])
    const tls = { ...listed('good', 'mixed', 'late', 'alone', 'none'), default: 'autoconfig.example.org' }
    const { directory, run } = await check(t, tls, {
      ...pair('good', good),
      ...pair('mixed', { ...good, key: other.key }),
      ...pair('late', await certificateFor(['late.example'], 3)),
      ...pair('alone', {
        ...other,
        certificate: other.certificate.split(/(?<=END CERTIFICATE-----\n)/)[0] as string,
      }),
    })
    chmodSync(join(directory, 'late/privkey.pem'), 0o666)
    const text = await run()
    for (const expected of [
      /tls\.certificates\[1\] warning: .*mixed\/privkey\.pem belongs to another certificate/,
      /tls\.certificates\[2\] warning: .*late\/fullchain\.pem expires on 2026-12-03, in 3 days/,
      /tls\.certificates\[3\] warning: .*alone\/fullchain\.pem contains only one certificate/,
      /tls\.certificates\[4\] warning: .*none\/fullchain\.pem cannot be read: there is no such file/,
      /, 4 warnings|, 5 warnings/,
    ])
      t.match(text, expected)
    t.notMatch(text, /no valid certificate/)
  },
)

t.test('check lists a few names without a certificate, and counts the others', async (t) => {
  const names = Array.from({ length: 8 }, (_, index) => `n${index}.example`)
  const domains = Object.fromEntries([...names, '*.wild.example'].map((name) => [name, 'maximusconfessor']))
  const files = pair('one', await certificateFor(['autoconfig.n0.example']))
  const { run } = await check(t, listed('one'), files, { domains, publicName: 'autoconfig.all2all.org' })
  t.match(
    await run(),
    /warning: no valid certificate for autoconfig\.all2all\.org, (autoconfig\.n\d\.example, ){3}autoconfig\.n\d\.example and 3 more; clients/,
  )
})

t.test('check says how a folder looks, and why it cannot be read', async (t) => {
  const empty = await check(t, { folder: 'empty' }, { 'empty/README': '' })
  t.match(
    await empty.run(),
    /tls\.folder warning: .*empty contains no certificate; it must be a directory of dehydrated/,
  )
  const missing = await check(t, { folder: 'missing' }, {})
  t.match(await missing.run(), /tls\.folder warning: .*missing cannot be read: there is no such file/)
  const files: Record<string, string> = {}
  for (let index = 0; index < 25; index++)
    Object.assign(files, pair(`certs/n${index}.example`, { certificate: 'x', key: 'x' }))
  const broken = await check(t, { folder: '.' }, files)
  const text = await broken.run()
  t.equal(text.match(/contains no certificate; it must be a PEM/g)?.length, 20)
  t.match(text, /5 more certificates have the same kind of problem/)
})

t.test('the public name is listed once, although it is a name of a domain as well', async (t) => {
  const { run } = await check(t, { folder: 'nowhere' }, {}, { publicName: 'autoconfig.example.org' })
  t.match(await run(), /no valid certificate for autoconfig\.example\.org, autoconfig\.example\.net; clients/)
})

t.test('tls: names the keys that it needs', async (t) => {
  for (const tls of [{}, { default: 'a.example' }, { certificates: [] }]) {
    const { errors } = await findings(t, { ...example, tls })
    t.match(errors, [/tls must have certificates: or folder:, or both$/])
  }
})
