import { createInterface } from 'node:readline'
import { ldap } from '../../src/backends/ldap/ldap.ts'
import type { Domain, EmailAddress } from '../../src/model/address.ts'
import { parseDomain, parseEmailAddress } from '../../src/model/address.ts'

/**
 * Asks a directory as the configuration on the command line says, over one connection: each line of the input is a
 * question, and each line of the output its answer, or what is wrong.
 */

const [settings = '{}', password = ''] = process.argv.slice(2)
const source = await ldap.open(ldap.schema.parse(JSON.parse(settings)), { password, onChange: () => {} })

async function answer(question: string, asked: string, signal: AbortSignal): Promise<string> {
  if (question === 'host') return (await source.findHost?.(parseDomain(asked) as Domain, signal)) ?? 'none'
  if (question === 'login') {
    return (await source.findLogin?.(parseEmailAddress(asked) as EmailAddress, signal)) ?? 'none'
  }
  if (question === 'list') {
    const hosts = new Map<string, string>()
    for await (const { domain, host } of source.list?.(signal) ?? []) hosts.set(domain, host)
    return `${hosts.size} domains, ${asked} on ${hosts.get(asked)}`
  }
  await source.check(signal)
  return 'all is well'
}

for await (const line of createInterface(process.stdin)) {
  const [question = '', asked = ''] = line.split(' ')
  const signal = AbortSignal.timeout(2000)
  console.log(await answer(question, asked, signal).catch((error: Error) => error.message))
}
await source.close()
