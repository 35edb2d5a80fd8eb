import { Backends } from '../backends/backends.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { isExpressible } from '../formats/format.ts'
import { formats } from '../formats/index.ts'
import type { Domain } from '../model/address.ts'
import { type ConfigError, type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
import type { AccountSettings, ClientConfig } from '../model/settings.ts'
import { Resolver } from '../resolver/resolver.ts'
import { signingState } from '../signing/profile-signer.ts'
import { count } from './count.ts'
import { type ExitCode, exitCodes, type Io, type Output } from './io.ts'

/**
 * Prints all faults of a configuration, then its warnings; exit code 1 if there are faults. Sources are opened, as to be
 * served, and asked only if they are to be (`online`).
 */
export async function check(
  { config: file, online = false }: { config: string; online?: boolean },
  { stdout, now }: Io,
): Promise<ExitCode> {
  const outcome = await loadConfig(file)
  if ('errors' in outcome) return tell(outcome.errors, outcome.warnings, stdout)
  const { config } = outcome
  const backends = await Backends.open(config.backends, { now: Date.now }).catch(
    (error: ConfigError) => error,
  )
  if (backends instanceof Error) return tell(backends.errors, config.warnings, stdout)
  const resolver = new Resolver(config)
  const rendered = [...resolver.clientConfigs()]
    .flatMap((clientConfig) => formats.map((format) => format.render(sample(clientConfig))))
    .filter(isExpressible)
  const { hosts, signing } = config
  const warnings = config.warnings.map(formatWarning)
  const state = signingState(signing, now())
  if (signing && 'errors' in signing) warnings.push(...signing.errors.map(formatWarning))
  else if (state?.signed === false) warnings.push(`warning: ${state.problem}`)
  for (const warning of warnings) stdout.write(`${warning}\n`)
  const problems = online ? await ask(config, backends) : []
  await backends.close()
  for (const problem of problems) stdout.write(`${problem}\n`)
  stdout.write(
    `${problems.length === 0 ? 'fine' : count(problems.length, 'fault')}: ${count(resolver.size, 'domain')} on ${count(hosts.size, 'host')}, ${mirrored(resolver)}${count(rendered.length, 'document')} rendered, ${count(warnings.length, 'warning')}\n`,
  )
  return problems.length === 0 ? exitCodes.ok : exitCodes.failure
}

const mirrored = ({ ispdb, config }: Resolver): string =>
  ispdb
    ? `${count(ispdb.domains.length, 'domain')} of ${count(config.ispdb.flatMap(({ files }) => files.filter(({ document }) => document)).length, 'ISPDB file')}, `
    : ''

/** What keeps a configuration from being served. */
function tell(errors: readonly Diagnostic[], warnings: readonly Diagnostic[], stdout: Output): ExitCode {
  for (const fault of errors) stdout.write(`${formatDiagnostic(fault)}\n`)
  for (const warning of warnings) stdout.write(`${formatWarning(warning)}\n`)
  stdout.write(`${count(errors.length, 'fault')}, ${count(warnings.length, 'warning')}\n`)
  return exitCodes.failure
}

/** How long a source may take to answer everything that is asked of it, in milliseconds. */
const patience = 10_000

/** What is wrong with each source, when it is asked. */
async function ask(config: Config, backends: Backends): Promise<string[]> {
  const problems = await Promise.all(
    backends.all.map(async ({ name, source }) => {
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

const sample = (clientConfig: ClientConfig): AccountSettings => {
  const domain = 'example.org' as Domain
  return { domain, clientConfig, address: { localPart: 'jane', domain } }
}

const formatWarning = (warning: Diagnostic): string =>
  formatDiagnostic({ ...warning, message: `warning: ${warning.message}` })
