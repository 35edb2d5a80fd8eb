import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { readAsked } from '../../src/cli/explain/asked.ts'
import { ignoreClosedPipe } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'
import { version } from '../../src/version.ts'
import { breakDriver } from '../support/broken-driver.ts'
import { io, run, runForBytes } from '../support/command.ts'
import { configFolder, example, openApp } from '../support/example.ts'
import { freePorts, serving } from '../support/serving.ts'

t.test('every command has --help and --version, and both exit with 0', async (t) => {
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

t.test(
  'without flags, the server answers clients from anywhere, and the admin only on this machine',
  async (t) => {
    const help = (await run(['serve', '--help'])).stdout.replace(/\s+/g, ' ')
    t.match(help, 'address to listen on (environment: HOST) (default: "::")')
    t.match(help, 'address of the admin listener (environment: ADMIN_HOST) (default: "127.0.0.1")')
  },
)

t.test('invalid usage is an error on stderr, with exit code 2', async (t) => {
  const cases: [string[], RegExp, Record<string, string>?][] = [
    [[], /^Usage: mail-autoconfig/],
    [['chekc'], /unknown command\n\(Did you mean check\?\)/],
    [['check', '--colour'], /unknown option --colour\n/],
    [['check', 'too', 'much'], /too many arguments/],
    [['render'], /missing required argument 'format'/],
    [['render', 'autoconfg', 'example.org'], /^there is no such format; did you mean "autoconfig"\?\n$/],
    [
      ['render', 'x', 'example.org'],
      /^there is no such format; the formats are autoconfig, mail-v1, autodiscover, .*dns-zone\n$/,
    ],
    [
      ['render', 'autoconfig', 'a_b'],
      /^the second argument is neither an address nor a domain; write jane@example\.org or example\.org\n$/,
    ],
    [['explain', 'jane@'], /^the argument is neither an address nor a domain; write /],
    [
      ['serve', '--port', '65536'],
      /^error: option '--port <number>' must be a port, a number from 0 to 65535\.\n/,
    ],
    [['serve', '--port', 'http'], / must be a port/],
    [['serve'], /environment variable ADMIN_PORT: must be a port/, { ADMIN_PORT: '-1' }],
    [['serve'], /environment variable LOG_LEVEL: Allowed choices are trace, debug/, { LOG_LEVEL: 'loud' }],
  ]
  for (const [args, message, env] of cases) {
    const { exitCode, stdout, stderr } = await run(args, env)
    t.equal(exitCode, 2, args.join(' '))
    t.match(stderr, message)
    t.equal(stdout, '')
  }
})

t.test('a flag overrides an environment variable, which overrides the default', async (t) => {
  const one = configFolder(t, example)
  const env = { MAIL_AUTOCONFIG_CONFIG: 'no/such/file.yaml' }
  t.equal((await run(['check'])).exitCode, 0, 'config/autoconfig.yaml')
  t.equal(
    (await run(['check'], { MAIL_AUTOCONFIG_CONFIG: '' })).exitCode,
    0,
    'an empty variable counts as absent',
  )
  t.match(await run(['check'], env), { exitCode: 1, stdout: /^no\/such\/file\.yaml:1:1 cannot be read/ })
  t.equal((await run(['check', '--config', one], env)).exitCode, 0)
  t.equal((await run(['check', '-c', one], env)).exitCode, 0)
})

t.test('check prints the errors, then the warnings, each with its place', async (t) => {
  const config = configFolder(
    t,
    {
      ...example,
      provider: { ...example.provider, displayName: 'a'.repeat(31), id: 'a_b' },
      domainFiles: ['domains.map'],
    },
    { 'domains.map': '-----BEGIN PRIVATE KEY-----\n' },
  )
  const { exitCode, stdout } = await run(['check', '-c', config])
  t.equal(exitCode, 1)
  const folder = `${dirname(config)}/`
  const lines = stdout
    .replaceAll(folder, '')
    .replaceAll(folder.replace(`${process.cwd()}/`, ''), '')
    .split('\n')
  t.match(lines, [
    /^autoconfig\.yaml:2:7 provider\.id is not a host name/,
    /^domains\.map:1:1 this is a private key/,
    /^autoconfig\.yaml:3:16 provider\.displayName warning: is longer than 30 characters/,
    '2 errors, 1 warning',
    '',
  ])
  const warned = { ...example, provider: { ...example.provider, displayName: 'a'.repeat(31) } }
  const result = await run(['check', '-c', configFolder(t, warned)])
  t.equal(result.exitCode, 0, 'warnings are not errors')
  t.match(result.stdout.split('\n'), [
    /autoconfig\.yaml:3:16 provider\.displayName warning: is longer than 30 characters/,
    'OK: 2 domains, 2 hosts, 24 documents rendered, 1 warning',
    '',
  ])
  const domains = Object.fromEntries(
    Array.from({ length: 1234 }, (_, index) => [`d${index}.example`, 'maximusconfessor']),
  )
  t.match(
    (await run(['check', '-c', configFolder(t, { ...example, domains })])).stdout,
    /^OK: 1,234 domains, 2 hosts, 24 documents rendered, no warnings\n$/,
  )
  const both = { ...warned, domains: { 'example.org': 'nobody' } }
  t.match((await run(['check', '-c', configFolder(t, both)])).stdout.split('\n'), [
    /there is no host "nobody"/,
    /warning: is longer/,
    '1 error, 1 warning',
    '',
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
    stderr: 'no host serves elsewhere.example; "mail-autoconfig explain elsewhere.example" shows why\n',
  })
})

t.test('every command reports the errors of an invalid configuration', async (t) => {
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
      /autoconfig\.yaml:11:16 domains\["example\.org"\] there is no host "nobody".*\n.*\nFix these 2 errors first\.\n$/,
    )
  }
  const one = configFolder(t, '')
  t.match((await run(['explain', 'example.org', '-c', one])).stderr, /\nFix this error first\.\n$/)
})

t.test('explain shows the line that maps a domain, and the settings that clients get', async (t) => {
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
  t.match(third, '\nusername     xjane (x%EMAILLOCALPART% of jane@a.example.com)\n')
  t.match(
    third,
    '\nwebmail      https://third.example/\nmessage      at most 12 MB\naccount      at most 1500 MB\n',
  )
  t.match(
    third,
    '\nclients ask  https://autoconfig.a.example.com/mail/config-v1.1.xml\n             http://autoconfig.a.example.com/',
  )
  t.match(await explain('mapped.example'), /\nbecause {6}\S*domains\.map:2 maps mapped\.example to it\n/)
  t.match(await explain('mapped.example'), '\nusername     %EMAILADDRESS%\n')
  t.match(await explain('jane@fixed.example'), '\nusername     user0001\n')
  t.match(await explain('whatever.example'), /\nbecause {6}\S*autoconfig\.yaml:21 maps \* to it\n/)
})

t.test('explain gives a reason for each kind of name of ours', async (t) => {
  const config = configFolder(t, {
    ...example,
    provider: { ...example.provider, defaultHost: 'vonmuenchhausen' },
  })
  const { stdout } = await run(['explain', 'maximusconfessor.all2all.org', '-c', config])
  t.match(stdout, '\nbecause      this is the host name of that host\n')
  t.match(
    (await run(['explain', 'all2all.org', '-c', config])).stdout,
    /\nbecause {6}this is the provider's own domain, and provider\.defaultHost is that host\n/,
  )
})

t.test('explain gives the reason of an answer while a source is unavailable', async (t) => {
  const missing = join(t.testdirName, 'missing.sqlite')
  const sql = { url: `sqlite:${missing}`, domain: 'SELECT host FROM domain WHERE name = $1' }
  const explain = (config: object) =>
    run(['explain', 'jane@elsewhere.example', '-c', configFolder(t, { ...config, sources: [{ sql }] })])
  const { maximusconfessor } = example.hosts
  const provider = { ...example.provider, defaultHost: 'vonmuenchhausen' }
  const cases = [
    [
      'a default host',
      { ...example, provider },
      'a source is unavailable, and provider.defaultHost is that host',
    ],
    [
      'only one host',
      { ...example, hosts: { maximusconfessor }, domains: {} },
      'a source is unavailable, and that host is the only one',
    ],
  ] as const
  for (const [name, config, reason] of cases) {
    const { exitCode, stdout, stderr } = await explain(config)
    t.equal(exitCode, 0, name)
    t.match(stdout, `\nbecause      ${reason}\n`)
    t.match(stderr, /^source sql: .*there is no such file/)
  }
  const { exitCode, stdout } = await explain(example)
  t.equal(exitCode, 1)
  t.match(
    stdout,
    /\nserved by {2}no host: clients get 404\nbecause {4}no entry of domains: or of a map file matches it, a source is unavailable, and it is not one of: /,
  )
})

t.test('explain shows why no host serves a domain, and a similar domain that is served', async (t) => {
  const config = configFolder(t, {
    ...example,
    domains: { ...example.domains, '*.example.com': 'maximusconfessor' },
  })
  const typo = await run(['explain', 'jane@exmaple.org', '-c', config])
  t.equal(typo.exitCode, 1)
  t.match(
    typo.stdout,
    /^domain {8}exmaple\.org\nserved by {5}no host: clients get 404\nbecause {7}no entry of domains: or of a map file matches it, and it is not one of: maximusconfessor\.all2all\.org, /,
  )
  t.match(
    typo.stdout,
    /\ndid you mean {2}example\.org, which \S*autoconfig\.yaml:11 maps to maximusconfessor\n$/,
  )
  t.match(
    (await run(['explain', 'example.com', '-c', config])).stdout,
    /\ndid you mean {2}\*\.example\.com, which \S*:13 maps to/,
  )
  t.notMatch((await run(['explain', 'quite-another.test', '-c', config])).stdout, 'did you mean')
})

t.test('no message repeats what was typed unless it is a domain or an address', async (t) => {
  const secret = 'admin:hunter2\u001b[31m'
  const config = ['-c', configFolder(t, { ...example, sources: [{ mx: {} }] })]
  const commands = [
    [secret],
    ['check', `--${secret}`],
    ['check', `--pass=${secret}`],
    ['check', `-p${secret}`],
    ['serve', '--port', secret],
    ['serve', '--log-level', secret],
    ['render', secret, 'example.org'],
    ['render', 'autoconfig', secret],
    ['explain', secret],
    ['dns', 'example.org', secret],
    ['dns', 'example.org', '--address', secret],
    ['link', secret],
    ['drift', '--source', secret],
    ['diff', 'a.yaml', 'b.yaml', '--fail-above', secret],
    ['submit', '--host', secret],
    ['submit', '--mx', secret],
  ]
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await run([...command, ...config])
    t.equal(exitCode, 2, command.join(' '))
    t.match(stderr, /./)
    t.notMatch(stdout + stderr, 'hunter2')
    t.notMatch(stdout + stderr, '\u001b')
  }
})

t.test('a file name in a message cannot control the terminal', async (t) => {
  const name = 'no\u001b[31m\u202esuch.yaml'
  const { stdout, stderr } = await run(['check', '-c', name])
  t.match(stdout, /no\ufffd\[31m\ufffdsuch\.yaml:1:1 cannot be read/)
  const serving = await run(['explain', 'example.org', '-c', name])
  t.match(serving.stderr, /^no\ufffd\[31m\ufffdsuch\.yaml:1:1 cannot be read.*\nFix this error first\.\n$/)
  t.equal(stderr, '')
})

t.test('explain shows which line of a map says that a domain takes no mail here', async (t) => {
  const map = { 'gone.map': 'example.edu discard:\n.example.edu retry:later\n' }
  const config = configFolder(t, { ...example, domainFiles: ['gone.map'] }, map)
  for (const [asked, line, pattern] of [
    ['example.edu', 1, 'example.edu'],
    ['jane@mail.example.edu', 2, '*.example.edu'],
  ]) {
    const { exitCode, stdout } = await run(['explain', String(asked), '-c', config, '--json'])
    t.equal(exitCode, 1)
    const { servedBy, because, didYouMean } = JSON.parse(stdout)
    t.strictSame({ servedBy, didYouMean }, { servedBy: 'nobody', didYouMean: undefined })
    t.equal(because.kind, 'refused')
    const text = `gone.map:${line} says that ${pattern} takes no mail here (error:, discard: or retry:)`
    t.equal(because.text.split('/').at(-1), text)
  }
})

t.test(
  'a source that cannot be opened is an error of every command that would query it, and of check',
  async (t) => {
    breakDriver(t, 'mysql2')
    const sql = { url: 'mysql://u@localhost:1/m', domain: 'SELECT host FROM domain WHERE name = $1' }
    const hosts = { ...example.hosts, vonmuenchhausen: { hostname: 'maximusconfessor.all2all.org' } }
    const config = configFolder(t, { ...example, hosts, sources: [{ mx: {} }, { sql }] })
    const error =
      /autoconfig\.yaml:16:7 sources\[1\]\.sql cannot be opened: the package mysql2 is not installed or is incomplete/
    for (const args of [['check'], ['check', '--online']]) {
      const { exitCode, stdout, stderr } = await run([...args, '-c', config])
      t.equal(exitCode, 1)
      const [first, second, ...rest] = stdout.split('\n')
      t.match(first, error)
      t.match(second, / warning: is also the host name of maximusconfessor/)
      t.strictSame(rest, ['1 error, 1 warning', ''])
      t.equal(stderr, '')
    }
    for (const args of [['serve'], ['explain', 'example.org']]) {
      const { exitCode, stderr } = await run([...args, '-c', config])
      t.equal(exitCode, 1)
      t.match(stderr, error)
      t.match(stderr, /\nFix this error first\.\n$/)
    }
  },
)

t.test('check opens the sources without querying them', async (t) => {
  const url = 'postgres://u@127.0.0.1:1/m'
  const sql = { url, domain: 'SELECT host FROM domain WHERE name = $1' }
  const config = configFolder(t, { ...example, sources: [{ sql }] })
  t.match(await run(['check', '-c', config]), { exitCode: 0, stdout: /^OK: / })
  t.match(await run(['check', '--online', '-c', config]), { exitCode: 1, stdout: /source sql: / })
})

t.test('schema prints the schema file for editors', async (t) => {
  const { exitCode, stdout } = await run(['schema'])
  t.equal(exitCode, 0)
  t.equal(stdout, readFileSync('config/autoconfig.schema.json', 'utf8'))
})

t.test('a bug is thrown, not reported as an error of the configuration', async (t) => {
  const { stderr, signals, now } = io()
  const stdout = {
    write() {
      throw new Error('out of order')
    },
  }
  await t.rejects(main(['schema'], { env: {}, now, stdout, stderr, signals }), { message: 'out of order' })
})

t.test(
  'render dns-zone prints what dns prints, with the digest after a move and the shorter TTL',
  async (t) => {
    const moves = [{ at: '2027-01-10T01:00:00Z', host: 'maximusconfessor' }]
    const config = configFolder(t, {
      ...example,
      publicName: 'autoconfig.all2all.org',
      domains: { ...example.domains, 'example.net': { host: 'vonmuenchhausen', moves } },
    })
    const printed = (time: string, ...args: string[]) =>
      runForBytes([...args, '--config', config], () => new Date(time))
    for (const [time, ttl, digests] of [
      ['2026-12-01T00:00:00Z', 3600, 2],
      ['2027-01-10T00:47:13Z', 767, 2],
      ['2027-01-10T01:00:00Z', 3600, 1],
    ] as const) {
      const { exitCode, stderr, bytes } = await printed(time, 'dns', 'example.net')
      t.strictSame({ exitCode, stderr }, { exitCode: 0, stderr: '' })
      const zone = bytes.toString()
      const records = zone.split('\n').filter((line) => line !== '' && !line.startsWith(';'))
      t.ok(records.length > 5)
      for (const record of records) t.match(record, new RegExp(`^\\S+ ${ttl} IN `), time)
      t.equal(zone.match(/ TXT "v=UAAC1;/g)?.length, digests, time)
      for (const target of ['example.net', 'jane@example.net']) {
        const rendered = await printed(time, 'render', 'dns-zone', target)
        t.strictSame([rendered.exitCode, rendered.stderr, rendered.bytes.toString()], [0, '', zone], target)
      }
    }
    t.match(await run(['render', 'dns-zone', 'elsewhere.example', '--config', config]), {
      exitCode: 1,
      stdout: '',
      stderr: /^no host serves elsewhere\.example; /,
    })
  },
)

t.test('render prints PACC for the domain of an address', async (t) => {
  const config = ['--config', configFolder(t, example)]
  const { stdout, exitCode } = await run(['render', 'pacc', 'jane@example.org', ...config])
  t.equal(exitCode, 0)
  t.equal(stdout, (await run(['render', 'pacc', 'example.org', ...config])).stdout)
})

t.test('a command whose output nobody reads to its end stops without a stack', async (t) => {
  const child = spawn(process.execPath, [...process.execArgv, 'src/bin.ts', 'schema'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const [exitCode] = await once(child, 'close')
  t.strictSame({ exitCode, stderr }, { exitCode: 0, stderr: '' })
  t.doesNotThrow(() => ignoreClosedPipe(Object.assign(new Error('closed'), { code: 'EPIPE' })))
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  t.throws(() => ignoreClosedPipe(full), { message: 'no space left' })
})

t.test('explain accepts what people paste', async (t) => {
  const config = configFolder(t, example)
  const cases: [string, string, string?][] = [
    ['autoconfig.example.org', 'example.org'],
    ['autoconfig.org', 'autoconfig.org'],
    ['Joe <joe@example.org>', 'example.org', 'joe'],
    ['<joe@example.org>', 'example.org', 'joe'],
    ['MAILTO:joe@example.org', 'example.org', 'joe'],
    ['mailto:joe%40example.org?subject=Hi', 'example.org', 'joe'],
    [
      'https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=joe%40example.net',
      'example.net',
      'joe',
    ],
    ['https://autoconfig.example.org/mail/config-v1.1.xml', 'example.org'],
    ['autoconfig.example.org/mail/config-v1.1.xml?emailaddress=example.net', 'example.net'],
    ['https://mail.test:8443/v1.1/example.net', 'example.net'],
    ['https://mail.test/v1.1/a_b', 'mail.test'],
    ['https://a.test/autodiscover/autodiscover.json/v1.0/joe@example.org?Protocol=x', 'example.org', 'joe'],
  ]
  for (const [text, domain, localPart] of cases) {
    const asked = readAsked(text)
    t.strictSame([asked?.domain, asked?.address?.localPart], [domain, localPart], text)
  }
  for (const text of ['', 'a b', 'https://', 'https:///x', '<>', '/'])
    t.match(await run(['explain', text, '-c', config]), { exitCode: 2, stderr: / is neither an address / })
  const { stdout } = await run(['explain', 'autoconfig.example.org', '-c', config])
  t.match(stdout, /^domain +example\.org\n/)
})

t.test('explain prints JSON', async (t) => {
  const config = configFolder(t, example)
  const { stdout } = await run(['explain', 'jane@example.org', '--json', '-c', config])
  t.match(JSON.parse(stdout), {
    domain: 'example.org',
    address: 'jane@example.org',
    servedBy: 'host',
    host: { key: 'maximusconfessor', hostname: 'maximusconfessor.all2all.org' },
    because: { kind: 'mapped', text: /autoconfig\.yaml:\d+ maps example\.org to it$/ },
    servers: [{ type: 'imap', port: 993, username: 'jane@example.org', template: '%EMAILADDRESS%' }, {}],
    sources: [],
  })
  const unknown = await run(['explain', 'exmaple.org', '--json', '-c', config])
  t.equal(unknown.exitCode, 1)
  t.match(JSON.parse(unknown.stdout), {
    servedBy: 'nobody',
    because: { kind: 'unknown' },
    didYouMean: { pattern: 'example.org' },
  })
})

t.test('check prints JSON', async (t) => {
  const check = async (config: object | string) => {
    const { exitCode, stdout } = await run(['check', '--json', '-c', configFolder(t, config)])
    return { exitCode, ...JSON.parse(stdout) }
  }
  const provider = { ...example.provider, displayName: 'a'.repeat(31) }
  t.match(await check({ ...example, provider }), {
    exitCode: 0,
    ok: true,
    errors: [],
    warnings: [{ line: 3, column: 16, path: 'provider.displayName', message: /^is longer/ }],
    counts: { domains: 2, hosts: 2, documents: 24 },
  })
  t.match(await check('a: %\n'), { exitCode: 1, ok: false, errors: [{ line: 1, column: 4 }], warnings: [] })
})

t.test('dns prints the records of several domains, and JSON', async (t) => {
  const config = configFolder(t, { ...example, publicName: 'autoconfig.all2all.org' })
  const one = await run(['dns', 'example.org', '-c', config])
  const two = await run(['dns', 'example.net', '-c', config])
  const both = await run(['dns', 'example.org', 'example.net', '-c', config])
  t.strictSame(both, { exitCode: 0, stderr: '', stdout: `${one.stdout}\n${two.stdout}` })
  const some = await run(['dns', 'example.org', 'elsewhere.test', 'example.net', '--json', '-c', config])
  t.match(some, { exitCode: 1, stderr: /^no host serves elsewhere\.test; / })
  t.match(JSON.parse(some.stdout), [{ domain: 'example.org' }, { domain: 'example.net' }])
  t.match(JSON.parse((await run(['dns', 'example.org', '--json', '-c', config])).stdout), {
    domain: 'example.org',
  })
  t.match(await run(['dns', 'example.org', 'a_b', '-c', config]), {
    exitCode: 2,
    stderr: 'argument 2 is not a domain; write one such as example.org\n',
  })
})

t.test('explain --running asks the running server, also while its files contain errors', async (t) => {
  const file = configFolder(t, { ...example, accounts: { map: { 'jane@example.org': 'user0007' } } })
  const { admin, stop } = await serving(['-c', file, ...freePorts])
  const { port } = new URL(admin)
  const ask = (...args: string[]) => run(['explain', '--running', '--admin-port', port, ...args])
  t.match(
    (await run(['explain', '-c', file, 'jane@example.org'])).stdout,
    'user0007, shown only by a personal link',
  )
  writeFileSync(file, 'hosts: %\n')
  const { stdout } = await ask('jane@example.org')
  t.match(stdout, /\nlogs in as +a known login name, shown only by a personal link\n/)
  t.notMatch((await ask('jane@example.org', '--json')).stdout, 'user0007')
  t.match(await ask('Joe <joe+x@example.net>'), {
    exitCode: 0,
    stdout: /\nusername +joe\+x@example\.net \(/,
  })
  t.match(JSON.parse((await ask('example.org', '--json')).stdout), { servedBy: 'host' })
  t.match(await ask('elsewhere.test'), { exitCode: 1, stdout: /no host: clients get 404/ })
  t.match(await ask(`${'a'.repeat(2000)}@example.org`), { exitCode: 2 })
  t.match(await ask(`https://a.test/${'a'.repeat(2000)}`), {
    exitCode: 1,
    stderr: /^the admin listener http:\/\/127\.0\.0\.1:\d+ answers 400: Use \/explain\?address=ADDRESS\.\n$/,
  })
  t.equal(await stop(), 0)
  t.match(await ask('example.org', '--admin-host', '::1'), {
    exitCode: 1,
    stderr: /^no admin listener answers at http:\/\/\[::1\]:\d+: is the server running/,
  })
})
