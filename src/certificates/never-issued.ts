import type { Domain } from '../model/address.ts'

/**
 * Top-level domains that are not in the public DNS, so that no public authority issues a certificate: RFC 2606, section 2; RFC 6761
 * (localhost, invalid, test, example); RFC 6762 (local); RFC 7686 (onion); RFC 8375 (home.arpa); RFC 9476 (alt); and internal, which
 * ICANN has reserved for private use.
 */
const reserved: ReadonlySet<string> = new Set([
  ...['test', 'example', 'invalid', 'localhost', 'local', 'internal', 'alt', 'onion', 'home.arpa'],
])

/** Why no authority issues certificates for the names of a domain; `undefined` if one does. */
export function whyNeverIssued(domain: Domain): string | undefined {
  const last = domain.lastIndexOf('.')
  if (last === -1) return 'a domain without a dot is not the domain of a customer'
  const second = domain.lastIndexOf('.', last - 1)
  const ending = [domain.slice(last + 1), domain.slice(second + 1)].find((name) => reserved.has(name))
  return ending && `no public authority issues certificates for .${ending}`
}

/** ITU-T X.520, ub-common-name. */
const longestCommonName = 64

/** Why a name cannot be the first of a certificate: ACME clients make it the common name. */
export const whyNotFirst = (name: Domain): string | undefined =>
  name.length > longestCommonName
    ? `the first name of a certificate, its common name, has at most ${longestCommonName} characters`
    : undefined
