import t from 'tap'
import { clients } from '../../src/rehearsal/clients/index.ts'
import { run } from '../support/command.ts'
import { nameServer } from '../support/name-server.ts'

const srv = (service: string, port: number, target: string) =>
  ({
    type: 'SRV',
    name: `${service}._tcp.example.org`,
    data: { priority: 0, weight: 1, port, target },
  }) as const

const records = [srv('_imaps', 993, 'imap.example.net'), srv('_submissions', 465, 'smtp.example.net')]

t.test('each step is printed, and the account at the end', async (t) => {
  const resolver = await nameServer(t, records)
  const { exitCode, stdout, stderr } = await run([
    ...['rehearse', 'fairemail-play', 'jane@example.org', '--resolver', resolver],
  ])
  t.strictSame({ exitCode, stderr }, { exitCode: 0, stderr: '' })
  t.equal(
    stdout,
    `FairEmail 2026-08 (Google Play) (run on 2026-11-25)
  taken: SRV _imaps._tcp.example.org -> 0 1 993 imap.example.net.
    FairEmail looks at these records next
  rejected: SRV _imap._tcp.example.org -> NXDOMAIN
    the name does not exist
  taken: SRV _submissions._tcp.example.org -> 0 1 465 smtp.example.net.
    FairEmail looks at these records next
  rejected: SRV _submission._tcp.example.org -> NXDOMAIN
    the name does not exist
  account: imap, imap.example.net:993, SSL, username jane@example.org
  account: smtp, smtp.example.net:465, SSL, username jane@example.org
`,
  )
})

t.test('the JSON has the client, its version, the steps and the account', async (t) => {
  const resolver = await nameServer(t, records)
  const args = ['rehearse', 'geary', 'jane@example.org', '--resolver', resolver, '--json']
  const { exitCode, stdout } = await run(args)
  t.equal(exitCode, 1)
  const step = (url: string) => ({
    what: `GET ${url}`,
    status: 'NXDOMAIN',
    outcome: 'rejected',
    why: 'the name does not exist',
  })
  t.strictSame(JSON.parse(stdout), {
    client: 'geary',
    version: '43.0',
    steps: [
      step('https://autoconfig.example.org/mail/config-v1.1.xml'),
      step('https://autoconfig.thunderbird.net/v1.1/example.org'),
    ],
    account: null,
  })
})

t.test('all clients are rehearsed in one command', async (t) => {
  const resolver = await nameServer(t, records)
  const args = ['rehearse', '--all-clients', 'jane@example.org', '--resolver', resolver]
  const { exitCode, stdout } = await run([...args, '--json'])
  t.equal(exitCode, 1)
  const found: { client: string; account: unknown }[] = JSON.parse(stdout)
  t.strictSame(
    found.map(({ client }) => client),
    clients.map(({ id }) => id),
  )
  t.strictSame(
    found.filter(({ account }) => account).map(({ client }) => client),
    ['fairemail', 'fairemail-play', 'snappymail', 'aerc', 'pimalaya', 'email-engine'],
  )
  const text = (await run(args)).stdout
  t.match(text, /\n {2}no account\n\nFairEmail 2026-08 \(GitHub\) \(run on/)
  t.match(text, /pimalaya 2026-08 \(source read on/)
  t.match(text, /account: imap, imap\.example\.net:993, SSL, no username\n/)
})

t.test('a client that asks nobody is no failure', async (t) => {
  const { exitCode, stdout } = await run(['rehearse', 'apple-mail', 'jane@example.org'])
  t.equal(exitCode, 0)
  t.match(
    stdout,
    /not asked: settings of example\.org\n {4}Apple Mail asks nobody for settings; people install/,
  )
})

t.test('mistakes in the command are explained, and nothing of them is repeated', async (t) => {
  const jane = 'jane@example.org'
  for (const [args, message] of [
    [[], /^write a client and an address, such as "thunderbird jane@example.org"\nClients: thunderbird, /],
    [[jane], /^write a client and an address/],
    [['--all-clients', 'geary', jane], /^write one address after --all-clients/],
    [['secret', jane], /^the client is unknown\nClients: /],
    [['geary', 'secret'], /^the argument is not an address; write one such as jane@example.org/],
    [
      ['geary', jane, '--timeout', 'secret'],
      /--timeout <seconds>' must be a number of seconds from 1 to 3600/,
    ],
    [['geary', jane, '--timeout', '0'], /must be a number of seconds/],
    [['geary', jane, '--resolver', 'secret'], /--resolver <ip>' must be an IP address with an optional port/],
    [['geary', jane, '--resolver', '127.0.0.1:70000'], /must be an IP address with an optional port/],
  ] as const) {
    const { exitCode, stderr } = await run(['rehearse', ...args])
    t.equal(exitCode, 2)
    t.match(stderr, message)
    t.notMatch(stderr, 'secret')
  }
})

t.test('a name server can be an IPv6 address with a port', async (t) => {
  const { exitCode } = await run(['rehearse', 'gmail', 'jane@example.org', '--resolver', '[::1]:5353'])
  t.equal(exitCode, 0)
})

t.test('the file of an authority must be readable', async (t) => {
  const wrong = await run(['rehearse', 'gmail', 'jane@example.org', '--ca', 'no-such.pem'])
  t.equal(wrong.exitCode, 1)
  t.equal(wrong.stderr, 'no-such.pem cannot be read: there is no such file\n')
  t.equal((await run(['rehearse', 'gmail', 'jane@example.org', '--ca', 'README.md'])).exitCode, 0)
})
