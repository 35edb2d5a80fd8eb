import { Backends } from '../backends/backends.ts'
import { loadConfig } from '../config/load.ts'
import { ConfigError } from '../model/diagnostic.ts'
import { Resolver } from '../resolver/resolver.ts'
import type { Io } from './io.ts'

/**
 * Runs a function with the resolver of a configuration file, and closes its backends afterwards. Rejects with `ConfigError`, which
 * the command line prints.
 */
export async function withResolver<T>(
  file: string,
  { now, stderr }: Pick<Io, 'now' | 'stderr'>,
  use: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  const result = await loadConfig(file)
  if ('errors' in result) throw new ConfigError(result.errors, result.warnings)
  const time = () => now().getTime()
  const backends = await Backends.open(result.config.backends, {
    now: time,
    onProblem: (name, problem) => problem !== undefined && stderr.write(`source ${name}: ${problem}\n`),
  })
  try {
    return await use(new Resolver(result.config, { now: time, backends }))
  } finally {
    await backends.close()
  }
}
