import { loadConfig } from '../config/load.ts'
import { Directory } from '../resolver/resolver.ts'
import { ConfigError } from '../model/diagnostic.ts'
import { RemoteSources } from '../backends/backends.ts'
import type { Surroundings } from './io.ts'

/**
 * Does something with the directory of a configuration file; what it asks over the network is closed in the end. Rejects
 * with `ConfigError`, which the command line prints.
 */
export async function withDirectory<T>(
  file: string,
  { now, stderr }: Pick<Surroundings, 'now' | 'stderr'>,
  use: (directory: Directory) => Promise<T>,
): Promise<T> {
  const outcome = await loadConfig(file)
  if ('faults' in outcome) throw new ConfigError(outcome.faults, outcome.warnings)
  const time = () => now().getTime()
  const remote = await RemoteSources.open(outcome.config.remote, {
    now: time,
    onProblem: (name, problem) => problem !== undefined && stderr.write(`source ${name}: ${problem}\n`),
  })
  try {
    return await use(new Directory(outcome.config, { now: time, remote }))
  } finally {
    await remote.close()
  }
}
