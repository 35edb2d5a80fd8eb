import type { Domain } from './address.ts'

/** The first labels of the host names that clients ask for a domain, as in `autoconfig.example.org`. */
export const serviceNames = {
  /** draft-ietf-mailmaint-autoconfig-06, "Retrieval". */
  autoconfig: 'autoconfig',
  /** [MS-OXDISCO], section 3.1.5. */
  autodiscover: 'autodiscover',
  /** draft-ietf-mailmaint-pacc. */
  pacc: 'ua-auto-config',
} as const

/** `www.` is a web site, and some web servers send all their requests here. */
const prefixes = [...Object.values(serviceNames), 'www'].map((name) => `${name}.`)

/** `autoconfig.example.org` -> `example.org`. A name of two labels stays as it is: `autoconfig.org` is a domain. */
export function withoutServiceName(host: Domain): Domain {
  for (const prefix of prefixes) {
    if (host.startsWith(prefix) && host.includes('.', prefix.length))
      return host.slice(prefix.length) as Domain
  }
  return host
}

/** `autoconfig.example.org` -> `example.org`; `undefined` without the name of a service. */
export function domainOfServiceName(host: Domain): Domain | undefined {
  const name = Object.values(serviceNames).find((service) => host.startsWith(`${service}.`))
  return name === undefined ? undefined : (host.slice(name.length + 1) as Domain)
}

/** `(?:autoconfig|autodiscover|ua-auto-config|www)`: a regular expression for web servers. */
export const serviceNamePattern = `(?:${prefixes.map((prefix) => prefix.slice(0, -1)).join('|')})`
