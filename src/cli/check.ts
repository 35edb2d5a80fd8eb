import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { Directory } from '../resolver/resolver.ts'
import type { Domain } from '../model/address.ts'
import { type ConfigError, type Fault, formatFault } from '../model/diagnostic.ts'
import type { AccountSettings, Provider } from '../model/settings.ts'
import { isExpressible } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import { signingState } from '../signing/profile-signer.ts'
import { RemoteSources } from '../backends/backends.ts'
import { count } from './count.ts'
import { type ExitCode, exitCodes, type Output, type Surroundings } from './io.ts'

/**
 * Prints all faults of a configuration, then its warnings; exit code 1 if there are faults. Sources are opened, as to be
 * served, and asked only if they are to be (`online`).
 */
export async function check(
  { config: file, online = false }: { config: string; online?: boolean },
  { stdout, now }: Surroundings,
): Promise<ExitCode> {
  const outcome = await loadConfig(file)
  if ('faults' in outcome) return tell(outcome.faults, outcome.warnings, stdout)
  const { config } = outcome
  const remote = await RemoteSources.open(config.remote, { now: Date.now }).catch(
    (error: ConfigError) => error,
  )
  if (remote instanceof Error) return tell(remote.faults, config.warnings, stdout)
  const directory = new Directory(config)
  const rendered = [...directory.providers()]
    .flatMap((provider) => formats.map((format) => format.render(sample(provider))))
    .filter(isExpressible)
  const { hosts, signing } = config
  const warnings = config.warnings.map(formatWarning)
  const state = signingState(signing, now())
  if (signing && 'faults' in signing) warnings.push(...signing.faults.map(formatWarning))
  else if (state?.signed === false) warnings.push(`warning: ${state.problem}`)
  for (const warning of warnings) stdout.write(`${warning}\n`)
  const problems = online ? await ask(config, remote) : []
  await remote.close()
  for (const problem of problems) stdout.write(`${problem}\n`)
  stdout.write(
    `${problems.length === 0 ? 'fine' : count(problems.length, 'fault')}: ${count(directory.size, 'domain')} on ${count(hosts.size, 'host')}, ${mirrored(directory)}${count(rendered.length, 'document')} rendered, ${count(warnings.length, 'warning')}\n`,
  )
  return problems.length === 0 ? exitCodes.fine : exitCodes.faults
}

const mirrored = ({ ispdb, config }: Directory): string =>
  ispdb
    ? `${count(ispdb.domains.length, 'domain')} of ${count(config.ispdb.flatMap(({ files }) => files.filter(({ document }) => document)).length, 'ISPDB file')}, `
    : ''

/** What keeps a configuration from being served. */
function tell(faults: readonly Fault[], warnings: readonly Fault[], stdout: Output): ExitCode {
  for (const fault of faults) stdout.write(`${formatFault(fault)}\n`)
  for (const warning of warnings) stdout.write(`${formatWarning(warning)}\n`)
  stdout.write(`${count(faults.length, 'fault')}, ${count(warnings.length, 'warning')}\n`)
  return exitCodes.faults
}

/** How long a source may take to answer everything that is asked of it, in milliseconds. */
const patience = 10_000

/** What is wrong with each source, when it is asked. */
async function ask(config: Config, remote: RemoteSources): Promise<string[]> {
  const problems = await Promise.all(
    remote.lookUps.map(async ({ name, source }) => {
      try {
        await source.check(AbortSignal.timeout(patience))
        return []
      } catch (error) {
        return [`${config.file}: source ${name}: ${(error as Error).message}`]
      }
    }),
  )
  return problems.flat()
}

const sample = (provider: Provider): AccountSettings => {
  const domain = 'example.org' as Domain
  return { domain, provider, address: { localPart: 'jane', domain } }
}

const formatWarning = (warning: Fault): string =>
  formatFault({ ...warning, message: `warning: ${warning.message}` })
