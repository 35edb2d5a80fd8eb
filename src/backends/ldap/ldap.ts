import { isIP } from 'node:net'
import type { Entry, SearchOptions } from 'ldapts'
import * as z from 'zod'
import { type Domain, type EmailAddress, formatEmailAddress, parseDomain } from '../../model/address.ts'
import { type Backend, type BackendContext, type BackendKind, backendSettings } from '../backend.ts'
import { type Driver, LdapConnection, type LdapServer, type Network } from './connection.ts'
import { type Asked, fillFilter, filterError, openFilter, type Placeholder, withoutBlanks } from './filter.ts'
import { LdapServers } from './servers.ts'

/** A directory that is asked by LDAP (RFC 4511) for the host of a domain and the login of an address. */

const url = z.string().refine((value) => {
  const [, bracketed, plain = '', port = '389'] =
    /^ldaps?:\/\/(?:\[(.*)\]|([^:]*))(?::(\d+))?\/?$/.exec(value) ?? []
  const isHost =
    bracketed === undefined ? parseDomain(plain) !== undefined || isIP(plain) === 4 : isIP(bracketed) === 6
  return isHost && Number(port) >= 1 && Number(port) <= 65_535
}, 'must be ldaps://host or ldap://host, with :port behind it if that is not 636 or 389')

const attribute = z.string().regex(/^[A-Za-z][A-Za-z\d-]*$/, 'must be the name of one attribute')

const dn = z.string().min(1).max(1000)

const filter = (known: readonly Placeholder[], some: readonly Placeholder[]) =>
  z
    .string()
    .max(1000)
    .transform(withoutBlanks)
    .superRefine((value, context) => {
      const fault = filterError(value, known, some)
      if (fault !== undefined) context.addIssue(fault)
    })

const domainQuestion = z.strictObject({
  base: dn.optional().meta({ description: 'Where it is searched, if not below the base of the source.' }),
  filter: filter(['s', 'd'], ['s', 'd']).meta({
    description: 'Finds the entry of a domain: %s is the domain, in lower-case A-labels.',
  }),
  attribute: attribute.meta({
    description: 'What holds the host: its key, its host name, or a Postfix transport.',
  }),
  name: attribute.optional().meta({
    description: 'What holds the domain, so that all of them can be listed.',
  }),
})

const accountQuestion = z.strictObject({
  base: dn.optional().meta({ description: 'Where it is searched, if not below the base of the source.' }),
  // A domain alone would find anybody of it.
  filter: filter(['s', 'u', 'd'], ['s', 'u']).meta({
    description: 'Finds the entry of an address in lower case: %s is all of it, %u@%d its two parts.',
  }),
  attribute: attribute.meta({ description: 'What holds the login.' }),
})

const schema = z
  .strictObject({
    url: z
      .union([url, z.array(url).min(1).max(10)], {
        error: 'must be a URL such as ldaps://ldap.example.org, or a list of such',
      })
      .transform((value) => [value].flat())
      .meta({ description: 'ldaps://host or ldap://host; several are asked in this order.' }),
    startTls: z.boolean().default(true).meta({
      description: 'For ldap://: encrypts the connection before anything is said on it.',
    }),
    bindDn: z
      .string()
      .max(1000)
      .regex(/[=@\\]/, 'must be a DN, such as cn=autoconfig,dc=example,dc=org')
      .optional()
      .meta({ description: 'Who asks. Without it, nobody does: an anonymous bind.' }),
    passwordFile: z.string().min(1).optional().meta({
      description: 'The file with the password of bindDn. Relative to this file.',
    }),
    base: dn.meta({ description: 'Below which entry is searched.' }),
    domain: domainQuestion.optional().meta({ description: 'How the host of a domain is found.' }),
    account: accountQuestion.optional().meta({ description: 'How the login of an address is found.' }),
    ...backendSettings,
  })
  .refine(({ bindDn, passwordFile }) => (bindDn === undefined) === (passwordFile === undefined), {
    message: 'goes with passwordFile, and the other way round',
    path: ['bindDn'],
  })
  .refine(({ domain, account }) => domain !== undefined || account !== undefined, {
    message: 'must be there, or account, or both',
    path: ['domain'],
  })

export type LdapSettings = z.infer<typeof schema>

export const ldap: BackendKind<LdapSettings> = {
  key: 'ldap',
  schema,
  // From 9 on it wants Node.js 22.
  driver: () => 'ldapts@8',
  open: (settings, context) => openLdap(settings, context, {}, Date.now),
}

interface Question {
  readonly base: string
  readonly filter: string
  readonly attribute: string
}

/** The same with what surrounds it: names and authorities of the network, and a clock in milliseconds. */
export async function openLdap(
  settings: LdapSettings,
  { password }: BackendContext,
  network: Network,
  now: () => number,
): Promise<Backend> {
  const { startTls, bindDn, timeout } = settings
  const domain = settings.domain && { ...settings.domain, base: settings.domain.base ?? settings.base }
  const account = settings.account && { ...settings.account, base: settings.account.base ?? settings.base }
  const { name } = domain ?? {}
  const driver = await import('ldapts')
  const list = settings.url.map((url) => ({ url, startTls, bindDn, password }))
  const servers = new LdapServers(driver, list, timeout, network, now)

  const checks = [
    ...(domain ? [{ name: 'domain', question: domain, asked: askedOf(nobody.domain) }] : []),
    ...(account ? [{ name: 'account', question: account, asked: askedOf(nobody) }] : []),
  ]

  /** The first value of each entry that is found, each value once. */
  async function ask(question: Question, asked: Asked, signal: AbortSignal): Promise<string[]> {
    const entries = await servers.search(question.base, searchFor(question, asked, timeout), signal)
    return [...new Set(entries.flatMap((entry) => valuesOf(entry, question.attribute).slice(0, 1)))]
  }

  return {
    ...(domain && {
      // Of several, always the same: not the one that happens to come first.
      async findHost(name: Domain, signal: AbortSignal) {
        const hosts = await ask(domain, askedOf(name), signal)
        return hosts.sort()[0]
      },
    }),
    ...(account && {
      // The address of several people has no login, as in a map of aliases.
      async findLogin(address: EmailAddress, signal: AbortSignal) {
        const [login, other] = await ask(account, askedOf(address), signal)
        return other === undefined ? login : undefined
      },
    }),
    ...(domain &&
      name !== undefined && {
        async *list(signal: AbortSignal) {
          const { base, filter, attribute } = domain
          const options = { filter: openFilter(filter), attributes: [attribute, name], timeLimit: 0 }
          for await (const entries of servers.pages(base, options, signal)) {
            for (const entry of entries) {
              const [host] = valuesOf(entry, attribute)
              if (host === undefined) continue
              for (const domain of valuesOf(entry, name)) yield { domain, host }
            }
          }
        },
      }),
    /** Asks every server, though one would do. */
    async check(signal) {
      const outcomes = await Promise.allSettled(
        list.map((server) => checkServer(driver, server, network, checks, signal)),
      )
      const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '))
    },
    close: () => servers.close(),
  }
}

/** Two entries tell as much as many. */
const searchFor = ({ filter, attribute }: Question, asked: Asked, timeout: number): SearchOptions => ({
  filter: fillFilter(filter, asked),
  attributes: [attribute],
  sizeLimit: 2,
  timeLimit: Math.ceil(timeout),
})

/** In lower case, since directories may compare with care. */
function askedOf(asked: Domain | EmailAddress): Asked {
  if (typeof asked === 'string') return { s: asked, u: '', d: asked }
  const { localPart, domain } = asked
  return { s: formatEmailAddress(asked).toLowerCase(), u: localPart.toLowerCase(), d: domain }
}

/** The values of an attribute that are texts; servers spell its name as they like. */
function valuesOf(entry: Entry, attribute: string): string[] {
  return Object.entries(entry)
    .filter(([name]) => name.toLowerCase() === attribute.toLowerCase())
    .flatMap(([, values]): (string | Buffer)[] => [values].flat())
    .filter((value) => typeof value === 'string' && value !== '') as string[]
}

/** RFC 6761, section 6.4: nobody's ever. */
const nobody: EmailAddress = { localPart: 'nobody', domain: 'example.invalid' as Domain }

/** A question to try out, and for whom. */
interface Check {
  readonly name: string
  readonly question: Question
  readonly asked: Asked
}

/** Whether a server can be asked, and whether there is anything that it could answer with. */
async function checkServer(
  driver: Driver,
  server: LdapServer,
  network: Network,
  checks: readonly Check[],
  signal: AbortSignal,
): Promise<void> {
  const connection = await LdapConnection.open(driver, server, network, signal)
  let trying = ''
  try {
    for (const { name, question, asked } of checks) {
      trying = name
      const { base, filter, attribute } = question
      await connection.search(base, searchFor(question, asked, 0), signal)
      const all = { filter: `(&${openFilter(filter)}(${attribute}=*))`, attributes: ['1.1'], sizeLimit: 1 }
      const found = await connection.search(base, all, signal)
      if (found.length > 0) continue
      throw new Error(
        `${server.url} has nothing with ${attribute} that fits the filter, or bindDn may not read it`,
      )
    }
  } catch (error) {
    throw new Error(`${trying}: ${(error as Error).message}`)
  } finally {
    await connection.close()
  }
}
