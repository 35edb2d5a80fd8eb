import { fstatSync } from 'node:fs'
import type { Io } from './io.ts'

/** Whether a descriptor leads to the journal of systemd: `JOURNAL_STREAM` has its device and inode (systemd.exec(5)). */
export function isJournal(fd: number, { JOURNAL_STREAM }: Io['env']): boolean {
  if (JOURNAL_STREAM === undefined) return false
  const { dev, ino } = fstatSync(fd)
  return JOURNAL_STREAM === `${dev}:${ino}`
}

/** The priorities of syslog, for pino's levels. */
const priorities: Readonly<Record<string, number>> = { 10: 7, 20: 7, 30: 6, 40: 4, 50: 3, 60: 2 }

/** A line of the log with its priority, which the journal removes (sd-daemon(3)): `journalctl -p warning` then finds warnings. */
export const withPriority = (line: string): string =>
  `<${priorities[/^{"level":(\d+)/.exec(line)?.[1] ?? 30]}>${line}`
