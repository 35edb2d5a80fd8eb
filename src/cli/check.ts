import { webrootProblem } from '../acme/challenges.ts'
import { Backends } from '../backends/backends.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load.ts'
import { dnsRecords } from '../dns/records.ts'
import { formats } from '../documents/formats.ts'
import type { Domain } from '../model/address.ts'
import { type ConfigError, type Diagnostic, formatDiagnostic, totalOf } from '../model/diagnostic.ts'
import { printable } from '../model/one-line.ts'
import { failure, success } from '../model/result.ts'
import { type AccountSettings, accountSettings, type ClientConfig } from '../model/settings.ts'
import { Resolver } from '../resolver/resolver.ts'
import { signingState } from '../signing/profile-signer.ts'
import { certificateWarnings } from './check-certificates.ts'
import { pageProblems } from './check-pages.ts'
import { count } from './count.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'

export interface CheckOptions {
  readonly config: string
  /** Connect to the backends and run each of their queries. */
  readonly online?: boolean | undefined
  readonly json?: true
}

/** The output of `--json`. */
interface Outcome {
  readonly ok: boolean
  readonly errors: readonly Finding[]
  readonly warnings: readonly Finding[]
  /** Absent if there are errors of the configuration: then nothing was counted. */
  readonly counts?: Readonly<Record<'domains' | 'hosts' | 'documents', number>>
}

/** A finding without a place in a file has only a message. */
type Finding = Partial<Omit<Diagnostic, 'message'>> & Pick<Diagnostic, 'message'>

/**
 * Prints the errors of a configuration, then its warnings; exit code 1 if there are errors. Opens the backends as `serve` does,
 * without connecting.
 */
export async function check(
  { config: file, online = false, json }: CheckOptions,
  { stdout, now }: Pick<Io, 'stdout' | 'now'>,
): Promise<ExitCode> {
  const print = (outcome: Outcome, text: () => string): ExitCode => {
    stdout.write(json ? `${JSON.stringify(outcome, null, 2)}\n` : text())
    return outcome.ok ? exitCodes.ok : exitCodes.failure
  }
  const rejected = (errors: readonly Diagnostic[], warnings: readonly Diagnostic[]) =>
    print({ ok: false, errors, warnings }, () => rejection(errors, warnings))
  const result = await loadConfig(file)
  if ('errors' in result) return rejected(result.errors, result.warnings)
  const { config } = result
  const opened = await Backends.open(config.backends, { now: Date.now }).then(success, failure<ConfigError>)
  if (!opened.ok) return rejected(opened.error.errors, config.warnings)
  const backends = opened.value
  const resolver = new Resolver(config)
  const samples = [...resolver.clientConfigs()].map(sample)
  const rendered = samples.reduce((sum, settings) => sum + render(settings), 0)
  const warnings = [
    ...warningsOf(config, now()),
    ...(await acmeWarnings(config)),
    ...(await certificateWarnings(resolver, now)),
  ]
  const problems = [...pageProblems(config, samples), ...(online ? await problemsOf(config, backends) : [])]
  await backends.close()
  const summary = [
    count(resolver.size, 'domain'),
    count(config.hosts.size, 'host'),
    ...mirrored(resolver),
    `${count(rendered, 'document')} rendered`,
    warnings.length === 0 ? 'no warnings' : count(totalOf(warnings), 'warning'),
  ].join(', ')
  const ok = problems.length === 0
  const counts = { domains: resolver.size, hosts: config.hosts.size, documents: rendered }
  return print({ ok, errors: problems.map((message) => ({ message })), warnings, counts }, () =>
    [
      ...warnings.map(formatWarning),
      ...problems,
      `${ok ? 'OK' : count(problems.length, 'error')}: ${summary}`,
    ]
      .map((line) => `${printable(line)}\n`)
      .join(''),
  )
}

/** Renders every document of a client configuration, and returns the number of documents. */
function render(settings: AccountSettings): number {
  dnsRecords(settings)
  return 1 + formats.filter((format) => format.render(settings).ok).length
}

function sample(clientConfig: ClientConfig): AccountSettings {
  const domain = 'example.org' as Domain
  return accountSettings(domain, clientConfig, { address: { localPart: 'jane', domain } })
}

function warningsOf({ warnings, signing }: Config, now: Date): Finding[] {
  const ofSigning = signing && 'errors' in signing ? signing.errors : []
  const state = ofSigning.length === 0 ? signingState(signing, now) : undefined
  return [...warnings, ...ofSigning, ...(state?.signed === false ? [{ message: state.problem }] : [])]
}

async function acmeWarnings({ acme, file }: Config): Promise<Finding[]> {
  const problem = acme?.webroot === undefined ? undefined : await webrootProblem(acme.webroot)
  return problem === undefined ? [] : [{ message: `${file}: acme.webroot: ${problem}` }]
}

const mirrored = ({ ispdb, config }: Resolver): string[] => {
  const files = config.ispdb.flatMap((directory) => directory.files.filter(({ document }) => document))
  return ispdb ? [`${count(ispdb.domains.length, 'domain')} of ${count(files.length, 'ISPDB file')}`] : []
}

const rejection = (errors: readonly Diagnostic[], warnings: readonly Diagnostic[]): string =>
  [
    ...errors.map(formatDiagnostic),
    ...warnings.map(formatWarning),
    `${count(totalOf(errors), 'error')}, ${count(totalOf(warnings), 'warning')}`,
  ]
    .map((line) => `${printable(line)}\n`)
    .join('')

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

function formatWarning({ message, ...place }: Finding): string {
  const warning = `warning: ${message}`
  return place.file === undefined ? warning : formatDiagnostic({ ...(place as Diagnostic), message: warning })
}
