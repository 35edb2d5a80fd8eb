import type { IncomingMessage } from 'node:http'

/** The start of a request target in absolute form, as clients send it to a proxy. */
const origin = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i

/** A request target without scheme and host. */
export const originForm = (url: string): string => url.replace(origin, '') || '/'

/** The host of a request target in absolute form replaces the `Host` header (RFC 9112, section 3.2.2). */
export function preferTargetHost({ url = '', headers }: IncomingMessage): void {
  const authority = url.startsWith('/') ? undefined : origin.exec(url)?.[1]
  if (authority !== undefined) headers.host = authority.slice(authority.lastIndexOf('@') + 1)
}
