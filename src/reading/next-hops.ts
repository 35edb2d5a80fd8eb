import { isIP } from 'node:net'
import { parseDomain } from '../model/address.ts'

/** The values of Postfix transport maps (transport(5), "RESULT FORMAT"), and those of our own map files. */

/** A value names a host by its key or host name, or the next hops of a Postfix transport. */
export type MapValue = { readonly host: string } | { readonly nextHops: readonly string[] }

/**
 * `maximusconfessor`, `maximusconfessor.all2all.org`, `smtp:[maximusconfessor.all2all.org]:25`,
 * `lmtp:inet:maximusconfessor.all2all.org:24`, `relay:a.example.org,b.example.org` -> the names that it contains.
 */
export function readMapValue(value: string): MapValue {
  const hops = nextHopsOf(value)
  if (hops[0]?.text === value && !/[[\]:]/.test(value)) return { host: value }
  return { nextHops: hops.map(({ name }) => name).filter((name) => name !== '') }
}

/** A next hop as it is written, such as `[10.0.0.5]:25`, and the name or address in it. */
interface NextHop {
  readonly text: string
  readonly name: string
}

/** Several next hops have commas or, since Postfix 3.5, blanks between them. */
export function nextHopsOf(value: string): NextHop[] {
  // A transport is a name of master.cf, without dots: `[a.example]:25` and `a.example:25` have none.
  const transport = /^[^\s,:.[\]]*:/.exec(value)?.[0] ?? ''
  return value
    .slice(transport.length)
    .split(/[\s,]+/)
    .filter((text) => text !== '')
    .map((text) => ({ text, name: nameOfHop(text) }))
}

/** `error:`, `discard:` and `retry:`: the domain takes no mail here (transport(5), error(8), discard(8)). */
export const takesNoMail = (value: string): boolean => /^(error|discard|retry)(?=[:\s]|$)/i.test(value)

/** Transports of Postfix's master.cf and of common packages. */
const transports =
  /^(smtps?|lmtp|relay|uucp|local|virtual|pipe|bsmtp|ifmail|scalemail|mailman|maildrop|dovecot|cyrus|procmail|amavis|spamassassin|proxy|retry|error|discard|inet|ipv6|unix):/i

/**
 * Does the value look like a username and a password, `name:secret`, as in a password map of Postfix (sasl_passwd)? A next hop has
 * a known transport before the colon, or an address, a path, a port or a name with dots after it.
 */
export function looksLikeCredentials(value: string): boolean {
  const [, secret] = /^[^\s:[\]]+:([^\s[\]]+)$/.exec(value) ?? []
  if (secret === undefined || transports.test(value)) return false
  const hop = secret.replace(/:\d+$/, '')
  return (
    !/^(\d+|unix:.*|inet:.*)$/.test(secret) && !(hop.includes('.') && parseDomain(hop)) && isIP(hop) === 0
  )
}

/**
 * A next hop or a whole value in the one spelling that `nextHops:` is compared by: without brackets, without the colon at
 * the end of a transport, in lower case. `[10.0.0.5]:25` -> `10.0.0.5:25`; `dovecot:` -> `dovecot`.
 */
export function spellNextHop(text: string): string {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^(inet|ipv6):/, '')
    .replace(/\[(?:ipv6:)?([^\]]*)\]/g, '$1')
  return plain.length > 1 && plain.endsWith(':') ? plain.slice(0, -1) : plain
}

function nameOfHop(hop: string): string {
  if (/^unix:/i.test(hop)) return hop
  const name = hop.replace(/^inet:/i, '')
  return /^\[(?:ipv6:)?([^\]]*)\]/i.exec(name)?.[1] ?? name.replace(/:[^:]*$/, '')
}
