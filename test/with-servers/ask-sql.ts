import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parse } from 'yaml'
import { sql } from '../../src/backends/sql/sql.ts'
import { type Domain, type EmailAddress, parseDomain, parseEmailAddress } from '../../src/model/address.ts'

/**
 * Queries a database with the settings of a section of docs/sql.md, of the command line, or both. Each line of the input is
 * a query; each line of the output is its answer or an error. Changes that the database announces are printed, too.
 *
 *   ask-sql.ts SECTION SETTINGS [PASSWORD]
 */

const [section = '', settings = '{}', password] = process.argv.slice(2)

/** The configuration below a heading, with the `account` that follows it. */
function documented(heading: string): Record<string, unknown> {
  const document = readFileSync(new URL('../../docs/sql.md', import.meta.url), 'utf8')
  const [below = ''] = document.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? []
  const [config, account] = [...below.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => parse(text))
  return { ...config.sources[0].sql, ...account }
}

const parsed = sql.schema.parse({
  ...(section && documented(section)),
  passwordFile: undefined,
  ...JSON.parse(settings),
})
const files = (['authorityFile', 'certificateFile', 'keyFile'] as const).flatMap((key) => {
  const file = parsed[key]
  return file === undefined ? [] : [[key, readFileSync(file, 'utf8')]]
})

const source = await sql.open(parsed, {
  ...(password !== undefined && { password }),
  files: Object.fromEntries(files),
  onChange: (key) => console.log(`changed: ${key ?? 'all'}`),
})

async function answer(query: string, key: string): Promise<string> {
  const signal = AbortSignal.timeout(2000)
  if (query === 'host') return (await source.findHost?.(parseDomain(key) as Domain, signal)) ?? 'none'
  if (query === 'login') {
    return (await source.findLogin?.(parseEmailAddress(key) as EmailAddress, signal)) ?? 'none'
  }
  if (query === 'list') {
    const hosts = new Map<string, string>()
    for await (const { domain, host } of source.list?.(AbortSignal.timeout(20_000)) ?? [])
      hosts.set(domain, host)
    return `${hosts.size} domains, ${key} on ${hosts.get(key) ?? 'none'}`
  }
  await source.check(signal)
  return 'OK'
}

for await (const line of createInterface(process.stdin)) {
  const at = line.indexOf(' ')
  const [query, key] = at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)]
  console.log(await answer(query, key).catch((error: Error) => error.message))
}
await source.close()
