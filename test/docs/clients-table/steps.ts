import type { Rehearsal } from '../../../src/rehearsal/client.ts'
import { customer } from './kinds.ts'

/** What a rehearsal asks for, in the words of the page, in order and each once. */
export function asksIn({ steps }: Rehearsal): string {
  const [only] = steps
  // A client that asks nobody has one step, which says what people do instead.
  if (steps.length === 1 && only?.outcome === 'not asked') return `nothing: ${only.why.replace(/.*; /, '')}`
  const schemes = new Map<string, Set<string>>()
  for (const { what, outcome } of steps) {
    if (outcome === 'not asked') continue
    const name = nameOf(what)
    const known = schemes.get(name) ?? new Set()
    schemes.set(name, known.add(/ (https?):/.exec(what)?.[1] ?? ''))
  }
  return [...schemes].map(([name, known]) => `${name}${overHttp(known)}`).join(', ')
}

/** Where the account is from: a document, or else the DNS. */
export function originOf({ steps, account }: Rehearsal): string {
  if (!account) return '–'
  const document = steps.findLast(({ what, outcome }) => outcome === 'taken' && what.includes('://'))
  return document ? nameOf(document.what) : 'SRV of mail'
}

/** Nothing for https, which is the rule. */
function overHttp(schemes: ReadonlySet<string>): string {
  if (!schemes.has('http')) return ''
  return schemes.has('https') ? ' (also over http)' : ' (over http)'
}

function nameOf(what: string): string {
  const [verb = '', target = ''] = what.split(' ')
  if (verb === 'SRV') return target.startsWith('_autodiscover') ? 'SRV of Autodiscover' : 'SRV of mail'
  if (!['GET', 'POST'].includes(verb)) return verb
  const { hostname, pathname } = new URL(target)
  if (/\.(thunderbird|ispdb)\.net$/.test(hostname)) return 'ISPDB'
  if (pathname.endsWith('.json') || pathname.includes('.json/')) return 'Autodiscover (JSON)'
  if (pathname.includes('autodiscover')) return 'Autodiscover'
  if (!hostname.endsWith(customer)) return 'the same at the domain of that host'
  if (pathname.endsWith('mail-v1.xml')) return '`mail-v1.xml`'
  return hostname === customer ? '`.well-known`' : '`autoconfig`'
}
