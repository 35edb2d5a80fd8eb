import { PassThrough } from 'node:stream'
import t from 'tap'
import { readPassword } from '../../src/cli/doctor/password.ts'
import type { Protocol } from '../../src/model/settings.ts'
import { issue } from '../support/certificates.ts'
import { io } from '../support/command.ts'
import { runDoctor } from '../support/doctor.ts'
import { account, base64, logIn, mail, password, type Server } from '../support/doctor-login.ts'
import { configFolder, example } from '../support/example.ts'

const address = 'jane@example.org'

t.test('the advertised username works, by every method', async (t) => {
  for (const mechanism of ['PLAIN', 'LOGIN']) {
    const { logins, lines, exitCode } = await logIn(t, {
      imap: { answer: account('imap', address, mechanism) },
      pop3: { answer: account('pop3', address, mechanism) },
      smtp: { answer: account('smtp', address, mechanism) },
    })
    t.strictSame(logins, Array(3).fill('ok: logged in with the address'), mechanism)
    t.equal(exitCode, 1, 'the DNS records do not exist')
    t.equal(lines[0]?.filter((line) => line.startsWith('c ')).length, 1, 'one attempt')
  }
})

t.test('with STARTTLS, the password is sent after it', async (t) => {
  const type = 'imap'
  const inside = account(type, address)
  const { logins } = await logIn(t, {
    imap: { socketType: 'STARTTLS', answer: (line, isSecure) => (isSecure ? inside(line) : undefined) },
    smtp: { answer: account('smtp', address) },
  })
  t.strictSame(logins, Array(2).fill('ok: logged in with the address'))
})

t.test('a rejected username is not tried again, and the one that works is named', async (t) => {
  const local = await logIn(t, {
    imap: { answer: account('imap', 'jane'), username: 'jane.doe' },
    pop3: { answer: account('pop3', 'jane'), username: 'jane.doe' },
    smtp: { answer: account('smtp', 'jane'), username: 'jane.doe' },
  })
  t.strictSame(local.logins, [
    'problem: rejected with the configured login name',
    'problem: rejected with the address',
    'problem: logged in with the part before the @',
  ])
  t.equal(local.advice[2], 'advertise the part before the @ as username')
})

t.test('when every username is rejected, there are no more attempts', async (t) => {
  const answer = (type: Protocol) => account(type, 'nobody', 'LOGIN')
  const { logins, lines } = await logIn(t, {
    imap: { answer: answer('imap') },
    pop3: { answer: answer('pop3') },
    smtp: { answer: answer('smtp') },
  })
  t.strictSame(logins, [
    'problem: rejected with the address',
    'problem: rejected with the part before the @',
    'untested: no attempt: other servers rejected every username',
  ])
  t.notOk(lines[2]?.includes('AUTH LOGIN'))
})

t.test('a server that refuses a method before the password', async (t) => {
  const refuse = (type: Protocol, mechanism: string, refused: string, text: string) => {
    const usual = account(type, address, mechanism)
    return (line: string) => (line === refused ? text : usual(line))
  }
  const cases: [Protocol, string, string, string][] = [
    ['imap', 'PLAIN', 'c AUTHENTICATE PLAIN', 'c NO'],
    ['pop3', 'PLAIN', 'AUTH PLAIN', '-ERR'],
    ['smtp', 'LOGIN', 'AUTH LOGIN', '535 no'],
    ['smtp', 'LOGIN', base64(address), '535 no'],
  ]
  for (const [type, mechanism, refused, text] of cases) {
    const other = type === 'smtp' ? 'imap' : 'smtp'
    const { logins, lines } = await logIn(t, {
      [type]: { answer: refuse(type, mechanism, refused, text) },
      [other]: { answer: account(other, address) },
    })
    t.equal(logins.filter((login) => login.startsWith('problem: rejected with the address')).length, 1)
    t.notOk(lines.flat().includes(base64(password)), 'no password')
  }
})

t.test('a password is sent only over TLS to a server with a valid certificate', async (t) => {
  const wrong = await issue('P-256', undefined, [mail])
  const soon = await issue('P-256', new Date(Date.now() + 86_400_000), [mail])
  const cases: [Server, string][] = [
    [{ issued: wrong }, 'untested: no password is sent to a server without a valid certificate'],
    [{ issued: soon }, 'untested: no password is sent to a server without a valid certificate'],
    [{ socketType: 'plain' }, 'untested: no password is sent without TLS'],
    [
      { answer: (line) => (line === 'a CAPABILITY' ? '* CAPABILITY LOGINDISABLED\r\na OK' : undefined) },
      'untested: the server offers no password method',
    ],
    [{ answer: () => 'CLOSE' }, 'untested: the connection ended'],
    [
      { tls: { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } },
      'untested: the connection ended',
    ],
  ]
  for (const [options, login] of cases) {
    const { logins, lines } = await logIn(t, { imap: options, smtp: { answer: account('smtp', address) } })
    t.equal(logins[0], login)
    t.notOk(lines[0]?.some((line) => line.startsWith('c ')))
  }
})

t.test('a host without an address gets no password', async (t) => {
  const { logins } = await logIn(t, { imap: {}, smtp: {} }, `${password}\n`, {})
  t.match(logins[0], /^untested: NXDOMAIN/)
})

t.test('a login needs an address and a password', async (t) => {
  t.match(await logIn(t, { imap: {}, smtp: {} }, ''), {
    exitCode: 2,
    stderr: /^--login: there is no password; type it/,
  })
  const file = configFolder(t, example)
  t.match(await runDoctor(['--login', 'example.org', '-c', file]), {
    exitCode: 2,
    stderr: '--login: write an address, such as jane@example.org\n',
  })
  t.match(await runDoctor(['--login', address, '-c', file]), { exitCode: 2 }, 'no standard input')
  t.match(await runDoctor(['--login', address, '--all', '-c', file]), {
    exitCode: 2,
    stderr: /'--all' cannot be used with option '--login/,
  })
})

t.test('a prompt does not show the password', async (t) => {
  const type = (...keys: string[]) => {
    const modes: boolean[] = []
    const stdin = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: (isRaw: boolean) => modes.push(isRaw),
    })
    const { stderr } = io()
    const answer = readPassword(stdin, stderr)
    for (const key of keys) stdin.write(key)
    return answer.then((typed) => ({ typed, modes, shown: stderr.text() }))
  }
  t.strictSame(await type('s', 'ä', 'x', '\u007f', 'e', '\r'), {
    typed: 'säe',
    modes: [true, false],
    shown: 'Password: \n',
  })
  t.equal((await type('secret', '\u0003')).typed, undefined, 'Ctrl+C')
})
