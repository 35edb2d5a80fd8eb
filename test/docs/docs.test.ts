import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { formats } from '../../src/documents/formats.ts'
import { run } from '../support/command.ts'
import { configFolder, findings, openApp } from '../support/example.ts'
import { anchorOf } from './reference-pages/markdown.ts'

/** Runs what the documentation shows, except what needs a network or another server. */
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'bench/README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  'deploy/helm/mail-autoconfig/README.md',
  ...readdirSync('docs/certificates')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/certificates/${name}`),
]
const textOf = (file: string): string => readFileSync(file, 'utf8')

/** The blocks of code in one language, without those after a comment that begins with "not run". */
function blocks(file: string, language: string): string[] {
  const found = textOf(file).matchAll(/(<!-- not run[^>]*-->\n)?^```(\w*)\n(.*?)^```$/gms)
  return [...found]
    .filter(([, notRun, name]) => !notRun && name === language)
    .map(([, , , code]) => code ?? '')
}

t.test('the README is short', async (t) => {
  t.ok(textOf('README.md').split('\n').length < 200)
})

t.test('npm test runs every test file', async (t) => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  )
  const directories = new Set(files.map((file) => dirname(file)).filter((directory) => directory !== '.'))
  t.strictSame(
    files.filter((file) => dirname(file) === '.').toSorted(),
    [...directories].map((directory) => `${directory}.test.ts`).toSorted(),
  )
})

t.test('every link leads to a file, and to a heading in it', async (t) => {
  for (const file of documents) {
    for (const [, target = ''] of textOf(file).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const [path = '', anchor] = target.split('#')
      const linked = path === '' ? file : join(dirname(file), path)
      t.ok(existsSync(linked), `${file}: ${target}`)
      if (anchor === undefined) continue
      const headings = [...textOf(linked).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        anchorOf(heading),
      )
      t.ok(headings.includes(anchor), `${file}: ${target}`)
    }
  }
})

t.test('the Caddyfile in the README is a part of the one that is tested with Caddy', async (t) => {
  const plain = (text: string): string[] =>
    text
      .split('\n')
      .map((line) => line.replace(/\s*#.*/, '').trim())
      .filter(Boolean)
  // The README writes the snippet in place of its import, and omits its time limits.
  const tested = plain(
    textOf('docs/proxies/Caddyfile').replaceAll('import mail_autoconfig', 'reverse_proxy 127.0.0.1:8080'),
  )
  const [shown = ''] = blocks('README.md', 'caddyfile')
  let at = 0
  for (const line of plain(shown)) {
    const found = tested.indexOf(line, at)
    t.ok(found >= at, line)
    at = found + 1
  }
})

t.test('the Caddyfile of compose is the tested one, with the names of its network', async (t) => {
  const settings = (text: string): string[] =>
    text
      .split('\n')
      .map((line) => line.replace(/(^|\s)#.*/, '').trim())
      .filter(Boolean)
  const [common = ''] = textOf('docs/proxies/Caddyfile').split('\nhttp://example.org')
  t.strictSame(
    settings(textOf('deploy/compose/Caddyfile')),
    settings(common.replaceAll('127.0.0.1', 'mail-autoconfig')),
  )
})

t.test('the configuration and the host name of compose fit together', async (t) => {
  t.strictSame(await findings(t, textOf('deploy/compose/config/autoconfig.yaml')), {
    errors: [],
    warnings: [],
  })
  const { services } = parse(textOf('deploy/compose/compose.yaml'))
  // The admin listener answers to the name of the machine, and Caddy uses it.
  t.equal(services['mail-autoconfig'].hostname, 'mail-autoconfig')
  t.notOk(services['mail-autoconfig'].ports)
})

t.test('the chart has the version of the program, and its values their schema', async (t) => {
  const chart = 'deploy/helm/mail-autoconfig'
  const { version } = JSON.parse(textOf('package.json'))
  t.match(parse(textOf(`${chart}/Chart.yaml`)), { version, appVersion: version })
  const { properties } = JSON.parse(textOf(`${chart}/values.schema.json`))
  t.strictSame(Object.keys(parse(textOf(`${chart}/values.yaml`))), Object.keys(properties).slice(1))
})

t.test('every configuration in the README is valid, without errors or warnings', async (t) => {
  const maps = blocks('README.md', '').filter((block) => block.startsWith('# domain '))
  t.equal(maps.length, 1)
  const configs = blocks('README.md', 'yaml')
  t.equal(configs.length, 2)
  for (const config of configs) {
    t.strictSame(await findings(t, config, { 'domains.map': maps[0] ?? '' }), { errors: [], warnings: [] })
  }
})

t.test('the commands that need nothing else succeed', async (t) => {
  const { app, file: config } = await openApp(t, textOf('config/autoconfig.yaml'))
  /** A test writes only to its own directory. */
  const here = (word: string): string => word.replace('/srv', dirname(config))
  // test/with-servers/proxies.sh runs behind-a-proxy.md with real proxies.
  for (const file of [
    'README.md',
    ...[
      'accounts',
      'admin-guide',
      'certificates',
      'changes',
      'dns',
      'outlook',
      'phones',
      'static-hosting',
    ].map((name) => `docs/${name}.md`),
  ]) {
    for (const line of blocks(file, 'sh').flatMap((block) => block.split('\n'))) {
      const [command, ...words] = [...line.matchAll(/'([^']*)'|([^\s']+)/g)].map(
        ([, quoted, plain]) => quoted ?? plain ?? '',
      )
      if (command === 'mail-autoconfig') t.equal((await run(words.map(here))).exitCode, 0, line)
      if (command === 'curl') {
        const url = new URL(words.find((word) => word.startsWith('http')) ?? '')
        t.equal(url.host, 'localhost:8080')
        const host = /^Host: (.*)/.exec(words[words.indexOf('-H') + 1] ?? '')?.[1] ?? url.host
        const { statusCode } = await app.inject({ url: url.href.slice(url.origin.length), headers: { host } })
        t.equal(statusCode, 200, line)
      }
    }
  }
  for (const [, line = ''] of textOf('README.md').matchAll(/^\| `mail-autoconfig (\w+[^`]*)`/gm)) {
    // Some commands need another file, a key, a source or the network; other tests run them.
    const needsMore = [
      'serve',
      'init',
      'rehearse',
      'link',
      'doctor',
      'diff',
      'drift',
      'import',
      'thumbprint',
    ].includes(line.split(' ')[0] as string)
    if (!needsMore) t.equal((await run(line.split(' ').map(here))).exitCode, 0, line)
  }
})

t.test('the commands for an ISPDB succeed with files of an ISPDB', async (t) => {
  const isp = (domain: string) =>
    `<clientConfig version="1.1"><emailProvider id="${domain}"><domain>${domain}</domain><displayName>A</displayName><displayShortName>A</displayShortName>
<incomingServer type="imap"><hostname>a.example</hostname><port>993</port><socketType>SSL</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>a.example</hostname><port>465</port><socketType>SSL</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></outgoingServer></emailProvider></clientConfig>`
  const files = { db: { 'gmx.net.xml': isp('gmx.net') }, isp: { 'example.net.xml': isp('example.net') } }
  const oneHost = `provider: { id: example.org, displayName: Example Mail, displayShortName: Example }
hosts: { mx1: { hostname: mail.example.org } }
domains: { example.org: mx1 }`
  const [ispdb = ''] = blocks('docs/ispdb.md', 'yaml')
  const config = configFolder(t, `${oneHost}\n${ispdb}`, files as never)
  const lines = blocks('docs/ispdb.md', 'sh').flatMap((block) => block.split('\n').filter(Boolean))
  t.equal(lines.length, 3)
  for (const line of lines) {
    const [, command = '', ...words] = line.replace(/ >.*/, '').split(' ')
    const options = command === 'import' ? [] : ['--config', config]
    const here = words.map((word) => (word.includes('/') ? join(dirname(config), word) : word))
    t.equal((await run([command, ...here, ...options])).exitCode, 0, line)
  }
})

t.test('the README shows the true answer', async (t) => {
  const { app } = await openApp(t, textOf('config/autoconfig.yaml'))
  const [shown = ''] = blocks('README.md', 'xml')
  const { body } = await app.inject({ url: '/mail/config-v1.1.xml?emailaddress=info@example.org' })
  t.ok(body.startsWith(shown.replace(/\s*…\s*$/, '\n')))
})

t.test('the README names every endpoint, command, option and variable', async (t) => {
  const readme = textOf('README.md')
  for (const { path } of formats.flatMap(({ endpoints }) => endpoints)) {
    t.match(readme, `GET ${path.replace(/:(\w+)/, '<$1>')}`)
  }
  const { stdout } = await run(['serve', '--help'])
  for (const [option] of stdout.matchAll(/--[a-z-]+(?= <)|(?<=environment:\s+)[A-Z_]+/g))
    t.match(readme, option)
  const without: string[] = []
  for (const [, command = ''] of (await run(['--help'])).stdout.matchAll(/^ {2}(\w+) /gm)) {
    if (command === 'help') continue
    t.match(readme, `mail-autoconfig ${command}`)
    if (!(await run([command, '--help'])).stdout.includes('--config <file>')) without.push(`\`${command}\``)
  }
  t.match(
    readme.replaceAll('\n', ' '),
    `All but ${without.join(', ').replace(/, ([^,]*)$/, ' and $1')} take \`--config FILE\``,
  )
})

t.test(
  'the working example is valid without warnings, also with its comments turned into settings',
  async (t) => {
    const text = textOf('config/autoconfig.yaml')
    t.strictSame(await findings(t, text), { errors: [], warnings: [] })
    const all = text.replace(
      /^( *)# (defaultHost|services|oAuth2|pacc|domainFiles|nextHops|trustedProxies|http|reload|example\.info): /gm,
      '$1$2: ',
    )
    t.not(all, text)
    t.strictSame(await findings(t, all, { 'domains.map': 'a.example vonmuenchhausen\n' }), {
      errors: [],
      warnings: [],
    })
  },
)

t.test(
  'the image is built from files that exist, with the Node version that the program requires',
  async (t) => {
    const dockerfile = textOf('Dockerfile')
    const ignored = textOf('.dockerignore')
    for (const [, sources = ''] of dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)) {
      for (const source of sources.split(' ')) {
        t.ok(existsSync(source), source)
        t.match(ignored, `!${source}\n`)
      }
    }
    // Kubernetes cannot see from a name that a user is not root.
    t.match(dockerfile, /^USER 1000:1000$/m)
    const { version, license, description } = JSON.parse(textOf('package.json'))
    t.match(dockerfile, `\nARG VERSION=${version}\n`)
    t.match(dockerfile, `org.opencontainers.image.licenses="${license}"`)
    t.match(dockerfile, `org.opencontainers.image.description="${description}"`)
    t.match(dockerfile, /^ENTRYPOINT \["node", "--disable-sigusr1", "dist\/bin\.js"\]$/m)
    t.equal(JSON.parse(textOf('package.json')).engines.node, '>=20.19')
  },
)
