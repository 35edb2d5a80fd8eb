import { createRequire } from 'node:module'
import { readAccounts } from '../accounts/read-accounts.ts'
import { readAcme } from '../acme/read-acme.ts'
import { type ResolvePackage, readBackends } from '../backends/read-backends.ts'
import { MappedDomains } from '../domains/mapped-domains.ts'
import { readDomains } from '../domains/read-domains.ts'
import { expandPage } from '../hosts/page-fields.ts'
import { readHosts } from '../hosts/read-hosts.ts'
import { type IspdbFolder, type LastGoodFiles, readIspdb } from '../ispdb/folder.ts'
import { readLimitStore } from '../limits/read-store.ts'
import { readLinks } from '../links/read-links.ts'
import type { Domain } from '../model/address.ts'
import { placeholderPage } from '../page/page-section.ts'
import { readDesign } from '../page/read-design.ts'
import { Files, type FilesOptions } from '../reading/files.ts'
import { Reading } from '../reading/reading.ts'
import { Report } from '../reading/report.ts'
import { decodeUtf8 } from '../reading/utf8.ts'
import { readYaml } from '../reading/yaml-document.ts'
import { readSigning } from '../signing/read-signing.ts'
import { readTls } from '../tls/read-tls.ts'
import type { Config, LoadResult } from './config.ts'
import { keysOf, readSections, sectionsIn } from './read-sections.ts'
import { readWatch } from './read-watch.ts'
import type { Sections } from './schema.ts'

export interface LoadOptions extends FilesOptions {
  readonly resolvePackage?: ResolvePackage
  /** The ISPDB files of the configuration in force. Those that have not changed are not read again. */
  readonly ispdb?: readonly IspdbFolder[]
  /** The content of the last good version of an ISPDB file. */
  readonly savedIspdbFile?: LastGoodFiles['saved']
}

/**
 * Reads a configuration and every file that it names. The result is a `Config`, or all errors of all files with their places.
 * Never rejects because of the content of a file.
 */
export async function loadConfig(file: string, options: LoadOptions = {}): Promise<LoadResult> {
  const files = new Files(file, options)
  const report = new Report(file)
  const config = await readConfig(file, files, report, options)
  const { warnings } = report
  if (config) return { files: files.read, config: { ...config, warnings } }
  return { files: files.read, errors: report.errors, warnings }
}

async function readConfig(
  file: string,
  files: Files,
  report: Report,
  {
    resolvePackage = createRequire(import.meta.url).resolve,
    ispdb: inForce = [],
    savedIspdbFile: saved,
  }: LoadOptions,
): Promise<Omit<Config, 'warnings'> | undefined> {
  const { content } = await files.open(file, 'configuration')
  if (!content.ok) {
    report.error([], `cannot be read: ${content.error}`)
    return undefined
  }
  const document = readYaml(file, decodeUtf8(file, content.value, report), report)
  if (document.value === undefined) return undefined
  report.usePlaces(document)

  const sections = readSections(document.value, report)
  if (!sections) return undefined
  const reading = new Reading(report, files)
  const disclosure = sections.accounts?.disclose ?? 'link'
  const design = await readDesign(sections.page ?? placeholderPage, reading)
  const hosts = readHosts(sections, disclosure, design, keysOf(document.value, 'hosts'), report)
  const domains = await readDomains(sections.domains ?? {}, sections.domainFiles ?? [], hosts.names, reading)
  const mapped = new MappedDomains(domains, Date.now)
  const known = {
    hostname: (name: string) => hosts.names.find(name)?.host.hostname,
    isServed: (domain: Domain) => (mapped.match(domain)?.pattern ?? '.') !== '.',
    hostnames: [...hosts.configs.values()].map(({ host }) => host.hostname),
  }
  const accounts =
    sections.accounts && (await readAccounts(sections.accounts, isPublic(sections), known, reading))
  const links = sections.links && (await readLinks(sections.links, reading))
  const backends = await readBackends(sections.sources ?? [], reading, resolvePackage)
  const limitStore =
    sections.http?.rateLimitStore &&
    (await readLimitStore(sections.http.rateLimitStore, reading, resolvePackage))
  const ispdb = await readIspdb(sections.ispdb ?? [], { inForce, saved }, reading)
  const signing = sections.apple?.sign && (await readSigning(sections.apple.sign, reading))

  const watch = sections.watch && (await readWatch(sections.watch, hosts.configs.size, reading))
  const tls = sections.tls && readTls(sections.tls, reading)

  const isServing = mapped.size > 0 || backends.length > 0 || ispdb.length > 0 || hosts.defaultHost
  if (!isServing && !report.hasErrors) report.warn(['domains'], nothingServed)

  const { provider, publicName, trustedProxies, http, reload, acme } = sections
  if (report.hasErrors || !provider || !trustedProxies || !http || !reload) {
    // Otherwise `config.signing` contains them.
    for (const error of signing && 'errors' in signing ? signing.errors : []) report.addWarning(error)
    return undefined
  }
  return {
    file,
    sections: sectionsIn(document.value),
    providerId: provider.id,
    providerName: provider.displayName,
    page: expandPage(design, provider),
    ...(publicName && { publicName }),
    hosts: hosts.configs,
    ...(hosts.defaultHost && { defaultHost: hosts.defaultHost }),
    trustedProxies,
    http,
    ...(limitStore && { limitStore }),
    reload,
    ...(signing && { signing }),
    ...(watch && { watch }),
    ...(acme && { acme: readAcme(acme, files) }),
    ...(tls && { tls }),
    domains,
    nextHops: hosts.nextHops,
    ...(accounts && { accounts }),
    ...(links && { links }),
    backends,
    ispdb,
  }
}

const nothingServed =
  'contains no domain, and there are no domainFiles with domains, no sources, no ispdb and no provider.defaultHost: only clients that follow the MX get settings'

/** Are the login names of any domain public? */
function isPublic({ accounts, domains = {} }: Sections): boolean {
  const overrides = Object.values(domains).filter((value) => typeof value !== 'string')
  return [accounts, ...overrides].some((section) => section?.disclose === 'public')
}
