import { isUtf8 } from 'node:buffer'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { type AccountsSection, readAccounts } from '../accounts/accounts.ts'
import type { BackendKind, BackendSettings } from '../backends/backend.ts'
import type { BackendConfig } from '../backends/backends.ts'
import { backendKinds, type SourcesSection } from '../backends/kinds.ts'
import { sourceKinds } from '../domains/index.ts'
import type { FileRead, Reading } from '../domains/source.ts'
import { expandHost, hostErrors, hostWarnings, providerWarnings, type Remark } from '../hosts/expand-host.ts'
import { HostNames } from '../hosts/host-names.ts'
import { type IspdbFolder, type IspdbSection, readIspdb } from '../ispdb/folder.ts'
import { keyKinds, type LinksConfig, type LinksSection, readLinkKey } from '../links/link-keys.ts'
import { type Domain, parseDomain } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { ClientConfig, PaccSettings } from '../model/settings.ts'
import { fingerprint, readWhole } from '../reading/fingerprint.ts'
import { readFailure } from '../reading/read-failure.ts'
import { readWith } from '../reading/schema-errors.ts'
import { suggestion } from '../reading/suggestion.ts'
import { xmlFilesIn } from '../reading/xml-files.ts'
import { type Path, readYaml, type YamlDocument } from '../reading/yaml-document.ts'
import { readSigningIdentity, type Signing } from '../signing/signing-identity.ts'
import type { Outcome, ReadFile } from './config.ts'
import {
  type AppleSection,
  type HostSection,
  type HttpSettings,
  type PaccSection,
  type ProviderSection,
  sections,
} from './schema.ts'

export interface LoadOptions {
  /** Throws for a package that is not installed. */
  readonly resolvePackage?: (name: string) => string
  /** The ISPDB files that were read last: those that have not changed are not read again. */
  readonly ispdb?: readonly IspdbFolder[]
}

/**
 * Reads a configuration and every file that it names: text -> `Config`, or every fault in all of it, with its place.
 * Takes no longer with faults than without; never rejects for what stands in a file.
 */
export async function loadConfig(file: string, options: LoadOptions = {}): Promise<Outcome> {
  const { resolvePackage = createRequire(import.meta.url).resolve, ispdb = [] } = options
  const load = new Load(file, { resolvePackage, ispdb })
  const text = await load.read(file, { file, line: 1, column: 1, path: '' })
  return text === undefined ? load.failed() : load.parse(text)
}

/** One reading of a configuration: what was read so far, and what was wrong with it. */
class Load {
  readonly #file: string
  readonly #options: Required<LoadOptions>
  readonly #files: ReadFile[] = []
  readonly #faults: Diagnostic[] = []
  readonly #warnings: Diagnostic[] = []

  constructor(file: string, options: Required<LoadOptions>) {
    this.#file = file
    this.#options = options
  }

  failed(): Outcome {
    return {
      files: this.#files,
      errors: inOrder(this.#faults, this.#file),
      warnings: inOrder(this.#warnings, this.#file),
    }
  }

  /** The bytes of a file, remembered as one that matters. */
  async read(file: string, blame: Omit<Diagnostic, 'message'>): Promise<Uint8Array | undefined> {
    const bytes = await this.#tryToRead(file)
    if (typeof bytes !== 'string') return bytes
    this.#faults.push({ ...blame, message: `cannot be read: ${bytes}` })
    return undefined
  }

  /** The bytes, or why there are none; the file matters in either case. */
  async #tryToRead(file: string): Promise<Uint8Array | string> {
    const read = await this.#readNow(file)
    return 'bytes' in read ? read.bytes : read.problem
  }

  async #readNow(file: string): Promise<FileRead> {
    try {
      const whole = await readWhole(file)
      this.#files.push({ file, fingerprint: whole.fingerprint })
      return whole
    } catch (error) {
      const seen = { file, fingerprint: await fingerprint(file) }
      this.#files.push(seen)
      return { fingerprint: seen.fingerprint, problem: readFailure(error as NodeJS.ErrnoException) }
    }
  }

  /** Nothing is read of a file that is as it was. */
  async #readAgain(file: string, before: string | undefined): Promise<FileRead | 'unchanged'> {
    if (before === undefined || before !== (await fingerprint(file))) return this.#readNow(file)
    this.#files.push({ file, fingerprint: before })
    return 'unchanged'
  }

  /** The names of the XML files of a folder, which matters as its files do: there may be more of them. */
  async #xmlFiles(folder: string): Promise<string[] | string> {
    this.#files.push({ file: folder, fingerprint: await fingerprint(folder) })
    try {
      return await xmlFilesIn(folder)
    } catch (error) {
      return readFailure(error as NodeJS.ErrnoException)
    }
  }

  /** A file that the configuration names, as it is spoken of: relative to where we are, if it lies below. */
  #shown(name: string): string {
    const file = resolve(dirname(this.#file), name)
    return relative('.', file).startsWith('..') ? file : relative('.', file)
  }

  async parse(bytes: Uint8Array): Promise<Outcome> {
    const text = new TextDecoder().decode(bytes)
    if (!isUtf8(bytes)) this.#faults.push(foreignLetter(this.#file, text))
    const document = readYaml(this.#file, text)
    this.#faults.push(...document.errors)
    if (document.value === undefined) return this.failed()
    const values = this.#validate(document)
    const hosts = this.#expandHosts(values, document)
    const names = new HostNames(hosts, keysOf(document.value, 'hosts'))
    const reading = this.#reading(document, names)
    const sources = await Promise.all(sourceKinds.map((kind) => kind.read(values, reading)))
    const accountsSection = values['accounts'] as AccountsSection | undefined
    const accounts = accountsSection && (await readAccounts(accountsSection, isPublic(values), reading))
    const links = await this.#links(values, reading)
    const backends = await this.#remote(values, reading)
    const ispdb = await readIspdb((values['ispdb'] ?? []) as IspdbSection, this.#options.ispdb, reading)
    const defaultHost = this.#defaultHost(values, names, document)
    const signing = await this.#signing(values, document)
    const provider = values['provider'] as ProviderSection | undefined
    const publicName = values['publicName'] as Domain | undefined
    if (this.#faults.length > 0 || provider === undefined) return this.failed()
    return {
      files: this.#files,
      config: {
        file: this.#file,
        providerId: provider.id,
        ...(publicName === undefined ? {} : { publicName }),
        hosts,
        ...(defaultHost === undefined ? {} : { defaultHost }),
        trustedProxies: values['trustedProxies'] as string[],
        http: values['http'] as HttpSettings,
        ...(signing === undefined ? {} : { signing }),
        sources,
        ...(accounts && { accounts }),
        ...(links && { links }),
        backends,
        ispdb,
        warnings: inOrder(this.#warnings, this.#file),
      },
    }
  }

  /** Each section by itself, so that a fault in one does not hide those of the next. */
  #validate(document: YamlDocument): Record<string, unknown> {
    const { value } = document
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#faults.push({
        ...document.placeOf([]),
        path: '',
        message: 'must be a map with provider, hosts and domains',
      })
      return {}
    }
    const given = value as Record<string, unknown>
    for (const key of Object.keys(given).filter((name) => !Object.hasOwn(sections, name))) {
      const known = Object.keys(sections)
      const message = `unknown key${suggestion(key, known) || `; there are ${known.join(', ')}`}`
      this.#faults.push({ ...document.placeOfKey([key]), path: key, message })
    }
    const valid: Record<string, unknown> = {}
    for (const [key, schema] of Object.entries(sections)) {
      // An empty section (`domains:` with nothing below it) is one that is not there.
      const result = readWith(schema, given[key] ?? undefined)
      if ('value' in result) {
        valid[key] = result.value
        continue
      }
      for (const fault of result.errors) {
        const path = [key, ...fault.path]
        const place = fault.ofKey ? document.placeOfKey(path) : document.placeOf(path)
        this.#faults.push({ ...place, path: formatPath(path), message: fault.message })
      }
    }
    return valid
  }

  #expandHosts(values: Record<string, unknown>, document: YamlDocument): Map<string, ClientConfig> {
    const provider = values['provider'] as ProviderSection | undefined
    if (provider) this.#remark(this.#warnings, ['provider'], providerWarnings(provider), document)
    const common = {
      provider: provider ?? placeholderProvider,
      publicName: values['publicName'] as Domain | undefined,
      disclosure: (values['accounts'] as AccountsSection | undefined)?.disclose ?? 'link',
      submissionKeys: submissionKeys[(values['pacc'] as PaccSection | undefined)?.submissionKey ?? 'submit'],
    }
    const hosts = new Map<string, ClientConfig>()
    for (const [key, section] of Object.entries((values['hosts'] ?? {}) as Record<string, HostSection>)) {
      const expanded = expandHost(key, section, common)
      hosts.set(key, expanded)
      this.#remark(this.#faults, ['hosts', key], hostErrors(expanded), document)
      this.#remark(this.#warnings, ['hosts', key], hostWarnings(section, expanded), document)
    }
    this.#nameClashes(hosts, document)
    return hosts
  }

  /** A map file may name a host by its key or its host name: they must not contradict each other. */
  #nameClashes(hosts: ReadonlyMap<string, ClientConfig>, document: YamlDocument): void {
    const first = new Map<string, string>()
    for (const [key, { host }] of hosts) {
      const other = first.get(host.hostname)
      if (other !== undefined) {
        const message = `is the host name of ${other} too; a map file that says ${host.hostname} means ${other}`
        this.#remark(this.#warnings, ['hosts', key], [{ path: ['hostname'], message }], document)
      } else first.set(host.hostname, key)
    }
    for (const key of hosts.keys()) {
      const other = first.get(key)
      if (other !== undefined && other !== key) {
        const message = `is the host name of ${other}; a host's key must not be another one's name`
        this.#faults.push({
          ...document.placeOfKey(['hosts', key]),
          path: formatPath(['hosts', key]),
          message,
        })
      }
    }
  }

  #defaultHost(
    values: Record<string, unknown>,
    hosts: HostNames,
    document: YamlDocument,
  ): ClientConfig | undefined {
    const key = (values['provider'] as ProviderSection | undefined)?.defaultHost
    if (key === undefined) return undefined
    const provider = hosts.find(key)
    if (!provider && !hosts.isFaulty(key)) {
      const message = `there is no host "${key}"${hosts.didYouMean(key)}`
      this.#remark(this.#faults, ['provider'], [{ path: ['defaultHost'], message }], document)
    }
    return provider
  }

  /**
   * What profiles are signed with. A certificate that cannot be used is no reason not to serve: profiles are sent unsigned
   * until the files have changed for the better.
   */
  async #signing(values: Record<string, unknown>, document: YamlDocument): Promise<Signing | undefined> {
    const section = (values['apple'] as AppleSection | undefined)?.sign
    if (section === undefined) return undefined
    const texts: Partial<Record<keyof typeof section, string>> = {}
    const errors: Diagnostic[] = []
    const faultOf = (key: keyof typeof section, message: string): Diagnostic => {
      const path = ['apple', 'sign', key]
      const whole = `${section[key]} ${message}; profiles are sent unsigned`
      return { ...document.placeOf(path), path: formatPath(path), message: whole }
    }
    for (const key of ['certificate', 'key', 'chain'] as const) {
      if (section[key] === undefined) continue
      const bytes = await this.#tryToRead(this.#shown(section[key]))
      if (typeof bytes === 'string') errors.push(faultOf(key, `cannot be read: ${bytes}`))
      else texts[key] = Buffer.from(bytes).toString('latin1')
    }
    const { certificate, key, chain } = texts
    if (certificate !== undefined && key !== undefined && errors.length === 0) {
      const read = readSigningIdentity({ certificate, key, ...(chain === undefined ? {} : { chain }) })
      if (!('wrong' in read)) return { identity: read }
      errors.push(faultOf(read.wrong, read.problem))
    }
    return { errors }
  }

  /** The keys of personal links; a file that is no key is a fault. */
  async #links(values: Record<string, unknown>, reading: Reading): Promise<LinksConfig | undefined> {
    const section = values['links'] as LinksSection | undefined
    if (!section) return undefined
    const keys = await Promise.all(
      section.keys.map(async (key, index) => {
        const { kind, file } = keyKinds.find(
          (one) => key[one.file] !== undefined,
        ) as (typeof keyKinds)[number]
        const path = ['links', 'keys', index, file]
        const read = await reading.readFile(key[file] as string, path)
        if (!read) return undefined
        const made = readLinkKey(key.kid, kind, read.bytes)
        if (!('problem' in made)) return made
        const message = `${read.file} ${made.problem}`
        reading.fault({ ...reading.placeOf(path), path: formatPath(path), message })
        return undefined
      }),
    )
    const twice = section.keys.findIndex(({ kid }, index) =>
      section.keys.slice(0, index).some((other) => other.kid === kid),
    )
    if (twice !== -1) {
      const path = ['links', 'keys', twice, 'kid']
      const message = 'is the name of another key too'
      reading.fault({ ...reading.placeOf(path), path: formatPath(path), message })
    }
    const { url, leeway } = section
    return { url: url.replace(/\/+$/, ''), keys: keys.filter((key) => key !== undefined), leeway }
  }

  /** What is asked over the network: its settings and password; a missing driver is a fault. */
  async #remote(values: Record<string, unknown>, reading: Reading): Promise<BackendConfig[]> {
    const sections = (values['sources'] ?? []) as SourcesSection
    const configs = sections.map(async (entry, index): Promise<BackendConfig[]> => {
      const kind = backendKinds.find(({ key }) => entry[key] !== undefined) as BackendKind
      const settings = entry[kind.key] as BackendSettings
      const path = ['sources', index, kind.key]
      const place = { ...reading.placeOf(path), path: formatPath(path) }
      const driver = kind.driver?.(settings)
      if (driver !== undefined) this.#findDriver(driver, place, reading)
      const { passwordFile } = settings
      if (passwordFile === undefined) return [{ kind: kind.key, settings, place }]
      const read = await reading.readFile(passwordFile, [...path, 'passwordFile'])
      const password =
        read &&
        Buffer.from(read.bytes)
          .toString()
          .replace(/\r?\n$/, '')
      return password === undefined ? [] : [{ kind: kind.key, settings, password, place }]
    })
    return (await Promise.all(configs)).flat()
  }

  /** A driver as npm takes it, with its version, which is not installed with ours. */
  #findDriver(driver: string, place: BackendConfig['place'], reading: Reading): void {
    const name = driver.replace(/@.*/, '')
    try {
      this.#options.resolvePackage(name)
    } catch {
      const message = `needs the package ${name}, which is not installed: npm install ${driver}`
      reading.fault({ ...place, message })
    }
  }

  #reading(document: YamlDocument, hosts: HostNames): Reading {
    return {
      hosts,
      fault: (fault) => this.#faults.push(fault),
      warn: (fault) => this.#warnings.push(fault),
      placeOf: document.placeOf,
      placeOfKey: document.placeOfKey,
      readFile: async (name, path) => {
        const shown = this.#shown(name)
        const bytes = await this.read(shown, { ...document.placeOf(path), path: formatPath(path) })
        return bytes && { file: shown, bytes }
      },
      listFolder: async (name, path, below) => {
        const folder = this.#shown(name)
        const here = await this.#xmlFiles(folder)
        if (typeof here !== 'string' && here.length > 0) return here
        const inside = typeof here === 'string' ? here : await this.#xmlFiles(join(folder, below))
        if (typeof inside !== 'string' && inside.length > 0) return inside
        const problem = typeof here === 'string' ? `cannot be read: ${here}` : 'holds no file *.xml'
        const message = `${folder} ${problem}`
        this.#faults.push({ ...document.placeOf(path), path: formatPath(path), message })
        return undefined
      },
      readAgain: (file, before) => this.#readAgain(file, before),
    }
  }

  #remark(list: Diagnostic[], base: Path, remarks: readonly Remark[], document: YamlDocument): void {
    for (const { path, message } of remarks) {
      const whole = [...base, ...path]
      list.push({ ...document.placeOf(whole), path: formatPath(whole), message })
    }
  }
}

/** Is any domain's login told to who asks? */
function isPublic({ accounts, domains }: Record<string, unknown>): boolean {
  const overrides = Object.values((domains ?? {}) as Record<string, string | { disclose?: string }>)
  const says = [accounts as AccountsSection, ...overrides.filter((value) => typeof value !== 'string')]
  return says.some(({ disclose }) => disclose === 'public')
}

const submissionKeys: Readonly<Record<PaccSection['submissionKey'], PaccSettings['submissionKeys']>> = {
  submit: ['submit'],
  smtp: ['smtp'],
  both: ['submit', 'smtp'],
}

/** The first letter that is not UTF-8: a decoder has put U+FFFD in its place. */
function foreignLetter(file: string, text: string): Diagnostic {
  const before = text.slice(0, text.indexOf('\ufffd'))
  const column = before.length - before.lastIndexOf('\n')
  return {
    file,
    line: before.split('\n').length,
    column,
    path: '',
    message: 'is not UTF-8 here; save the file as UTF-8',
  }
}

/** Those of a faulty section too. */
function keysOf(document: unknown, section: string): string[] {
  const given = (document as Record<string, unknown> | null)?.[section]
  return Object.keys(given ?? {})
}

/** Stands in for a provider with faults, so that the hosts are examined all the same; never served. */
const placeholderProvider: ProviderSection = {
  id: parseDomain('invalid') as ProviderSection['id'],
  displayName: 'invalid',
  displayShortName: 'invalid',
  documentation: [],
}

/** `hosts.mx1.servers[0].port`, `domains["example.org"]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      if (!/^[A-Za-z0-9_-]+$/.test(step)) return `["${step}"]`
      return index === 0 ? step : `.${step}`
    })
    .join('')
}

/** As they stand in the files: the configuration first, then the others by name. */
function inOrder(errors: readonly Diagnostic[], first: string): Diagnostic[] {
  const rank = ({ file }: Diagnostic): number => (file === first ? 0 : 1)
  return [...errors].sort(
    (a, b) => rank(a) - rank(b) || a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  )
}
