import { programOutput } from './program-output.ts'

/** How people log in: with the whole address, or with the part before the @. */
export const usernames = { address: '%EMAILADDRESS%', 'local-part': '%EMAILLOCALPART%' } as const
export type Username = keyof typeof usernames

export interface DovecotLogins {
  readonly username: Username
  /** The settings of Dovecot that say so, for people. */
  readonly why: string
}

/** Password databases with the accounts of the system, whose names contain no @. */
const ofSystem = ['pam', 'passwd', 'shadow', 'bsdauth']

/** `%n`, `%Ln`, and `%{user | username | lower}` as Dovecot 2.4 writes it. */
const withoutDomain = /^%[LU]?n$|\|\s*username\b|^%\{username\}$/

/**
 * How people log in to Dovecot on this machine, as far as its configuration shows it; `undefined` if there is no Dovecot, or nothing
 * to see. `file` is its configuration file, by default that of the system.
 */
export async function readDovecot(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DovecotLogins | undefined> {
  const where = file === undefined ? [] : ['-c', file]
  const output = await programOutput('doveconf', [...where, '-n'], env)
  return output === undefined ? undefined : loginsOf(output)
}

/** The same for the output of `doveconf -n`. */
export function loginsOf(output: string): DovecotLogins | undefined {
  const format = /^auth_username_format = (.*)$/m.exec(output)?.[1]
  // Dovecot drops the domain of an address before it looks for the account, so people can log in with their address.
  if (format !== undefined && withoutDomain.test(format))
    return {
      username: 'address',
      why: `auth_username_format = ${format}: Dovecot accepts the address, and the part before the @`,
    }
  const sections = [...output.matchAll(/^passdb(?: (\S+))? \{\n((?: .*\n)*)\}/gm)]
  // Dovecot 2.4 names the driver before the brace.
  const names = sections.map(([, name = '', body = '']) => /^ {2}driver = (\S+)$/m.exec(body)?.[1] ?? name)
  if (names.length === 0) return undefined
  return names.every((name) => ofSystem.includes(name))
    ? { username: 'local-part', why: `passdb ${names.join(', ')}: accounts of the system` }
    : undefined
}
