import type { Test } from 'tap'
import { type CheckResult, problemsOf, runDoctor } from './doctor.ts'
import { configFolder, example } from './example.ts'
import { zoneOf } from './zone.ts'
import { type NameServerOptions, nameServer, type Zone } from './zone-server.ts'

export const config = {
  ...example,
  publicName: 'autoconfig.all2all.org',
  domains: { 'example.org': 'maximusconfessor' },
}
export const host = 'maximusconfessor.all2all.org'

/** The checks of the DNS, with some records changed. */
export async function examineDns(
  t: Test,
  changes: Record<string, unknown> = {},
  configuration: object = config,
  options: NameServerOptions = {},
) {
  const file = configFolder(t, configuration)
  const zone = {
    // Nothing listens there.
    [`A ${host}`]: ['127.0.0.9'],
    'A autoconfig.all2all.org': ['127.0.0.9'],
    'MX example.org': [{ preference: 10, exchange: host }],
    ...(await zoneOf(file)),
    ...changes,
  } as Zone
  for (const [key, value] of Object.entries(zone)) if (value === undefined) delete zone[key]
  const server = await nameServer(t, zone, options)
  const args = ['example.org', '--json', '-c', file, '--resolver', server.address, '--timeout', '2']
  const { stdout, exitCode } = await runDoctor(args)
  const { checks } = JSON.parse(stdout) as { checks: CheckResult[] }
  const dns = checks.filter(({ target }) => /^(CNAME|SRV|TXT|MX|DNSSEC) |mta-sts/.test(target))
  return {
    exitCode,
    checks,
    dns,
    problems: problemsOf(dns),
    of: (target: string) => dns.find((check) => check.target === target),
  }
}
