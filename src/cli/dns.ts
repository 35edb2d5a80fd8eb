import { dnsRecords } from '../dns/records.ts'
import { stagesOf } from '../dns/stages.ts'
import { ttlOf, zoneFormats } from '../dns/zone.ts'
import { type Domain, parseDomain } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import { serviceNames } from '../model/service-names.ts'
import type { Resolver } from '../resolver/resolver.ts'
import { notServed, nthArgument } from './arguments.ts'
import { type ExitCode, exitCodes, type Io } from './io.ts'
import { withResolver } from './with-resolver.ts'

export interface DnsOptions {
  readonly config: string
  readonly format: keyof typeof zoneFormats
  /** The same as the format `json`. */
  readonly json?: true
  readonly address?: readonly string[] | undefined
  /** The configuration after a change. */
  readonly next?: string | undefined
}

/** Prints the records that domains need, for their zones. Exit code 1 if a domain has none; those of the others are printed. */
export async function dns(asked: readonly string[], options: DnsOptions, io: Io): Promise<ExitCode> {
  const { config: file, json, next: nextFile } = options
  const { stdout, stderr } = io
  const domains = asked.map(parseDomain)
  const wrong = domains.indexOf(undefined)
  if (wrong !== -1) {
    stderr.write(`${nthArgument(wrong, asked.length)} is not a domain; write one such as example.org\n`)
    return exitCodes.usage
  }
  const format = json ? 'json' : options.format
  return withResolver(file, io, async (resolver) => {
    const print = async (next?: Resolver) => {
      const zones: string[] = []
      for (const domain of domains as Domain[]) {
        const zone = await zoneOf(domain, { ...options, format }, resolver, next)
        if (zone.ok) zones.push(zone.value)
        else stderr.write(`${zone.error}\n`)
      }
      // JSON of several domains is one array, so that programs need not split the output.
      const isArray = format === 'json' && asked.length > 1
      stdout.write(isArray ? `[\n${zones.map((zone) => zone.trimEnd()).join(',\n')}\n]\n` : zones.join('\n'))
      return zones.length === asked.length ? exitCodes.ok : exitCodes.failure
    }
    return nextFile === undefined ? print() : withResolver(nextFile, io, print)
  })
}

async function zoneOf(
  domain: Domain,
  { config: file, format, address: addresses = [], next: nextFile }: DnsOptions,
  resolver: Resolver,
  next: Resolver | undefined,
): Promise<Result<string>> {
  const [now, ...later] = await stagesOf(domain, resolver)
  if (!now) return failure(notServed(domain))
  if (resolver.config.publicName === undefined && addresses.length === 0) {
    const example = `publicName: ${serviceNames.autoconfig}.${resolver.config.providerId}`
    return failure(
      `${file}: publicName is missing: the target of the CNAME ${serviceNames.autoconfig}.${domain}, such as ${example}; or use --address`,
    )
  }
  const changed = next && (await stagesOf(domain, next))
  if (changed?.length === 0)
    return failure(
      `no host serves ${domain} in ${nextFile}; remove its records before that configuration is in use`,
    )
  const { settings } = now
  const sections = dnsRecords(settings, { addresses, next: [...later, ...(changed ?? [])] })
  return success(zoneFormats[format](sections, settings.domain, ttlOf(settings, resolver.now())))
}
