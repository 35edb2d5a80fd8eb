import { Backends } from '../backends/backends.ts'
import { loadConfig } from '../config/load.ts'
import { ConfigError } from '../model/diagnostic.ts'
import { Resolver } from '../resolver/resolver.ts'
import type { Io } from './io.ts'

/**
 * Does something with the directory of a configuration file; what it asks over the network is closed in the end. Rejects
 * with `ConfigError`, which the command line prints.
 */
export async function withResolver<T>(
  file: string,
  { now, stderr }: Pick<Io, 'now' | 'stderr'>,
  use: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  const outcome = await loadConfig(file)
  if ('errors' in outcome) throw new ConfigError(outcome.errors, outcome.warnings)
  const time = () => now().getTime()
  const backends = await Backends.open(outcome.config.backends, {
    now: time,
    onProblem: (name, problem) => problem !== undefined && stderr.write(`source ${name}: ${problem}\n`),
  })
  try {
    return await use(new Resolver(outcome.config, { now: time, backends }))
  } finally {
    await backends.close()
  }
}
