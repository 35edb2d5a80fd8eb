import { generateKeyPairSync } from 'node:crypto'
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Domain } from '../../src/model/address.ts'
import { PatientTurns } from '../../src/reading/patient-turns.ts'
import { listFolder, mostPairs } from '../../src/tls/folder.ts'
import { FolderList } from '../../src/tls/folder-list.ts'
import { summaryOfCertificates } from '../../src/tls/summary.ts'
import { certifyKey, issue } from '../support/certificates.ts'
import {
  certificateFor,
  namesIn,
  openCertificates,
  pair,
  settingsFor,
  shortKey,
  today,
  write,
} from '../support/tls.ts'
import { until } from '../support/until.ts'

const day = 86_400_000
const later = (days: number): Date => new Date(today.getTime() + days * day)

t.test('a name gets its own certificate, then the one of its wildcard, and others get none', async (t) => {
  const directory = t.testdir({})
  write(directory, {
    ...pair('one', await certificateFor(['a.example', 'b.example'])),
    ...pair('two', await certificateFor(['*.a.example', 'deep.a.example'])),
  })
  const { certificates, problems } = await openCertificates(t, settingsFor(directory, ['one', 'two']))
  for (const [name, expected] of [
    ['a.example', 'a.example, b.example'],
    ['B.Example', 'a.example, b.example'],
    ['x.a.example', '*.a.example, deep.a.example'],
    ['x.y.a.example', undefined],
    ['c.example', undefined],
    ['example', undefined],
  ] as const)
    t.equal(await namesIn(await certificates.contextFor(name)), expected, name)
  t.strictSame(problems, [])
})

t.test('the default is the named certificate, else that of the public name, else the first', async (t) => {
  const directory = t.testdir({})
  write(directory, {
    ...pair('one', await certificateFor(['a.example'])),
    ...pair('two', await certificateFor(['*.b.example'])),
    ...pair('three', await certificateFor(['c.example'])),
  })
  const names = ['one', 'two', 'three']
  const fileOf = async (name?: string, publicName?: string): Promise<string> => {
    const settings = settingsFor(directory, names, name)
    const { certificates } = await openCertificates(t, settings, { publicName: publicName as Domain })
    return String(certificates.default?.files.certificate)
  }
  t.equal(await fileOf(), join(directory, 'one/fullchain.pem'))
  t.equal(await fileOf(undefined, 'www.b.example'), join(directory, 'two/fullchain.pem'))
  t.equal(await fileOf('c.example', 'www.b.example'), join(directory, 'three/fullchain.pem'))
  t.equal(await fileOf('unknown.example'), join(directory, 'one/fullchain.pem'))
})

t.test(
  'the directories of dehydrated, lego and certbot are recognised, from outside and inside',
  async (t) => {
    const directory = t.testdir({})
    const files = {
      dehydrated: { ...pair('certs/a.example', await certificateFor(['a.example', 'alias.example'])) },
      lego: {
        'certificates/b.example.crt': '',
        'certificates/b.example.key': '',
        'certificates/b.example.issuer.crt': '',
        'certificates/b.example.json': '{}',
        'certificates/_.wild.example.crt': '',
        'certificates/_.wild.example.key': '',
      },
      certbot: { 'live/README': 'about', 'archive/c.example/cert1.pem': '' },
      plain: { ...pair('d.example', await certificateFor(['d.example'])), '.hidden/x': '' },
    }
    const lego = await certificateFor(['b.example'])
    const wild = await certificateFor(['*.wild.example'])
    for (const [name, { certificate, key }] of [
      ['b.example', lego],
      ['_.wild.example', wild],
    ] as const) {
      files.lego[`certificates/${name}.crt` as 'certificates/b.example.crt'] = certificate
      files.lego[`certificates/${name}.key` as 'certificates/b.example.key'] = key
    }
    for (const [name, each] of Object.entries(files)) write(join(directory, name), each)
    // certbot links each file to a numbered one, and people link directories.
    const certbot = await certificateFor(['c.example'])
    write(join(directory, 'certbot'), {
      'archive/c.example/fullchain1.pem': certbot.certificate,
      'archive/c.example/privkey1.pem': certbot.key,
      'live/c.example/README': '',
    })
    for (const name of ['fullchain', 'privkey'])
      symlinkSync(
        `../../archive/c.example/${name}1.pem`,
        join(directory, `certbot/live/c.example/${name}.pem`),
      )
    symlinkSync('c.example', join(directory, 'certbot/live/linked.example'))
    for (const [folder, name, expected] of [
      ['dehydrated', 'alias.example', 'a.example, alias.example'],
      ['dehydrated/certs', 'a.example', 'a.example, alias.example'],
      ['lego', 'b.example', 'b.example'],
      ['lego/certificates', 'x.wild.example', '*.wild.example'],
      ['certbot', 'c.example', 'c.example'],
      ['certbot/live', 'c.example', 'c.example'],
      ['plain', 'd.example', 'd.example'],
    ] as const) {
      const { certificates, problems } = await openCertificates(t, settingsFor(join(directory, folder)))
      t.equal(await namesIn(await certificates.contextFor(name)), expected, `${folder}: ${name}`)
      t.strictSame(problems, [], folder)
    }
  },
)

t.test('a certificate is asked for by the name of its file before all files are read', async (t) => {
  const directory = t.testdir({})
  write(directory, {
    ...pair('a.example', await certificateFor(['a.example', 'other.example'])),
    ...pair('b.example', await certificateFor(['b.example'])),
    ...pair('certs/b.example', { certificate: '', key: '' }),
  })
  const { certificates } = await openCertificates(t, settingsFor(directory), { now: () => today })
  const { Certificates } = await import('../../src/tls/certificates.ts')
  const fresh = new Certificates({
    settings: settingsFor(directory),
    now: () => today,
    onProblem: () => undefined,
  })
  t.teardown(() => fresh.close())
  await fresh.ready(0)
  const asked = ['a.example', 'other.example', 'b.example', 'no.example'].map((name) =>
    fresh.contextFor(name),
  )
  t.strictSame(await Promise.all(asked.map(async (context) => namesIn(await context))), [
    'a.example, other.example',
    'a.example, other.example',
    'b.example',
    undefined,
  ])
  t.equal(certificates.all.length, 3)
})

t.test('a renewed certificate is used, and a broken one leaves the one before it in use', async (t) => {
  const directory = t.testdir({})
  const first = await certificateFor(['a.example'])
  const other = await certificateFor(['a.example', 'renewed.example'])
  write(directory, pair('a.example', first))
  let renewed = 0
  const { certificates, problems, clock } = await openCertificates(t, settingsFor(directory), {
    onRenewed: (count) => {
      renewed += count
    },
  })
  const names = async () => namesIn(await certificates.contextFor('a.example'))
  const state = () => summaryOfCertificates(certificates, clock.now.getTime())
  const certificate = join(directory, 'a.example/fullchain.pem')
  const key = join(directory, 'a.example/privkey.pem')
  const fallback: string[] = []
  certificates.watchDefault((pair) => fallback.push(pair.facts.names.join()))

  // Half of a renewal.
  writeFileSync(certificate, other.certificate)
  t.ok(await until(() => problems.length === 1))
  t.match(
    problems[0],
    /privkey\.pem belongs to another certificate.*; the certificate before it stays in use$/,
  )
  t.equal(await names(), 'a.example')
  t.match(state(), { states: { kept: 1, valid: 0 }, daysLeft: 60, problems: [/belongs to another/] })
  writeFileSync(key, other.key)
  t.ok(await until(() => renewed === 1))
  t.equal(await names(), 'a.example, renewed.example')
  t.match(state(), { states: { kept: 0, valid: 1 }, problems: [] })
  t.strictSame(fallback, ['a.example', 'a.example,renewed.example'])

  const expired = await certificateFor(['a.example'], -1)
  const short = await shortKey('a.example')
  const early = await issue('P-256', later(80), ['a.example'], later(2))
  for (const [files, problem] of [
    [{ certificate: 'nothing', key: other.key }, /fullchain\.pem contains no certificate/],
    [{ certificate: other.certificate, key: 'nothing' }, /privkey\.pem contains no private key/],
    [{ certificate: 'x'.repeat(1_100_000), key: other.key }, /it has 1\.1 MB/],
    [{ certificate: first.certificate.replaceAll('A', 'B'), key: other.key }, /contains no certificate/],
    [expired, /fullchain\.pem expired on 2026-11-29; the certificate before it stays in use/],
    [short, /fullchain\.pem cannot be used: .*key too small/],
    [early, /fullchain\.pem is not valid before 2026-12-02; the certificate before it stays in use/],
  ] as const) {
    const count = problems.length
    write(directory, pair('a.example', files))
    t.ok(await until(() => problems.length > count), String(problem))
    t.match(problems.at(-1), problem)
    t.equal(await names(), 'a.example, renewed.example')
  }
  clock.now = later(61)
  t.match(state().problems, [
    /is not valid before .*; the certificate before it is in use, and is not valid either/,
  ])
  clock.now = today
  // The one that was too early is used as soon as it is valid, and not before.
  await certificates.tick()
  t.equal(await names(), 'a.example, renewed.example')
  clock.now = later(3)
  await certificates.tick()
  t.equal(await names(), 'a.example')
  t.equal(renewed, 2)
})

t.test('certificates come and go with the files of the folder', async (t) => {
  const directory = t.testdir({})
  write(directory, { ...pair('a.example', await certificateFor(['a.example'])), 'b.example/README': '' })
  const { certificates, problems } = await openCertificates(t, settingsFor(directory))
  t.notOk(certificates.covers('b.example'))
  t.match(summaryOfCertificates(certificates, today.getTime()), { states: { valid: 1, unusable: 0 } })
  write(directory, pair('b.example', await certificateFor(['b.example'])))
  write(directory, pair('c.example', await certificateFor(['c.example'])))
  t.ok(await until(() => certificates.covers('b.example') && certificates.covers('c.example')))
  rmSync(join(directory, 'a.example'), { recursive: true })
  t.ok(await until(() => !certificates.covers('a.example')))
  t.equal(certificates.contextFor('a.example'), undefined)
  t.strictSame(problems, [])
  // A file is missing, although its directory is there.
  rmSync(join(directory, 'b.example/fullchain.pem'))
  t.ok(await until(() => problems.length === 1))
  t.match(problems[0], /cannot be read: there is no such file; the certificate before it stays in use/)
  t.equal(await namesIn(await certificates.contextFor('b.example')), 'b.example')
})

t.test('a folder that is suddenly empty, or gone, removes no certificate', async (t) => {
  const directory = t.testdir({ certs: {} })
  write(directory, pair('certs/a.example', await certificateFor(['a.example'])))
  const { certificates, problems } = await openCertificates(t, settingsFor(directory))
  const isInUse = async () => (await namesIn(await certificates.contextFor('a.example'))) === 'a.example'
  renameSync(join(directory, 'certs/a.example'), join(directory, 'certs/b.example'))
  t.ok(await until(() => problems.length > 0))
  t.match(problems[0], /contains none of its certificates any more; they stay in use$/)
  t.ok(await isInUse())
  renameSync(join(directory, 'certs/b.example'), join(directory, 'certs/a.example'))
  t.ok(await until(() => certificates.folderProblem === undefined))
  renameSync(directory, `${directory}-gone`)
  t.ok(await until(() => certificates.folderProblem !== undefined))
  t.match(problems, [/none of its/, /./])
  t.match(certificates.folderProblem, /cannot be read: there is no such file/)
  t.ok(await isInUse())
  renameSync(`${directory}-gone`, directory)
  t.ok(await until(() => certificates.folderProblem === undefined))
})

t.test('a folder may come later, and one with far too many entries is not read to its end', async (t) => {
  const directory = t.testdir({})
  const folder = join(directory, 'later')
  const { certificates, problems } = await openCertificates(t, settingsFor(folder))
  t.match(problems, [/later cannot be read: there is no such file/])
  t.equal(certificates.default, undefined)
  write(folder, pair('a.example', await certificateFor(['a.example'])))
  t.ok(await until(() => certificates.default !== undefined))
  t.ok(certificates.covers('a.example'))
  t.equal(certificates.default?.files.certificate, join(folder, 'a.example/fullchain.pem'))
  const listed = await listFolder(settingsFor(folder).folder as never)
  t.match(listed, { ok: true, value: { ignored: 0, pairs: [{ hint: 'a.example' }] } })
  t.equal(mostPairs, 50_000)
})

t.test('of two certificates for a name, the valid one is used, or the one that lasts', async (t) => {
  const directory = t.testdir({})
  write(directory, {
    ...pair('expired', await certificateFor(['a.example', 'b.example'], -2)),
    ...pair('short', await certificateFor(['a.example', 'short.example'], 30)),
    ...pair('long', await certificateFor(['a.example', 'long.example'], 70)),
    ...pair('shortest', await certificateFor(['a.example'], 10)),
    ...pair('wild', await certificateFor(['*.example'], 50)),
    ...pair('old', await certificateFor(['*.old.example', 'x.old.example'], -5)),
  })
  const order = ['expired', 'short', 'long', 'shortest', 'wild', 'old']
  const { certificates, problems, clock } = await openCertificates(t, settingsFor(directory, order))
  t.equal(await namesIn(await certificates.contextFor('a.example')), 'a.example, long.example')
  t.equal(await namesIn(await certificates.contextFor('b.example')), '*.example')
  t.match(await namesIn(await certificates.contextFor('x.old.example')), /old/)
  t.match(await namesIn(await certificates.contextFor('y.old.example')), /old/)
  t.match(problems, [
    /expired\/fullchain\.pem expired on 2026-11-28; renew it/,
    /shortest\/fullchain\.pem expires on 2026-12-10, in 10 days; find out why it is not renewed/,
    /old\/fullchain\.pem expired/,
  ])
  t.match(summaryOfCertificates(certificates, clock.now.getTime()), {
    states: { unusable: 0, expired: 2, kept: 0, ending: 1, valid: 3 },
    daysLeft: -5,
    problems: [/old/, /expired/, /shortest/],
    default: /expired/,
  })
  t.notOk(certificates.covers('x.old.example'))
})

t.test('many certificates are read when somebody asks for them, and few are kept', async (t) => {
  const directory = t.testdir({})
  const shared = await certificateFor(['shared.example'])
  write(directory, pair('0.example', await certificateFor(['0.example'])))
  write(directory, {
    ...pair('a.example', await certificateFor(['a.example'])),
    ...pair('b.example', await certificateFor(['b.example'])),
    ...pair('c.example', await certificateFor(['c.example'])),
    ...pair('short.example', await shortKey('short.example')),
  })
  const { certificates, problems } = await openCertificates(t, settingsFor(directory), {
    mostContexts: 2,
    mostReady: 3,
  })
  // The default is ready.
  t.equal(certificates.contexts, 1)
  const [first, second] = [certificates.contextFor('b.example'), certificates.contextFor('b.example')]
  t.equal(first, second, 'two clients share one reading')
  t.equal(await namesIn(await first), 'b.example')
  t.notOk(certificates.contextFor('b.example') instanceof Promise)
  await certificates.contextFor('c.example')
  t.equal(certificates.contexts, 2)

  t.ok(certificates.covers('short.example'))
  t.equal(await certificates.contextFor('short.example'), undefined)
  t.match(problems, [/short\.example\/fullchain\.pem cannot be used: .*; this certificate is not used/])
  t.notOk(certificates.covers('short.example'))

  // What nobody has asked for cannot be kept.
  const file = join(directory, 'a.example/fullchain.pem')
  t.ok(certificates.covers('a.example'))
  const expired = await certificateFor(['a.example'], -1)
  writeFileSync(file, shared.certificate)
  // The files are read before the change is noticed.
  const asked = certificates.contextFor('a.example')
  if (asked instanceof Promise) t.equal(await asked, undefined)
  t.ok(await until(() => problems.some((problem) => problem.includes('this certificate is not used'))))
  write(directory, pair('a.example', expired))
  t.ok(await until(() => problems.some((problem) => /expired on .*; renew it/.test(problem))))
  t.equal(summaryOfCertificates(certificates, today.getTime()).states.unusable, 1)
})

t.test('ten problems at a time are reported, and the others are counted', async (t) => {
  const directory = t.testdir({})
  const names = Array.from({ length: 13 }, (_, index) => `n${index}`)
  for (const name of names) write(directory, { [`${name}/fullchain.pem`]: 'x', [`${name}/privkey.pem`]: 'x' })
  const { certificates, problems, clock } = await openCertificates(t, settingsFor(directory, names))
  t.equal(problems.length, 11)
  t.equal(problems.at(-1), '3 more certificates have problems; "check" lists them')
  await certificates.tick()
  t.equal(problems.length, 11, 'each once')
  const {
    states,
    daysLeft,
    default: none,
    problems: listed,
  } = summaryOfCertificates(certificates, +clock.now)
  t.match({ states, daysLeft, none }, { states: { unusable: 13 }, daysLeft: null, none: null })
  t.equal(listed.length, 5)
})

t.test('a new configuration brings other certificates', async (t) => {
  const directory = t.testdir({})
  write(directory, {
    ...pair('one', await certificateFor(['a.example'])),
    ...pair('two', await certificateFor(['b.example'])),
  })
  const { certificates } = await openCertificates(t, settingsFor(directory, ['one']))
  await certificates.use(settingsFor(directory, ['two']), undefined)
  t.notOk(certificates.covers('a.example'))
  t.ok(certificates.covers('b.example'))
  t.equal(certificates.default?.files.certificate, join(directory, 'two/fullchain.pem'))
  await certificates.use(settingsFor(directory), 'a.example' as Domain)
  t.equal(certificates.default?.files.certificate, join(directory, 'one/fullchain.pem'))
  certificates.close()
  await certificates.use(settingsFor(directory, ['two']), undefined)
  t.ok(certificates.covers('a.example'), 'closed')
})

t.test(
  'a pair without a key, without names or with bytes that are no certificate has its reason',
  async (t) => {
    const directory = t.testdir({})
    const nothing = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    const nameless = await issue('P-256', later(60), [], later(-30))
    const bare = generateKeyPairSync('rsa', { modulusLength: 2048 })
    write(directory, {
      ...pair('nothing', { certificate: nothing, key: nameless.key }),
      ...pair('nameless', nameless),
      ...pair('odd', {
        certificate: await certifyKey(bare.publicKey, ['under_score.example'], later(-30), later(60)),
        key: bare.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }),
      'keyless/fullchain.pem': nameless.certificate,
    })
    const names = ['nothing', 'nameless', 'odd', 'keyless']
    const { certificates, problems } = await openCertificates(t, settingsFor(directory, names))
    t.match(problems, [
      /nothing\/fullchain\.pem contains no certificate/,
      /keyless\/privkey\.pem cannot be read/,
    ])
    t.strictSame(
      certificates.all.map(({ facts }) => facts?.names),
      [undefined, [], [], undefined],
    )
  },
)

t.test(
  'entries of a directory beyond the limit are ignored, and one that does not answer is reported',
  async (t) => {
    const directory = t.testdir({ 'a.example': {}, 'b.example': {}, 'c.example': {} })
    const { folder } = settingsFor(directory)
    const list = new FolderList(new PatientTurns(20_000), 2)
    await list.update(folder, () => false)
    t.equal(list.pairs.length, 2)
    t.match(list.problem, /has too many entries; 1 of them are ignored/)
    const turns = new PatientTurns(1, 1)
    const stuck = turns.run(() => new Promise(() => undefined))
    await stuck
    const silent = new FolderList(turns)
    await silent.update(folder, () => false)
    t.match(silent.problem, /cannot be read: the file system does not answer/)
  },
)
