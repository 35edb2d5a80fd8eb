import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { parse } from 'yaml'
import { loginsOf } from '../../src/cli/init/dovecot.ts'
import { listItems } from '../../src/cli/init/postfix.ts'
import { readSqlTable } from '../../src/cli/init/sql-table.ts'
import { main } from '../../src/cli/main.ts'
import { issue } from '../support/certificates.ts'
import { io, run } from '../support/command.ts'
import { openApp } from '../support/example.ts'
import { type MailServerOptions, mailServer } from '../support/mail-server.ts'
import { nameServer } from '../support/zone-server.ts'

const mail = 'mail.example.org'
const good = await issue('P-256', undefined, [mail])

interface Case {
  /** Lines of `postconf -x`; without them, there is no Postfix. */
  readonly postfix?: readonly string[]
  /** The output of `doveconf -n`; without it, there is no Dovecot. */
  readonly dovecot?: string
  /** Files in the directory, which `DIR` means in arguments and in the lines of Postfix. */
  readonly files?: Readonly<Record<string, string>>
  /** The lines that people type; without them, there is no terminal. */
  readonly typed?: readonly string[]
}

/** Runs the command in a directory where it finds `postconf` and `doveconf`. */
async function runInit(t: Test, args: readonly string[], { postfix, dovecot, files = {}, typed }: Case = {}) {
  const directory = t.testdir({ bin: {}, ...files })
  const here = (text: string) => text.replaceAll('DIR', directory)
  const program = (name: string, output: string | undefined) => {
    const file = join(directory, 'bin', name)
    const script =
      output === undefined ? 'exit 1' : `echo "$@" > ${file}.args\ncat << 'END'\n${here(output)}\nEND`
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
  }
  program('postconf', postfix?.join('\n'))
  program('doveconf', dovecot)
  const streams = io()
  const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined })
  stdin.end(typed?.map((line) => `${here(line)}\n`).join(''))
  const output = join(directory, 'autoconfig.yaml')
  const given = args.includes('--output') ? [] : ['--output', output]
  const exitCode = await main(['init', ...given, ...args.map(here)], {
    ...streams,
    env: { PATH: `${join(directory, 'bin')}:/usr/bin:/bin` },
    stdin: () => stdin,
    now: () => new Date(),
  })
  return {
    exitCode,
    stdout: streams.stdout.text().replaceAll(directory, 'DIR'),
    stderr: streams.stderr.text().replaceAll(directory, 'DIR'),
    directory,
    output,
    text: existsSync(output) ? readFileSync(output, 'utf8') : '',
    config: existsSync(output) ? parse(readFileSync(output, 'utf8')) : undefined,
    argumentsOf: (name: string) => readFileSync(join(directory, 'bin', `${name}.args`), 'utf8').trim(),
  }
}

const offline = ['--hostname', mail, '--no-connect']
const twoFlags = [...offline, '--domain', 'example.org', '--domain', 'bücher.example']

t.test('two flags are enough, and the file needs no more than names', async (t) => {
  const { exitCode, stdout, stderr, text, config, output } = await runInit(t, twoFlags)
  t.equal(exitCode, 0)
  t.equal(stderr, '')
  t.strictSame(config, {
    provider: { id: 'example.org', displayName: 'example.org', displayShortName: 'example.org' },
    publicName: 'autoconfig.example.org',
    hosts: { mail: { hostname: mail, username: '%EMAILADDRESS%' } },
    domains: { 'example.org': 'mail', 'xn--bcher-kva.example': 'mail' },
  })
  t.match(text, /# Not seen: the servers were not asked/)
  t.match(stdout, 'OK: 2 domains, 1 host, ')
  t.match(stdout, ', no warnings\n')
  t.match(stdout, 'Written: DIR/autoconfig.yaml\n')
  t.match(stdout, '_imaps._tcp.example.org. 3600 IN SRV 0 1 993 mail.example.org.\n')
  t.match(stdout, '  mail-autoconfig serve --config DIR/autoconfig.yaml\n')
  t.match(stdout, 'https://autoconfig.example.org/')
  t.equal(statSync(output).mode & 0o777, 0o666 & ~0o022 & ~process.umask())
  t.equal((await run(['render', 'autoconfig', 'info@example.org', '-c', output])).exitCode, 0)
})

t.test('other flags', async (t) => {
  const flags = [
    '--public-name',
    'settings.example.net',
    '--display-name',
    'Example Mail',
    '--username',
    'local-part',
  ]
  const { config, exitCode } = await runInit(t, [
    ...twoFlags,
    ...flags,
    '--port',
    'imap=1143',
    '--port',
    'imaps=1993',
  ])
  t.equal(exitCode, 0)
  t.match(config, {
    publicName: 'settings.example.net',
    provider: { displayName: 'Example Mail', displayShortName: 'Example Mail' },
    hosts: {
      mail: {
        username: '%EMAILLOCALPART%',
        servers: [{ type: 'imap', port: 1993, socketType: 'SSL' }, 'pop3s', 'submissions'],
      },
    },
  })
  const long = await runInit(t, [...twoFlags, '--hostname', 'mail.a-long-name.example'])
  t.equal(long.config.provider.displayShortName, 'a-long-name')
  const longer = await runInit(t, [...twoFlags, '--hostname', 'mail.a-much-longer-name.example'])
  t.equal(longer.config.provider.displayShortName, 'a-much-longe')
  const short = await runInit(t, [...twoFlags, '--hostname', 'example.org'])
  t.strictSame(short.config.hosts, { example: { hostname: 'example.org', username: '%EMAILADDRESS%' } })
})

t.test('wrong values of flags', async (t) => {
  for (const [flags, expected] of [
    [['--hostname', '-'], "option '--hostname <name>' must be a host name or a domain"],
    [['--domain', 'a b'], "option '--domain <domain>' must be a host name or a domain"],
    [['--port', 'imaps=0'], 'must be one of imaps, pop3s, submissions, imap, pop3, submission, and a port'],
    [['--port', 'smtp=25'], 'must be one of imaps'],
    [['--port', 'imaps=x'], 'must be a port'],
    [['--username', 'x'], 'Allowed choices are address, local-part'],
    [[...twoFlags, '--display-name', ''], '--display-name: The name must have 1 to 60 visible characters'],
    [['--ca', '/dev/null/x'], '--ca: the file cannot be read'],
    [['--domains', 'DIR/none', ...offline], '--domains: cannot be read: there is no such file'],
    [['--domains', 'mysql:/dev/null', ...offline], '--domains: cannot be read: it is not a regular file'],
    [['--domains', 'none', ...offline], '--domains: cannot be read: there is no such file'],
  ] as const) {
    const { exitCode, stderr, config } = await runInit(t, flags)
    t.equal(exitCode, 2, stderr)
    t.match(stderr, expected)
    t.equal(config, undefined)
  }
})

t.test('nothing is overwritten, and a directory is created only if that is wanted', async (t) => {
  const there = await runInit(t, twoFlags, { files: { 'autoconfig.yaml': 'mine' } })
  t.equal(there.exitCode, 1)
  t.equal(
    there.stderr,
    'DIR/autoconfig.yaml: exists already, and is not overwritten; write another file with --output FILE, or replace it with --overwrite\n',
  )
  t.equal(there.text, 'mine')

  const below = ['--output', 'DIR/new/autoconfig.yaml']
  const refused = await runInit(t, [...twoFlags, ...below])
  t.equal(refused.exitCode, 1)
  t.match(
    refused.stderr,
    'there is no directory DIR/new; create it, or write another file with --output FILE',
  )
  t.notOk(existsSync(join(refused.directory, 'new')))

  const created = await runInit(t, [...twoFlags, ...below, '--yes'])
  t.equal(created.exitCode, 0)
  t.ok(existsSync(join(created.directory, 'new', 'autoconfig.yaml')))

  const deeper = await runInit(t, [...twoFlags, '--yes', '--output', 'DIR/new/deeper/autoconfig.yaml'])
  t.equal(deeper.exitCode, 1)
  t.match(deeper.stderr, 'DIR/new/deeper: cannot be written: there is no such file; write elsewhere')
})

t.test('an existing file is replaced only if that is wanted, and kept', async (t) => {
  const files = { 'autoconfig.yaml': 'mine' }
  const replaced = await runInit(t, [...twoFlags, '--overwrite'], { files })
  t.equal(replaced.exitCode, 0)
  t.match(replaced.stdout, 'Written: DIR/autoconfig.yaml\nThe file before is DIR/autoconfig.yaml.old\n')
  t.equal(replaced.config.publicName, 'autoconfig.example.org')
  t.equal(readFileSync(`${replaced.output}.old`, 'utf8'), 'mine')

  const again = await runInit(t, [...twoFlags, '--overwrite'])
  t.equal(again.exitCode, 0, 'also without a file')
  t.notMatch(again.stdout, '.old')

  const table = { 'a.cf': "dbpath = mail.db\nquery = SELECT 1 FROM d WHERE name = '%s'\n" }
  const wrong = await runInit(t, [...offline, '--overwrite', '--yes', '--domains', 'sqlite:DIR/a.cf'], {
    files: { ...files, ...table },
  })
  t.equal(wrong.exitCode, 1)
  t.match(wrong.stderr, 'check does not accept it, and the file before was put back.')
  t.equal(wrong.text, 'mine')
  t.notOk(existsSync(`${wrong.output}.old`))
})

t.test('with a directory of dehydrated, https and challenges are configured', async (t) => {
  const { exitCode, stdout, text, config } = await runInit(t, [...twoFlags, '--dehydrated', 'DIR/dehydrated'])
  t.equal(exitCode, 0)
  t.match(config.tls.folder, /^\/.*\/dehydrated$/)
  t.strictSame(config.acme, { webroot: `${config.tls.folder}/webroot` })
  t.match(Object.keys(config).at(-1), 'domains', 'so a domain can be added at the end of the file')
  t.match(text, /# The certificates for https; renewed ones are noticed/)
  t.match(stdout, 'no valid certificate for autoconfig.example.org')
})

t.test('a file name with a quote is a word for the shell', async (t) => {
  const { stdout } = await runInit(t, [...twoFlags, '--output', "DIR/it's.yaml"])
  t.match(stdout, "mail-autoconfig check --config 'DIR/it'\\''s.yaml'\n")
})

t.test('without a terminal, missing values are errors that name the flag', async (t) => {
  const none = await runInit(t, [])
  t.equal(none.exitCode, 2)
  t.equal(
    none.stderr,
    '--hostname is missing: write the host name of the mail server, such as --hostname mail.example.org\n' +
      '--domain is missing: write --domain example.org for each domain, or --domains FILE\n',
  )
  const postfix = [
    'myhostname = mail.example.org',
    'mydestination = example.org, example.net, a.example b.example',
  ]
  const found = await runInit(t, [], { postfix })
  t.match(found.stderr, 'or --yes to use what Postfix has: mail.example.org\n')
  t.match(found.stderr, 'or --yes to use what Postfix has: example.org, example.net, a.example\n')
  const taken = await runInit(t, ['--yes', '--no-connect'], { postfix })
  t.strictSame(Object.keys(taken.config.domains), ['example.org', 'example.net', 'a.example', 'b.example'])
  const empty = await runInit(t, ['--yes', '--no-connect'], { postfix: ['myhostname = mail.example.org'] })
  t.equal(empty.exitCode, 2)
  t.equal(
    empty.stderr,
    '--domain is missing: write --domain example.org for each domain, or --domains FILE\n',
  )
})

const postfix = [
  'myhostname = mail.example.org',
  'virtual_alias_maps = hash:DIR/virtual, proxy:mysql:/aliases.cf',
  'virtual_mailbox_domains = /DIR/list hash:DIR/list static:all',
  'virtual_alias_domains = hash:DIR/virtual, proxy:mysql:/aliases.cf',
  'relay_domains = hash:DIR/virtual, sqlite:DIR/domains.cf, ldap:/etc/postfix/ldap.cf, nothing!',
  'transport_maps = lmdb:DIR/transport inline:{a.example=smtp:b, c.example = smtp:d} hash:DIR/elsewhere',
  'mydestination = $myhostname, mail.example.org, localhost, localhost.example.org, example.org',
]
const files = {
  list: '# mine\na.example\nB.example OK\n.sub.example OK\n* OK\n@orphan\n',
  virtual: 'c.example anything\ninfo@c.example jane\n',
  transport: [
    'd.example lmtp:unix:private/dovecot-lmtp',
    'e.example smtp:[Mail.Example.org]:25',
    'f.example smtp:[mx2.example.org]:25',
    'g.example smtp:[mx2.example.org]:25',
    'h.example smtp:',
    'i.example error:moved',
    'j.example jane:secret',
    'k.example dovecot:',
    'l.example smtp:[10.0.0.5]',
    'm.example',
    '.n.example :',
    '* smtp:[relay.example.net]',
    'jane@example.org dovecot:',
  ].join('\n'),
  elsewhere: Array.from(
    { length: 7 },
    (_, number) => `x${number}.example smtp:[mx${number}.example.net]`,
  ).join('\n'),
  'domains.cf': "dbpath = /var/lib/mail.db\nquery = SELECT name FROM domain WHERE name = '%s'\n",
}

t.test('the domains of Postfix', async (t) => {
  const { exitCode, stdout, stderr, argumentsOf } = await runInit(
    t,
    ['--yes', '--no-connect', '--postfix', 'DIR/pf'],
    {
      postfix: postfix.filter((line) => !line.includes('relay_domains')),
      files,
    },
  )
  t.equal(exitCode, 0, stderr)
  t.match(argumentsOf('postconf'), /^-c \S+\/pf -x myhostname /)
  t.match(
    stdout,
    [
      'Postfix, virtual_mailbox_domains: DIR/list: 3 domains',
      'Postfix, virtual_mailbox_domains: static:all: ignored: a table of the type static, which contains no list of domains',
      'Postfix, virtual_alias_domains: DIR/virtual: 1 domain',
      'Postfix, transport_maps: DIR/transport: 4 domains; 2 domains lead to mx2.example.org; 1 domain leads to 10.0.0.5',
    ].join('\n'),
  )
  t.match(stdout, /inline:.*: ignored: a table of the type inline/)
  t.match(
    stdout,
    'hash:DIR/elsewhere: ignored: no line leads to mail.example.org; 1 domain leads to mx0.example.net; 1 domain leads to mx1.example.net; 1 domain leads to mx2.example.net; 1 domain leads to mx3.example.net; 1 domain leads to mx4.example.net; …\n',
  )
  t.match(stdout, 'Postfix, mydestination: example.org\n')
})

t.test('the files and transports of Postfix in the configuration', async (t) => {
  const { config, directory, stderr, output } = await runInit(t, ['--yes', '--no-connect'], {
    postfix: postfix.map((line) => line.replace('hash:DIR/virtual, sqlite:DIR/domains.cf, ', 'r.example, ')),
    files,
  })
  t.equal(stderr, '')
  t.strictSame(config.domains, { 'r.example': 'mail', 'example.org': 'mail' })
  t.strictSame(config.domainFiles, [
    { file: 'list', host: 'mail' },
    { file: 'virtual', host: 'mail' },
    'transport',
  ])
  t.strictSame(config.nextHops, { 'lmtp:unix:private/dovecot-lmtp': 'mail', dovecot: 'mail', ':': 'mail' })
  t.ok(existsSync(join(directory, 'transport')))
  for (const name of ['a.example', 'd.example', 'e.example', 'k.example', 'x.n.example'])
    t.equal((await run(['explain', name, '-c', output])).exitCode, 0, name)
  for (const name of ['f.example', 'h.example', 'i.example', 'l.example'])
    t.equal((await run(['explain', name, '-c', output])).exitCode, 1, name)
})

t.test('a Postfix without domains that can be used', async (t) => {
  const { exitCode, stdout, stderr } = await runInit(t, ['--yes', '--no-connect'], {
    postfix: ['myhostname = mail.example.org', 'relay_domains = hash:DIR/none'],
  })
  t.equal(exitCode, 2)
  t.match(
    stdout,
    'remove them if their mailboxes are on another host): hash:DIR/none: ignored: cannot be read',
  )
  t.match(stderr, '--domain is missing: Postfix has no domains that can be used; write --domain example.org')
})

t.test('an entry * of a transport map that leads to the host', async (t) => {
  for (const [transport, servesAll] of [
    ['a.example dovecot:\n* smtp:[mail.example.org]\n', true],
    ['a.example dovecot:\n* dovecot:\n', true],
    ['a.example dovecot:\n* smtp:[relay.example.net]\n', false],
  ] as const) {
    const { stdout } = await runInit(t, ['--yes', '--no-connect'], {
      postfix: ['myhostname = mail.example.org', 'transport_maps = hash:DIR/transport'],
      files: { transport },
    })
    t.match(stdout, `DIR/transport: 1 domain${servesAll ? ', and by * every other domain' : ''}\n`)
  }
})

t.test('a Postfix without a host name', async (t) => {
  const { config } = await runInit(t, ['--yes', ...offline], {
    postfix: ['relay_domains = hash:DIR/none r.example', 'mydestination = a.example'],
  })
  t.strictSame(config.domains, { 'r.example': 'mail', 'a.example': 'mail' })
})

t.test('items of a list in main.cf', async (t) => {
  t.strictSame(listItems(''), [])
  t.strictSame(listItems(' a,b  {c, d},hash:/x\t'), ['a', 'b', '{c, d}', 'hash:/x'])
})

t.test('a file of domains', async (t) => {
  const first = await runInit(t, [...offline, '--domains', 'hash:DIR/list'], { files })
  t.match(first.stdout, '--domains: DIR/list: 3 domains\n')
  t.strictSame(first.config.domainFiles, [{ file: 'list', host: 'mail' }])
  t.match(first.stdout, 'DNS records of a.example.')
  const both = await runInit(t, [...twoFlags, '--domains', 'DIR/list', '--output', 'DIR/etc/a.yaml'], {
    files: { ...files, etc: {} as never },
  })
  t.match(
    readFileSync(join(both.directory, 'etc', 'a.yaml'), 'utf8'),
    `{ file: ${both.directory}/list, host: mail }`,
  )
  for (const [content, expected] of [
    ['* OK\n', 'contains no domains'],
    ['{"a": 1}', 'this is JSON'],
  ] as const) {
    const { stderr } = await runInit(t, [...offline, '--domains', 'DIR/list'], { files: { list: content } })
    t.match(stderr, expected)
  }
})

const mysql = `# Postfixadmin
user = autoconfig
password = se#cret
hosts = unix:/run/mysqld/mysqld.sock other
dbname = mail
query = SELECT domain FROM domain
  WHERE domain = '%s' AND name NOT LIKE 'x%%';
`

t.test('a database of Postfix', async (t) => {
  const files = {
    'mysql_domains.cf': mysql,
    'sqlite.cf': "dbpath = /var/lib/mail.db\nquery = SELECT 1 FROM d WHERE name = '%s' OR alias = '%s'\n",
  }
  const { config, stdout, stderr, directory } = await runInit(t, ['--yes', '--no-connect'], {
    postfix: [
      'myhostname = mail.example.org',
      'virtual_mailbox_domains = proxy:mysql:DIR/mysql_domains.cf sqlite:DIR/sqlite.cf mysql:DIR/none',
    ],
    files,
  })
  t.equal(stderr, '')
  t.strictSame(config.sources, [
    {
      sql: {
        url: 'mysql://autoconfig@localhost/mail?socket=/run/mysqld/mysqld.sock',
        passwordFile: 'mysql_domains.password',
        domain:
          "SELECT 'mail' FROM (SELECT domain FROM domain WHERE domain = $1 AND name NOT LIKE 'x%') AS found",
      },
    },
    {
      sql: {
        url: 'sqlite:/var/lib/mail.db',
        domain: "SELECT 'mail' FROM (SELECT 1 FROM d WHERE name = $1 OR alias = $1) AS found",
      },
    },
  ])
  const password = join(directory, 'mysql_domains.password')
  t.equal(readFileSync(password, 'utf8'), 'se#cret\n')
  t.equal(statSync(password).mode & 0o777, 0o600)
  t.match(stdout, 'Written: DIR/mysql_domains.password, DIR/autoconfig.yaml\n')
  t.match(stdout, '  mail-autoconfig doctor DOMAIN --config')
  t.notMatch(stdout, 'se#cret')
  t.notMatch(stdout, 'DNS records')

  const again = await runInit(t, [...offline, '--domains', 'mysql:DIR/mysql_domains.cf'], {
    files: { ...files, 'mysql_domains.password': 'mine' },
  })
  t.equal(again.exitCode, 1)
  t.match(again.stderr, 'DIR/mysql_domains.password: exists already, and is not overwritten')
  t.equal(again.config, undefined)
})

t.test('a lookup table without a query', async (t) => {
  const { stderr } = await runInit(t, [...offline, '--domains', 'mysql:DIR/a.cf'], {
    files: { 'a.cf': 'user = a\n' },
  })
  t.equal(stderr, '--domains: has no query\n')
})

t.test('if check does not accept the file, no file remains', async (t) => {
  const { exitCode, stdout, stderr, directory } = await runInit(
    t,
    [...offline, '--yes', '--domains', 'sqlite:DIR/a.cf', '--output', 'DIR/new/a.yaml'],
    { files: { 'a.cf': "dbpath = mail.db\nquery = SELECT 1 FROM d WHERE name = '%s'\n" } },
  )
  t.equal(exitCode, 1)
  t.match(stdout, /sources\[0\]\.sql\.url must be "sqlite:" and the absolute path/)
  t.match(stderr, 'DIR/new/a.yaml was removed again, because check does not accept it.')
  t.notOk(existsSync(join(directory, 'new')))
})

t.test('lookup tables in databases', async (t) => {
  const query = "query = SELECT 1 FROM d WHERE name = '%s'\n"
  const login = `user = a b\ndbname = mail\n${query}`
  const tableOf = (type: 'mysql' | 'pgsql' | 'sqlite', text: string) => {
    const table = readSqlTable(type, '/etc/a.cf', text)
    return table.ok ? table.value.url : table.error
  }
  for (const [type, text, expected] of [
    ['mysql', login, 'mysql://a%20b@localhost/mail'],
    ['pgsql', `${login}hosts = db.example:5433`, 'postgres://a%20b@db.example:5433/mail'],
    ['pgsql', `${login}hosts = unix:/run/postgresql`, 'postgres://a%20b@localhost/mail?host=/run/postgresql'],
    ['mysql', `${login}hosts = inet:10.0.0.1:3306, b`, 'mysql://a%20b@10.0.0.1:3306/mail'],
    ['pgsql', `${login}hosts = postgresql://x`, /^has a server under hosts that is neither/],
    ['mysql', query, 'has no user or no dbname'],
    ['sqlite', query, 'has no dbpath'],
    ['mysql', 'user = a\ntable = b\n', 'has no query'],
    ['mysql', "query = SELECT 1 FROM d WHERE name = '%d'", /^has a query with something else/],
    ['mysql', "query = SELECT 1 FROM d WHERE name = '%s' AND u = '%u'", /^has a query with something else/],
  ] as const)
    t.match(tableOf(type, text), expected)
})

t.test('how people log in, according to Dovecot', async (t) => {
  t.equal(loginsOf('protocols = imap\n'), undefined)
  t.equal(loginsOf('passdb {\n  args = x\n  driver = sql\n}\npassdb {\n  driver = pam\n}\n'), undefined)
  t.equal(loginsOf('passdb {\n  args = x\n  driver = pam\n}\n')?.username, 'local-part')
  t.equal(loginsOf('passdb pam {\n}\n')?.username, 'local-part')
  t.equal(loginsOf('passdb sql {\n  query = SELECT\n}\n'), undefined)
  t.equal(loginsOf('passdb main {\n  driver = passwd\n}\n')?.why, 'passdb passwd: accounts of the system')
  t.equal(loginsOf('passdb {\n}\n'), undefined)
  for (const format of ['%n', '%Ln', '%{user | username | lower}', '%{username}'])
    t.match(loginsOf(`auth_username_format = ${format}\npassdb {\n  driver = pam\n}\n`), {
      username: 'address',
    })
  t.equal(loginsOf('auth_username_format = %Lu\n'), undefined)

  const { config, text, argumentsOf } = await runInit(t, [...twoFlags, '--dovecot', 'DIR/dovecot.conf'], {
    dovecot: 'passdb {\n  driver = pam\n}',
  })
  t.equal(config.hosts.mail.username, '%EMAILLOCALPART%')
  t.match(text, '# Dovecot: passdb pam: accounts of the system')
  t.match(argumentsOf('doveconf'), /^-c \S+\/dovecot\.conf -n$/)
})

interface Servers {
  readonly services: Readonly<Record<string, Partial<MailServerOptions>>>
  readonly args?: readonly string[]
}

const types = { imap: 'imap', pop3: 'pop3', submission: 'smtp' } as const

/** Runs the command with servers on the loopback; those that are not named do not answer. */
async function survey(t: Test, { services, args = [] }: Servers, more: Case = {}) {
  const all: string[] = []
  const servers = []
  for (const service of ['imaps', 'pop3s', 'submissions', 'imap', 'pop3', 'submission']) {
    const options = services[service]
    const socketType = service.endsWith('s') ? 'SSL' : 'STARTTLS'
    const type = types[service.replace(/s$/, '') as keyof typeof types]
    const server = options && (await mailServer(t, { type, socketType, issued: good, ...options }))
    if (server) servers.push(server)
    // Port 9 of this address refuses connections.
    all.push('--port', `${service}=${server?.port ?? 9}`)
  }
  const ca = { 'ca.pem': good.authority, ...more.files }
  const given =
    args.includes('--connect') || args.includes('--resolver') ? [] : ['--connect', `${mail}=127.0.0.2`]
  const flags = ['--domain', 'example.org', '--ca', 'DIR/ca.pem', '--timeout', '5', ...given, ...all, ...args]
  const result = await runInit(
    t,
    more.typed || args.includes('--yes') ? flags : ['--hostname', mail, ...flags],
    {
      ...more,
      files: ca,
    },
  )
  return { ...result, servers, seen: (result.text.match(/# Seen: .*/g) ?? []).map((line) => line.slice(8)) }
}

t.test('servers with TLS from the first byte are preferred, and nobody logs in', async (t) => {
  const services = { imaps: {}, pop3s: {}, submissions: {}, imap: {}, pop3: {}, submission: {} }
  const { config, seen, servers, stdout } = await survey(t, { services })
  t.match(seen, [
    /^imaps, port \d+: certificate for mail\.example\.org; PLAIN, LOGIN$/,
    /^pop3s, port \d+: certificate for mail\.example\.org; PLAIN, LOGIN, USER$/,
    /^submissions, port \d+: certificate for mail\.example\.org; PLAIN, LOGIN; messages of up to 12582912 bytes$/,
    /^imap, port \d+: certificate/,
    /^pop3, port \d+: certificate/,
    /^submission, port \d+: certificate/,
  ])
  t.match(stdout, /mail\.example\.org, imaps, port \d+: certificate for/)
  t.notMatch(stdout, 'Warning')
  t.match(config.hosts.mail.servers, [
    { type: 'imap', socketType: 'SSL' },
    { type: 'pop3', socketType: 'SSL' },
    { type: 'smtp', socketType: 'SSL' },
  ])
  const sent = new Set(servers.flatMap(({ lines }) => lines.map((line) => line.replace(/ \[.*/, ''))))
  t.strictSame([...sent].sort(), ['CAPA', 'EHLO', 'STARTTLS', 'STLS', 'a CAPABILITY', 'b STARTTLS'])
})

t.test('STARTTLS where there is nothing else', async (t) => {
  const { config, seen } = await survey(t, { services: { imap: {}, submission: {} } })
  t.match(config.hosts.mail.servers, [
    { type: 'imap', socketType: 'STARTTLS' },
    { type: 'smtp', socketType: 'STARTTLS' },
  ])
  t.equal(seen[0], 'imaps, port 9: ECONNREFUSED')
})

t.test('servers that clients cannot use', async (t) => {
  const answers = (text: string, on: RegExp) => (line: string) => (on.test(line) ? text : undefined)
  const { seen, config, stdout, exitCode } = await survey(t, {
    services: {
      imaps: { issued: undefined as never },
      pop3s: { answer: (line) => (line === '' ? '-ERR no' : undefined) },
      submissions: { answer: answers('250 AUTH XOAUTH2', /EHLO/) },
      imap: { answer: answers('b NO', /STARTTLS/) },
      pop3: { answer: answers('-ERR', /CAPA/) },
    },
  })
  t.equal(exitCode, 0)
  t.match(seen, [
    /^imaps, port \d+: (?!certificate)/,
    /^pop3s, port \d+: no greeting of POP3$/,
    /^submissions, port \d+: certificate for mail\.example\.org; XOAUTH2$/,
    /^imap, port \d+: no STARTTLS$/,
    /^pop3, port \d+: no STARTTLS$/,
    /^submission, port 9: ECONNREFUSED$/,
  ])
  t.match(stdout, 'Warning: mail.example.org, submissions: offers no PLAIN or LOGIN; set authentication')
  t.match(
    stdout,
    'Warning: mail.example.org, no server for incoming mail answered with TLS; the configuration has imaps and pop3s',
  )
  t.match(config.hosts.mail.servers, [{ type: 'imap' }, { type: 'pop3' }, { type: 'smtp' }])

  const none = await survey(t, { services: {} })
  t.match(none.stdout, 'no server for outgoing mail answered with TLS')
})

t.test('a certificate with other names', async (t) => {
  const names = Array.from({ length: 9 }, (_, number) => `n${number}.example`)
  const issued = await issue('P-256', undefined, names)
  const noName = await issue('P-256')
  const { seen, stdout } = await survey(t, {
    services: { imaps: { issued }, submissions: { issued: noName } },
  })
  t.match(seen[0], /: certificate for n0\.example, .*, n7\.example, …; PLAIN, LOGIN$/)
  t.match(seen[2], ': certificate for no name;')
  t.match(
    stdout,
    'Warning: mail.example.org, imaps: expected a certificate for mail.example.org; seen: n0.example',
  )
  t.match(stdout, 'get a certificate with the name mail.example.org, or advertise a name that it contains')
})

t.test('a name of the certificate that has the same address', async (t) => {
  const issued = await issue('P-256', undefined, ['www.example.org', '*.example.net'])
  const services = { imaps: { issued }, submissions: { issued } }
  const names = await nameServer(t, {
    'A mail.example.org': ['127.0.0.2'],
    'A www.example.org': ['127.0.0.3'],
    'A mail.example.net': ['127.0.0.2'],
  })
  const args = [
    '--no-connect',
    ...['a.example=127.0.0.2', 'b.example=127.0.0.2'].flatMap((place) => ['--connect', place]),
    ...['--resolver', names.address],
  ]
  const sentence =
    'The certificate of mail.example.org does not contain this name; it contains mail.example.net, at the same address.\n'
  const given = await survey(t, { services, args })
  t.match(given.stdout, sentence)
  t.match(given.stdout, 'Warning: clients reject mail.example.org; use --hostname mail.example.net\n')
  t.equal(given.config.hosts.mail.hostname, mail)

  const found = await survey(
    t,
    { services, args: [...args, '--yes'] },
    { postfix: ['myhostname = mail.example.org'] },
  )
  t.match(found.stdout, sentence)
  t.equal(found.config.hosts.mail.hostname, 'mail.example.net')
  t.match(found.config.provider.id, 'example.net')

  const typed = ['mail.example.org', '', '', '', '']
  const asked = await survey(t, { services, args }, { typed })
  t.match(asked.stderr, 'Host name for clients [mail.example.net]: ')
  t.equal(asked.config.hosts.mail.hostname, 'mail.example.net')
})

t.test('the first address without a server, and a host without an address', async (t) => {
  const names = await nameServer(t, { 'A mail.example.org': ['127.0.0.3', '127.0.0.2'] })
  const two = await survey(t, {
    services: { imaps: {}, submissions: {} },
    args: ['--resolver', names.address],
  })
  t.match(two.seen[0], 'certificate for')
  t.equal(two.seen[1], 'pop3s, port 9: ECONNREFUSED')
  const other = await nameServer(t, {})
  const none = await survey(t, { services: {}, args: ['--resolver', other.address] })
  t.equal(none.exitCode, 0)
  t.match(
    none.stdout,
    'Warning: mail.example.org: NXDOMAIN: the name does not exist; its servers were not asked\n',
  )
})

t.test('on a terminal, people are asked', async (t) => {
  const { exitCode, stderr, config } = await runInit(t, ['--no-connect'], {
    typed: [
      '',
      'not a host',
      'mx1.hoster.example',
      '',
      'example.org, -',
      'DIR/none',
      'example.org example.net',
      'neither',
      'local-part',
      'x'.repeat(61),
      'Hoster',
      '',
    ],
  })
  t.equal(exitCode, 0)
  t.equal(
    stderr,
    [
      'Host name of the mail server, as clients connect to it: There is no default; type an answer.',
      'Host name of the mail server, as clients connect to it: Type a host name, such as mail.example.org.',
      'Host name of the mail server, as clients connect to it: Domains, or a file with a domain per line: There is no default; type an answer.',
      'Domains, or a file with a domain per line: Type domains such as example.org, with blanks between them, or a file with its directory, such as ./domains.',
      'Domains, or a file with a domain per line: DIR/none: cannot be read: there is no such file.',
      'Domains, or a file with a domain per line: How do people log in: address, or local-part, the part before the @? [address]: Type address or local-part.',
      'How do people log in: address, or local-part, the part before the @? [address]: Name of your mail service, for people [hoster.example]: The name must have 1 to 60 visible characters, on one line.',
      'Name of your mail service, for people [hoster.example]: Host name of this service, which needs a certificate [autoconfig.hoster.example]: ',
    ].join('\n'),
  )
  t.strictSame(config, {
    provider: { id: 'hoster.example', displayName: 'Hoster', displayShortName: 'Hoster' },
    publicName: 'autoconfig.hoster.example',
    hosts: { mx1: { hostname: 'mx1.hoster.example', username: '%EMAILLOCALPART%' } },
    domains: { 'example.org': 'mx1', 'example.net': 'mx1' },
  })
})

t.test('what is found is proposed on a terminal', async (t) => {
  const found = {
    postfix: ['myhostname = mail.example.org', 'mydestination = example.org'],
    dovecot: 'auth_username_format = %Ln\npassdb {\n  driver = pam\n}',
    files,
  }
  const all = await runInit(t, ['--no-connect'], { ...found, typed: ['', 'maybe', 'y', '', '', ''] })
  t.match(all.stderr, 'Host name of the mail server, as clients connect to it [mail.example.org]: ')
  t.match(all.stderr, 'Use these domains of Postfix? [yes]: Type yes or no.\n')
  t.match(all.text, '# Dovecot: auth_username_format = %Ln: Dovecot accepts the address')
  t.strictSame(all.config.domains, { 'example.org': 'mail' })
  const other = await runInit(t, ['--no-connect', '--output', 'DIR/new/a.yaml'], {
    ...found,
    typed: ['', 'no', 'DIR/list', 'local-part', '', '', 'yes'],
  })
  t.equal(other.exitCode, 0)
  t.match(other.stderr, 'There is no directory DIR/new. Create it? [yes]: ')
  const text = readFileSync(join(other.directory, 'new', 'a.yaml'), 'utf8')
  t.match(text, '/list, host: mail }')
  t.notMatch(text, '# Dovecot')
})

t.test('if the input ends, nothing is written', async (t) => {
  const { exitCode, stderr, config } = await runInit(t, [...offline], { typed: [] })
  t.equal(exitCode, 1)
  t.match(stderr, '\nNo answer: nothing was written.\n')
  t.equal(config, undefined)
})

t.test('a host name without room for the name of this service', async (t) => {
  const label = 'a'.repeat(60)
  const hostname = `m.${label}.${label}.${label}.${label}.example`
  const { exitCode, config } = await runInit(t, [...twoFlags, '--hostname', hostname, '--display-name', 'A'])
  t.equal(exitCode, 0)
  t.equal(config.publicName, hostname)
})

t.test('the commands in docs/start.md lead to an answer with the mail server', async (t) => {
  const file = join(t.testdir(), 'autoconfig.yaml')
  const blocks = readFileSync('docs/start.md', 'utf8').matchAll(
    /(<!-- not run[^>]*-->\n)?^```sh\n(.*?)^```$/gms,
  )
  const lines = [...blocks].flatMap(([, notRun, code = '']) => (notRun ? [] : code.trim().split('\n')))
  t.equal(lines.length, 6)
  for (const line of lines) {
    const [command, ...words] = line.split(' ').map((word) => (word === 'autoconfig.yaml' ? file : word))
    if (command === 'mail-autoconfig') t.equal((await run(words)).exitCode, 0, line)
    else {
      const { app } = await openApp(t, readFileSync(file, 'utf8'))
      const { pathname, search } = new URL((words[0] as string).slice(1, -1))
      t.match((await app.inject({ url: pathname + search })).body, '<hostname>mail.example.org</hostname>')
    }
  }
})

t.test('a bug is not hidden', async (t) => {
  const streams = io()
  const stdout = {
    write: () => {
      throw new Error('a bug')
    },
  }
  await t.rejects(
    main(['init', ...twoFlags, '--output', join(t.testdir(), 'a.yaml')], { ...streams, stdout, env: {} }),
    /a bug/,
  )
})
