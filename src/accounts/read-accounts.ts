import { isMisreadLogin } from '../model/client-warnings.ts'
import type { Reading } from '../reading/reading.ts'
import type { Report } from '../reading/report.ts'
import { readSecret } from '../reading/secret.ts'
import { type AccountEntry, buildAccountTable } from './account-table.ts'
import type { AccountsData } from './accounts.ts'
import type { AccountsSection } from './accounts-section.ts'
import { addAliasFile, andMore } from './alias-file.ts'
import { Aliases, type KnownDomains } from './aliases.ts'
import { buildDecoyTables, type DecoyTables } from './decoy-tables.ts'
import { digestOf } from './digest.ts'
import { parseTargets, reasons } from './target.ts'
import { splitAddress } from './virtual-map.ts'

/** Reads `accounts:` and the files that it names. `isPublic`: are the login names of any domain public? */
export async function readAccounts(
  section: AccountsSection,
  isPublic: boolean,
  known: KnownDomains,
  reading: Reading,
): Promise<AccountsData> {
  const aliases = new Aliases(known)
  addMap(section, aliases, reading.report)
  const read = await Promise.all(
    section.files.map((entry, index) => reading.readMap(entry, ['accounts', 'files', index])),
  )
  for (const { file, bytes } of read.filter((found) => found !== undefined))
    addAliasFile(file, bytes, aliases, reading.report)
  warnOfMachines(aliases, reading.report)
  const secret = section.decoys ? await readDecoySecret(section, reading) : undefined
  const entries = [...aliases.resolved()]
  return {
    table: buildAccountTable(entries),
    places: buildAccountTable(entries.map(({ place, ...name }) => ({ ...name, target: place }))),
    ...(isPublic && { digests: buildAccountTable(byDigest(entries)) }),
    ...(secret && { decoys: { secret, ...decoyTables(entries, aliases, known, reading.report) } }),
  }
}

function addMap({ map }: AccountsSection, aliases: Aliases, report: Report): void {
  for (const [address, value] of Object.entries(map)) {
    const path = ['accounts', 'map', address]
    const name = splitAddress(address)
    const targets = parseTargets(value)
    if (name) {
      const other = aliases.add(name, targets, report.locateKey(path))
      if (other)
        report.errorAtKey(path, `has another login name in ${other.file}:${other.line}; remove one of them`)
    } else
      report.errorAtKey(
        path,
        'is not an address; write info@example.org, or @example.org for any other address of the domain',
      )
    const unusable = targets.find((target) => 'none' in target)
    if (unusable) report.warn(path, `${reasons[unusable.none]}: no login name is known for this address`)
    if (targets.length === 1 && targets.some((target) => 'login' in target && isMisreadLogin(target.login)))
      report.warn(path, 'looks like a number or a boolean: Thunderbird changes such a login name')
  }
}

/** One warning for each file. */
function warnOfMachines(aliases: Aliases, report: Report): void {
  const lines = new Map<string, number[]>()
  for (const { file, line } of aliases.unknownMachines()) lines.set(file, [...(lines.get(file) ?? []), line])
  for (const [file, [first = 1, ...others]] of lines)
    report.warnIn(
      file,
      first,
      `no login name is known: the target is at the name of a machine that is not the hostname of a host${andMore(others.length)}`,
    )
}

function* byDigest(entries: readonly AccountEntry[]): Generator<AccountEntry> {
  for (const { domain, localPart } of entries) {
    if (localPart !== '') yield { domain, localPart: digestOf({ localPart, domain }), target: localPart }
  }
}

function decoyTables(
  entries: readonly AccountEntry[],
  aliases: Aliases,
  known: KnownDomains,
  report: Report,
): DecoyTables {
  const isHost = (name: string) => known.hostname(name) !== undefined
  const { tables, recognisable } = buildDecoyTables(entries, isHost, (domain) => aliases.isHere(domain))
  if (recognisable > 0)
    report.warn(
      ['accounts', 'decoys'],
      `do not hide ${recognisable === 1 ? '1 address' : `${recognisable} addresses`}: the login name has no number and does not follow from the address, as jdoe for sales@example.org, so no decoy looks like it`,
    )
  return tables
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
  const read = await reading.readSecretFile(secretFile, path)
  if (!read) return undefined
  const secret = readSecret(read.bytes)
  if (secret.ok) return secret.value
  report.error(path, `${read.file} ${secret.error}`)
  return undefined
}
