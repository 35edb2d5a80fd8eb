import type { Test } from 'tap'
import { issue } from './certificates.ts'
import { type CheckResult, runDoctor } from './doctor.ts'
import { configFolder, example } from './example.ts'
import { type MailServerOptions, mailServer } from './mail-server.ts'
import { type NameServerOptions, nameServer, type Zone } from './zone-server.ts'

export const mail = 'mail.example.org'
export const good = await issue('P-256', undefined, [mail])
const other = await issue('P-256', undefined, ['other.example.org'])

export interface ServerCase extends Partial<MailServerOptions> {
  /** As advertised, where the server is different. */
  readonly advertised?: object
  readonly limits?: object
  /** The port of the server is known when it listens. */
  readonly zone?: Zone | ((port: number) => Zone)
  readonly dns?: NameServerOptions
  readonly args?: readonly string[]
  /** The authorities that are trusted, if not those of the servers. */
  readonly authority?: string | undefined
}

/** The checks of a domain with one server. */
export async function examineServer(t: Test, given: ServerCase) {
  const { advertised, limits, zone, dns, args = [], authority, ...rest } = given
  const options = { type: 'imap', socketType: 'SSL', issued: good, ...rest } as const
  const server = await mailServer(t, options)
  // Every document has an incoming and an outgoing server.
  const type = options.type === 'smtp' ? 'imap' : 'smtp'
  const second = await mailServer(t, { type, socketType: 'SSL', issued: other })
  const names = await nameServer(
    t,
    {
      'A other.example.org': [second.address],
      ...(typeof zone === 'function' ? zone(server.port) : (zone ?? { [`A ${mail}`]: [server.address] })),
    },
    dns,
  )
  const host = {
    hostname: mail,
    shape: 'all',
    ...(limits && { limits }),
    servers: [
      { type: options.type, port: server.port, socketType: options.socketType, ...advertised },
      { type, hostname: 'other.example.org', port: second.port },
    ],
  }
  const config = { ...example, hosts: { one: host }, domains: { 'example.org': 'one' } }
  const authorities = authority ?? `${(options.issued ?? good).authority}${other.authority}`
  const file = configFolder(t, config, { 'ca.pem': authorities })
  const { stdout, stderr, exitCode } = await runDoctor([
    'example.org',
    '--json',
    '-c',
    file,
    '--resolver',
    names.address,
    '--timeout',
    '5',
    '--ca',
    file.replace('autoconfig.yaml', 'ca.pem'),
    ...args,
  ])
  t.equal(stderr, '')
  const target = `${options.type} ${mail}:${server.port}`
  const checks = (JSON.parse(stdout) as { checks: CheckResult[] }).checks.filter((check) =>
    check.target.startsWith(target),
  )
  const at = (id: string) => checks.filter((check) => check.id === id)
  const problems = checks.filter(({ state }) => state === 'problem').map(({ id }) => id)
  const untested = checks.filter(({ state }) => state === 'untested').map(({ id }) => id)
  return {
    exitCode,
    checks,
    at,
    problems,
    untested,
    server,
    target,
    names,
  }
}
