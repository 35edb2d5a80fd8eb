/** The connection is lost or no longer usable. Another connection may succeed. */
export class ConnectionLost extends Error {}

/** True if the server has answered with an error that another server would return, too. */
export function isFinal(error: unknown): boolean {
  const code = codeOf(error)
  return typeof code === 'number' && !outOfService.includes(code)
}

/** Describes an error in our own words: the message of a server may contain the value that was looked up. */
export function describeError(error: unknown): string {
  const code = codeOf(error)
  if (typeof code === 'number') return `${resultTexts[code] ?? 'unexpected error'} (${code})`
  if (code === undefined) return 'connection lost'
  const hint = unknownAuthority.test(code)
    ? '; set authorityFile to a file with the certificate of the authority'
    : ''
  return `${code}${hint}`
}

const codeOf = (error: unknown): number | string | undefined => (error as { code?: number | string }).code

/** The result codes that an admin may meet (RFC 4511, appendix A). */
const resultTexts: Readonly<Record<number, string>> = {
  1: 'operations error; Active Directory requires a bind',
  2: 'protocol error',
  3: 'the time limit of the server is exceeded',
  4: 'the server does not return that many entries',
  7: 'the server does not accept passwords',
  8: 'the server requires stronger authentication or TLS',
  10: 'the server refers to another server',
  11: 'an administrative limit of the server is exceeded',
  13: 'the server requires TLS',
  18: 'an attribute does not support the comparison in the filter',
  32: 'the base does not exist, or bindDn may not read it',
  34: 'the base or bindDn is not a valid DN',
  48: 'the server does not allow this kind of bind',
  49: 'wrong bindDn or password',
  50: 'bindDn has no permission for this',
  51: 'the server is busy',
  52: 'the server is unavailable',
  53: 'the server is unwilling to answer',
}
const outOfService = [51, 52]

/** The codes of OpenSSL for a certificate of an unknown authority. */
const unknownAuthority = /^(?:SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(?:GET_ISSUER|VERIFY))/
