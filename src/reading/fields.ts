import { isIP } from 'node:net'
import * as z from 'zod'
import { parseDomain } from '../model/address.ts'
import { isOneLine } from '../model/one-line.ts'

/** The kinds of value in the configuration, with error messages for the admin. */

/** One line of text. */
export function text(maximum: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maximum)
    .refine(isOneLine, 'must not contain control characters or line breaks')
}

/** A host name or domain in any spelling, which is read as lower-case A-labels. */
export function domainName() {
  return z.string().transform((value, context) => {
    const domain = parseDomain(value)
    if (domain) return domain
    context.addIssue('is not a host name: use letters, digits, hyphens and dots, as in mail.example.org')
    return z.NEVER
  })
}

/** A host name that may contain `%EMAILDOMAIN%` for the domain of the address: `imap.%EMAILDOMAIN%`. */
export function hostnameTemplate() {
  return z.string().transform((value, context) => {
    const domain = parseDomain(value.replaceAll('%EMAILDOMAIN%', anyDomain))
    if (domain) return domain.replaceAll(anyDomain, '%EMAILDOMAIN%')
    context.addIssue(
      'is not a host name: use letters, digits, hyphens and dots, as in mail.example.org or mail.%EMAILDOMAIN%',
    )
    return z.NEVER
  })
}

/** No host can have this name (RFC 6761, "invalid."). */
const anyDomain = 'any-domain.invalid'

/** An absolute URL with one of the schemes. */
export function absoluteUrl(...schemes: string[]) {
  return z.string().refine(
    (value) => {
      return (
        URL.canParse(value) && !/\s/.test(value) && schemes.some((scheme) => value.startsWith(`${scheme}://`))
      )
    },
    `must be an absolute URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  )
}

/** An absolute `https` URL that may contain placeholders, such as `https://webmail.%EMAILDOMAIN%/`. */
export function urlTemplate(placeholders: RegExp) {
  return z.string().refine((value) => {
    const filled = value.replace(placeholders, 'x')
    return filled.startsWith('https://') && URL.canParse(filled) && !/\s/.test(value)
  }, 'must be an absolute URL that starts with https://')
}

/** The `https` URL of a service: a host name, because DNS records contain it, and a path, but no query. */
export function serviceUrl() {
  return absoluteUrl('https').refine((value) => {
    if (!URL.canParse(value)) return true
    const { hostname, username, search, hash } = new URL(value)
    return parseDomain(hostname) !== undefined && username === '' && search === '' && hash === ''
  }, 'must be a host name and a path, such as https://dav.example.org/calendars/')
}

const units = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const
const sizePattern = /^(\d+(?:\.\d+)?) ?(kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/
const howToWriteSize = 'must be a number and a unit, such as 12MB or 1GB'

/** `12MB`, `1.5 GiB` -> bytes. */
export function size() {
  return z
    .string(howToWriteSize)
    .regex(sizePattern, howToWriteSize)
    .transform((value) => {
      const [, number, unit] = sizePattern.exec(value) as RegExpExecArray
      return Math.round(Number(number) * units[unit as keyof typeof units])
    })
}

/** An IP address, a network written as address/bits, or `unix` for unix sockets. */
export function proxyAddress() {
  return z.string().refine((value) => {
    if (value === 'unix') return true
    const [address = '', bits, ...rest] = value.split('/')
    const family = isIP(address)
    if (family === 0 || rest.length > 0) return false
    return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  }, 'must be an IP address or a network, such as 127.0.0.1 or 10.0.0.0/8, or unix for unix sockets')
}
