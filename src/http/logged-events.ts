import type { Logger } from 'pino'
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
import type { LiveResolver, LiveResolverOptions, ReloadResult } from '../resolver/live-resolver.ts'

type Events = Required<Pick<LiveResolverOptions, 'onReload' | 'onBackend' | 'onNotify'>>

/** Writes what happens to the configuration and the backends to the log. `live` returns the resolver that reloads. */
export const loggedEvents = (log: Logger, live: () => LiveResolver): Events => ({
  onReload(result: ReloadResult) {
    if ('config' in result) {
      log.info(summaryOf(live()), 'configuration reloaded')
      for (const reopened of result.reopened) log.info(reopened, reopenedText(reopened))
      logWarnings(log, result.config.warnings)
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
