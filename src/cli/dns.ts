import { dnsRecords } from '../dns/records.ts'
import { stagesOf } from '../dns/stages.ts'
import { ttlOf, zoneFormats } from '../dns/zone.ts'
import { parseDomain } from '../model/address.ts'
import { serviceNames } from '../model/service-names.ts'
import { notServed } from './arguments.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface DnsOptions {
  readonly config: string
  readonly format: keyof typeof zoneFormats
  readonly address?: readonly string[] | undefined
  /** The configuration after a change. */
  readonly next?: string | undefined
}

/** Prints the records that a domain needs, for its zone. */
export async function dns(
  asked: string,
  { config: file, format, address: addresses = [], next: nextFile }: DnsOptions,
  io: Io,
): Promise<ExitCode> {
  const { stdout, stderr } = io
  const domain = parseDomain(asked)
  if (!domain) {
    stderr.write(`"${asked}" is not a domain\n`)
    return exitCodes.usage
  }
  return withResolver(file, io, async (resolver) => {
    const [now, ...later] = await stagesOf(domain, resolver)
    if (!now) {
      stderr.write(`${notServed(domain)}\n`)
      return exitCodes.failure
    }
    if (resolver.config.publicName === undefined && addresses.length === 0) {
      const example = `publicName: ${serviceNames.autoconfig}.${resolver.config.providerId}`
      stderr.write(
        `${file}: publicName is missing: the target of the CNAME ${serviceNames.autoconfig}.${domain}, such as ${example}; or use --address\n`,
      )
      return exitCodes.failure
    }
    const changed =
      nextFile === undefined ? undefined : await withResolver(nextFile, io, (next) => stagesOf(domain, next))
    if (changed?.length === 0) {
      stderr.write(
        `no host serves ${domain} in ${nextFile}; remove its records before that configuration is in use\n`,
      )
      return exitCodes.failure
    }
    const { settings } = now
    const sections = dnsRecords(settings, { addresses, next: [...later, ...(changed ?? [])] })
    stdout.write(zoneFormats[format](sections, settings.domain, ttlOf(settings, resolver.now())))
    return exitCodes.ok
  })
}
