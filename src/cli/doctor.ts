import { readFileSync } from 'node:fs'
import { atOnce } from '../checks/at-once.ts'
import { Doctor } from '../checks/doctor.ts'
import type { Credentials } from '../checks/login-check.ts'
import { openNameServer } from '../checks/name-server.ts'
import type { Network, Place } from '../checks/network.ts'
import { trust } from '../checks/trust.ts'
import { type Domain, parseEmailAddress } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { nthArgument, readAddressOrDomain } from './arguments.ts'
import { jsonOutput, textOutput } from './doctor/output.ts'
import { readPassword } from './doctor/password.ts'
import { checkRunning } from './doctor/running.ts'
import type { AdminListener } from './explain/running.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface DoctorOptions extends AdminListener {
  readonly config: string
  /** Every mapped domain. */
  readonly all?: true
  /** Go on, as `watch:` says, and print changes. */
  readonly watch?: true
  readonly resolver?: readonly string[] | undefined
  readonly connect?: ReadonlyMap<string, Place> | undefined
  readonly ca?: string | undefined
  /** The address of somebody whose password is on standard input. */
  readonly login?: string | undefined
  /** Also compare with the running server. */
  readonly running?: true
  /** In seconds. */
  readonly timeout?: number | undefined
  readonly concurrency?: number | undefined
  readonly json?: true
}

/** Checks that what clients are promised works. Exit code 1 for a problem, or if something could not be tested. */
export async function doctor(asked: readonly string[], options: DoctorOptions, io: Io): Promise<ExitCode> {
  const { config: file, all = false, concurrency = 8, json, running, watch } = options
  const named = targetsOf(asked, options)
  const network = networkOf(options, io)
  const credentials = await credentialsOf(options, io)
  for (const each of [named, network, credentials]) if (!each.ok) io.stderr.write(`${each.error}\n`)
  if (!named.ok || !network.ok || !credentials.ok) return exitCodes.usage
  if (watch) {
    const { watchAll } = await import('./doctor/watching.ts')
    return watchAll(options, io)
  }
  const person = credentials.value
  return withResolver(file, io, async (resolver) => {
    const total = all ? resolver.size : named.value.size
    const output = (json ? jsonOutput : textOutput)(io.stdout, total, all || named.value.size > 1)
    // The admin listener explains four domains at once, and others may ask as well.
    const limit = running ? Math.min(concurrency, 2) : concurrency
    const patients = new Doctor(resolver, network.value)
    await atOnce(all ? domainsOf(resolver) : named.value, limit, async (domain) => {
      const report = output.begin(domain)
      await patients.check(domain, report, domain === person?.address.domain ? person : undefined)
      if (running) report(await checkRunning(domain, resolver, options))
      output.end(domain)
    })
    return output.close() ? exitCodes.ok : exitCodes.failure
  })
}

function targetsOf(
  asked: readonly string[],
  { all, login, watch }: DoctorOptions,
): Result<ReadonlySet<Domain>> {
  if (watch && !all) return failure('--watch: requires --all')
  const texts = login === undefined ? asked : [...asked, login]
  if (texts.length > 0 === (all === true))
    return failure('name addresses or domains, or use --all for every mapped domain')
  const targets = texts.map(readAddressOrDomain)
  const wrong = targets.indexOf(undefined)
  if (wrong === -1)
    return success(new Set(targets.filter((target) => target !== undefined).map(({ domain }) => domain)))
  const where = nthArgument(wrong, texts.length)
  return failure(`${where} is neither an address nor a domain; write jane@example.org or example.org`)
}

async function credentialsOf(
  { login }: DoctorOptions,
  { stdin, stderr }: Io,
): Promise<Result<Credentials | undefined>> {
  if (login === undefined) return success(undefined)
  const address = parseEmailAddress(login)
  if (!address) return failure('--login: write an address, such as jane@example.org')
  const password = stdin && (await readPassword(stdin(), stderr))
  return password === undefined
    ? failure('--login: there is no password; type it, or write it to standard input')
    : success({ address, password })
}

/** The network as the flags describe it. */
export function networkOf(
  {
    resolver = [],
    connect = new Map(),
    ca,
    timeout = 10,
  }: Pick<DoctorOptions, 'resolver' | 'connect' | 'ca' | 'timeout'>,
  { now }: Pick<Io, 'now'>,
): Result<Network> {
  const milliseconds = 1000 * timeout
  try {
    return success({
      ...openNameServer(resolver, milliseconds),
      connect,
      trust: trust(ca === undefined ? [] : [readFileSync(ca, 'utf8')]),
      timeout: milliseconds,
      now: () => now().getTime(),
    })
  } catch {
    return failure('--ca: the file cannot be read, or contains no certificates; write a PEM file')
  }
}

/** Wildcards name no domain that could be checked. */
function* domainsOf(resolver: Resolver): Generator<Domain> {
  for (const pattern of resolver.patterns()) if (!pattern.startsWith('.')) yield pattern as Domain
}
