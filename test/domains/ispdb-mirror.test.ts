import { mkdtempSync, readdirSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import Database from 'libsql'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { LoadThread } from '../../src/config/load-in-worker.ts'
import type { AccessLog } from '../../src/http/access-log.ts'
import { readXml } from '../../src/ispdb/xml.ts'
import { run } from '../support/command.ts'
import { configFolder, example, findings, openApp, textOf } from '../support/example.ts'

/** A file like those of the database: with elements that our model does not have, and more than one domain. */
const ispOf = (id: string, ...domains: string[]) => `<clientConfig version="1.1">
  <!-- checked in 2026 -->
  <emailProvider id="${id}">
${[id, ...domains].map((domain) => `    <domain>${domain}</domain>\n`).join('')}    <displayName>${id}</displayName>
    <incomingServer type="exchange"><ewsURL>https://${id}/</ewsURL></incomingServer>
    <outgoingServer type="smtp"><addThisServer>true</addThisServer></outgoingServer>
  </emailProvider>
</clientConfig>
`
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

const files = {
  'a.example.xml': ispOf('a.example', 'A2.example', 'bücher.example'),
  'b.example.xml': declaration + ispOf('b.example', 'example.org'),
}

const withFolder = (serve: 'ispdb' | 'all' = 'ispdb', more: object = {}) => ({
  ...example,
  ispdb: [{ folder: 'db', serve }],
  ...more,
})

const folderOf = (db: Record<string, unknown> = files) => ({ db }) as unknown as Record<string, string>

async function get(app: FastifyInstance, url: string, headers: Record<string, string> = {}) {
  const { statusCode, body, headers: answered } = await app.inject({ url, headers })
  return { statusCode, body, headers: answered }
}

t.test('each file is served unchanged for each of its domains, after an XML declaration', async (t) => {
  const { app, lines } = await openApp(t, withFolder(), folderOf())
  for (const base of ['/v1.1/', '/autoconfig/v1.1/']) {
    for (const name of [
      'a.example',
      'a2.example',
      'A2.EXAMPLE.',
      'xn--bcher-kva.example',
      'b%C3%BCcher.example',
    ]) {
      const { statusCode, body, headers } = await get(app, base + name)
      t.equal(statusCode, 200, base + name)
      t.equal(body, declaration + files['a.example.xml'])
      t.hasStrict(headers, {
        'content-type': 'text/xml; charset=utf-8',
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD, OPTIONS',
        'access-control-max-age': '86400',
        'cache-control': 'public, max-age=3600',
        'content-length': String(Buffer.byteLength(body)),
      })
      const again = await get(app, base + name, { 'if-none-match': String(headers['etag']) })
      t.match(again, { statusCode: 304, body: '' })
    }
    t.equal((await get(app, `${base}b.example`)).body, files['b.example.xml'])
  }
  t.notMatch(lines.join(''), 'a2.example')
})

t.test('the compressed document is the same', async (t) => {
  const { app } = await openApp(t, withFolder(), folderOf())
  const { rawPayload, headers } = await app.inject({
    url: '/v1.1/a.example',
    headers: { 'accept-encoding': 'gzip' },
  })
  t.equal(headers['content-encoding'], 'gzip')
  t.equal(gunzipSync(rawPayload).toString(), declaration + files['a.example.xml'])
})

t.test('an unknown domain gets a 404 that may be cached for eight hours', async (t) => {
  const { app } = await openApp(t, withFolder(), folderOf())
  for (const name of ['mail.a.example', 'example', 'c.example']) {
    const { statusCode, headers, body } = await get(app, `/v1.1/${name}`)
    t.equal(statusCode, 404, name)
    t.hasStrict(headers, {
      'cache-control': 'public, max-age=28800',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-max-age': '86400',
    })
    t.match(body, /^No mail settings for this domain/)
  }
  const { headers } = await get(app, '/mail/config-v1.1.xml?emailaddress=x@c.example')
  t.equal(headers['cache-control'], 'public, max-age=300', 'five minutes at other URLs')
  const broken = await openApp(
    t,
    withFolder(),
    folderOf({ ...files, 'c.xml': ispOf('c.example').slice(0, 99) }),
  )
  const briefly = await get(broken.app, '/v1.1/c.example')
  t.equal(briefly.headers['cache-control'], 'public, max-age=300', 'five minutes while a file has an error')
  const plain = await openApp(t, example)
  const own = await get(plain.app, '/v1.1/c.example')
  t.equal(own.headers['cache-control'], 'public, max-age=300', 'five minutes without a mirror')
})

const autoconfigUrls = [
  '/mail/config-v1.1.xml',
  '/.well-known/autoconfig/mail/config-v1.1.xml',
  '/v1.1/mail/config-v1.1.xml',
  '/.well-known/mail-v1.xml',
]

t.test('serve: ispdb answers only at the ISPDB URLs, serve: all also at the autoconfig URLs', async (t) => {
  for (const serve of ['ispdb', 'all'] as const) {
    const { app } = await openApp(t, withFolder(serve), folderOf())
    const expected = serve === 'all' ? 200 : 404
    for (const url of autoconfigUrls) {
      t.equal((await get(app, `${url}?emailaddress=jane@a2.example`)).statusCode, expected, url)
      const byHost = await get(app, url, { host: 'autoconfig.a2.example:8080' })
      t.equal(byHost.statusCode, expected, `${url} by the host name`)
      if (expected === 200) t.equal(byHost.body, declaration + files['a.example.xml'])
      const ofAnother = await get(app, `${url}?emailaddress=x@c.example`, { host: 'autoconfig.a.example' })
      t.equal(ofAnother.statusCode, expected, `${url} for an unknown address at a known host`)
    }
    for (const url of [
      '/autodiscover/autodiscover.xml',
      '/apple/mail.mobileconfig',
      '/.well-known/user-agent-configuration.json',
    ]) {
      const { statusCode } = await get(app, `${url}?emailaddress=jane@a2.example`, { host: 'a2.example' })
      t.equal(statusCode, 404, url)
    }
  }
})

t.test('domains, wildcards, hosts and sources of the configuration come before ISPDB files', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-autoconfig-'))
  const database = new Database(join(folder, 'mail.sqlite'))
  database.exec(
    "CREATE TABLE domain (name TEXT, host TEXT); INSERT INTO domain VALUES ('sold.example', 'maximusconfessor')",
  )
  database.close()
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const sql = {
    url: `sqlite:${join(folder, 'mail.sqlite')}`,
    domain: 'SELECT host FROM domain WHERE name = $1',
  }
  const domains = {
    'example.org': 'maximusconfessor',
    '*.below.example': 'vonmuenchhausen',
    '*': 'vonmuenchhausen',
  }
  const document = ispOf(
    'a.example',
    'example.org',
    'x.below.example',
    'maximusconfessor.all2all.org',
    'all2all.org',
  )
  const config = withFolder('all', { domains })
  const db = folderOf({ 'a.xml': document })
  const { app } = await openApp(t, config, db)
  const hostnameFor = async (one: FastifyInstance, name: string, url = `/v1.1/${name}`) =>
    textOf((await get(one, url, { host: 'elsewhere.example' })).body, 'hostname')
  t.equal(await hostnameFor(app, 'example.org'), 'maximusconfessor.all2all.org')
  t.equal(await hostnameFor(app, 'x.below.example'), 'vonmuenchhausen.all2all.org')
  t.match(await hostnameFor(app, 'maximusconfessor.all2all.org'), /all2all.org$/)
  t.equal(await hostnameFor(app, 'a.example'), undefined, 'the catch-all comes after the files')
  t.equal(await hostnameFor(app, 'c.example'), 'vonmuenchhausen.all2all.org')
  const address = '/mail/config-v1.1.xml?emailaddress=jane@'
  t.equal(await hostnameFor(app, '', `${address}example.org`), 'maximusconfessor.all2all.org')
  t.equal(await hostnameFor(app, '', `${address}a.example`), undefined)

  const sold = folderOf({ 'a.xml': ispOf('a.example', 'sold.example', 'all2all.org') })
  const withSource = await openApp(t, { ...example, sources: [{ sql }], ispdb: config.ispdb }, sold)
  t.equal(await hostnameFor(withSource.app, 'sold.example'), 'maximusconfessor.all2all.org')
  t.equal(await hostnameFor(withSource.app, 'a.example'), undefined)
  t.equal((await get(withSource.app, '/v1.1/a.example')).statusCode, 200)
  t.equal((await get(withSource.app, '/v1.1/nobody.example')).statusCode, 404)
  t.equal(
    (await get(withSource.app, '/v1.1/all2all.org')).statusCode,
    200,
    'the provider’s domain without a host',
  )
})

t.test('the index lists the domains of the files and not those of the configuration', async (t) => {
  const many = Object.fromEntries(
    Array.from({ length: 3 }, (_, i) => [
      `${i}.xml`,
      ispOf(`${i}.example`, ...Array.from({ length: 900 }, (_, j) => `d${j}.${i}.example`)),
    ]),
  )
  const { app, accessLog, lines } = await openApp(t, withFolder(), folderOf({ ...many, ...files }))
  for (const base of ['', '/autoconfig']) {
    const json = await get(app, `${base}/generated_files.json`)
    const names = JSON.parse(json.body) as string[]
    t.equal(names.length, 3 * 901 + 5)
    t.strictSame(names, [...names].sort())
    t.ok(names.includes('xn--bcher-kva.example'))
    t.equal(json.body, `${JSON.stringify(names, null, 2)}\n`)
    t.equal(json.headers['content-type'], 'application/json; charset=utf-8')
    const page = await get(app, `${base}/v1.1/`)
    t.equal(page.headers['content-type'], 'text/html; charset=utf-8')
    const links = [...page.body.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)]
    t.strictSame(
      links.map(([, url, name]) => [url, name]),
      names.map((name) => [`${base}/v1.1/${name}`, name]),
    )
    t.notMatch(page.body, 'example.net', 'a domain of the configuration')
    t.equal((await get(app, `${base}/v1.1`)).body, page.body)
    t.match(page.headers, {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'cache-control': 'public, max-age=3600',
    })
    const known = await get(app, `${base}/v1.1/`, { 'if-none-match': String(page.headers['etag']) })
    t.match(known, { statusCode: 304, body: '' })
    const head = await app.inject({ method: 'HEAD', url: `${base}/v1.1/` })
    t.match(head, { statusCode: 200, body: '' })
    const zipped = await app.inject({ url: `${base}/v1.1/`, headers: { 'accept-encoding': 'gzip' } })
    t.equal(gunzipSync(zipped.rawPayload).toString(), page.body)
    t.not(zipped.headers['etag'], page.headers['etag'], 'the two codings have an ETag each')
    t.equal((await app.inject({ method: 'POST', url: `${base}/v1.1/` })).statusCode, 405)
    t.match(counted(accessLog, `${base}/v1.1/`), { 200: 4, 304: 1, 405: 1 }, 'counted')
    t.match(counted(accessLog, `${base}/generated_files.json`), { 200: 1 }, 'counted')
    t.equal(lines.filter((line) => JSON.parse(line).route === `${base}/v1.1/`).length, 6, 'logged')
  }
  t.notMatch(lines.join(''), /\.example/)
})

/** The number of requests of a route by status. */
const counted = (accessLog: AccessLog, path: string): Record<string, number> =>
  Object.fromEntries(
    [...accessLog.counts()].filter(({ route }) => route === path).map((one) => [one.status, one.requests]),
  )

t.test('an ISPDB without a valid file has an empty index; without an ISPDB there is no index', async (t) => {
  const { app } = await openApp(t, withFolder(), folderOf({ 'a.xml': '<a/>' }))
  t.equal((await get(app, '/generated_files.json')).body, '[]\n')
  t.match((await get(app, '/v1.1/')).body, '<p>0 domains</p>')
  const plain = await openApp(t, { ...example, http: { compress: false } })
  t.equal((await get(plain.app, '/generated_files.json')).statusCode, 404)
  t.equal((await get(plain.app, '/v1.1/')).statusCode, 404)
  const uncompressed = await openApp(t, { ...withFolder(), http: { compress: false } }, folderOf())
  const { headers } = await get(uncompressed.app, '/v1.1/', { 'accept-encoding': 'gzip' })
  t.notOk(headers['vary'])
})

t.test('errors in a file are reported with their place, and the other files are served', async (t) => {
  const [broken, bare, comment] = [
    '<clientConfig>\n  <a url="x?b=1&c=2"/>\n  <b></clientConfig>',
    '<clientConfig>\n <!-- a & b --> <![CDATA[&]]> &amp; &#38; &#x26; &Auml;</clientConfig>',
    '<clientConfig>\n  <!-- never closed -></clientConfig>',
  ]
  const db = {
    ...files,
    '0.xml': '',
    '1.xml': `\ufeff${files['b.example.xml']}`,
    '2.xml': '\n<rss/>',
    '3.xml': '<clientConfig xmlns="urn:x"/>',
    '4.xml': '<!DOCTYPE clientConfig>\n<clientConfig/>',
    '5.xml': '<?xml version="1.0" encoding="ISO-8859-1"?><clientConfig/>',
    '6.xml': Buffer.from([0x3c, 0xff]),
    '7.xml': broken,
    '8.xml': bare,
    '9.xml': comment,
    'c.xml': '<clientConfig><emailProvider>\n<domain>%EMAILDOMAIN%</domain></emailProvider></clientConfig>',
    'd.xml': '<clientConfig/>',
    'e.xml': ispOf('e.example', 'a.example', 'a_b.example', 'e.example'),
    'f.xml': '<clientConfig>\n<domain>f.example</domain>',
    'README.md': 'not read',
    '.hidden.xml': 'not read',
  }
  const { warnings, errors } = await findings(t, withFolder(), folderOf(db))
  t.strictSame(errors, [])
  const skipped = 'the file is ignored'
  t.strictSame(warnings, [
    `db/0.xml:1:1 is not well-formed: document must contain a root element; ${skipped}`,
    `db/1.xml:1:1 starts with a byte order mark, which Evolution cannot read; save the file without one; ${skipped}`,
    `db/2.xml:2:1 the root element must be <clientConfig>, not <rss>; ${skipped}`,
    `db/3.xml:1:1 the root element must have no namespace; remove the attribute xmlns; ${skipped}`,
    `db/4.xml:1:23 contains a DOCTYPE, which can define entities and is not read here; remove it; ${skipped}`,
    `db/5.xml:1:43 declares another encoding than UTF-8; save the file as UTF-8 and declare that; ${skipped}`,
    `db/6.xml:1:1 is not UTF-8; save the file as UTF-8; ${skipped}`,
    `db/7.xml:2:16 is not well-formed: write a literal & as &amp;; ${skipped}`,
    `db/8.xml:2:50 is not well-formed: write a literal & as &amp;; ${skipped}`,
    `db/9.xml:2:3 is not well-formed: this comment is not closed; end it with -->; ${skipped}`,
    `db/c.xml:2:1 <domain> is not usable: it is the placeholder %EMAILDOMAIN%, not a domain; list each domain; ${skipped}`,
    `db/d.xml:1:1 has no <domain>; add one for each domain of the provider; ${skipped}`,
    'db/e.xml:5:1 a.example is also in db/a.example.xml, which is served for this domain',
    'db/e.xml:6:5 <domain> is not usable: it is not a domain such as example.org; ignored',
    `db/f.xml:2:26 is not well-formed: unclosed tag: clientConfig; ${skipped}`,
  ])
  const { app } = await openApp(t, withFolder(), folderOf(db))
  t.match((await get(app, '/v1.1/a.example')).body, 'emailProvider id="a.example"')
  t.match((await get(app, '/v1.1/e.example')).body, 'emailProvider id="e.example"')
})

t.test('a file with a socketType that clients misread is served, with a warning', async (t) => {
  const socketTypes = ['ssl', 'TLS', 'ssl/tls', 'SSL', 'STARTTLS', 'plain', 'secret words', '']
  const lines = socketTypes.map((text) => `<socketType>${text}</socketType>`).join('\n')
  const db = { 'a.example.xml': `<clientConfig><domain>a.example</domain>\n${lines}</clientConfig>` }
  const { warnings, errors } = await findings(t, withFolder(), folderOf(db))
  t.strictSame(errors, [])
  const why =
    'is not one of SSL, STARTTLS, plain: KMail 22.12 reads it as no encryption, and Thunderbird ignores the server'
  t.strictSame(warnings, [
    `db/a.example.xml:2:1 <socketType> "ssl" ${why}`,
    `db/a.example.xml:3:1 <socketType> "TLS" ${why}`,
    `db/a.example.xml:4:1 <socketType> "ssl/tls" ${why}`,
    `db/a.example.xml:8:1 <socketType> ${why}`,
    `db/a.example.xml:9:1 <socketType> ${why}`,
  ])
  const { app } = await openApp(t, withFolder(), folderOf(db))
  t.match((await get(app, '/v1.1/a.example')).body, '<socketType>ssl</socketType>')
})

t.test('elements have their own text, with white space collapsed', (t) => {
  const root = readXml(
    Buffer.from('\n<a b="1">\n one\n  two <c><![CDATA[<&>]]> &lt;</c><!-- x --></a>\n<!-- y -->'),
  )
  t.hasStrict(root, {
    ok: true,
    value: {
      name: 'a',
      text: 'one two',
      line: 2,
      children: [{ name: 'c', text: '<&> <' }],
    },
  })
  t.notOk(readXml(Buffer.from(`${'x'.repeat(200_000)}<a/>`)).ok)
  t.ok(readXml(Buffer.from(`<a>${'\u{1f4e7}'.repeat(70_000)}</a>`)).ok)
  t.end()
})

t.test('a missing or empty directory is an error', async (t) => {
  const errorsOf = async (db: Record<string, unknown>) =>
    (await findings(t, withFolder(), folderOf(db))).errors
  t.strictSame((await findings(t, withFolder())).errors, [
    'autoconfig.yaml:14:13 ispdb[0].folder db cannot be read: there is no such file',
  ])
  t.strictSame(await errorsOf({ 'a.txt': 'x' }), [
    'autoconfig.yaml:14:13 ispdb[0].folder db contains no *.xml file',
  ])
  t.strictSame(await errorsOf({ ispdb: { 'a.txt': 'x' } }), [
    'autoconfig.yaml:14:13 ispdb[0].folder db contains no *.xml file',
  ])
  t.match((await findings(t, { ...example, ispdb: [{ folder: '', serve: 'x' }] })).errors, [
    /ispdb\[0\]\.folder must not be empty/,
    /ispdb\[0\]\.serve must be one of ispdb, all/,
  ])
})

t.test('a checkout of the database works: its files are in ispdb/', async (t) => {
  const { app } = await openApp(
    t,
    withFolder(),
    folderOf({ 'README.md': 'x', ispdb: files, tools: { 'x.py': '' } }),
  )
  t.equal((await get(app, '/v1.1/b.example')).statusCode, 200)
})

t.test('a reload reads changed files and keeps the others', async (t) => {
  for (const load of [loadConfig, undefined]) {
    const file = configFolder(t, withFolder(), folderOf({ ...files, 'bad.xml': '<bad' }))
    const db = join(dirname(file), 'db')
    const first = await loadConfig(file)
    if (!('config' in first)) throw new Error('errors')
    // The fingerprints stay the same, so only a file that is read again has its domains.
    const { ispdb } = first.config
    const marked = ispdb.map((folder) => ({
      ...folder,
      files: folder.files.map((one) => ({
        ...one,
        ...(one.document && { document: { ...one.document, domains: [] } }),
      })),
    }))
    writeFileSync(join(db, 'b.example.xml'), ispOf('b.example', 'new.example'))
    const order = { file, ispdb: marked }
    const second = load ? await load(file, order) : await new LoadThread().load(order)
    if (!('config' in second)) throw new Error('errors')
    const [a, b] = second.config.ispdb[0]?.files ?? []
    t.strictSame(a?.document?.domains, [], 'kept')
    t.match(b?.document?.domains, [
      { domain: 'b.example', line: 4 },
      { domain: 'new.example', line: 5 },
    ])
    t.equal(second.config.warnings.length, 1, 'the warning is reported again')
  }
})

t.test(
  'a reload notices new, changed and deleted files, and keeps the last good version of one with an error',
  async (t) => {
    const { Readiness } = await import('../../src/http/readiness.ts')
    const { metricsOf } = await import('../../src/http/metrics.ts')
    const { app, live, file, accessLog, now } = await openApp(t, withFolder(), folderOf())
    const db = join(dirname(file), 'db')
    const statusOf = async (name: string) => (await get(app, `/v1.1/${name}`)).statusCode
    writeFileSync(join(db, 'c.example.xml'), ispOf('c.example'))
    await live.reload()
    t.equal(await statusOf('c.example'), 200)
    writeFileSync(join(db, 'c.example.xml'), ispOf('c.example').slice(0, 200))
    await live.reload()
    t.equal((await get(app, '/v1.1/c.example')).body, declaration + ispOf('c.example'))
    const warning = { message: /not well-formed: unclosed tag: \w+; its last good version is served$/ }
    t.match(live.current.config.warnings, [warning])
    await live.reload()
    t.match(live.current.config.warnings, [warning], 'also when it has not changed')
    t.equal(await statusOf('c.example'), 200)
    const cached = async () => (await get(app, '/v1.1/unknown.example')).headers['cache-control']
    t.equal(await cached(), 'public, max-age=300', 'the file may name the domain as soon as it is fixed')
    t.match(
      await metricsOf({ live, accessLog, now, readiness: new Readiness(live) }).metrics(),
      /\nmail_autoconfig_ispdb_broken_files 1\n/,
    )
    writeFileSync(join(db, 'c.example.xml'), ispOf('c.example', 'new.example'))
    await live.reload()
    t.equal(await statusOf('new.example'), 200)
    t.equal(await cached(), 'public, max-age=28800')
    unlinkSync(join(db, 'c.example.xml'))
    await live.reload()
    t.equal(await statusOf('c.example'), 404)
    t.strictSame(live.current.config.warnings, [])
    renameSync(db, `${db}.new`)
    await live.reload()
    t.equal(live.state.lastError?.errors.length, 1)
    t.equal(await statusOf('a.example'), 200, 'the last good configuration stays in use')
    t.ok(
      live.files.includes(live.files.find((one) => one.endsWith('db')) ?? ''),
      'and the missing directory is watched',
    )
  },
)

t.test('a file that cannot be read is skipped until it can be read', async (t) => {
  const file = configFolder(t, withFolder(), folderOf({ ...files, 'folder.xml': {} }))
  const outcome = await loadConfig(file)
  t.match(outcome, {
    config: { warnings: [{ message: 'cannot be read: it is a directory; the file is ignored' }] },
  })
  const folder = join(dirname(file), 'db')
  utimesSync(folder, new Date(0), new Date(0))
  t.equal(readdirSync(folder).length, 3)
})

t.test('the commands show ISPDB documents', async (t) => {
  const config = configFolder(
    t,
    withFolder('all', { domains: { 'example.org': 'maximusconfessor', '*': 'vonmuenchhausen' } }),
    folderOf(),
  )
  const command = (...args: string[]) => run([...args, '--config', config])
  t.match(await command('check'), {
    exitCode: 0,
    stdout: /^OK: 2 domains, 2 hosts, 5 domains of 2 ISPDB files, \d+ documents rendered, no warnings\n$/,
  })
  t.match(await command('render', 'autoconfig', 'x@a2.example'), {
    exitCode: 0,
    stdout: declaration + files['a.example.xml'],
  })
  t.match(await command('render', 'mail-v1', 'a2.example'), {
    exitCode: 0,
    stdout: declaration + files['a.example.xml'],
  })
  t.match((await command('render', 'autoconfig', 'example.org')).stdout, 'maximusconfessor.all2all.org')
  const mirrored = await command('explain', 'a2.example')
  t.equal(mirrored.exitCode, 0)
  t.match(mirrored.stdout, /\nISPDB {8}\S*db\/a\.example\.xml, unchanged\n/)
  t.match(mirrored.stdout, 'https://autoconfig.a2.example/mail/config-v1.1.xml\n')
  t.match(mirrored.stdout, '/v1.1/a2.example\n')
  const configured = await command('explain', 'example.org')
  t.match(
    configured.stdout,
    /b\.example\.xml of the ISPDB also names example\.org, but the configuration has precedence\n$/,
  )
  const ispdbOnly = configFolder(t, withFolder(), folderOf())
  const { stdout } = await run(['explain', 'a.example', '--config', ispdbOnly])
  t.match(
    stdout,
    /^domain {7}a\.example\nISPDB {8}\S+, unchanged\nclients ask {2}\/v1\.1\/a\.example\n {13}\/autoconfig\/v1\.1\/a\.example\n$/,
  )
  t.match(await run(['explain', 'mail.a.example', '--config', ispdbOnly]), { exitCode: 1 })
})

t.test('a metric has the number of domains with files', async (t: Test) => {
  const { metricsOf } = await import('../../src/http/metrics.ts')
  const { Readiness } = await import('../../src/http/readiness.ts')
  const metrics = ({ live, accessLog, now }: Awaited<ReturnType<typeof openApp>>) =>
    metricsOf({ live, accessLog, now, readiness: new Readiness(live) }).metrics()
  t.match(await metrics(await openApp(t, withFolder(), folderOf())), /\nmail_autoconfig_ispdb_domains 5\n/)
  t.match(await metrics(await openApp(t)), /\nmail_autoconfig_ispdb_domains 0\n/)
})

t.test('diff counts the domains whose files were changed, added or removed', async (t) => {
  const folder = t.testdir({
    old: {
      'a.xml': ispOf('a.example', 'same.example'),
      'b.xml': ispOf('b.example'),
      'c.xml': ispOf('c.example'),
    },
    next: {
      'a.xml': ispOf('a.example', 'same.example'),
      'b.xml': ispOf('b.example', 'new.example'),
      'd.xml': ispOf('d.example'),
    },
  })
  const configOf = (ispdb: object[]) => JSON.stringify({ ...example, ispdb })
  writeFileSync(join(folder, 'old.yaml'), configOf([{ folder: 'old' }]))
  writeFileSync(join(folder, 'next.yaml'), configOf([{ folder: 'next' }]))
  writeFileSync(join(folder, 'all.yaml'), configOf([{ folder: 'next', serve: 'all' }]))
  writeFileSync(join(folder, 'none.yaml'), configOf([]))
  const notes = async (old: string, next: string) => {
    const { stdout } = await run([
      'diff',
      join(folder, `${old}.yaml`),
      join(folder, `${next}.yaml`),
      '--json',
    ])
    return JSON.parse(stdout).notes
  }
  t.strictSame(await notes('old', 'next'), ['ispdb: documents of 1 domain changed, 2 added, 1 removed'])
  t.strictSame(await notes('next', 'all'), ['ispdb: documents of 5 domains changed, 0 added, 0 removed'])
  t.strictSame(await notes('none', 'old'), ['ispdb: documents of 0 domains changed, 4 added, 0 removed'])
  t.strictSame(await notes('old', 'old'), [])
})
