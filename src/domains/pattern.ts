import { type Domain, parseDomain } from '../model/address.ts'

/** A key of the domain table: a domain (`example.org`), all its subdomains (`.example.org`), or any domain (`.`). */
export type Pattern = string

/** `a.b.example.org` -> `.b.example.org`, `.example.org`, `.org`, `.`: the most specific pattern first. */
export function* wildcardsFor(domain: Domain): Generator<Pattern> {
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
