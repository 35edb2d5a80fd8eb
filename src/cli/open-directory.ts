import { loadConfig } from '../config/load.ts'
import { Directory } from '../directory.ts'
import { ConfigError } from '../domain/fault.ts'

/** The directory of a configuration file. Rejects with `ConfigError`, which the command line prints. */
export async function openDirectory(file: string): Promise<Directory> {
  const outcome = await loadConfig(file)
  if ('faults' in outcome) throw new ConfigError(outcome.faults, outcome.warnings)
  return new Directory(outcome.config)
}
