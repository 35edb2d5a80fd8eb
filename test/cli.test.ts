import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import t from 'tap'
import { main } from '../src/cli/main.ts'
import { version } from '../src/version.ts'
import { breakDriver } from './support/broken-driver.ts'
import { io, run } from './support/command.ts'
import { configFolder, example, openApp } from './support/example.ts'

t.test('help and version are everywhere, and are no error', async (t) => {
  for (const args of [
    ['--help'],
    ...['serve', 'check', 'render', 'explain', 'schema'].map((name) => [name, '--help']),
  ]) {
    const { exitCode, stdout } = await run(args)
    t.equal(exitCode, 0, args.join(' '))
    t.match(stdout, /^Usage: mail-autoconfig/)
  }
  for (const args of [['--version'], ['-V'], ['check', '--version'], ['serve', '-V']]) {
    t.strictSame(await run(args), { exitCode: 0, stdout: `${version}\n`, stderr: '' }, args.join(' '))
  }
  t.equal(JSON.parse(readFileSync('package.json', 'utf8')).version, version)
})

t.test('wrong usage is told on stderr, with exit status 2', async (t) => {
  const cases: [string[], RegExp, Record<string, string>?][] = [
    [[], /^Usage: mail-autoconfig/],
    [['chekc'], /unknown command 'chekc'\n\(Did you mean check\?\)/],
    [['check', '--colour'], /unknown option '--colour'/],
    [['check', 'too', 'much'], /too many arguments/],
    [['render'], /missing required argument 'format'/],
    [
      ['render', 'autoconfg', 'example.org'],
      /^there is no format "autoconfg"; did you mean "autoconfig"\?\n$/,
    ],
    [
      ['render', 'x', 'example.org'],
      /^there is no format "x"; there are autoconfig, mail-v1, autodiscover, .*dns-zone\n$/,
    ],
    [['render', 'autoconfig', 'a_b'], /^"a_b" is neither an address nor a domain\n$/],
    [['explain', 'jane@'], /^"jane@" is neither an address nor a domain\n$/],
    [['serve', '--port', '65536'], /"65536" is not a port: it must be a number from 0 to 65535/],
    [['serve', '--port', 'http'], /"http" is not a port/],
    [['serve'], /environment variable ADMIN_PORT: "-1" is not a port/, { ADMIN_PORT: '-1' }],
    [['serve'], /environment variable LOG_LEVEL: Allowed choices are trace, debug/, { LOG_LEVEL: 'loud' }],
  ]
  for (const [args, message, env] of cases) {
    const { exitCode, stdout, stderr } = await run(args, env)
    t.equal(exitCode, 2, args.join(' '))
    t.match(stderr, message)
    t.equal(stdout, '')
  }
})

t.test('a flag beats the environment, which beats the default', async (t) => {
  const one = configFolder(t, example)
  const env = { MAIL_AUTOCONFIG_CONFIG: 'no/such/file.yaml' }
  t.equal((await run(['check'])).exitCode, 0, 'config/autoconfig.yaml')
  t.equal((await run(['check'], { MAIL_AUTOCONFIG_CONFIG: '' })).exitCode, 0, 'an empty variable is none')
  t.match(await run(['check'], env), { exitCode: 1, stdout: /^no\/such\/file\.yaml:1:1 cannot be read/ })
  t.equal((await run(['check', '--config', one], env)).exitCode, 0)
  t.equal((await run(['check', '-c', one], env)).exitCode, 0)
})

t.test('check prints the faults, then the warnings, each with its place', async (t) => {
  const config = configFolder(
    t,
    {
      ...example,
      provider: { ...example.provider, displayName: 'a'.repeat(31), id: 'a_b' },
      domainFiles: ['domains.map'],
    },
    { 'domains.map': 'a.example nobody\n' },
  )
  const { exitCode, stdout } = await run(['check', '-c', config])
  t.equal(exitCode, 1)
  const folder = `${dirname(config)}/`
  const lines = stdout
    .replaceAll(folder, '')
    .replaceAll(folder.replace(`${process.cwd()}/`, ''), '')
    .split('\n')
  t.match(lines, [
    /^autoconfig\.yaml:2:7 provider\.id "a_b" is not a host name/,
    /^domains\.map:1:1 there is no host "nobody"/,
    /^autoconfig\.yaml:3:16 provider\.displayName warning: is longer than 30 characters/,
    '2 faults, 1 warning',
    '',
  ])
  const warned = { ...example, provider: { ...example.provider, displayName: 'a'.repeat(31) } }
  const result = await run(['check', '-c', configFolder(t, warned)])
  t.equal(result.exitCode, 0, 'warnings are no faults')
  t.match(result.stdout.split('\n'), [
    /autoconfig\.yaml:3:16 provider\.displayName warning: is longer than 30 characters/,
    'fine: 2 domains on 2 hosts, 22 documents rendered, 1 warning',
  ])
  const domains = Object.fromEntries(
    Array.from({ length: 1234 }, (_, index) => [`d${index}.example`, 'maximusconfessor']),
  )
  t.match(
    (await run(['check', '-c', configFolder(t, { ...example, domains })])).stdout,
    /^fine: 1,234 domains on 2 hosts/,
  )
  const both = { ...warned, domains: { 'example.org': 'nobody' } }
  t.match((await run(['check', '-c', configFolder(t, both)])).stdout.split('\n'), [
    /there is no host "nobody"/,
    /warning: is longer/,
    '1 fault, 1 warning',
  ])
})

t.test('render prints the bytes that the server sends', async (t) => {
  const config = { ...example, provider: { ...example.provider, displayName: 'Épître' } }
  const { app, file } = await openApp(t, config)
  for (const asked of ['info@example.org', 'EXAMPLE.net', 'maximusconfessor.all2all.org']) {
    const { exitCode, stdout, stderr } = await run(['render', 'autoconfig', asked, '-c', file])
    t.strictSame([exitCode, stderr], [0, ''])
    t.equal(stdout, (await app.inject({ url: `/v1.1/${asked}` })).body, asked)
  }
  t.match(await run(['render', 'autoconfig', 'info@elsewhere.example', '-c', file]), {
    exitCode: 1,
    stdout: '',
    stderr: 'nobody serves elsewhere.example; "mail-autoconfig explain elsewhere.example" tells why\n',
  })
})

t.test('a configuration with faults is told by every command', async (t) => {
  const config = configFolder(t, {
    ...example,
    domains: { 'example.org': 'nobody', 'example.net': 'nobody' },
  })
  for (const args of [
    ['render', 'autoconfig', 'example.org'],
    ['explain', 'example.org'],
    ['serve', '--port', '0'],
  ]) {
    const { exitCode, stdout, stderr } = await run([...args, '-c', config])
    t.strictSame([exitCode, stdout], [1, ''], args.join(' '))
    t.match(
      stderr,
      /autoconfig\.yaml:11:16 domains\["example\.org"\] there is no host "nobody".*\n.*\nThese 2 faults have to be mended first\.\n$/,
    )
  }
  const one = configFolder(t, '')
  t.match(
    (await run(['explain', 'example.org', '-c', one])).stderr,
    /\nThis fault has to be mended first\.\n$/,
  )
})

t.test('explain tells which line serves a domain, and what a client is told', async (t) => {
  const config = configFolder(
    t,
    {
      ...example,
      hosts: {
        ...example.hosts,
        third: {
          hostname: 'third.example',
          webMail: 'https://third.example/',
          limits: { messageSize: '12MB', quota: '1.5GB' },
          username: 'x%EMAILLOCALPART%',
        },
      },
      domains: {
        ...example.domains,
        '*.example.com': 'third',
        '*': 'vonmuenchhausen',
        'fixed.example': { host: 'third', username: 'user0001' },
      },
      domainFiles: ['domains.map'],
    },
    { 'domains.map': '# ours\nmapped.example maximusconfessor\n' },
  )
  const explain = async (asked: string) => {
    const { exitCode, stdout } = await run(['explain', asked, '-c', config])
    t.equal(exitCode, 0)
    return stdout
  }
  t.match(
    await explain('jane@a.example.com'),
    /^domain {7}a\.example\.com\nserved by {4}third \(third\.example\)\n/,
  )
  const third = await explain('jane@a.example.com')
  t.match(third, /\nbecause {6}\S*autoconfig\.yaml:20 maps \*\.example\.com to it\n/)
  t.match(third, '\nimap         third.example:993 SSL password-cleartext\n')
  t.match(third, '\nuser name    xjane (x%EMAILLOCALPART% of jane@a.example.com)\n')
  t.match(
    third,
    '\nwebmail      https://third.example/\nmessage      at most 12 MB\naccount      at most 1500 MB\n',
  )
  t.match(
    third,
    '\nclients ask  https://autoconfig.a.example.com/mail/config-v1.1.xml\n             http://autoconfig.a.example.com/',
  )
  t.match(await explain('mapped.example'), /\nbecause {6}\S*domains\.map:2 maps mapped\.example to it\n/)
  t.match(await explain('mapped.example'), '\nuser name    %EMAILADDRESS%\n')
  t.match(await explain('jane@fixed.example'), '\nuser name    user0001\n')
  t.match(await explain('whatever.example'), /\nbecause {6}\S*autoconfig\.yaml:21 maps \* to it\n/)
})

t.test('explain tells of our own names', async (t) => {
  const config = configFolder(t, {
    ...example,
    provider: { ...example.provider, defaultHost: 'vonmuenchhausen' },
  })
  const { stdout } = await run(['explain', 'maximusconfessor.all2all.org', '-c', config])
  t.match(stdout, '\nbecause      it is the own name of that host\n')
  t.match(
    (await run(['explain', 'all2all.org', '-c', config])).stdout,
    /\nbecause {6}it is the provider's own domain, and provider\.defaultHost names that host\n/,
  )
})

t.test('explain tells why nobody serves a domain, and which near one would be', async (t) => {
  const config = configFolder(t, {
    ...example,
    domains: { ...example.domains, '*.example.com': 'maximusconfessor' },
  })
  const typo = await run(['explain', 'jane@exmaple.org', '-c', config])
  t.equal(typo.exitCode, 1)
  t.match(
    typo.stdout,
    /^domain {5}exmaple\.org\nserved by {2}nobody: clients get 404\nbecause {4}no entry covers it/,
  )
  t.match(typo.stdout, /\nnearest {4}example\.org, which \S*autoconfig\.yaml:11 maps to maximusconfessor\n$/)
  t.match(
    (await run(['explain', 'example.com', '-c', config])).stdout,
    /\nnearest {4}\*\.example\.com, which \S*:13 maps to/,
  )
  t.notMatch((await run(['explain', 'quite-another.test', '-c', config])).stdout, 'nearest')
})

t.test(
  'a source that cannot be opened is a fault to every command that would ask it, and to check',
  async (t) => {
    breakDriver('mysql2')
    const sql = { url: 'mysql://u@localhost:1/m', domain: 'SELECT host FROM domain WHERE name = $1' }
    const hosts = { ...example.hosts, vonmuenchhausen: { hostname: 'maximusconfessor.all2all.org' } }
    const config = configFolder(t, { ...example, hosts, sources: [{ mx: {} }, { sql }] })
    const fault =
      /autoconfig\.yaml:16:7 sources\[1\]\.sql cannot be opened: the package mysql2 is not installed or is incomplete/
    for (const args of [['check'], ['check', '--online']]) {
      const { exitCode, stdout, stderr } = await run([...args, '-c', config])
      t.equal(exitCode, 1)
      const [first, second, ...rest] = stdout.split('\n')
      t.match(first, fault)
      t.match(second, / warning: is also the host name of maximusconfessor/)
      t.strictSame(rest, ['1 fault, 1 warning', ''])
      t.equal(stderr, '')
    }
    for (const args of [['serve'], ['explain', 'example.org']]) {
      const { exitCode, stderr } = await run([...args, '-c', config])
      t.equal(exitCode, 1)
      t.match(stderr, fault)
      t.match(stderr, /\nThis fault has to be mended first\.\n$/)
    }
  },
)

t.test('check opens the sources without asking them', async (t) => {
  const url = 'postgres://u@127.0.0.1:1/m'
  const sql = { url, domain: 'SELECT host FROM domain WHERE name = $1' }
  const config = configFolder(t, { ...example, sources: [{ sql }] })
  t.match(await run(['check', '-c', config]), { exitCode: 0, stdout: /^fine: / })
  t.match(await run(['check', '--online', '-c', config]), { exitCode: 1, stdout: /source sql: / })
})

t.test('schema prints what editors check the configuration with', async (t) => {
  const { exitCode, stdout } = await run(['schema'])
  t.equal(exitCode, 0)
  t.equal(stdout, readFileSync('config/autoconfig.schema.json', 'utf8'))
})

t.test('a bug is not taken for a fault of the admin', async (t) => {
  const { stderr, signals, now } = io()
  const stdout = {
    write() {
      throw new Error('out of order')
    },
  }
  await t.rejects(main(['schema'], { env: {}, now, stdout, stderr, signals }), { message: 'out of order' })
})

t.test('render prints PACC for the domain of an address', async (t) => {
  const config = ['--config', configFolder(t, example)]
  const { stdout, exitCode } = await run(['render', 'pacc', 'jane@example.org', ...config])
  t.equal(exitCode, 0)
  t.equal(stdout, (await run(['render', 'pacc', 'example.org', ...config])).stdout)
})
