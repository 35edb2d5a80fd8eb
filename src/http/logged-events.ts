import type { Logger } from 'pino'
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
import type { LiveResolver, LiveResolverOptions, ReloadResult } from '../resolver/live-resolver.ts'

type Events = Required<Pick<LiveResolverOptions, 'onReload' | 'onBackend' | 'onNotify'>>

/**
 * Writes what happens to the configuration and the backends to the log. `live` returns the resolver that reloads. `confirm` says how
 * to use a configuration that is held back.
 */
export const loggedEvents = (log: Logger, live: () => LiveResolver, confirm = 'send SIGHUP'): Events => ({
  onReload(result: ReloadResult) {
    if ('config' in result) {
      log.info(summaryOf(live()), 'configuration reloaded')
      for (const reopened of result.reopened) log.info(reopened, reopenedText(reopened))
      logWarnings(log, result.config.warnings)
    } else if ('held' in result) {
      log.error(heldBack(result.held, confirm))
    } else {
      const errors = result.errors.map(formatDiagnostic)
      log.error({ errors }, 'configuration rejected; still serving the last good one')
    }
  },
  onBackend(name, problem) {
    if (problem === undefined) log.info({ source: name }, 'source available again')
    else log.error({ source: name, problem }, 'source unavailable; serving its last known answers')
  },
  onNotify(name, problem) {
    if (problem === undefined) log.info({ source: name }, 'source announces changes again')
    else log.error({ source: name, problem }, 'source announces no changes; they take effect after ttl')
  },
})

const reopenedText = ({ keptAnswers }: { readonly keptAnswers: number }): string =>
  keptAnswers > 0
    ? 'source opened; the answers of before are kept until it gives new ones, since its queries are the same'
    : 'source opened; no answers of before are kept'

/** Logs that the store of the limits is no longer used, or used again. */
export const logLimitStore =
  (log: Logger) =>
  (problem: string | undefined): void => {
    if (problem === undefined) log.info('limit store available again; requests are counted together')
    else log.error({ problem }, 'limit store unavailable; each server counts requests alone')
  }

/** Logs that a start uses the saved configuration, and why. */
export function logSaved(log: Logger, { state, saved }: LiveResolver): void {
  const { savedAt, lastError, held } = state
  if (!savedAt) return
  const errors = lastError?.errors.map(formatDiagnostic)
  const why = held ? heldBack(held.losses) : 'configuration rejected'
  log.error({ errors, savedAt, copies: saved?.directory }, `${why}; serving the saved configuration`)
}

/** One line for the log and the admin. */
export const heldBack = (losses: readonly string[], confirm = 'send SIGHUP'): string =>
  `the changed configuration is not used: ${losses.join('; ')}; ${confirm} to use it`

export function logWarnings(log: Logger, warnings: readonly Diagnostic[]): void {
  for (const warning of warnings) log.warn(formatDiagnostic(warning))
}

/** A summary of the configuration in force. */
export function summaryOf(live: LiveResolver) {
  const { size, config } = live.current
  return { config: config.file, domains: size, hosts: [...config.hosts.keys()], files: live.files }
}

/** Logs a bug with its stack. */
export const logBug =
  (log: Logger) =>
  (error: Error, route: string | undefined): void =>
    log.error({ err: error, route }, 'a bug: please report it')
