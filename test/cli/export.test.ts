import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { stringify } from 'yaml'
import { run, runForBytes } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'

const ispOf = (...domains: string[]) =>
  `<clientConfig version="1.1"><emailProvider id="x">${domains.map((domain) => `<domain>${domain}</domain>`).join('')}</emailProvider></clientConfig>\n`

const config = {
  ...example,
  domains: {
    ...example.domains,
    'example.com': { host: 'vonmuenchhausen', displayName: 'Other' },
    '*.below.example': 'vonmuenchhausen',
    '*.own.example': { host: 'vonmuenchhausen', displayName: 'Other' },
  },
  ispdb: [{ folder: 'one' }, { folder: 'all', serve: 'all' }],
}
const db = {
  one: { 'a.xml': ispOf('a.example', 'b.example') },
  all: { 'a.xml': ispOf('c.example', 'd.example') },
} as unknown as Record<string, string>

const pageFiles = ['page.de.html', 'page.en.html', 'page.fr.html', 'page.nl.html']

/** Exports a configuration with the given options. */
async function exported(t: Test, config: object, ...options: string[]) {
  const file = configFolder(t, config, db)
  const tree = join(dirname(file), 'tree')
  const again = (...more: string[]) => run(['export', tree, '--config', file, ...options, ...more])
  return {
    ...(await again()),
    file,
    tree,
    again,
    configure: (next: object) => writeFileSync(file, stringify(next)),
  }
}

const textOf = (...path: string[]) => readFileSync(join(...path), 'utf8')

/** Everything in a directory: the contents of files, the targets of links. */
function contents(directory: string, path = ''): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(join(directory, path), { withFileTypes: true }).map((entry) => {
      const name = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.isDirectory()) return contents(directory, name)
      return {
        [name]: entry.isSymbolicLink()
          ? `-> ${readlinkSync(join(directory, name))}`
          : textOf(directory, name),
      }
    }),
  )
}

t.test('each host has its documents once, and each domain has a link to them', async (t) => {
  const { exitCode, stdout, stderr, tree } = await exported(t, config)
  t.match({ exitCode, stderr }, { exitCode: 0, stderr: '' })
  const found = contents(tree)
  t.match(stdout, new RegExp(`^${Object.keys(found).length} written, 0 unchanged; `))
  t.match(found, {
    'domains/example.org': '-> ../hosts/maximusconfessor',
    'domains/example.net': '-> ../hosts/vonmuenchhausen',
    'domains/example.com': '-> ../entries/example.com',
    'ispdb/ispdb/a.example.xml': '-> ../../ispdb/files/a.example.xml',
    'ispdb/ispdb/b.example.xml': '-> ../../ispdb/files/a.example.xml',
    'ispdb/ispdb/d.example.xml': '-> ../../ispdb/files/c.example.xml',
    'ispdb/all/d.example.xml': '-> ../../ispdb/files/c.example.xml',
  })
  t.notOk('ispdb/all/a.example.xml' in found)
  t.strictSame(
    Object.keys(found)
      .filter((name) => name.startsWith('hosts/'))
      .sort(),
    ['maximusconfessor', 'vonmuenchhausen'].flatMap((key) =>
      ['config-v1.1.xml', 'mail-v1.xml', ...pageFiles, 'user-agent-configuration.json'].map(
        (file) => `hosts/${key}/${file}`,
      ),
    ),
  )
  t.match(
    found['hosts/maximusconfessor/config-v1.1.xml'],
    '<domain>{{placeholder "http.vars.domain"}}</domain>',
  )
  t.match(found['nginx.conf'], '*.below.example "hosts/vonmuenchhausen";')
  t.match(found['nginx.conf'], '*.own.example "entries/*.own.example";')
  t.match(found['nginx.conf'], `root "${tree}";`)
  t.match(found['nginx.conf'], '\n    access_log off;\n    log_not_found off;\n', 'queries contain addresses')
  t.match(found['Caddyfile'], `root * "${tree}"`)
  t.equal(lstatSync(join(tree, 'ispdb/files/a.example.xml')).isFile(), true)
})

t.test('the file for each domain is the same as the answer of the server', async (t) => {
  const { app } = await openApp(t, config, db)
  const answers: [file: string, host: string, url: string][] = [
    ...['example.org', 'example.com'].flatMap((domain): [string, string, string][] => [
      [`domains/${domain}/config-v1.1.xml`, `autoconfig.${domain}`, '/mail/config-v1.1.xml'],
      [`domains/${domain}/mail-v1.xml`, domain, '/.well-known/mail-v1.xml'],
      [
        `domains/${domain}/user-agent-configuration.json`,
        domain,
        '/.well-known/user-agent-configuration.json',
      ],
    ]),
    ['ispdb/ispdb/b.example.xml', 'x.example', '/v1.1/b.example'],
    ['ispdb/v1.1.html', 'x.example', '/v1.1/'],
    ['ispdb/autoconfig-generated_files.json', 'x.example', '/autoconfig/generated_files.json'],
  ]
  const bodies = await Promise.all(
    answers.map(async ([, host, url]) => (await app.inject({ url, headers: { host } })).body),
  )
  const { tree } = await exported(t, config, '--each-domain')
  for (const [index, [file]] of answers.entries()) t.equal(textOf(tree, file), bodies[index], file)
  t.ok(existsSync(join(tree, 'hosts', 'vonmuenchhausen')), 'wildcards still have templates')
})

t.test(
  'an internationalised domain has files of its own, since no web server can write it in U-labels',
  async (t) => {
    const idn = {
      ...config,
      domains: { 'bücher.example': 'vonmuenchhausen', '*.bücher.example': 'maximusconfessor' },
    }
    const { app } = await openApp(t, idn, db)
    const { tree } = await exported(t, idn, '--precompress')
    const headers = { host: 'autoconfig.xn--bcher-kva.example' }
    const { body } = await app.inject({ url: '/mail/config-v1.1.xml', headers })
    t.match(body, '<domain>xn--bcher-kva.example</domain>\n    <domain>bücher.example</domain>')
    t.match(
      textOf(tree, 'domains/xn--bcher-kva.example/page.de.html'),
      '<title>E-Mail-Einstellungen für bücher.example</title>',
    )
    const file = 'domains/xn--bcher-kva.example/config-v1.1.xml'
    t.equal(textOf(tree, file), body)
    t.equal(gunzipSync(readFileSync(join(tree, `${file}.gz`))).toString(), body)
    const braces = { ...idn, provider: { ...config.provider, displayName: '{{ us }}' } }
    t.match(await exported(t, { ...braces, domains: { 'bücher.example': 'vonmuenchhausen' } }), {
      exitCode: 1,
    })
  },
)

t.test(
  'the page for people is a file in each language, in which the web server fills in the domain',
  async (t) => {
    const hosts = {
      ...config.hosts,
      maximusconfessor: {
        hostname: 'mx.example',
        servers: ['imaps', { type: 'smtp', hostname: 'smtp.%EMAILDOMAIN%' }],
      },
    }
    const { tree } = await exported(t, { ...config, hosts, publicName: 'autoconfig.all2all.org' })
    for (const language of ['en', 'fr', 'nl', 'de']) {
      const page = textOf(tree, `hosts/maximusconfessor/page.${language}.html`)
      t.match(page, `<html lang="${language}"`)
      t.match(page, /<title>[^<]*\{\{placeholder "http\.vars\.domain"\}\}[^<]*<\/title>/)
      t.match(page, 'data-copy>smtp<wbr>.{{placeholder "http.vars.domain"}}</code>')
      t.match(page, '<details id="client-thunderbird" name="client" open>')
      t.match(page, 'href="?emailaddress={{placeholder "http.vars.domain"}}&amp;lang=nl"')
    }
  },
)

t.test('a page in a file links to nothing that needs the server', async (t) => {
  const username = '%EMAILLOCALPART%.%EMAILDOMAIN%'
  const hosts = { ...config.hosts, vonmuenchhausen: { hostname: 'mx.example', username } }
  const withPages = { ...config, hosts, publicName: 'autoconfig.all2all.org' }
  const { app } = await openApp(t, withPages, db)
  const { tree } = await exported(t, withPages, '--each-domain')
  const personal = /apple\/|thunderbird\/|setup\/|mobileconfig|class="qr"|Type your address above/
  const { body } = await app.inject({ url: '/', headers: { host: 'example.net' } })
  t.match(body, personal, 'the page of the server does')
  for (const name of ['example.org', 'example.net', 'example.com'])
    t.notMatch(textOf(tree, `domains/${name}/page.en.html`), personal)
  const derived = textOf(tree, 'domains/example.net/page.en.html')
  t.match(derived, 'It is the account name in the letter', 'no address is typed in a file')
  t.match(derived, '<title>E-mail settings for example.net</title>')
})

t.test(
  'the pages without settings, and the files of the page, are the same as those of the server',
  async (t) => {
    const withLogo = { ...config, publicName: 'autoconfig.all2all.org', page: { logo: 'logo.svg' } }
    const files = { ...db, 'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' }
    const { app } = await openApp(t, withLogo, files)
    const file = configFolder(t, withLogo, files)
    const tree = join(dirname(file), 'tree')
    await run(['export', tree, '--config', file, '--precompress'])
    for (const [name, url] of [
      ['start.en.html', '/'],
      ['start.fr.html', '/?lang=fr'],
      ['unknown.de.html', '/?emailaddress=nobody.example&lang=de'],
      ...['style.css', 'script.js', 'icon.svg', 'logo'].map((asset) => [asset, `/page/${asset}`]),
    ] as [string, string][]) {
      const { body } = await app.inject({ url, headers: { host: 'autoconfig.all2all.org' } })
      t.equal(textOf(tree, 'page', name), body, name)
      t.equal(gunzipSync(readFileSync(join(tree, 'page', `${name}.gz`))).toString(), body)
    }
    const picture = { ...config, page: { logo: 'logo' } }
    const png = configFolder(t, picture, { ...db, logo: Buffer.from('\x89PNG\r\n', 'latin1') })
    await run(['export', join(dirname(png), 'tree'), '--config', png, '--precompress'])
    t.ok(existsSync(join(dirname(png), 'tree/page/logo')))
    t.notOk(
      existsSync(join(dirname(png), 'tree/page/logo.gz')),
      'a compressed picture does not become smaller',
    )
  },
)

t.test(
  'nginx and Caddy send the page with the headers of the server, in the language that is asked for',
  async (t) => {
    const { app } = await openApp(t)
    const { headers } = await app.inject({ url: '/', headers: { host: 'example.org' } })
    const { tree } = await exported(t, {
      ...config,
      publicName: 'autoconfig.all2all.org',
      page: { language: 'fr' },
      http: { maxAge: 60 },
    })
    const policy = headers['content-security-policy']
    const [nginx, caddy] = [textOf(tree, 'nginx.conf'), textOf(tree, 'Caddyfile')]
    for (const text of [nginx, caddy]) {
      t.match(text, `"${policy}"`)
      t.match(text, '"none autoconfig.all2all.org" start')
      t.match(text, 'public, max-age=60')
      t.match(text, 'public, max-age=31536000, immutable')
    }
    t.match(nginx, '$autoconfig_language {\n    default fr;')
    t.match(caddy, '\t\tdefault fr\n')
    t.notMatch(nginx, 'location = /page/logo')
  },
)

t.test('templates of the page that do not work are reported, and ours are used', async (t) => {
  const withTemplates = { ...config, page: { templates: 'tpl' } }
  const files = { ...db, tpl: { 'contact.eta': '<p><%= it.nothing %></p>' } as never }
  const file = configFolder(t, withTemplates, files)
  const tree = join(dirname(file), 'tree')
  t.match(await run(['export', tree, '--config', file]), {
    exitCode: 0,
    stderr: /^the templates of the page do not work, so ours are used: contact\.eta:1: a value is missing\n$/,
  })
  t.match(textOf(tree, 'hosts/vonmuenchhausen/page.en.html'), 'Ask the person who gave you')
})

t.test('unchanged files are not written', async (t) => {
  const { tree, again, configure } = await exported(t, config, '--precompress')
  const old = new Date(0)
  const files = Object.keys(contents(tree)).filter((name) => !lstatSync(join(tree, name)).isSymbolicLink())
  for (const name of files) utimesSync(join(tree, name), old, old)
  t.match((await again()).stdout, /^0 written, \d+ unchanged; /)
  const touched = () => files.filter((name) => statSync(join(tree, name)).mtimeMs !== 0)
  t.strictSame(touched(), [])
  configure({ ...config, hosts: { ...config.hosts, maximusconfessor: { hostname: 'mx.all2all.org' } } })
  await again()
  t.strictSame(touched().sort(), [
    'Caddyfile',
    'hosts/maximusconfessor/config-v1.1.xml',
    'hosts/maximusconfessor/mail-v1.xml',
    ...pageFiles.map((file) => `hosts/maximusconfessor/${file}`),
    'hosts/maximusconfessor/user-agent-configuration.json',
    'nginx.conf',
  ])
})

t.test('--precompress writes a .gz next to each file that is sent unchanged', async (t) => {
  const plain = await exported(t, config)
  t.notOk(Object.keys(contents(plain.tree)).some((name) => name.endsWith('.gz')))
  const { tree } = await exported(t, config, '--precompress', '--each-domain')
  const found = Object.keys(contents(tree))
  for (const name of ['domains/example.org/config-v1.1.xml', 'ispdb/files/a.example.xml', 'ispdb/v1.1.html'])
    t.equal(gunzipSync(readFileSync(join(tree, `${name}.gz`))).toString(), textOf(tree, name), name)
  t.equal(readlinkSync(join(tree, 'ispdb/ispdb/b.example.xml.gz')), '../../ispdb/files/a.example.xml.gz')
  t.notOk(
    found.some((name) => name.endsWith('.json.gz') && !name.startsWith('ispdb/')),
    'PACC has a published digest',
  )
  t.notOk(found.includes('hosts/vonmuenchhausen/config-v1.1.xml.gz'), 'a template is not sent unchanged')
  t.match(textOf(tree, 'nginx.conf'), 'gzip_static on;')
  t.match(textOf(tree, 'Caddyfile'), 'precompressed gzip')
})

t.test('an outdated .gz is removed with the file that it was made from', async (t) => {
  const { tree, file, configure } = await exported(t, config, '--precompress', '--each-domain')
  configure({ ...config, provider: { ...config.provider, displayName: 'Another name' } })
  await run(['export', tree, '--each-domain', '--config', file])
  t.match(textOf(tree, 'domains/example.org/config-v1.1.xml'), 'Another name')
  t.notOk(existsSync(join(tree, 'domains/example.org/config-v1.1.xml.gz')))
  t.ok(existsSync(join(tree, 'ispdb/files/a.example.xml.gz')), 'the .gz of an unchanged file stays')
})

t.test('stale files of an earlier export stay until --prune', async (t) => {
  const { tree, again, configure } = await exported(t, config)
  configure({ ...example, domains: { 'example.org': 'vonmuenchhausen' } })
  const { stdout } = await again()
  t.match(stdout, /^\d+ written, \d+ unchanged, \d+ stale kept \(remove them with --prune\); /)
  t.equal(readlinkSync(join(tree, 'domains/example.org')), '../hosts/vonmuenchhausen')
  t.ok(existsSync(join(tree, 'domains/example.net')))
  writeFileSync(join(tree, 'hosts', '.new-1'), 'a part of a file, from an interrupted export')
  t.match((await again('--prune')).stdout, /^0 written, \d+ unchanged, \d+ stale removed; /)
  t.strictSame(readdirSync(join(tree, 'domains')), ['example.org'])
  t.notOk(existsSync(join(tree, 'ispdb')))
  t.notOk(existsSync(join(tree, 'hosts', '.new-1')))
  t.match((await again('--prune')).stdout, /^0 written, \d+ unchanged; /)
})

t.test('an export with other options replaces links by directories, and the reverse', async (t) => {
  const { tree, again } = await exported(t, config)
  const template = textOf(tree, 'hosts/maximusconfessor/config-v1.1.xml')
  await again('--each-domain', '--prune')
  t.equal(lstatSync(join(tree, 'domains/example.org')).isDirectory(), true)
  t.match(textOf(tree, 'domains/example.org/config-v1.1.xml'), '<domain>example.org</domain>')
  await again('--prune')
  t.equal(lstatSync(join(tree, 'domains/example.org')).isSymbolicLink(), true)
  t.equal(textOf(tree, 'hosts/maximusconfessor/config-v1.1.xml'), template)
})

t.test('a directory with other files is not changed', async (t) => {
  const { file, tree } = await exported(t, config)
  const web = join(dirname(file), 'web')
  mkdirSync(web)
  writeFileSync(join(web, 'index.html'), 'mine')
  t.match(await run(['export', web, '--config', file, '--prune']), {
    exitCode: 1,
    stdout: '',
    stderr: /web is not empty and not an earlier export; name a new or an empty directory\n$/,
  })
  t.strictSame(readdirSync(web), ['index.html'])
  t.equal((await run(['export', join(dirname(file), 'a/b'), '--config', file])).exitCode, 0)
  t.ok(existsSync(join(tree, 'nginx.conf')))
  t.match(await run(['export', join(web, 'index.html', 'x'), '--config', file]), {
    exitCode: 1,
    stderr: /index\.html\/x cannot be written: a part of its path is not a directory\n$/,
  })
  t.match(await run(['export', join(web, 'index.html'), '--config', file]), {
    exitCode: 1,
    stderr: /index\.html cannot be written: a part of its path is not a directory\n$/,
  })
})

t.test('an interrupted export leaves only complete files', async (t) => {
  const { tree, again } = await exported(t, config)
  const before = contents(tree)
  // A directory in place of the temporary file stops it, as a full disk would.
  mkdirSync(join(tree, 'hosts/maximusconfessor', `.new-${process.pid}`))
  writeFileSync(join(tree, 'hosts/maximusconfessor/config-v1.1.xml'), 'old')
  const { exitCode, stderr, stdout } = await again()
  t.match({ exitCode, stdout }, { exitCode: 1, stdout: '' })
  t.match(stderr, /\.new-\d+ cannot be written: [^\n]+\n$/)
  t.equal(textOf(tree, 'hosts/maximusconfessor/config-v1.1.xml'), 'old')
  t.strictSame(Object.keys(contents(tree)).sort(), Object.keys(before).sort())
})

t.test('notes list the answers that files do not contain', async (t) => {
  const moves = [{ at: '2027-01-10T02:00:00+01:00', host: 'maximusconfessor' }]
  const withMore = {
    ...example,
    domains: {
      'example.org': { host: 'vonmuenchhausen', moves },
      'example.net': 'maximusconfessor',
      'example.com': 'maximusconfessor',
    },
    accounts: { map: { 'jane@example.com': 'user0001' } },
    sources: [{ mx: {} }],
  }
  const file = configFolder(t, withMore)
  const tree = join(dirname(file), 'tree')
  const { stderr, exitCode } = await run(['export', tree, '--config', file])
  t.equal(exitCode, 0)
  t.equal(
    stderr,
    'a domain moves at 2027-01-10T01:00:00.000Z; run export again at that time\n' +
      'sources are not exported: domains known only to a source are missing\n' +
      'accounts are not exported: the files are the same for everyone\n',
  )
  t.equal(readlinkSync(join(tree, 'domains/example.com')), '../hosts/maximusconfessor+accounts')
  t.notOk(
    existsSync(join(tree, 'hosts/maximusconfessor+accounts/user-agent-configuration.json')),
    'no PACC with accounts',
  )
  t.ok(existsSync(join(tree, 'hosts/maximusconfessor/user-agent-configuration.json')))
  const later = await runForBytes(['export', tree, '--config', file], () => new Date('2027-02-01'))
  t.notMatch(later.stderr, 'moves')
})

t.test('the catch-all, the provider’s own domain, and hosts with unusual names are exported', async (t) => {
  const { tree, again, configure } = await exported(t, {
    ...example,
    provider: { ...example.provider, defaultHost: 'vonmuenchhausen' },
    domains: { '*': { host: 'maximusconfessor', displayName: 'All' }, 'all2all.org': 'maximusconfessor' },
  })
  t.match(textOf(tree, 'nginx.conf'), 'set $autoconfig_folder "entries/*";')
  t.match(textOf(tree, 'nginx.conf'), '"~ all2all\\.org$" "hosts/vonmuenchhausen";')
  t.match(textOf(tree, 'nginx.conf'), '"~^none all2all\\.org$" none;')
  t.match(textOf(tree, 'Caddyfile'), 'rewrite * "/entries/*/{document}"')
  configure({
    ...example,
    hosts: { '..': { hostname: 'a.example' }, 'a/b': { hostname: 'b.example' } },
    domains: { 'x.example': '..', 'y.example': 'a/b' },
  })
  await again('--prune')
  t.strictSame(readdirSync(join(tree, 'hosts')), ['%2E%2E', 'a%2Fb'])
  t.match(textOf(tree, 'nginx.conf'), '"~ all2all\\.org$" "nowhere";')
  t.notMatch(textOf(tree, 'nginx.conf'), 'map_hash')
  configure({ ...example, domains: { [`*.${'a'.repeat(63)}.example`]: 'maximusconfessor' } })
  await again()
  t.match(textOf(tree, 'nginx.conf'), '\nmap_hash_bucket_size 128;\n')
  configure({
    ...example,
    http: { compress: false },
    provider: { ...example.provider, displayName: 'Mail {{ us }}' },
  })
  t.match(await again(), {
    exitCode: 1,
    stderr:
      'a text of the host maximusconfessor contains "{{", which Caddy reads as a template; change the text\n',
  })
  configure({ ...example, http: { compress: false } })
  await again()
  t.notMatch(textOf(tree, 'nginx.conf'), 'gzip on')
  t.notMatch(textOf(tree, 'Caddyfile'), 'encode')
  symlinkSync('nowhere', join(tree, 'domains', 'dangling.example'))
  t.match((await again()).stdout, /stale kept/)
})
