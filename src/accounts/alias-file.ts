import type { Domain } from '../model/address.ts'
import { isMisreadLogin } from '../model/client-warnings.ts'
import { kindOfFile } from '../reading/file-kind.ts'
import type { Report } from '../reading/report.ts'
import { type Aliases, formatName } from './aliases.ts'
import { findMailboxMap, mailboxMapMessage } from './mailbox-map.ts'
import type { Target } from './target.ts'
import { readVirtualMap, type VirtualAlias } from './virtual-map.ts'

/** The number of addresses with two targets that are listed one by one. */
const maxConflicts = 5

/** Adds the addresses of one of the `accounts.files`. Lines that cannot be used are reported with a warning. */
export function addAliasFile(file: string, bytes: Uint8Array, aliases: Aliases, report: Report): void {
  const kind = kindOfFile(bytes, file)
  if (kind) {
    report.errorIn(file, kind.line, kind.message)
    return
  }
  /** The lines for each message, which is reported once. */
  const lines = new Map<string, number[]>()
  const conflicts: { line: number; message: string }[] = []
  const warn = (line: number, message: string) => {
    const same = lines.get(message)
    if (same) same.push(line)
    else lines.set(message, [line])
  }
  const read = readVirtualMap(bytes, warn)
  if (read.length === 0 && lines.size === 0) report.warnIn(file, 1, 'contains no addresses')
  const isInMailboxMap = findMailboxMap(read)
  for (const alias of read) {
    const { line } = alias
    const isMailbox = isInMailboxMap(alias)
    if (isMailbox) warn(line, mailboxMapMessage)
    const targets = isMailbox ? itself(alias) : alias.targets
    // As in Postfix, the first line for an address counts. `accounts.map` comes before the files.
    const other = aliases.add(alias, targets, { file, line })
    if (other)
      conflicts.push({
        line,
        message: `ignored: ${other.file}:${other.line} has another target for the address`,
      })
    for (const message of warningsOf(targets)) warn(line, message)
  }
  for (const [message, same] of lines)
    report.warnIn(file, same[0] as number, `${message}${andMore(same.length - 1)}`)
  for (const { line, message } of conflicts.slice(0, maxConflicts)) report.warnIn(file, line, message)
  const next = conflicts[maxConflicts]
  if (next) report.warnIn(file, next.line, `${next.message}${andMore(conflicts.length - maxConflicts - 1)}`)
}

const itself = ({ localPart, domain }: VirtualAlias): readonly Target[] => [
  { text: formatName({ localPart, domain }), localPart, domain: domain as Domain },
]

/** The messages do not contain the target: it may be a password in a file of another kind. */
function warningsOf(targets: readonly Target[]): string[] {
  return [
    ...(targets.some((target) => 'none' in target && target.none === 'unreadable')
      ? ['no login name is known for this address: a target is not a login name']
      : []),
    ...(targets.some((target) => 'login' in target && isMisreadLogin(target.login)) && targets.length === 1
      ? ['the login name looks like a number or a boolean: Thunderbird changes it']
      : []),
  ]
}

/** The end of a message that is true of more lines. */
export function andMore(lines: number): string {
  if (lines === 0) return ''
  return lines === 1 ? ' (and on 1 more line)' : ` (and on ${lines} more lines)`
}
