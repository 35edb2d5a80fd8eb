import type { HostNames } from '../hosts/host-names.ts'
import { isMisreadLogin } from '../model/client-warnings.ts'
import type { Reading } from '../reading/reading.ts'
import type { Report } from '../reading/report.ts'
import { readSecret } from '../reading/secret.ts'
import { type AccountEntry, buildAccountTable } from './account-table.ts'
import type { AccountsData } from './accounts.ts'
import type { AccountsSection } from './accounts-section.ts'
import { addAliasFile } from './alias-file.ts'
import { Aliases } from './aliases.ts'
import { digestOf } from './digest.ts'
import { loginOnHost, loginTarget } from './target.ts'
import { splitAddress } from './virtual-map.ts'

/** Reads `accounts:` and the files that it names. `isPublic`: are the login names of any domain public? */
export async function readAccounts(
  section: AccountsSection,
  isPublic: boolean,
  hosts: HostNames,
  reading: Reading,
): Promise<AccountsData> {
  const aliases = new Aliases()
  addMap(section, aliases, reading.report)
  const read = await Promise.all(
    section.files.map((name, index) => reading.readFile(name, ['accounts', 'files', index])),
  )
  for (const { file, bytes } of read.filter((found) => found !== undefined))
    addAliasFile(file, bytes, aliases, reading.report)
  const secret = section.decoys ? await readDecoySecret(section, reading) : undefined
  const entries = [...aliases.resolved()]
  const isHost = (name: string) => hosts.find(name) !== undefined
  return {
    table: buildAccountTable(entries),
    ...(isPublic && { digests: buildAccountTable(byDigest(entries)) }),
    ...(secret && { decoys: { secret, taken: buildAccountTable(loginsOf(entries, isHost)) } }),
  }
}

function addMap({ map }: AccountsSection, aliases: Aliases, report: Report): void {
  for (const [address, login] of Object.entries(map)) {
    const path = ['accounts', 'map', address]
    const name = splitAddress(address)
    if (name) {
      const other = aliases.add(name, loginTarget(login), report.locateKey(path))
      if (other)
        report.errorAtKey(path, `has another login name in ${other.file}:${other.line}; remove one of them`)
    } else
      report.errorAtKey(
        path,
        'is not an address; write info@example.org, or @example.org for any other address of the domain',
      )
    if (isMisreadLogin(login))
      report.warn(path, 'looks like a number or a boolean: Thunderbird changes such a login name')
  }
}

function* byDigest(entries: readonly AccountEntry[]): Generator<AccountEntry> {
  for (const { domain, localPart } of entries) {
    if (localPart !== '') yield { domain, localPart: digestOf({ localPart, domain }), target: localPart }
  }
}

/** Every login name once, stored as a domain, so that a decoy can be checked against all of them. */
function loginsOf(
  entries: readonly AccountEntry[],
  isHost: (name: string) => boolean,
): Iterable<AccountEntry> {
  const logins = new Set(entries.map(({ target }) => loginOnHost(target, isHost)))
  return [...logins].flatMap((login) =>
    login === undefined ? [] : [{ domain: login, localPart: '', target: '' }],
  )
}

async function readDecoySecret(
  { secretFile }: AccountsSection,
  reading: Reading,
): Promise<Uint8Array | undefined> {
  const { report } = reading
  const path = ['accounts', 'secretFile']
  if (secretFile === undefined) {
    if (!report.hasError(path))
      report.error(
        ['accounts', 'decoys'],
        'requires accounts.secretFile, a file with a secret of at least 32 bytes',
      )
    return undefined
  }
  const read = await reading.readFile(secretFile, path)
  if (!read) return undefined
  const secret = readSecret(read.bytes)
  if (secret.ok) return secret.value
  report.error(path, `${read.file} ${secret.error}`)
  return undefined
}
