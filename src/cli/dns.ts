import { parseDomain } from '../domain/address.ts'
import { dnsRecords } from '../formats/dns-records.ts'
import { dnsSpellings, ttlOf } from '../formats/dns-zone.ts'
import { withDirectory } from './open-directory.ts'
import { type ExitCode, exitCodes, type Surroundings } from './surroundings.ts'

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
  const lookup = { domain, host: domain }
  return withDirectory(file, surroundings, async (directory) => {
    const settings = await directory.settings(lookup)
    if (!settings) {
      stderr.write(`nobody serves ${domain}; "mail-autoconfig explain ${domain}" tells why\n`)
      return exitCodes.faults
    }
    if (directory.config.publicName === undefined && addresses.length === 0) {
      stderr.write(
        `${file}: publicName is missing: the name that autoconfig.${domain} is to lead to, such as publicName: autoconfig.${directory.config.providerId}; or give --address\n`,
      )
      return exitCodes.faults
    }
    const next =
      nextFile === undefined
        ? settings
        : await withDirectory(nextFile, surroundings, async (other) => other.settings(lookup))
    if (!next) {
      stderr.write(`nobody serves ${domain} by ${nextFile}: take its records away before that is in force\n`)
      return exitCodes.faults
    }
    const sections = dnsRecords(settings, { addresses, next })
    stdout.write(dnsSpellings[format](sections, settings.domain, ttlOf(settings, now())))
    return exitCodes.fine
  })
}
