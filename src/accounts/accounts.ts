import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { Reading } from '../domains/source.ts'
import type { Domain, EmailAddress } from '../model/address.ts'
import { misreadLogin } from '../model/client-warnings.ts'
import { isOneLine } from '../model/one-line.ts'
import { text } from '../reading/fields.ts'
import {
  type AccountEntry,
  type AccountTable,
  buildAccountTable,
  entriesOf,
  hasDomain,
  targetOf,
} from './account-table.ts'
import { readVirtualMap, splitAddress } from './virtual-map.ts'

/** `accounts:` of the configuration: what addresses log in with, and who is told. */
export const accountsSection = z.strictObject({
  disclose: z.enum(['link', 'public']).default('link').meta({
    description:
      'link: only personal links tell the login of an address. public: whoever asks for the address is told. A domain may say otherwise.',
  }),
  decoys: z.boolean().default(false).meta({
    description:
      "With disclose: public, an address that is not known gets a login of the same shape that is nobody's, so that nobody learns which addresses there are. Needs secretFile.",
  }),
  secretFile: z.string().min(1).optional().meta({
    description: 'A file of 32 bytes or more that nobody else knows; decoys are derived from it.',
  }),
  map: z
    .record(z.string(), text(255))
    .default({})
    .meta({ description: 'Each address and its login. @example.org is all else of that domain.' }),
  files: z.array(z.string().min(1)).default([]).meta({
    description: 'Virtual alias maps of Postfix, as they are: aliases are followed to the mailbox.',
  }),
})
export type AccountsSection = z.infer<typeof accountsSection>

/** What was read of them. Plain data: it crosses from the thread that read it. Never to be logged. */
export interface AccountsData {
  /** Each address, and where it leads in the end. */
  readonly table: AccountTable
  /** Each address by its MD5; where logins are told to who asks. */
  readonly digests?: AccountTable
  /** Where decoys are wanted, what they are derived from, and every login that is somebody's. */
  readonly decoys?: { readonly secret: Uint8Array; readonly taken: AccountTable }
}

/** What a target begins with: a login as it stands, or the address of a mailbox. Neither: no login can be told. */
const marks = { login: '=', mailbox: '>' } as const

/** `isPublic`: is any domain's login told to who asks? */
export async function readAccounts(
  section: AccountsSection,
  isPublic: boolean,
  reading: Reading,
): Promise<AccountsData> {
  const aliases = new Aliases()
  readInline(section, aliases, reading)
  const files = await Promise.all(
    section.files.map((name, index) => reading.readFile(name, ['accounts', 'files', index])),
  )
  for (const { file, bytes } of files.filter((found) => found !== undefined)) {
    readFile(file, bytes, aliases, reading)
  }
  const secret = section.decoys ? await readSecret(section, reading) : undefined
  const entries = [...aliases.resolved()]
  const hasName = (name: string) => reading.hosts.find(name) !== undefined
  return {
    table: buildAccountTable(entries),
    ...(isPublic && { digests: buildAccountTable(byDigest(entries)) }),
    ...(secret && { decoys: { secret, taken: buildAccountTable(loginsOf(entries, hasName)) } }),
  }
}

function readInline({ map }: AccountsSection, aliases: Aliases, reading: Reading): void {
  for (const [address, login] of Object.entries(map)) {
    const name = splitAddress(address)
    const place = reading.placeOfKey(['accounts', 'map', address])
    const path = `accounts.map["${address}"]`
    const fault = (message: string) => reading.fault({ ...place, path, message })
    if (!name) fault('is no address; one is written as info@example.org, or @example.org for all else of it')
    else {
      const other = aliases.add(name, `${marks.login}${login}`, place)
      if (other) fault(`has another login in ${other.file}:${other.line}`)
      const message = misreadLogin(login)
      if (message) reading.warn({ ...reading.placeOf(['accounts', 'map', address]), path, message })
    }
  }
}

/** Of addresses that stand twice, so many are told one by one. */
const mostTold = 5

function readFile(file: string, bytes: Uint8Array, aliases: Aliases, reading: Reading): void {
  const remarks: Record<'left' | 'misread' | 'twice', { line: number; message: string }[]> = {
    left: [],
    misread: [],
    twice: [],
  }
  const leave = (line: number, message: string) => remarks.left.push({ line, message })
  for (const alias of readVirtualMap(bytes, leave)) {
    const { line } = alias
    const target = targetFor(alias.targets)
    if (target === undefined) {
      leave(line, 'is left out: what stands behind the address is no login')
      continue
    }
    // As in Postfix, and as for domains, what is inline comes first, and the first of two lines.
    const other = aliases.add(alias, target, { file, line })
    if (other) {
      const message = `is not heeded: ${other.file}:${other.line} has the same address, and another target`
      remarks.twice.push({ line, message })
    }
    const misread = target.startsWith(marks.login) ? misreadLogin(target.slice(1)) : undefined
    if (misread) remarks.misread.push({ line, message: `has a login that ${misread}` })
  }
  const warn = ({ line, message }: { line: number; message: string }, more = '') =>
    reading.warn({ file, line, column: 1, path: '', message: `${message}${more}` })
  for (const [first, ...others] of [remarks.left, remarks.misread, remarks.twice.slice(mostTold)]) {
    if (first)
      warn(first, others.length > 0 ? `; so it is with ${others.length} more lines of this file` : '')
  }
  for (const remark of remarks.twice.slice(0, mostTold)) warn(remark)
}

/**
 * Where targets lead. Pipes, files and lists are nobody's mailbox (aliases(5)): their address is known, and has no login.
 * `undefined` for what cannot be a login.
 */
function targetFor(targets: readonly string[]): string | undefined {
  const [target = '', ...others] = targets
  if (others.length > 0 || /^[|/:"\\]/.test(target)) return ''
  if (target.includes('@')) return splitAddress(target) ? `${marks.mailbox}${target}` : undefined
  return isLogin(target) ? `${marks.login}${withoutExtension(target)}` : undefined
}

/** Can it be what somebody types in as his user name? Logins of databases and directories are asked as well. */
export const isLogin = (text: string): boolean =>
  text !== '' && text.length <= 255 && isOneLine(text) && !text.includes('\ufffd')

/** `user0001+sales` is in the mailbox of `user0001` (postconf(5), `recipient_delimiter`). */
function withoutExtension(localPart: string): string {
  const plus = localPart.indexOf('+', 1)
  return plus === -1 ? localPart : localPart.slice(0, plus)
}

/** How far aliases are followed; a longer chain is taken for a circle. */
const longestChain = 10

/** The addresses of all files, while they are read. */
class Aliases {
  readonly #entries = new Map<string, AccountEntry & { readonly place: AliasPlace }>()

  /** Adds an address; gives where it has another target already. */
  add({ domain, localPart }: AliasName, target: string, place: AliasPlace): AliasPlace | undefined {
    const key = `${domain}\0${localPart}`
    const earlier = this.#entries.get(key)
    if (earlier) return earlier.target === target ? undefined : earlier.place
    this.#entries.set(key, { domain, localPart, target, place })
    return undefined
  }

  /** Each, with the target in which the aliases end: so who asks for one need not follow them. */
  *resolved(): Generator<AccountEntry> {
    for (const { domain, localPart, target } of this.#entries.values()) {
      yield { domain, localPart, target: this.#end(target, localPart, domain, longestChain) }
    }
  }

  #end(target: string, localPart: string, domain: string, steps: number): string {
    if (!target.startsWith(marks.mailbox)) return target
    const next = splitAddress(target.slice(1)) as AliasName
    if (next.localPart === '' && localPart === '') return target
    // `@example.org @example.net` leaves the local part as it is, which is whoever's is asked for.
    const name = next.localPart === '' ? { ...next, localPart } : next
    if (name.domain === domain && name.localPart === localPart) return `${marks.mailbox}${formatName(name)}`
    const further = this.#find(name)
    if (further === undefined) return `${marks.mailbox}${formatName(name)}`
    return steps === 0 ? '' : this.#end(further.target, name.localPart, name.domain, steps - 1)
  }

  #find({ domain, localPart }: AliasName): AccountEntry | undefined {
    const names = [localPart, withoutExtension(localPart), '']
    return names.map((name) => this.#entries.get(`${domain}\0${name}`)).find((entry) => entry !== undefined)
  }
}

interface AliasName {
  readonly localPart: string
  readonly domain: string
}

interface AliasPlace {
  readonly file: string
  readonly line: number
}

const formatName = ({ localPart, domain }: AliasName): string => `${localPart}@${domain}`

/** What an address is known by where it is not said: the MD5 of it in hexadecimal. */
export const digestOf = ({ localPart, domain }: AliasName): string =>
  createHash('md5')
    .update(formatName({ localPart: withoutExtension(localPart.toLowerCase()), domain }))
    .digest('hex')

function* byDigest(entries: readonly AccountEntry[]): Generator<AccountEntry> {
  for (const { domain, localPart } of entries) {
    if (localPart !== '') yield { domain, localPart: digestOf({ localPart, domain }), target: localPart }
  }
}

/** Every login once, in the place of the domain: for asking whether it is somebody's. */
function loginsOf(
  entries: readonly AccountEntry[],
  isHost: (name: string) => boolean,
): Iterable<AccountEntry> {
  const logins = new Set(entries.map(({ target }) => loginIn(target, isHost)))
  return [...logins].flatMap((login) =>
    login === undefined ? [] : [{ domain: login, localPart: '', target: '' }],
  )
}

/** The login that a target names, on whatever host it is. */
function loginIn(target: string, isHost: (name: string) => boolean): string | undefined {
  if (target.startsWith(marks.login)) return target.slice(1)
  const mailbox = target.startsWith(marks.mailbox) ? splitAddress(target.slice(1)) : undefined
  return mailbox && isHost(mailbox.domain) ? withoutExtension(mailbox.localPart) : undefined
}

/** Of a secret, the least number of bytes (RFC 2104, section 3, and RFC 7518, section 3.2, for SHA-256). */
export const secretLength = 32

async function readSecret(
  { secretFile }: AccountsSection,
  reading: Reading,
): Promise<Uint8Array | undefined> {
  const path = ['accounts', secretFile === undefined ? 'decoys' : 'secretFile']
  const fault = (message: string) =>
    reading.fault({ ...reading.placeOf(path), path: path.join('.'), message })
  if (secretFile === undefined) {
    fault('needs accounts.secretFile, a file of 32 bytes or more that nobody else knows')
    return undefined
  }
  const read = await reading.readFile(secretFile, path)
  if (read && read.bytes.length < secretLength)
    fault(`${read.file} holds ${read.bytes.length} bytes, and a secret has at least ${secretLength}`)
  return read?.bytes
}

/** What an address leads to. */
export type Found = { readonly login: string } | { readonly mailbox: EmailAddress }

/** What addresses log in with, as far as the files say. */
export class Accounts {
  readonly #data: AccountsData
  readonly #isHost: (name: string) => boolean

  /** `isHost`: is it the name of one of our mail hosts? */
  constructor(data: AccountsData, isHost: (name: string) => boolean) {
    this.#data = data
    this.#isHost = isHost
  }

  /** Does it hold addresses of the domain at all? */
  hasDomain(domain: Domain): boolean {
    return hasDomain(this.#data.table, domain)
  }

  /**
   * What an address leads to: a login, or a mailbox that is named by an address. `undefined` where it is not known, or is
   * that of several, or of nobody here.
   */
  find(address: EmailAddress, steps = longestChain): Found | undefined {
    const localPart = address.localPart.toLowerCase()
    const target = this.#targetOf(address.domain, localPart)
    if (target?.startsWith(marks.login)) return { login: target.slice(1) }
    const end = target?.startsWith(marks.mailbox) ? splitAddress(target.slice(1)) : undefined
    if (!end) return undefined
    const domain = end.domain as Domain
    if (end.localPart !== '') return { mailbox: { localPart: withoutExtension(end.localPart), domain } }
    // A whole domain that is another name of this one: whoever was asked for.
    const mailbox = { localPart: withoutExtension(localPart), domain }
    if (domain === address.domain || this.#targetOf(domain, localPart) === undefined) return { mailbox }
    return steps === 0 ? undefined : this.find({ localPart, domain }, steps - 1)
  }

  /** The address of a domain whose MD5 is this, in hexadecimal: so Evolution names it (`emailmd5`). */
  byDigest(domain: Domain, digest: string): EmailAddress | undefined {
    const localPart = this.#data.digests && targetOf(this.#data.digests, domain, digest)
    return localPart === undefined ? undefined : { localPart, domain }
  }

  /** Logins of a domain, as they stand in the files. */
  *logins(domain: Domain): Generator<string> {
    for (const { target } of entriesOf(this.#data.table, domain)) {
      const login = loginIn(target, this.#isHost)
      if (login !== undefined) yield login
    }
  }

  /** The address itself, then without `+extension`, then the catch-all (virtual(5), "TABLE SEARCH ORDER"). */
  #targetOf(domain: string, localPart: string): string | undefined {
    const { table } = this.#data
    const bare = withoutExtension(localPart)
    return (
      targetOf(table, domain, localPart) ??
      (bare === localPart ? undefined : targetOf(table, domain, bare)) ??
      targetOf(table, domain, '')
    )
  }
}
