/** Does `Accept-Encoding` allow gzip? (RFC 9110, section 12.5.3; `q=0` means no.) */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined || header === '') return false
  let any = false
  for (const part of header.toLowerCase().split(',', 20)) {
    const [coding = '', ...parameters] = part.split(';', 5).map((word) => word.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    const allowed = weight === undefined || Number(weight.slice(2)) > 0
    if (coding === 'gzip' || coding === 'x-gzip') return allowed
    if (coding === '*') any = allowed
  }
  return any
}

/** Does `If-None-Match` contain the ETag? Weak comparison, lists and `*` (RFC 9110, sections 8.8.3.2 and 13.1.2). */
export function noneMatchHolds(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header === etag || header.trim() === '*') return true
  return header.match(/"[^"]*"/g)?.some((known) => known === etag) ?? false
}
