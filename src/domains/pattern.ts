import { type Domain, parseDomain } from '../model/address.ts'

/** A key of the domain table: a domain (`example.org`), all its subdomains (`.example.org`), or any domain (`.`). */
export type Pattern = string

/**
 * The first value for a pattern that matches the domain: `example.org` itself, then `.example.org`, `.org` and so on up, and `.`
 * last. A name without a dot matches no wildcard.
 */
export function mostSpecific<T>(
  domain: Domain,
  find: (pattern: Pattern) => T | undefined,
): { readonly pattern: Pattern; readonly value: T } | undefined {
  for (const pattern of matchingPatterns(domain)) {
    const value = find(pattern)
    if (value !== undefined) return { pattern, value }
  }
  return undefined
}

function* matchingPatterns(domain: Domain): Generator<Pattern> {
  yield domain
  for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1)) yield domain.slice(dot)
  if (domain.includes('.')) yield '.'
}

/** Reads what the admin writes: `example.org`, `*.example.org` (or `.example.org`), `*`. */
export function parsePattern(text: string): Pattern | undefined {
  if (text === '*') return '.'
  const wildcard = /^\*?\./.exec(text)?.[0] ?? ''
  const domain = parseDomain(text.slice(wildcard.length))
  return domain && (wildcard ? `.${domain}` : domain)
}

/** A pattern as the admin writes it: `example.org`, `*.example.org`, `*`. */
export const formatPattern = (pattern: Pattern): string =>
  pattern === '.' ? '*' : pattern.replace(/^\./, '*.')

export const howToWriteDomains = 'write example.org, *.example.org or *'
