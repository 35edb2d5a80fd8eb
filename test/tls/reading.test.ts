import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import t from 'tap'
import { disk, type FileSource } from '../../src/reading/file-source.ts'
import { noAnswer } from '../../src/reading/patient-turns.ts'
import { Certificates, type CertificatesOptions } from '../../src/tls/certificates.ts'
import { PairReader } from '../../src/tls/pair-reader.ts'
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

/** No look after the first one, unless a test asks for it. */
const never = { pollInterval: 1_000_000 }

/** The disk, with files that do not answer before `answer` is called. It counts how often each file is read. */
function slowDisk(isSlow: (file: string) => boolean) {
  const reads = new Map<string, number>()
  let answer: () => void = () => undefined
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  const source: Pick<FileSource, 'read' | 'fingerprint'> = {
    async read(file, limit) {
      reads.set(file, (reads.get(file) ?? 0) + 1)
      if (isSlow(file)) await answered
      return disk.read(file, limit)
    },
    async fingerprint(file) {
      if (isSlow(file)) await answered
      return disk.fingerprint(file)
    },
  }
  return { source, reads, answer: () => answer() }
}

/** Certificates whose files may not have been read yet. */
function begin(t: Test, directory: string, options: Partial<CertificatesOptions>): Certificates {
  const settings = settingsFor(directory)
  const certificates = new Certificates({
    settings,
    now: () => today,
    onProblem: () => undefined,
    ...never,
    ...options,
  })
  t.teardown(() => certificates.close())
  return certificates
}

t.test(
  'before all files are read, a client waits only for those that are called after its name',
  async (t) => {
    const directory = t.testdir({})
    const others = await certificateFor(['others.example'])
    for (let index = 100; index < 200; index++) write(directory, pair(`n${index}.example`, others))
    for (const name of ['slow.example', 'z.example'])
      write(directory, pair(name, await certificateFor([name])))
    // Files are read in batches, so nothing after this one is read without being asked for.
    const slow = join(directory, 'n105.example/fullchain.pem')
    const { source, reads, answer } = slowDisk((file) => file === slow)
    const certificates = begin(t, directory, { reader: new PairReader(source), mostReady: 200 })
    await until(() => certificates.all.length > 0)

    const asked = ['z.example', 'z.example'].map((name) => certificates.contextFor(name))
    const found: (string | undefined)[] = []
    for (const each of asked)
      void Promise.resolve(each).then(async (context) => found.push(await namesIn(context)))
    await until(() => found.length === 2)
    t.strictSame(found, ['z.example', 'z.example'])
    t.notOk(certificates.all.find(({ files }) => files.certificate === slow)?.facts)
    t.equal(certificates.default, undefined, 'the others are not read yet')

    const unhinted = certificates.contextFor('others.example')
    const unknown = certificates.contextFor('unknown.example')
    answer()
    t.equal(await namesIn(await unhinted), 'others.example')
    t.equal(await unknown, undefined)
    for (const name of ['z.example', 'n105.example'])
      t.equal(reads.get(join(directory, name, 'fullchain.pem')), 1, `${name} is read once`)
  },
)

t.test('a client that asks for a certificate that is being read waits for the same reading', async (t) => {
  const directory = t.testdir({})
  write(directory, pair('a.example', await certificateFor(['a.example'])))
  write(directory, pair('b.example', await certificateFor(['b.example'])))
  const file = join(directory, 'b.example/fullchain.pem')
  const { source, reads, answer } = slowDisk((each) => each === file)
  const certificates = begin(t, directory, { reader: new PairReader(source) })
  await until(() => reads.has(file))
  const asked = Array.from({ length: 20 }, () => certificates.contextFor('b.example'))
  answer()
  for (const context of await Promise.all(asked)) t.ok(context)
  await certificates.ready(20_000)
  t.equal(reads.get(file), 1)
})

t.test(
  'a client gets a certificate that has just been replaced; it is kept when it is noticed',
  async (t) => {
    const directory = t.testdir({})
    for (const name of ['a.example', 'b.example']) write(directory, pair(name, await certificateFor([name])))
    const { certificates, problems } = await openCertificates(t, settingsFor(directory), {
      ...never,
      mostReady: 0,
    })
    const { contexts } = certificates
    write(directory, pair('b.example', await certificateFor(['b.example', 'new.example'])))
    t.equal(await namesIn(await certificates.contextFor('b.example')), 'b.example, new.example')
    t.equal(certificates.contexts, contexts, 'not kept, since it is not checked yet')

    write(directory, pair('b.example', await shortKey('b.example')))
    t.equal(await certificates.contextFor('b.example'), undefined)
    t.ok(certificates.covers('b.example'), 'the next look decides')
    t.strictSame(problems, [])
  },
)

t.test('a default certificate that vanishes while it is read is the default when it is back', async (t) => {
  // The first reading is for its names, and the next ones for its pair and its context.
  for (const [mostReady, vanishesAt] of [
    [100, 2],
    [0, 3],
  ] as const) {
    const directory = t.testdir({})
    write(directory, pair('a.example', await certificateFor(['a.example'])))
    const [shown, hidden] = ['a.example', '.hidden'].map((name) => join(directory, name)) as [string, string]
    let count = 0
    const source = {
      ...disk,
      read: (file: string, limit: number) => {
        if (file.endsWith('fullchain.pem') && ++count === vanishesAt) renameSync(shown, hidden)
        return disk.read(file, limit)
      },
    }
    const reader = new PairReader(source)
    const { certificates } = await openCertificates(t, settingsFor(directory), { mostReady, reader })
    t.equal(count, vanishesAt)
    t.equal(certificates.default, undefined)
    renameSync(hidden, shown)
    t.ok(await until(() => certificates.default !== undefined))
    certificates.close()
  }
})

t.test('a certificate that OpenSSL refuses is not the default; the next one is', async (t) => {
  const directory = t.testdir({})
  write(directory, pair('a.example', await shortKey('a.example')))
  write(directory, pair('b.example', await certificateFor(['b.example'])))
  for (const mostReady of [0, 100]) {
    const { certificates, problems } = await openCertificates(t, settingsFor(directory), {
      ...never,
      mostReady,
    })
    t.equal(certificates.default?.files.certificate, join(directory, 'b.example/fullchain.pem'))
    t.match(problems, [/a\.example\/fullchain\.pem cannot be used: .*; this certificate is not used/])
  }
})

t.test('a file that does not answer is named; its certificate is used as soon as it answers', async (t) => {
  const directory = t.testdir({})
  for (const name of ['a.example', 'b.example']) write(directory, pair(name, await certificateFor([name])))
  const { source, answer } = slowDisk((file) => file.includes('b.example'))
  const reader = new PairReader(source, 200)
  const { certificates, problems } = await openCertificates(t, settingsFor(directory), { reader })
  const file = join(directory, 'b.example/fullchain.pem')
  t.ok(
    await until(() => problems.includes(`${file} cannot be read: ${noAnswer}; this certificate is not used`)),
  )
  t.ok(await until(() => certificates.covers('a.example')))
  // The looks after the first one.
  t.ok(await until(() => problems.includes(`${file}: ${noAnswer}`)))
  t.notOk(certificates.covers('b.example'))
  answer()
  t.ok(await until(() => certificates.covers('b.example')))
})
