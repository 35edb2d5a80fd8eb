import { parseDomain } from '../domain/address.ts'
import { dnsRecords } from '../formats/dns-records.ts'
import { dnsSpellings } from '../formats/dns-zone.ts'
import { openDirectory } from './open-directory.ts'
import { type ExitCode, exitCodes, type Surroundings } from './surroundings.ts'

export interface DnsOptions {
  readonly config: string
  readonly format: keyof typeof dnsSpellings
  readonly address?: readonly string[]
  /** The configuration that will be in force after a change. */
  readonly next?: string
}

/** Prints the records that a domain needs, to be put into its zone. */
export async function dns(
  asked: string,
  { config: file, format, address: addresses = [], next: nextFile }: DnsOptions,
  { stdout, stderr }: Surroundings,
): Promise<ExitCode> {
  const domain = parseDomain(asked)
  if (!domain) {
    stderr.write(`"${asked}" is not a domain\n`)
    return exitCodes.usage
  }
  const directory = await openDirectory(file)
  const settings = directory.settings({ domain, host: domain })
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
    nextFile === undefined ? settings : (await openDirectory(nextFile)).settings({ domain, host: domain })
  if (!next) {
    stderr.write(`nobody serves ${domain} by ${nextFile}: take its records away before that is in force\n`)
    return exitCodes.faults
  }
  stdout.write(dnsSpellings[format](dnsRecords(settings, { addresses, next }), settings.domain))
  return exitCodes.fine
}
