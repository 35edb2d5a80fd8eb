import type { Check } from '../checks/check.ts'
import { Doctor, hostServers } from '../checks/doctor.ts'
import type { Network } from '../checks/network.ts'
import { checkPublicName } from '../checks/public-name-check.ts'
import type { ClientConfig } from '../model/settings.ts'
import type { Resolver } from '../resolver/resolver.ts'
import type { Look, Step } from './step.ts'

/** The outside for one step, whose connections end when the signal aborts. */
export type OpenNetwork = (signal: AbortSignal) => Network

/** The hosts and the public name: what is checked each time. */
export function stepsOf({ config }: Resolver): Step[] {
  const hosts = [...config.hosts.keys()].map((name) => ({ kind: 'host', name }) as const)
  return config.publicName === undefined ? hosts : [...hosts, { kind: 'name', name: config.publicName }]
}

/** Does the configuration still contain what the step checks? */
export function isStepOf(resolver: Resolver, { kind, name }: Step): boolean {
  const { hosts, publicName } = resolver.config
  if (kind === 'host') return hosts.has(name)
  return kind === 'name' ? name === publicName : resolver.ruleFor(name)?.pattern === name
}

/** Makes the checks of a step. Those that it shares with the mail host are left to the step of the host. */
export async function lookAt(step: Step, resolver: Resolver, network: Network): Promise<Look> {
  const { hosts } = resolver.config
  const checks: Check[] = []
  const report = (check: Check) => void checks.push(check)
  if (step.kind === 'name') {
    await checkPublicName(step.name, network, report)
    return { host: step.name, checks }
  }
  if (step.kind === 'host') {
    const clientConfig = hosts.get(step.name)
    if (clientConfig) await new Doctor(resolver, network).checkHost(clientConfig, report)
    return { host: step.name, checks }
  }
  const ofHosts = new Set([...hosts.values()].flatMap((each) => hostServers(each).map(({ key }) => key)))
  await new Doctor(resolver, network, ofHosts).check(step.name, report)
  // Steps are only made for mapped domains.
  const { host } = resolver.find(step.name) as ClientConfig
  return { host: host.key, checks }
}
