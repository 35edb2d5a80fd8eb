/**
 * The domains under which clients look for the settings of an MX host: its name without the first label, and its registrable
 * domain. None if the host belongs to the domain itself, which has been asked already.
 */
export function providerDomains(mxHost: string, domain: string): readonly string[] {
  const base = registrableDomain(mxHost)
  if (base === domain) return []
  const parent = mxHost.slice(mxHost.indexOf('.') + 1)
  return [...new Set([parent.endsWith(base) ? parent : base, base])]
}

/**
 * Clients use the Public Suffix List, a file of 300 KB. This has its commonest kind only: a generic second level under a country,
 * such as co.uk.
 */
export function registrableDomain(host: string): string {
  const labels = host.split('.')
  const [second = '', top = ''] = labels.slice(-2)
  const length = top.length === 2 && genericLabels.has(second) ? 3 : 2
  return labels.slice(-length).join('.')
}

const genericLabels: ReadonlySet<string> = new Set([
  ...[
    'ac',
    'co',
    'com',
    'edu',
    'gob',
    'gouv',
    'gov',
    'gv',
    'ltd',
    'mil',
    'net',
    'ne',
    'nom',
    'or',
    'org',
    'plc',
    'sch',
  ],
])

/** The host of the preferred MX, from records such as `10 mx1.example.net.`; `undefined` for a null MX (RFC 7505). */
export function preferredMx(records: readonly string[]): string | undefined {
  const sorted = records
    .map((record) => record.split(' '))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, host = '']) => hostOf(host))
  return sorted[0] || undefined
}

/** A name of a record without its final dot, in lower case. */
export const hostOf = (name: string): string => name.replace(/\.$/, '').toLowerCase()
