/** How the files are to be served. */
export interface Hosting {
  /** Absolute. */
  readonly folder: string
  readonly port: number
  /** In seconds, as `http:` of the configuration has it. */
  readonly maxAge: number
  readonly notFoundMaxAge: number
  readonly ispdbNotFoundMaxAge: number
  readonly compress: boolean
  /** Beside files stand others in gzip. */
  readonly precompressed: boolean
}

/** A domain in small letters, as nearly all clients send it; never a way out of a folder. */
export const domainPattern = '[a-z0-9-]+(?:\\.[a-z0-9-]+)+'

/** The path of a look-up in an ISPDB, with something for the domain. */
export const ispdbPath = (domain: string): string => `^/(?:autoconfig/)?v1\\.1/${domain}/?$`

/** What stands for no domain: it has no dot, so that it is none. */
export const nobody = 'none'

export const regexOf = (text: string): string => text.replaceAll('.', '\\.')

/** A text as nginx and Caddy read it. */
export const quoted = (text: string): string => `"${text.replace(/["\\$]/g, '\\$&')}"`

export type Lines = readonly (string | readonly string[])[]

/** Lines in braces, behind what they are about. */
export const blockWith =
  (indent: string) =>
  (head: string, ...lines: Lines): string[] => [
    `${head} {`,
    ...lines.flat().map((line) => (line === '' ? '' : indent + line)),
    '}',
  ]
