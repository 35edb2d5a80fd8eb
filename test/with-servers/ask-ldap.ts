import { createInterface } from 'node:readline'
import { ldap } from '../../src/backends/ldap/ldap.ts'
import type { Domain, EmailAddress } from '../../src/model/address.ts'
import { parseDomain, parseEmailAddress } from '../../src/model/address.ts'

/**
 * Queries LDAP servers with the settings of the command line, over one connection. Each line of the input is a query; each
 * line of the output is its answer or an error.
 *
 *   ask-ldap.ts SETTINGS [PASSWORD]
 */

const [settings = '{}', password = ''] = process.argv.slice(2)
const source = await ldap.open(ldap.schema.parse(JSON.parse(settings)), { password, onChange: () => {} })

async function answer(query: string, key: string, signal: AbortSignal): Promise<string> {
  if (query === 'host') return (await source.findHost?.(parseDomain(key) as Domain, signal)) ?? 'none'
  if (query === 'login') {
    return (await source.findLogin?.(parseEmailAddress(key) as EmailAddress, signal)) ?? 'none'
  }
  if (query === 'list') {
    const hosts = new Map<string, string>()
    for await (const { domain, host } of source.list?.(signal) ?? []) hosts.set(domain, host)
    return `${hosts.size} domains, ${key} on ${hosts.get(key)}`
  }
  await source.check(signal)
  return 'OK'
}

for await (const line of createInterface(process.stdin)) {
  const [query = '', key = ''] = line.split(' ')
  const signal = AbortSignal.timeout(2000)
  console.log(await answer(query, key, signal).catch((error: Error) => error.message))
}
await source.close()
