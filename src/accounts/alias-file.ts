import { isMisreadLogin } from '../model/client-warnings.ts'
import { kindOfFile } from '../reading/file-kind.ts'
import type { Report } from '../reading/report.ts'
import type { Aliases } from './aliases.ts'
import { loginOfTarget, readTarget } from './target.ts'
import { readVirtualMap } from './virtual-map.ts'

/** The number of addresses with two targets that are listed one by one. */
const maxConflicts = 5

/** Adds the addresses of one of the `accounts.files`. Lines that cannot be used are ignored with a warning. */
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
  for (const alias of readVirtualMap(bytes, warn)) {
    const { line } = alias
    const target = readTarget(alias.targets)
    if (target === undefined) {
      warn(line, 'ignored: the target is not a login name')
      continue
    }
    // As in Postfix, the first line for an address counts. `accounts.map` comes before the files.
    const other = aliases.add(alias, target, { file, line })
    if (other)
      conflicts.push({
        line,
        message: `ignored: ${other.file}:${other.line} has another target for the address`,
      })
    const login = loginOfTarget(target)
    if (login !== undefined && isMisreadLogin(login))
      warn(line, 'the login name looks like a number or a boolean: Thunderbird changes it')
  }
  for (const [message, same] of lines)
    report.warnIn(file, same[0] as number, `${message}${andMore(same.length - 1)}`)
  for (const { line, message } of conflicts.slice(0, maxConflicts)) report.warnIn(file, line, message)
  const next = conflicts[maxConflicts]
  if (next) report.warnIn(file, next.line, `${next.message}${andMore(conflicts.length - maxConflicts - 1)}`)
}

function andMore(lines: number): string {
  if (lines === 0) return ''
  return lines === 1 ? ' (and on 1 more line)' : ` (and on ${lines} more lines)`
}
