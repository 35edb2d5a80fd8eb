import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Test } from 'tap'
import { stringify } from 'yaml'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import { AccessLog } from '../../src/http/access-log.ts'
import { clientServer } from '../../src/http/server.ts'
import { type Domain, parseDomain } from '../../src/model/address.ts'
import { formatDiagnostic } from '../../src/model/diagnostic.ts'
import { type LookupValues, lookupOf } from '../../src/model/lookup.ts'
import type { Result } from '../../src/model/result.ts'
import { type AccountSettings, accountSettings } from '../../src/model/settings.ts'
import { Pages } from '../../src/page/pages.ts'
import { LiveResolver } from '../../src/resolver/live-resolver.ts'
import { isResolution, type NotFound, type Resolution } from '../../src/resolver/resolution.ts'
import { Resolver } from '../../src/resolver/resolver.ts'
import { ProfileSigner } from '../../src/signing/profile-signer.ts'

/** A valid configuration. Each test changes one thing in it. */
export const example = {
  provider: { id: 'all2all.org', displayName: 'all2all mail', displayShortName: 'all2all' },
  hosts: {
    maximusconfessor: { hostname: 'maximusconfessor.all2all.org' },
    vonmuenchhausen: { hostname: 'vonmuenchhausen.all2all.org' },
  },
  domains: { 'example.org': 'maximusconfessor', 'example.net': 'vonmuenchhausen' },
}

/** The settings that every kind of source has. */
export const sourceSettings = {
  ttl: 300,
  negativeTtl: 60,
  timeout: 5,
  queue: 1000,
  cacheSize: 1000,
  negativeCacheSize: 1000,
}

/** A directory with a configuration and the files beside it. */
export function configFolder(
  t: Test,
  config: unknown,
  files: Record<string, string | Uint8Array> = {},
): string {
  const text = typeof config === 'string' ? config : stringify(config)
  const folder = t.testdir({ 'autoconfig.yaml': text, ...(files as Record<string, string>) })
  // Some files are secrets, which others must not read.
  for (const [name, content] of Object.entries(files))
    if (typeof content === 'string' || content instanceof Uint8Array) chmodSync(join(folder, name), 0o600)
  return join(folder, 'autoconfig.yaml')
}

/** The configuration, which must be valid. */
export async function load(
  t: Test,
  config: unknown,
  files: Record<string, string | Uint8Array> = {},
): Promise<Config> {
  const outcome = await loadConfig(configFolder(t, config, files))
  if ('config' in outcome) return outcome.config
  throw new Error(outcome.errors.map(formatDiagnostic).join('\n'))
}

export async function openResolver(
  t: Test,
  config: unknown,
  files: Record<string, string> = {},
): Promise<Resolver> {
  return new Resolver(await load(t, config, files))
}

/** The errors and warnings of a configuration as `line:column path message`, with file names without directories. */
export async function findings(t: Test, config: unknown, files: Record<string, string | Uint8Array> = {}) {
  const file = configFolder(t, config, files)
  const outcome = await loadConfig(file)
  const folder = file.slice(0, -'autoconfig.yaml'.length)
  const show = (list: Parameters<typeof formatDiagnostic>[0][]) =>
    list.map((fault) => formatDiagnostic(fault).replaceAll(folder, '').replaceAll(relativeTo(folder), ''))
  return 'config' in outcome
    ? { errors: [], warnings: show([...outcome.config.warnings]) }
    : { errors: show([...outcome.errors]), warnings: show([...outcome.warnings]) }
}

const relativeTo = (folder: string): string => folder.replace(`${process.cwd()}/`, '')

/** The server of a configuration, with the lines that it logs. */
export async function openApp(
  t: Test,
  config: unknown = example,
  files: Record<string, string> = {},
  now = () => new Date(0),
) {
  const file = configFolder(t, config, files)
  const live = await LiveResolver.open({
    load: () => loadConfig(file),
    reload: ({ ispdb }) => loadConfig(file, { ispdb }),
    pollInterval: 60_000,
    now,
  })
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => lines.push(line) })
  const accessLog = new AccessLog(log)
  const signer = new ProfileSigner({ now, onProblem: (problem) => log.error(problem) })
  const app = clientServer({
    live,
    log,
    accessLog,
    signer,
    pages: new Pages({ onProblem: (problem) => log.error(problem) }),
  })
  t.teardown(async () => {
    await app.close()
    await live.close()
  })
  return { app, live, log, lines, accessLog, file, now }
}

/** The value of a result, which must have one. */
export function expectValue<T>(result: Result<T, unknown>): T {
  if (result.ok) return result.value
  throw new Error(String(result.error))
}

/** The resolution of a lookup. */
export const resolve = (
  resolver: Resolver,
  values: LookupValues,
): Resolution | NotFound | Promise<Resolution | NotFound> => resolver.resolve(lookupOf(values))

/** The settings for a lookup, for a domain that is served. */
export async function settingsFor(resolver: Resolver, values: LookupValues): Promise<AccountSettings> {
  const found = await resolve(resolver, values)
  if (!isResolution(found)) throw new Error('not served')
  return accountSettings(found.domain, found.clientConfig, values)
}

export function domain(text: string): Domain {
  const parsed = parseDomain(text)
  if (!parsed) throw new Error(`${text} is not a domain`)
  return parsed
}

/** The text of the first element of that name. */
export const textOf = (xml: string, element: string): string | undefined =>
  new RegExp(`<${element}[^>]*>([^<]*)</${element}>`).exec(xml)?.[1]
