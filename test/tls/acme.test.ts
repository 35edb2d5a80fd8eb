import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { Challenges } from '../../src/acme/challenges.ts'
import { thumbprintOf } from '../../src/acme/thumbprint.ts'
import { run } from '../support/command.ts'
import { configFolder, example, findings, openApp } from '../support/example.ts'

const thumbprint = 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ'
const token = 'evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr_oA'
const path = '/.well-known/acme-challenge'

t.test('with a thumbprint, any token is answered at any host name', async (t) => {
  const { app } = await openApp(t, { ...example, acme: { thumbprint } })
  for (const host of ['autoconfig.example.org', 'unknown.example.com', '192.0.2.1']) {
    const { statusCode, headers, body } = await app.inject({ url: `${path}/${token}`, headers: { host } })
    t.equal(statusCode, 200)
    t.equal(body, `${token}.${thumbprint}`)
    t.match(headers, {
      'content-type': 'application/octet-stream',
      'content-length': '87',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  }
  const head = await app.inject({ method: 'HEAD', url: `${path}/${token}` })
  t.equal(head.statusCode, 200)
  t.equal(head.body, '')
  t.equal((await app.inject({ method: 'POST', url: `${path}/${token}` })).statusCode, 405)
})

t.test('a text that is no token gets 404', async (t) => {
  const { app } = await openApp(t, { ...example, acme: { thumbprint } })
  const texts = [
    ...['', 'a'.repeat(21), 'a'.repeat(201), `${token}.html`, `${token}/x`, `${token}%0d%0aX:%20y`],
    ...[`${token}%00`, `..%2f${token}`, `${token.slice(0, -1)}=`, `${token}%C3%A9`],
  ]
  for (const text of texts) {
    const { statusCode, body } = await app.inject({ url: `${path}/${text}` })
    t.equal(statusCode, 404, text)
    t.notMatch(body, token)
  }
  for (const text of ['a'.repeat(22), 'a'.repeat(200)])
    t.equal((await app.inject({ url: `${path}/${text}` })).body, `${text}.${thumbprint}`)
})

t.test('without acme:, the path gets 404 as any other', async (t) => {
  const { app } = await openApp(t)
  const { statusCode, headers, body } = await app.inject({ url: `${path}/${token}` })
  t.equal(statusCode, 404)
  t.equal(headers['content-type'], 'text/plain; charset=utf-8')
  t.equal(body, (await app.inject({ url: '/nothing' })).body)
})

/** A configuration with a webroot beside it, and the directory of the challenges in it. */
async function openWebroot(t: Test, more: object = {}) {
  const opened = await openApp(t, { ...example, acme: { webroot: 'www', ...more } })
  const directory = join(dirname(opened.file), 'www', '.well-known', 'acme-challenge')
  mkdirSync(directory, { recursive: true })
  const answer = async (name = token) => {
    const { statusCode, body } = await opened.app.inject({ url: `${path}/${name}` })
    return statusCode === 200 ? body : statusCode
  }
  return { ...opened, directory, answer }
}

t.test('from a webroot, the answer that an ACME client has written', async (t) => {
  const { directory, answer } = await openWebroot(t)
  t.equal(await answer(), 404)
  writeFileSync(join(directory, token), `${token}.${thumbprint}\n`)
  t.equal(await answer(), `${token}.${thumbprint}`)
})

t.test('nothing but an answer to its own token is read from a webroot', async (t) => {
  const { directory, answer, file } = await openWebroot(t)
  const good = `${token}.${thumbprint}`
  const wrong = ['', 'secret', `other.${thumbprint}`, `${token}.short`, `${good}x`, `${good}\nsecret`]
  for (const content of [...wrong, good + ' '.repeat(600)]) {
    writeFileSync(join(directory, token), content)
    t.equal(await answer(), 404, content.slice(0, 60))
  }
  const names = { outside: 'a'.repeat(43), inside: 'b'.repeat(43), folder: 'c'.repeat(43) }
  writeFileSync(join(dirname(file), names.outside), `${names.outside}.${thumbprint}`)
  symlinkSync(join(dirname(file), names.outside), join(directory, names.outside))
  writeFileSync(join(directory, '..', names.inside), `${names.inside}.${thumbprint}`)
  symlinkSync(join('..', names.inside), join(directory, names.inside))
  mkdirSync(join(directory, names.folder))
  t.equal(await answer(names.outside), 404, 'a symbolic link that leads out')
  t.equal(await answer(names.inside), `${names.inside}.${thumbprint}`, 'a symbolic link inside')
  t.equal(await answer(names.folder), 404, 'a directory')
})

t.test('with both, a file comes before the thumbprint', async (t) => {
  const { directory, answer } = await openWebroot(t, { thumbprint })
  t.equal(await answer(), `${token}.${thumbprint}`)
  const other = 'x'.repeat(43)
  writeFileSync(join(directory, token), `${token}.${other}`)
  t.equal(await answer(), `${token}.${other}`)
})

t.test('a webroot that does not answer delays a challenge, and does not fail it', async (t) => {
  // No file system answers within no time at all.
  const challenges = new Challenges(0)
  t.equal(await challenges.answer(token, { webroot: t.testdir(), thumbprint }), `${token}.${thumbprint}`)
})

t.test('a change of the configuration changes the answer', async (t) => {
  const { app, live, file } = await openApp(t)
  t.equal((await app.inject({ url: `${path}/${token}` })).statusCode, 404)
  const text = JSON.stringify({ ...example, acme: { thumbprint } })
  writeFileSync(file, text)
  await live.reload()
  t.equal((await app.inject({ url: `${path}/${token}` })).statusCode, 200)
})

t.test('errors say where, what is wrong, and what to write', async (t) => {
  const errorsOf = async (acme: object) => (await findings(t, { ...example, acme })).errors.join('\n')
  for (const wrong of [
    thumbprint.slice(1),
    `${thumbprint}A`,
    thumbprint.replace('-', '+'),
    `${thumbprint.slice(0, -1)}R`,
  ])
    t.match(
      await errorsOf({ thumbprint: wrong }),
      /^autoconfig\.yaml:\d+:\d+ acme\.thumbprint must be the thumbprint .*"mail-autoconfig thumbprint FILE"/,
    )
  t.match(await errorsOf({}), 'acme must have thumbprint, webroot or both')
  t.match(
    await errorsOf({ webroot: '/srv/.well-known/acme-challenge/' }),
    'acme.webroot must be the directory above',
  )
  t.match(await errorsOf({ accountKey: 'a' }), 'acme.accountKey')
})

t.test('check warns of a webroot that is not there', async (t) => {
  const file = configFolder(t, { ...example, acme: { webroot: 'www' } })
  const missing = await run(['check', '-c', file])
  t.equal(missing.exitCode, 0)
  t.match(missing.stdout, /acme\.webroot: .*www is not a directory; create it, or write the directory/)
  mkdirSync(join(dirname(file), 'www'))
  t.match((await run(['check', '-c', file])).stdout, 'no warnings')
  const other = configFolder(t, { ...example, acme: { thumbprint } })
  t.match((await run(['check', '-c', other])).stdout, 'no warnings')
})

t.test('the thumbprint of an account key', async (t) => {
  // The example of RFC 7638, section 3.1.
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
  t.equal(
    thumbprintOf(JSON.stringify({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' })),
    'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  )
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  const expected = createHash('sha256')
    .update(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`)
    .digest('base64url')
  const pem = privateKey.export({ type: 'sec1', format: 'pem' }) as string
  const folder = t.testdir({ 'account.pem': pem, 'other.pem': 'x', 'broken.json': '{' })
  const printed = await run(['thumbprint', join(folder, 'account.pem')])
  t.strictSame(printed, { exitCode: 0, stdout: `${expected}\n`, stderr: '' })
  for (const name of ['other.pem', 'broken.json', 'none.pem']) {
    const { exitCode, stdout, stderr } = await run(['thumbprint', join(folder, name)])
    t.equal(exitCode, 1)
    t.equal(stdout, '')
    t.match(stderr, name === 'none.pem' ? 'cannot be read' : 'contains no account key; write a PEM file')
  }
  const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  t.equal(thumbprintOf(ed25519), undefined, 'ACME clients have no such keys')
  t.strictSame((await findings(t, { ...example, acme: { thumbprint: printed.stdout.trim() } })).errors, [])
})
