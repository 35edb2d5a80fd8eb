import { PassThrough } from 'node:stream'
import type { Test } from 'tap'
import type { Protocol } from '../../src/model/settings.ts'
import { issue } from './certificates.ts'
import { type CheckResult, runDoctor } from './doctor.ts'
import { configFolder, example } from './example.ts'
import { type MailServerOptions, mailServer } from './mail-server.ts'
import { nameServer, type Zone } from './zone-server.ts'

export const mail = 'mail.example.org'
export const good = await issue('P-256', undefined, [mail])
export const password = 'pa"s\\s wörd'
export const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A server with one account, that offers one mechanism: SASL PLAIN, or LOGIN and USER. */
export function account(type: Protocol, username: string, mechanism = 'PLAIN') {
  const isPlain = mechanism === 'PLAIN'
  const plain = base64(`\0${username}\0${password}`)
  const utf8 = Buffer.from(password).toString('latin1')
  const answers: Readonly<Record<Protocol, Record<string, string>>> = {
    imap: {
      'a CAPABILITY': `* CAPABILITY ${isPlain ? 'AUTH=PLAIN' : ''}\r\na OK`,
      'c AUTHENTICATE PLAIN': '+',
      [plain]: '* CAPABILITY\r\nc OK',
      [`c LOGIN "${username}" "${utf8.replace(/["\\]/g, '\\$&')}"`]: 'c OK',
    },
    pop3: {
      CAPA: `+OK\r\n${isPlain ? 'SASL PLAIN' : 'USER'}\r\n.`,
      'AUTH PLAIN': '+ go',
      [plain]: '+OK',
      [`USER ${username}`]: '+OK',
      [`PASS ${utf8}`]: '+OK',
    },
    smtp: {
      'EHLO [127.0.0.1]': `250-x\r\n250 AUTH ${mechanism}`,
      [`AUTH PLAIN ${plain}`]: '235-very\r\n235 good',
      'AUTH LOGIN': '334 VXNlcm5hbWU6',
      [base64(username)]: '334 UGFzc3dvcmQ6',
      [base64(password)]: '235 good',
    },
  }
  const refusals = { imap: 'c NO', pop3: '-ERR', smtp: '535 no' }
  return (line: string): string | undefined =>
    line === '' || /STARTTLS/.test(line) ? undefined : (answers[type][line] ?? refusals[type])
}

export interface Server extends Partial<MailServerOptions> {
  readonly username?: string
}

export async function logIn(
  t: Test,
  servers: Partial<Record<Protocol, Server>>,
  input = `${password}\n`,
  zone: Zone = { [`A ${mail}`]: ['127.0.0.2'] },
) {
  const all = await Promise.all(
    Object.entries(servers).map(async ([type, { username, ...options }]) => {
      const settings = { type: type as Protocol, socketType: 'SSL', issued: good, ...options } as const
      const server = await mailServer(t, settings)
      return {
        server,
        settings: { type, port: server.port, socketType: settings.socketType, ...(username && { username }) },
      }
    }),
  )
  const host = { hostname: mail, shape: 'all', servers: all.map(({ settings }) => settings) }
  const config = { ...example, hosts: { one: host }, domains: { 'example.org': 'one' } }
  const names = await nameServer(t, zone)
  const file = configFolder(t, config, { 'ca.pem': good.authority })
  const stdin = Object.assign(new PassThrough(), { isTTY: false })
  stdin.end(input)
  const { stdout, stderr, exitCode } = await runDoctor(
    [
      ...['--login', 'jane@example.org', '--json', '-c', file, '--resolver', names.address],
      ...['--timeout', '5', '--ca', file.replace('autoconfig.yaml', 'ca.pem')],
    ],
    false,
    stdin,
  )
  t.notMatch(stdout + stderr, /pa"s|jane/, 'neither password nor address is printed')
  const checks = exitCode === 2 ? [] : (JSON.parse(stdout) as { checks: CheckResult[] }).checks
  return {
    exitCode,
    stderr,
    checks,
    lines: all.map(({ server }) => server.lines),
    logins: checks.filter(({ id }) => id === 'login-failed').map(({ state, seen }) => `${state}: ${seen}`),
    advice: checks.filter(({ id }) => id === 'login-failed').map(({ advice }) => advice),
  }
}
