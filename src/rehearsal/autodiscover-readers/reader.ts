import type { Account, Asked } from '../readers/reader.ts'

/**
 * Models of real mail clients that ask for Autodiscover: each file beside this one asks and reads as one client does, with
 * that client's mistakes. They are written from what those clients do, not from the specification.
 */
export interface Reader {
  readonly name: string
  /** 'imap': this client has no use for a domain that offers only POP3. */
  readonly needs?: 'imap'
  /** The request to `/autodiscover/autodiscover.xml`, at any host. */
  asks(asked: Asked): Question
  /**
   * Throws `Rejected` where that client would find no account in the answer, and go on searching or give up.
   */
  read(answer: Answer, asked: Asked): Account
}

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Answer {
  readonly status: number
  /** The whole header. */
  readonly contentType: string
  readonly body: Uint8Array
}

export const isSuccess = ({ status }: Answer): boolean => status >= 200 && status < 300

export const requestSchema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006'
export const responseSchema =
  'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'
