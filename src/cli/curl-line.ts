import { paths } from '../model/paths.ts'

/**
 * A command that the admin can paste: it asks the first listener for the first mapped domain. `undefined` if that listener is a unix
 * socket of systemd, whose path Node.js does not know.
 */
export function curlLine(patterns: Iterable<string>, listeners: string): string | undefined {
  let domain = 'example.org'
  for (const pattern of patterns) {
    if (pattern.startsWith('.')) continue
    domain = pattern
    break
  }
  const request = `${paths.autoconfig}?emailaddress=info@${domain}`
  const first = listeners.split(', ', 1)[0] as string
  const path = /^unix:(.*)/.exec(first)?.[1]
  if (path === '') return undefined
  if (path !== undefined) return `curl --unix-socket '${path}' 'http://localhost${request}'`
  const origin = first.replace('[::]', 'localhost').replace('0.0.0.0', 'localhost')
  return `curl '${origin}${request}'`
}
