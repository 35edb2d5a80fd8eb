/** The query of the admin that failed. */
interface QueryText {
  readonly text: string
}

/** Our messages for the errors of a driver: by their code, or by their message where one code covers several errors. */
export interface ErrorTexts {
  readonly codes: Readonly<Record<string, string>>
  readonly messages?: readonly (readonly [RegExp, string])[]
}

/** Describes an error of a driver, with its code: `there is no such column: "hosst" (42703)`. */
export function describeError(
  error: unknown,
  { codes, messages = [] }: ErrorTexts,
  query?: QueryText,
): string {
  const { code, message } = error as { code?: unknown; message: string }
  const text =
    messages.find(([pattern]) => pattern.test(message))?.[1] ??
    codes[String(code)] ??
    connectionError(String(code))
  // A code consists of capitals, digits and underscores; anything else may contain the value that was looked up.
  const suffix = typeof code === 'string' && /^[A-Z\d_]+$/.test(code) ? ` (${code})` : ''
  return `${text}${query ? nameIn(message, query) : ''}${suffix}`
}

/** The table or column that a message names, if it is in the admin's own query: then it cannot be an address. */
function nameIn(message: string, { text }: QueryText): string {
  const named = /(?:table|column|relation|near):? ["'`]?(\w+(?:[`"']?\.[`"']?\w+)*)/i.exec(message)?.[1]
  const name = named?.split(/\W+/).at(-1)
  return name && text.includes(name) ? `: "${name}"` : ''
}

function connectionError(code: string): string {
  if (/CERT|_TLS_|^UNABLE_TO_/.test(code)) return invalidCertificate
  return connectionErrors[code] ?? 'unexpected error'
}

export const invalidCertificate = "the server's certificate cannot be verified"

const connectionErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  EPIPE: 'connection lost',
  ENOTFOUND: 'unknown host name',
  EAI_AGAIN: 'no response from the DNS',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'no response',
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
}
