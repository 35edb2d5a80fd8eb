import type { Protocol } from '../model/settings.ts'
import type { Conversation } from './conversation.ts'

/** One way to log in with a password. Returns whether the server accepts it. */
interface PasswordLogin {
  /** As in `Capabilities`. */
  readonly mechanism: string
  readonly logIn: (conversation: Conversation, username: string, password: string) => Promise<boolean>
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** RFC 4616. */
const plain = (username: string, password: string): string => base64(`\0${username}\0${password}`)

/** A quoted string (RFC 3501, section 4.3). Servers accept UTF-8 there, or answer BAD. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

const imapDone = async (conversation: Conversation): Promise<boolean> =>
  /^c OK\b/i.test((await conversation.linesUntil((line) => /^c /i.test(line))).at(-1) as string)

const popDone = async (conversation: Conversation): Promise<boolean> =>
  /^\+OK\b/i.test(await conversation.line())

/** Is the reply a request for more, or the end of a login? */
const smtpReply = async (conversation: Conversation, code: string): Promise<boolean> => {
  const lines = await conversation.linesUntil((line) => !/^\d{3}-/.test(line))
  return (lines.at(-1) as string).startsWith(code)
}

/** For each protocol, the ways to log in, the best first. */
export const passwordLogins: Readonly<Record<Protocol, readonly PasswordLogin[]>> = {
  imap: [
    {
      mechanism: 'PLAIN',
      async logIn(conversation, username, password) {
        conversation.send('c AUTHENTICATE PLAIN')
        if (!(await conversation.line()).startsWith('+')) return false
        conversation.send(plain(username, password))
        return imapDone(conversation)
      },
    },
    {
      mechanism: 'LOGIN',
      logIn(conversation, username, password) {
        conversation.send(`c LOGIN ${quoted(username)} ${quoted(password)}`)
        return imapDone(conversation)
      },
    },
  ],
  pop3: [
    {
      mechanism: 'PLAIN',
      async logIn(conversation, username, password) {
        conversation.send('AUTH PLAIN')
        if (!(await conversation.line()).startsWith('+')) return false
        conversation.send(plain(username, password))
        return popDone(conversation)
      },
    },
    {
      mechanism: 'USER',
      async logIn(conversation, username, password) {
        conversation.send(`USER ${username}`)
        if (!(await popDone(conversation))) return false
        conversation.send(`PASS ${password}`)
        return popDone(conversation)
      },
    },
  ],
  smtp: [
    {
      mechanism: 'PLAIN',
      logIn(conversation, username, password) {
        conversation.send(`AUTH PLAIN ${plain(username, password)}`)
        return smtpReply(conversation, '235')
      },
    },
    {
      mechanism: 'LOGIN',
      async logIn(conversation, username, password) {
        conversation.send('AUTH LOGIN')
        if (!(await smtpReply(conversation, '334'))) return false
        conversation.send(base64(username))
        if (!(await smtpReply(conversation, '334'))) return false
        conversation.send(base64(password))
        return smtpReply(conversation, '235')
      },
    },
  ],
}
