import { spawnSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Null } from 'asn1js'
import * as pkijs from 'pkijs'
import t from 'tap'
import { adminServer } from '../../src/http/admin-server.ts'
import { ProfileSigner, signingState } from '../../src/signing/profile-signer.ts'
import { readSigningIdentity, type SigningIdentity } from '../../src/signing/signing-identity.ts'
import { type Issued, issue } from '../support/certificates.ts'
import { runForBytes } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'

const url = '/apple/mail.mobileconfig?emailaddress=jane@example.org'
const sign = { certificate: 'cert.pem', key: 'key.pem' }
const signed = { ...example, apple: { sign } }
const files = ({ certificate, key }: Issued) => ({ 'cert.pem': certificate, 'key.pem': key })
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** The content of a signed profile. Checks the signature. */
async function contentOf(der: Uint8Array): Promise<string> {
  const { content } = pkijs.ContentInfo.fromBER(der as Uint8Array<ArrayBuffer>)
  const data = new pkijs.SignedData({ schema: content })
  t.ok(await data.verify({ signer: 0 }))
  return Buffer.from(data.encapContentInfo.eContent?.getValue() ?? new ArrayBuffer(0)).toString()
}

/** The unsigned profile. */
let unsigned = ''

await t.test('a profile is unsigned by default', async (t) => {
  const { app } = await openApp(t)
  unsigned = (await app.inject({ url })).body
  t.match(unsigned, /^<\?xml.*com\.apple\.mail\.managed/s)
})

t.test('a profile is signed from the first to the last moment of its certificate', async (t) => {
  const identity = { validFrom: 1000, validTo: 2000 } as SigningIdentity
  const at = (time: number) => signingState({ identity }, new Date(time))
  const problem = (text: string) => ({
    signed: false,
    problem: `apple.sign.certificate: the certificate ${text}; profiles are sent unsigned`,
  })
  t.strictSame(at(999), problem('is not valid before 1970-01-01T00:00:01.000Z'))
  t.strictSame(at(1000), { signed: true, validTo: new Date(2000) })
  t.strictSame(at(2000), { signed: true, validTo: new Date(2000) })
  t.strictSame(at(2001), problem('expired at 1970-01-01T00:00:02.000Z'))
  t.equal(signingState(undefined, new Date(0)), undefined)
  const errors = ['a', 'b'].map((message) => ({ file: 'x', line: 1, column: 2, path: '', message }))
  t.strictSame(signingState({ errors }, new Date(0)), { signed: false, problem: 'x:1:2 a; x:1:2 b' })
})

t.test('each problem of a signature is reported once, until it is over', async (t) => {
  let time = 0
  const problems: string[] = []
  const signer = new ProfileSigner({ now: () => new Date(time), onProblem: (text) => problems.push(text) })
  const signing = { identity: { validFrom: 1000, validTo: 2000 } as SigningIdentity }
  const content = new Uint8Array([1])
  for (const [at, reported] of [
    [0, 1],
    [999, 1],
    [1500, 1],
    [999, 2],
    [2001, 3],
    [2002, 3],
  ] as const) {
    time = at
    signer.look(signing)
    t.equal(problems.length, reported, `at ${at}`)
  }
  t.equal(await signer.sign(content, signing), content, 'expired')
  t.equal(await signer.sign(content, undefined), content)
  t.equal(problems.length, 3)
  await signer.load(undefined)
  await signer.load({ errors: [] })
})

t.test('an identity is a certificate with its key, before those of its issuers', async (t) => {
  const { certificate, key, authority } = await issue('P-256')
  const other = await issue('RSA')
  const ders = (...pems: string[]) => pems.map((pem) => new Uint8Array(new X509Certificate(pem).raw))
  const whole = readSigningIdentity({ certificate: authority + certificate, key, chain: other.authority })
  t.match(whole, { ok: true, value: { algorithm: 'ECDSA', namedCurve: 'P-256' } })
  if (!whole.ok) return
  t.strictSame(whole.value.certificates, ders(certificate, authority, other.authority))
  const { validFrom, validTo } = new X509Certificate(certificate)
  t.match(whole.value, { validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) })
  const rsa = readSigningIdentity({ certificate: other.certificate, key: other.key })
  t.match(rsa, { ok: true, value: { algorithm: 'RSASSA-PKCS1-v1_5' } })
  t.notOk(rsa.ok && 'namedCurve' in rsa.value)
  const faultOf = (files: Partial<Parameters<typeof readSigningIdentity>[0]>) => {
    const read = readSigningIdentity({ certificate, key, ...files })
    return read.ok ? undefined : read.error
  }
  t.match(faultOf({ certificate: 'x' }), { file: 'certificate' })
  t.match(faultOf({ certificate: '' }), { file: 'certificate' })
  t.match(faultOf({ chain: 'x' }), { file: 'chain' })
  t.match(faultOf({ chain: '' }), { file: 'chain' })
  t.match(faultOf({ key: 'x' }), { file: 'key' })
  t.match(faultOf({ key: other.key }), { file: 'key' })
  const pemOf = (pair: { readonly privateKey: KeyObject }) =>
    pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  for (const pair of [generateKeyPairSync('ed25519'), generateKeyPairSync('ec', { namedCurve: 'secp256k1' })])
    t.strictSame(faultOf({ key: pemOf(pair) }), {
      file: 'key',
      message: 'must be an RSA key, or an ECDSA key on P-256, P-384 or P-521',
    })
})

for (const type of ['RSA', 'P-256', 'P-384'] as const) {
  t.test(`a profile is signed with a key of type ${type}, and its content stays the same`, async (t) => {
    const issued = await issue(type)
    const { app, lines } = await openApp(t, signed, files(issued))
    const { statusCode, headers, rawPayload } = await app.inject({ url })
    t.equal(statusCode, 200)
    t.match(headers, {
      'content-type': 'application/x-apple-aspen-config',
      'content-length': String(rawPayload.length),
    })
    t.equal(await contentOf(rawPayload), unsigned)
    t.notMatch(lines.join(''), /PRIVATE|unsigned/)
    const folder = t.testdir({ 'ca.pem': issued.authority, 'signed.der': rawPayload })
    const verified = spawnSync('openssl', [
      ...['cms', '-verify', '-inform', 'DER', '-purpose', 'any'],
      ...['-CAfile', join(folder, 'ca.pem'), '-in', join(folder, 'signed.der')],
    ])
    t.equal(verified.stdout?.toString(), unsigned, verified.stderr?.toString() ?? '', {
      skip: !hasOpenssl && 'no openssl',
    })
  })
}

t.test('the chain is sent, from its own file or from the file of the certificate', async (t) => {
  const { certificate, key, authority } = await issue('P-256')
  for (const [config, more] of [
    [
      { ...sign, chain: 'chain.pem' },
      { 'cert.pem': certificate, 'chain.pem': authority },
    ],
    [sign, { 'cert.pem': certificate + authority }],
    [sign, { 'cert.pem': authority + certificate }],
  ] as const) {
    const { app } = await openApp(t, { ...example, apple: { sign: config } }, { 'key.pem': key, ...more })
    const { rawPayload } = await app.inject({ url })
    const { content } = pkijs.ContentInfo.fromBER(rawPayload as Uint8Array<ArrayBuffer>)
    const data = new pkijs.SignedData({ schema: content })
    t.equal(data.certificates?.length, 2)
    await contentOf(rawPayload)
  }
})

t.test('a signature is DER: the content in one piece, and RSA with its parameters', async (t) => {
  for (const type of ['RSA', 'P-256'] as const) {
    const { app } = await openApp(t, signed, files(await issue(type)))
    const { rawPayload } = await app.inject({ url })
    const { content } = pkijs.ContentInfo.fromBER(rawPayload as Uint8Array<ArrayBuffer>)
    const { encapContentInfo, signerInfos } = new pkijs.SignedData({ schema: content })
    t.equal(encapContentInfo.eContent?.idBlock.isConstructed, false)
    t.equal(signerInfos[0]?.signatureAlgorithm.algorithmParams instanceof Null, type === 'RSA')
  }
})

t.test('RSA signs with the same bytes each time', async (t) => {
  const { app } = await openApp(t, signed, files(await issue('RSA')))
  const [one, two] = [await app.inject({ url }), await app.inject({ url })]
  t.same(one.rawPayload, two.rawPayload)
})

t.test('a renewed certificate is used without a restart', async (t) => {
  const { app, live, file } = await openApp(t, signed, files(await issue('P-256')))
  const serialOf = async () => (await app.inject({ url })).rawPayload
  const before = await serialOf()
  const renewed = await issue('P-256')
  writeFileSync(join(dirname(file), 'cert.pem'), renewed.certificate)
  writeFileSync(join(dirname(file), 'key.pem'), renewed.key)
  t.ok(
    live.files.some((name) => name.endsWith('key.pem')),
    'the files are watched',
  )
  await live.reload()
  const after = await serialOf()
  t.notSame(after, before)
  const { content } = pkijs.ContentInfo.fromBER(after as Uint8Array<ArrayBuffer>)
  const [certificate] = new pkijs.SignedData({ schema: content }).certificates ?? []
  const der = (certificate as pkijs.Certificate).toSchema().toBER(false)
  t.match(renewed.certificate.replaceAll('\n', ''), Buffer.from(der).toString('base64'))
})

t.test(
  'a certificate that cannot be used is reported with its place, and profiles are sent unsigned',
  async (t) => {
    const issued = await issue('RSA')
    const other = await issue('RSA')
    const encrypted = '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n'
    const cases: [Record<string, string>, RegExp][] = [
      [
        { 'key.pem': issued.key },
        /:\d+:\d+ apple\.sign\.certificate cert\.pem cannot be read: there is no such file; profiles are sent unsigned$/,
      ],
      [{ 'cert.pem': issued.certificate }, /apple\.sign\.key key\.pem cannot be read/],
      [{ ...files(issued), 'cert.pem': '' }, /apple\.sign\.certificate cert\.pem contains no certificate/],
      [
        { ...files(issued), 'cert.pem': issued.certificate.replace(/\n[A-Za-z0-9+/]{20}/, '\n') },
        /apple\.sign\.certificate cert\.pem contains no certificate/,
      ],
      [{ ...files(issued), 'key.pem': 'half a k' }, /apple\.sign\.key key\.pem contains no private key/],
      [
        { ...files(issued), 'key.pem': encrypted },
        /apple\.sign\.key key\.pem contains no private key without a passphrase/,
      ],
      [
        { ...files(issued), 'key.pem': other.key },
        /apple\.sign\.key key\.pem belongs to another certificate/,
      ],
      [files(await issue('Ed25519')), /apple\.sign\.key key\.pem must be an RSA key, or an ECDSA key/],
    ]
    for (const [some, problem] of cases) {
      const { app, live } = await openApp(t, signed, some)
      t.equal((await app.inject({ url })).body, unsigned)
      t.match(signingState(live.current.config.signing, new Date(0)), { signed: false, problem })
    }
    const chain = { ...example, apple: { sign: { ...sign, chain: 'chain.pem' } } }
    const problemsOf = async (some: Record<string, string>) => {
      const { live } = await openApp(t, chain, some)
      const { signing } = live.current.config
      return signing && 'errors' in signing ? signing.errors.map(({ path }) => path) : []
    }
    t.strictSame(await problemsOf({ ...files(issued), 'chain.pem': 'x' }), ['apple.sign.chain'])
    t.strictSame(await problemsOf({}), ['apple.sign.certificate', 'apple.sign.key', 'apple.sign.chain'])
  },
)

t.test(
  'with an expired certificate, profiles are unsigned, an error is logged once, and readiness and metrics show it',
  async (t) => {
    const issued = await issue('P-256', new Date('2026-02-01T00:00:00Z'))
    let time = new Date('2026-01-31T00:00:00Z')
    const opened = await openApp(t, signed, files(issued), () => time)
    const admin = adminServer(opened)
    t.teardown(() => admin.close())
    const ready = async () => JSON.parse((await admin.inject({ url: '/readyz' })).body).appleSigning
    const metric = async (name: string) =>
      new RegExp(`^mail_autoconfig_${name} (.*)$`, 'm').exec(
        (await admin.inject({ url: '/metrics' })).body,
      )?.[1]
    const errors = () => opened.lines.filter((line) => JSON.parse(line).level === 50)

    await contentOf((await opened.app.inject({ url })).rawPayload)
    t.strictSame(await ready(), { signed: true, validTo: '2026-02-01T00:00:00.000Z' })
    t.equal(await metric('profiles_signed'), '1')
    t.equal(await metric('signing_certificate_expiry_timestamp_seconds'), String(Date.UTC(2026, 1, 1) / 1000))
    t.strictSame(errors(), [])

    time = new Date('2026-02-01T00:00:01Z')
    for (const _ of [1, 2]) t.equal((await opened.app.inject({ url })).body, unsigned)
    t.equal(errors().length, 1)
    t.match(
      errors()[0],
      /apple\.sign\.certificate: the certificate expired at 2026-02-01T00:00:00\.000Z; profiles are sent unsigned/,
    )
    t.match(await ready(), { signed: false, problem: /the certificate expired at/ })
    t.equal(await metric('profiles_signed'), '0')

    time = new Date('1969-12-31T00:00:00Z')
    t.match(await ready(), { signed: false, problem: /the certificate is not valid before 1970/ })
  },
)

t.test('without a certificate, readiness and metrics show that signing is not configured', async (t) => {
  const opened = await openApp(t)
  const admin = adminServer(opened)
  t.teardown(() => admin.close())
  t.equal(JSON.parse((await admin.inject({ url: '/readyz' })).body).appleSigning, null)
  t.match((await admin.inject({ url: '/metrics' })).body, /^mail_autoconfig_profiles_signed Nan$/im)
})

t.test('render prints the signed bytes, and check warns about an expired certificate', async (t) => {
  const issued = await issue('RSA', new Date('2026-02-01T00:00:00Z'))
  const file = configFolder(t, signed, files(issued))
  const render = ['render', 'mobileconfig', 'jane@example.org', '--config', file]
  const good = await runForBytes(render, () => new Date('2026-01-01'))
  t.equal(good.exitCode, 0)
  t.equal(await contentOf(good.bytes), unsigned)
  const late = await runForBytes(render, () => new Date('2026-03-01'))
  t.equal(late.exitCode, 0)
  t.equal(late.bytes.toString(), unsigned)
  t.match(late.stderr, /the certificate expired at/)
  const check = await runForBytes(['check', '--config', file], () => new Date('2026-03-01'))
  t.equal(check.exitCode, 0)
  t.match(
    check.bytes.toString(),
    /^warning: apple\.sign\.certificate: the certificate expired at .*\nOK: .* 1 warning\n$/,
  )
  rmSync(join(dirname(file), 'key.pem'))
  const gone = await runForBytes(['check', '--config', file], () => new Date('2026-01-01'))
  t.match(gone.bytes.toString(), /apple\.sign\.key warning: .*key\.pem cannot be read.*\nOK: .* 1 warning\n$/)
})
