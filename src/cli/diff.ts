import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { ConfigError, type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
import { Resolver } from '../resolver/resolver.ts'
import { count } from './count.ts'
import { compareResolvers } from './diff/comparison.ts'
import { toJson, toText } from './diff/output.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'

export interface DiffOptions {
  readonly failAbove?: number
  readonly json?: true
  /** Lists every domain and every change as text, too. */
  readonly all?: true
}

/** Shows what would change for clients with another configuration. */
export async function diff(
  oldFile: string,
  newFile: string,
  { failAbove = Number.POSITIVE_INFINITY, json, all }: DiffOptions,
  { stdout, stderr, now }: Io,
): Promise<ExitCode> {
  const time = now().getTime()
  const [before, after] = (await loadBoth(oldFile, newFile)).map(
    (config) => new Resolver(config, { now: () => time }),
  ) as [Resolver, Resolver]
  const difference = compareResolvers(before, after)
  stdout.write(json ? `${JSON.stringify(toJson(difference), null, 2)}\n` : toText(difference, all ?? false))
  const affected = difference.groups.reduce((sum, { domains }) => sum + domains.length, 0)
  if (affected <= failAbove) return exitCodes.ok
  stderr.write(
    `${count(affected, 'domain')} ${affected === 1 ? 'differs' : 'differ'}; --fail-above allows ${count(failAbove)}\n`,
  )
  return exitCodes.failure
}

/** Both configurations. Throws the errors of both. */
async function loadBoth(oldFile: string, newFile: string): Promise<[Config, Config]> {
  const [old, next] = await Promise.all([loadConfig(oldFile), loadConfig(newFile)])
  if ('config' in old && 'config' in next) return [old.config, next.config]
  // Each error once: both may name the same map file.
  const errors = [old, next].flatMap((outcome) => ('errors' in outcome ? outcome.errors : []))
  throw new ConfigError([
    ...new Map(errors.map((error): [string, Diagnostic] => [formatDiagnostic(error), error])).values(),
  ])
}
