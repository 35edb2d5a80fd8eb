import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parse } from 'yaml'
import { sql } from '../../src/backends/sql/sql.ts'
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../../src/model/address.ts'

/**
 * Asks a database as a section of docs/sql.md says, or as the rest of the command line does, over one source: each line of
 * the input is a question, each line of the output its answer, or what is wrong; and what is told of changes.
 *
 *   ask-sql.ts SECTION SETTINGS [PASSWORD]
 */

const [section = '', settings = '{}', password] = process.argv.slice(2)

/** The one configuration below a heading. */
function documented(heading: string): Record<string, unknown> {
  const document = readFileSync(new URL('../../docs/sql.md', import.meta.url), 'utf8')
  const below = document.split(`\n## ${heading}\n`)[1]
  const config = /^```yaml\n(.*?)^```$/ms.exec(below ?? '')?.[1] ?? ''
  return parse(config).sources[0].sql
}

const source = await sql.open(
  sql.schema.parse({ ...(section && documented(section)), passwordFile: undefined, ...JSON.parse(settings) }),
  {
    ...(password !== undefined && { password }),
    onChange: (what) => console.log(`changed: ${what ?? 'all'}`),
  },
)

async function answer(question: string, asked: string): Promise<string> {
  const signal = AbortSignal.timeout(2000)
  if (question === 'host') return (await source.findHost?.(parseDomain(asked) as Domain, signal)) ?? 'none'
  if (question === 'login') {
    return (await source.findLogin?.(parseEmailAddress(asked) as EmailAddress, signal)) ?? 'none'
  }
  if (question === 'list') {
    const hosts = new Map<string, string>()
    for await (const { domain, host } of source.list?.(AbortSignal.timeout(20_000)) ?? [])
      hosts.set(domain, host)
    return `${hosts.size} domains, ${asked} on ${hosts.get(asked) ?? 'none'}`
  }
  await source.check(signal)
  return 'all is well'
}

for await (const line of createInterface(process.stdin)) {
  const at = line.indexOf(' ')
  const [question, asked] = at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
  console.log(await answer(question, asked).catch((error: Error) => error.message))
}
await source.close()
