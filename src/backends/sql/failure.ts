import type { Query } from './query.ts'

/** A failure that is told in words of ours alone: those of a database may quote the address that was asked about. */
export class SqlFailure extends Error {
  override readonly name = 'SqlFailure'
}

/** What the errors of a driver mean: by their code, or by the words of those that have none. */
export interface Meanings {
  readonly codes: Readonly<Record<string, string>>
  readonly words?: readonly (readonly [RegExp, string])[]
}

/** What an error of a driver means, with its code: `there is no such column: "hosst" (42703)`. */
export function tell(error: unknown, { codes, words = [] }: Meanings, query?: Query): string {
  const { code, message } = error as { code?: unknown; message: string }
  const meaning =
    words.find(([pattern]) => pattern.test(message))?.[1] ??
    codes[String(code)] ??
    ofConnections(String(code))
  // A code is a word in capitals; whatever else stands there is not ours to tell.
  const coded = typeof code === 'string' && /^[A-Z\d_]+$/.test(code) ? ` (${code})` : ''
  return `${meaning}${query ? quoted(message, query) : ''}${coded}`
}

/** The table or column that a message names: but what stands in the admin's own query, so that it is nobody's address. */
function quoted(message: string, { text }: Query): string {
  const named = /(?:table|column|relation|near):? ["'`]?(\w+(?:[`"']?\.[`"']?\w+)*)/i.exec(message)?.[1]
  const name = named?.split(/\W+/).at(-1)
  return name && text.includes(name) ? `: "${name}"` : ''
}

function ofConnections(code: string): string {
  if (/CERT|_TLS_|^UNABLE_TO_/.test(code)) return 'the certificate of the server does not verify'
  return connections[code] ?? 'it failed'
}

const connections: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the DNS does not answer',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that host',
  ETIMEDOUT: 'it does not answer',
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
}
