import { Backends } from '../backends/backends.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { dnsRecords } from '../dns/records.ts'
import { formats } from '../formats/index.ts'
import type { Domain } from '../model/address.ts'
import { type ConfigError, type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts'
import { failure, success } from '../model/result.ts'
import { type AccountSettings, accountSettings, type ClientConfig } from '../model/settings.ts'
import { Resolver } from '../resolver/resolver.ts'
import { signingState } from '../signing/profile-signer.ts'
import { count } from './count.ts'
import { type ExitCode, exitCodes, type Io, type Output } from './io.ts'

export interface CheckOptions {
  readonly config: string
  /** Connect to the backends and run each of their queries. */
  readonly online?: boolean | undefined
}

/**
 * Prints the errors of a configuration, then its warnings; exit code 1 if there are errors. Opens the backends as `serve` does,
 * without connecting.
 */
export async function check(
  { config: file, online = false }: CheckOptions,
  { stdout, now }: Pick<Io, 'stdout' | 'now'>,
): Promise<ExitCode> {
  const result = await loadConfig(file)
  if ('errors' in result) return printErrors(result.errors, result.warnings, stdout)
  const { config } = result
  const opened = await Backends.open(config.backends, { now: Date.now }).then(success, failure<ConfigError>)
  if (!opened.ok) return printErrors(opened.error.errors, config.warnings, stdout)
  const backends = opened.value
  const resolver = new Resolver(config)
  const rendered = [...resolver.clientConfigs()].reduce((sum, clientConfig) => sum + render(clientConfig), 0)
  const warnings = warningsOf(config, now())
  for (const warning of warnings) stdout.write(`${warning}\n`)
  const problems = online ? await problemsOf(config, backends) : []
  await backends.close()
  for (const problem of problems) stdout.write(`${problem}\n`)
  const summary = [
    count(resolver.size, 'domain'),
    count(config.hosts.size, 'host'),
    ...mirrored(resolver),
    `${count(rendered, 'document')} rendered`,
    warnings.length === 0 ? 'no warnings' : count(warnings.length, 'warning'),
  ].join(', ')
  stdout.write(`${problems.length === 0 ? 'OK' : count(problems.length, 'error')}: ${summary}\n`)
  return problems.length === 0 ? exitCodes.ok : exitCodes.failure
}

/** Renders every document of a client configuration, and returns the number of documents. */
function render(clientConfig: ClientConfig): number {
  const settings = sample(clientConfig)
  dnsRecords(settings)
  return 1 + formats.filter((format) => format.render(settings).ok).length
}

function sample(clientConfig: ClientConfig): AccountSettings {
  const domain = 'example.org' as Domain
  return accountSettings(domain, clientConfig, { address: { localPart: 'jane', domain } })
}

function warningsOf({ warnings, signing }: Config, now: Date): string[] {
  const ofSigning = signing && 'errors' in signing ? signing.errors.map(formatWarning) : []
  const state = ofSigning.length === 0 ? signingState(signing, now) : undefined
  return [
    ...warnings.map(formatWarning),
    ...ofSigning,
    ...(state?.signed === false ? [`warning: ${state.problem}`] : []),
  ]
}

const mirrored = ({ ispdb, config }: Resolver): string[] => {
  const files = config.ispdb.flatMap((directory) => directory.files.filter(({ document }) => document))
  return ispdb ? [`${count(ispdb.domains.length, 'domain')} of ${count(files.length, 'ISPDB file')}`] : []
}

function printErrors(
  errors: readonly Diagnostic[],
  warnings: readonly Diagnostic[],
  stdout: Output,
): ExitCode {
  for (const error of errors) stdout.write(`${formatDiagnostic(error)}\n`)
  for (const warning of warnings) stdout.write(`${formatWarning(warning)}\n`)
  stdout.write(`${count(errors.length, 'error')}, ${count(warnings.length, 'warning')}\n`)
  return exitCodes.failure
}

/** The longest time that all queries of a backend may take, in milliseconds. */
const checkTimeout = 10_000

/** The problems of each backend. */
async function problemsOf(config: Config, backends: Backends): Promise<string[]> {
  const problems = await Promise.all(
    backends.all.map(async ({ name, backend }) => {
      try {
        await backend.check(AbortSignal.timeout(checkTimeout))
        return []
      } catch (error) {
        return [`${config.file}: source ${name}: ${(error as Error).message}`]
      }
    }),
  )
  return problems.flat()
}

const formatWarning = (warning: Diagnostic): string =>
  formatDiagnostic({ ...warning, message: `warning: ${warning.message}` })
