import type { Test } from 'tap'
import { issue } from './certificates.ts'
import { type CheckResult, problemsOf, runDoctor } from './doctor.ts'
import { configFolder, example, openApp } from './example.ts'
import { type Foreign, webServer } from './web-server.ts'
import { nameServer, type Zone } from './zone-server.ts'

export const services = ['autoconfig', 'autodiscover', 'ua-auto-config'].map((name) => `${name}.example.org`)
const good = await issue('P-256', undefined, [...services, 'mta-sts.example.org'])
export const wellKnown = 'https://example.org/.well-known/autoconfig/mail/config-v1.1.xml'
export const main = 'https://autoconfig.example.org/mail/config-v1.1.xml'

export interface NamesCase {
  readonly foreign?: Readonly<Record<string, Foreign>>
  readonly zone?: Zone
  readonly issued?: typeof good
  /** The names that lead to the web server. */
  readonly hosts?: readonly string[]
  readonly args?: readonly string[]
  readonly files?: Record<string, string>
  /** The configuration of the running server. */
  readonly served?: object
  readonly config?: object
}

export async function examineNames(t: Test, given: NamesCase = {}) {
  const { foreign = {}, zone = {}, issued = good, hosts = [...services, 'example.org'] } = given
  const { app } = await openApp(t, given.served ?? given.config ?? example)
  const web = await webServer(t, app, issued, foreign)
  const names = await nameServer(t, zone)
  const file = configFolder(t, given.config ?? example, { 'ca.pem': issued.authority })
  const { stdout } = await runDoctor([
    ...['example.org', '--json', '-c', file, '--resolver', names.address, '--timeout', '5'],
    ...['--ca', file.replace('autoconfig.yaml', 'ca.pem'), ...(given.args ?? [])],
    ...hosts.flatMap((host) => ['--connect', `${host}=${web.place}`]),
  ])
  const all = (JSON.parse(stdout) as { checks: CheckResult[] }).checks
  const checks = all.filter(({ target }) =>
    /^(https?:(?!.*mta-sts)|CAA |example\.org$|autoconfig\.|autodiscover\.|ua-)/.test(target),
  )
  const of = (target: string, id?: string) =>
    checks.find((check) => check.target === target && (id === undefined || check.id === id))
  return { all, checks, problems: problemsOf(checks), of, asked: web.asked }
}
