import { heldBack, summaryOf } from '../http/logged-events.ts'
import { formatDiagnostic } from '../model/diagnostic.ts'
import type { LiveResolver } from '../resolver/live-resolver.ts'
import { count } from './count.ts'

/** The number of domains served, and why it is not the newest configuration, in one line for `systemctl status`. */
export function serviceStatus(live: LiveResolver): string {
  const { domains, hosts } = summaryOf(live)
  const { lastError, held, savedAt } = live.state
  const saved = savedAt ? ' of the saved configuration' : ''
  const serving = `Serving ${count(domains, 'domain')} on ${count(hosts.length, 'host')}${saved}`
  if (held) return `${serving}; ${heldBack(held.losses)}`
  const [first] = lastError?.errors ?? []
  return first ? `${serving}; configuration rejected: ${formatDiagnostic(first)}` : serving
}
