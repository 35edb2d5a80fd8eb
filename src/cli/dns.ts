import { Directory } from '../resolver/resolver.ts'
import { type Domain, parseDomain } from '../model/address.ts'
import { type Coming, dnsRecords } from '../dns/records.ts'
import { dnsSpellings, ttlOf } from '../dns/zone.ts'
import { withDirectory } from './with-resolver.ts'
import { type ExitCode, exitCodes, type Surroundings } from './io.ts'

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
  surroundings: Surroundings,
): Promise<ExitCode> | ExitCode {
  const { stdout, stderr, now } = surroundings
  const domain = parseDomain(asked)
  if (!domain) {
    stderr.write(`"${asked}" is not a domain\n`)
    return exitCodes.usage
  }
  return withDirectory(file, surroundings, async (directory) => {
    const [today, ...moved] = await stagesOf(domain, directory)
    if (!today) {
      stderr.write(`nobody serves ${domain}; "mail-autoconfig explain ${domain}" tells why\n`)
      return exitCodes.faults
    }
    if (directory.config.publicName === undefined && addresses.length === 0) {
      stderr.write(
        `${file}: publicName is missing: the name that autoconfig.${domain} is to lead to, such as publicName: autoconfig.${directory.config.providerId}; or give --address\n`,
      )
      return exitCodes.faults
    }
    const changed =
      nextFile === undefined
        ? undefined
        : await withDirectory(nextFile, surroundings, (other) => stagesOf(domain, other))
    if (changed?.length === 0) {
      stderr.write(`nobody serves ${domain} by ${nextFile}: take its records away before that is in force\n`)
      return exitCodes.faults
    }
    const { settings } = today
    const sections = dnsRecords(settings, { addresses, next: [...moved, ...(changed ?? [])] })
    stdout.write(dnsSpellings[format](sections, settings.domain, ttlOf(settings, now())))
    return exitCodes.fine
  })
}

/** What is in force by a configuration, and after each move that it names; nothing where nobody serves the domain. */
async function stagesOf(domain: Domain, directory: Directory): Promise<Coming[]> {
  const { config, remote } = directory
  const moves = directory.ruleFor(domain)?.rule.moves ?? []
  const times = [directory.now(), ...moves.map(({ at }) => at)]
  const stages = times.map(async (at, index): Promise<Coming[]> => {
    const then = new Directory(config, { now: () => at, ...(remote && { remote }) })
    const settings = await then.settings({ domain, host: domain })
    return settings ? [{ settings, ...(index > 0 && { at }) }] : []
  })
  return (await Promise.all(stages)).flat()
}
