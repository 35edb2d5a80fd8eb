/**
 * Models of real mail clients: each file beside this one reads an Autoconfig document the way one client
 * does, with that client's mistakes. They are written from what those clients do, not from the specification,
 * and are stricter and odder than any XML library would be: that is their use.
 */
export interface Reader {
  readonly name: string
  /** 'imap': this client has no use for a domain that offers only POP3. */
  readonly needs?: 'imap'
  /** The use of `<username>`; the clients that drop or ignore it fill the field with something else. */
  readonly username: 'as written' | 'bare placeholders only' | 'never read'
  /** Throws {@link Rejected} where that client would discard the document. */
  read(document: Uint8Array, asked: Asked): Account
}

/** Whose mailbox is being set up. The client knows both before it reads the document. */
export interface Asked {
  readonly domain: string
  readonly address: string
}

/** The account that the client would set up, right or wrong: a document that is misread shows here. */
export interface Account {
  readonly incoming: Server
  readonly outgoing: Server
  /** Only of clients that show it. */
  readonly displayName?: string
}

export interface Server {
  readonly type: string
  readonly hostname: string
  readonly port: number
  /**
   * In the ISPDB's words, whatever the client's own are; '' where the client leaves it unset, 'automatic'
   * where it tries.
   */
  readonly socketType: string
  readonly username: string
  /** In the ISPDB's words; only of clients that read it. */
  readonly authentication?: string
}

/**
 * The client discards the document, or is left without a way to receive or to send mail. The message says
 * why.
 */
export class Rejected extends Error {
  override readonly name: string = 'Rejected'
}

/** The client cannot parse the document at all. */
export class IllFormed extends Rejected {}

/** The client can parse the document, and finds less than two servers in it. */
export class Incomplete extends Rejected {
  readonly found: Partial<Account>

  constructor(reason: string, found: Partial<Account> = {}) {
    super(reason)
    this.found = found
  }
}

export function reject(reason: string): never {
  throw new Rejected(reason)
}

/**
 * An account of the two servers a client settled on; for a client that settles on fewer, there is no account.
 */
export function account(incoming: Server | undefined, outgoing: Server | undefined): Account {
  if (incoming && outgoing) return { incoming, outgoing }
  const missing = incoming ? 'outgoing' : 'incoming'
  throw new Incomplete(`no usable ${missing} server`, {
    ...(incoming && { incoming }),
    ...(outgoing && { outgoing }),
  })
}

/** Replaces every placeholder, everywhere in the text; most clients do it like this. */
export function fill(text: string, { domain, address }: Asked): string {
  return text
    .replaceAll('%EMAILADDRESS%', address)
    .replaceAll('%EMAILLOCALPART%', localPart(address))
    .replaceAll('%EMAILDOMAIN%', domain)
}

/**
 * For the clients that know a placeholder only when it is the whole username: undefined for anything else.
 */
export function fillBare(text: string, { address }: Asked): string | undefined {
  if (text === '%EMAILADDRESS%') return address
  if (text === '%EMAILLOCALPART%') return localPart(address)
  return undefined
}

function localPart(address: string): string {
  return address.slice(0, address.lastIndexOf('@'))
}
