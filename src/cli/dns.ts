import { dnsRecords, type FutureSettings } from '../dns/records.ts'
import { dnsSpellings, ttlOf } from '../dns/zone.ts'
import { type Domain, parseDomain } from '../model/address.ts'
import { Resolver } from '../resolver/resolver.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface DnsOptions {
  readonly config: string
  readonly format: keyof typeof dnsSpellings
  readonly address?: readonly string[]
  /** The configuration that will be in force after a change. */
  readonly next?: string
}

/** Prints the records that a domain needs, to be put into its zone. */
export function dns(
  asked: string,
  { config: file, format, address: addresses = [], next: nextFile }: DnsOptions,
  io: Io,
): Promise<ExitCode> | ExitCode {
  const { stdout, stderr, now } = io
  const domain = parseDomain(asked)
  if (!domain) {
    stderr.write(`"${asked}" is not a domain\n`)
    return exitCodes.usage
  }
  return withResolver(file, io, async (resolver) => {
    const [today, ...moved] = await stagesOf(domain, resolver)
    if (!today) {
      stderr.write(`nobody serves ${domain}; "mail-autoconfig explain ${domain}" tells why\n`)
      return exitCodes.failure
    }
    if (resolver.config.publicName === undefined && addresses.length === 0) {
      stderr.write(
        `${file}: publicName is missing: the name that autoconfig.${domain} is to lead to, such as publicName: autoconfig.${resolver.config.providerId}; or give --address\n`,
      )
      return exitCodes.failure
    }
    const changed =
      nextFile === undefined
        ? undefined
        : await withResolver(nextFile, io, (other) => stagesOf(domain, other))
    if (changed?.length === 0) {
      stderr.write(`nobody serves ${domain} by ${nextFile}: take its records away before that is in force\n`)
      return exitCodes.failure
    }
    const { settings } = today
    const sections = dnsRecords(settings, { addresses, next: [...moved, ...(changed ?? [])] })
    stdout.write(dnsSpellings[format](sections, settings.domain, ttlOf(settings, now())))
    return exitCodes.ok
  })
}

/** What is in force by a configuration, and after each move that it names; nothing where nobody serves the domain. */
async function stagesOf(domain: Domain, resolver: Resolver): Promise<FutureSettings[]> {
  const { config, backends } = resolver
  const moves = resolver.ruleFor(domain)?.rule.moves ?? []
  const times = [resolver.now(), ...moves.map(({ at }) => at)]
  const stages = times.map(async (at, index): Promise<FutureSettings[]> => {
    const then = new Resolver(config, { now: () => at, ...(backends && { backends }) })
    const settings = await then.settings({ domain, host: domain })
    return settings ? [{ settings, ...(index > 0 && { at }) }] : []
  })
  return (await Promise.all(stages)).flat()
}
