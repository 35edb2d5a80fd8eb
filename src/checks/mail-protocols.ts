import type { Authentication, Protocol } from '../model/settings.ts'
import type { Conversation } from './conversation.ts'

/** The offers of a server at this point of the conversation. */
export interface Capabilities {
  readonly startTls: boolean
  /** SASL mechanisms, and `LOGIN`, `USER` or `APOP` for the commands of IMAP and POP3. */
  readonly mechanisms: ReadonlySet<string>
  /** RFC 1870: the size of the largest message in bytes, if the server says it. */
  readonly size?: number
}

/** The few commands of a protocol that the checks need. */
export interface MailProtocol {
  /** How the first line begins, for people. */
  readonly greeting: string
  readonly isGreeting: RegExp
  /** Reads the greeting; the text in it is the server's. */
  readonly greet: (conversation: Conversation) => Promise<string>
  readonly capabilities: (conversation: Conversation, greeting: string) => Promise<Capabilities>
  /** Asks for STARTTLS; `true` if the handshake may begin. */
  readonly startTls: (conversation: Conversation) => Promise<boolean>
  /** Would the server take a password now? No password is sent. */
  readonly takesPassword: (conversation: Conversation, now: Capabilities) => Promise<boolean>
}

const words = (line: string): string[] => line.trim().toUpperCase().split(/\s+/)

const passwordMechanisms = ['PLAIN', 'LOGIN', 'USER']

const offersPassword = ({ mechanisms }: Capabilities): boolean =>
  passwordMechanisms.some((mechanism) => mechanisms.has(mechanism))

/** RFC 3501. */
const imap: MailProtocol = {
  greeting: '* OK',
  isGreeting: /^\* OK\b/i,
  greet: (conversation) => conversation.line(),
  async capabilities(conversation) {
    conversation.send('a CAPABILITY')
    const lines = await conversation.linesUntil((line) => /^a /i.test(line))
    const all = lines.filter((line) => /^\* CAPABILITY /i.test(line)).flatMap(words)
    const mechanisms = all.flatMap((word) => (word.startsWith('AUTH=') ? [word.slice(5)] : []))
    return {
      startTls: all.includes('STARTTLS'),
      mechanisms: new Set([...mechanisms, ...(all.includes('LOGINDISABLED') ? [] : ['LOGIN'])]),
    }
  },
  async startTls(conversation) {
    conversation.send('b STARTTLS')
    const lines = await conversation.linesUntil((line) => /^b /i.test(line))
    return /^b OK\b/i.test(lines.at(-1) as string)
  },
  takesPassword: async (_conversation, now) => offersPassword(now),
}

const isPositive = (line: string): boolean => /^\+OK\b/i.test(line)

/** RFC 1939, 2449 and 2595. */
const pop3: MailProtocol = {
  greeting: '+OK',
  isGreeting: /^\+OK\b/i,
  greet: (conversation) => conversation.line(),
  async capabilities(conversation, greeting) {
    const apop = /<[^<>]+@[^<>]*>/.test(greeting) ? ['APOP'] : []
    conversation.send('CAPA')
    // CAPA is optional, and a server without it has USER.
    if (!isPositive(await conversation.line()))
      return { startTls: false, mechanisms: new Set(['USER', ...apop]) }
    const lines = (await conversation.linesUntil((line) => line === '.')).map(words)
    const sasl = lines.flatMap(([first, ...rest]) => (first === 'SASL' ? rest : []))
    const user = lines.some(([first]) => first === 'USER') ? ['USER'] : []
    return {
      startTls: lines.some(([first]) => first === 'STLS'),
      mechanisms: new Set([...sasl, ...user, ...apop]),
    }
  },
  async startTls(conversation) {
    conversation.send('STLS')
    return isPositive(await conversation.line())
  },
  async takesPassword(conversation, now) {
    if (now.mechanisms.has('PLAIN') || now.mechanisms.has('LOGIN')) return true
    // Some servers take USER without listing it, and Courier lists it and refuses it. It is refused before the password.
    conversation.send('USER postmaster')
    return isPositive(await conversation.line())
  },
}

/** RFC 5321, section 4.1.3: how a client without a name greets. */
export const addressLiteral = (address: string): string =>
  address.includes(':') ? `[IPv6:${address}]` : `[${address}]`

/** The last line of an SMTP reply has no hyphen after its code. */
const reply = (conversation: Conversation) => conversation.linesUntil((line) => !/^\d{3}-/.test(line))

/** RFC 5321, 4954, 3207 and 6409. */
const smtp: MailProtocol = {
  greeting: '220',
  isGreeting: /^220\b/,
  greet: async (conversation) => (await reply(conversation)).at(-1) as string,
  async capabilities(conversation) {
    conversation.send(`EHLO ${addressLiteral(conversation.localAddress)}`)
    const lines = (await reply(conversation)).map((line) => words(line.slice(4).replace(/^AUTH=/i, 'AUTH ')))
    const of = (keyword: string) => lines.flatMap(([first, ...rest]) => (first === keyword ? [rest] : []))
    const size = Number(of('SIZE')[0]?.[0] ?? 0)
    return {
      startTls: of('STARTTLS').length > 0,
      mechanisms: new Set(of('AUTH').flat()),
      ...(size > 0 && { size }),
    }
  },
  async startTls(conversation) {
    conversation.send('STARTTLS')
    return /^220\b/.test((await reply(conversation)).at(-1) as string)
  },
  takesPassword: async (_conversation, now) => offersPassword(now),
}

export const mailProtocols: Readonly<Record<Protocol, MailProtocol>> = { imap, pop3, smtp }

/** The mechanisms, any of which is meant by an advertised method. Empty if nothing can be seen from outside. */
export const mechanismsOf: Readonly<Record<Authentication, readonly string[]>> = {
  'password-cleartext': passwordMechanisms,
  'password-encrypted': [
    'CRAM-MD5',
    'DIGEST-MD5',
    'APOP',
    'SCRAM-SHA-1',
    'SCRAM-SHA-1-PLUS',
    'SCRAM-SHA-256',
    'SCRAM-SHA-256-PLUS',
  ],
  OAuth2: ['XOAUTH2', 'OAUTHBEARER'],
  GSSAPI: ['GSSAPI'],
  NTLM: ['NTLM'],
  'TLS-client-cert': ['EXTERNAL'],
  'client-IP-address': [],
  none: [],
}
