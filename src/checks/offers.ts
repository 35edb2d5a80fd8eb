import type { ServerSettings } from '../model/settings.ts'
import { type Check, checkOf } from './check.ts'
import { type Capabilities, mechanismsOf } from './mail-protocols.ts'

/** Is each advertised authentication method offered? Those that cannot be seen from outside are not checked. */
export function mechanismChecks(
  { authentication }: ServerSettings,
  { mechanisms }: Capabilities,
  target: string,
): Check[] {
  const visible = authentication.filter((method) => mechanismsOf[method].length > 0)
  const missing = visible.filter((method) => !mechanismsOf[method].some((name) => mechanisms.has(name)))
  const check = checkOf('authentication-not-offered', target, visible.join(', '))
  const seen = [...mechanisms].join(' ') || 'none'
  if (visible.length === 0) return []
  return [
    missing.length === 0
      ? check.ok(seen)
      : check.problem(
          seen,
          `offer ${missing.flatMap((method) => mechanismsOf[method]).join(' or ')}, or remove ${missing.join(', ')} from authentication`,
        ),
  ]
}

/** People are shown `limits.messageSize`. */
export function sizeChecks(
  { type }: ServerSettings,
  { size }: Capabilities,
  messageSize: number | undefined,
  target: string,
): Check[] {
  if (type !== 'smtp' || messageSize === undefined) return []
  const check = checkOf('message-size-differs', target, `SIZE ${messageSize} (limits.messageSize)`)
  if (size === undefined) return [check.info('the server announces no SIZE')]
  return [
    size === messageSize
      ? check.ok(`SIZE ${size}`)
      : check.problem(`SIZE ${size}`, 'set limits.messageSize, or the limit of the mail server, to the same'),
  ]
}
