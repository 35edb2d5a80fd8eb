/** How the web server serves the files. */
export interface Hosting {
  /** An absolute path. */
  readonly directory: string
  readonly port: number
  /** In seconds, from `http:` of the configuration. */
  readonly maxAge: number
  readonly notFoundMaxAge: number
  readonly ispdbNotFoundMaxAge: number
  readonly compress: boolean
  /** There is a .gz next to each file that may be compressed. */
  readonly precompressed: boolean
}

/**
 * A domain in lower case, as nearly all clients send it, and no IP address. It cannot contain a path that leaves the directory, nor
 * markup.
 */
export const domainPattern = '(?:[a-z0-9-]+\\.)+[0-9-]*[a-z][a-z0-9-]*'

/** The path of an ISPDB request; `domain` is the part of the expression that matches the domain. */
export const ispdbPath = (domain: string): string => `^/(?:autoconfig/)?v1\\.1/${domain}/?$`

/** The value for "no domain" and "no directory". It cannot be a domain, since it has no dot. */
export const none = 'none'

/** A directory that does not exist: the answer is 404. */
export const nowhere = 'nowhere'

export const regexOf = (text: string): string => text.replaceAll('.', '\\.')

/** A string in the syntax of nginx and Caddy. */
export const quoted = (text: string): string => `"${text.replace(/["\\$]/g, '\\$&')}"`

export type Lines = readonly (string | readonly string[])[]

/** A head and lines in braces. */
export const blockWith =
  (indent: string) =>
  (head: string, ...lines: Lines): string[] => [
    `${head} {`,
    ...lines.flat().map((line) => (line === '' ? '' : indent + line)),
    '}',
  ]
