import { type DestinationStream, type Logger, pino } from 'pino'
import type { Io, Output } from './io.ts'
import { isJournal, withPriority } from './journal.ts'
import { LogWriter, toFile } from './log-writer.ts'

export interface Log {
  readonly log: Logger
  /** Writes the lines that still wait, for some milliseconds at most. Call it before the process ends. */
  end(milliseconds: number): Promise<void>
  /** The number of lines that could not be written. */
  dropped(): number
}

/** The log: JSON, a line for each event; with priorities in the journal of systemd, and easier to read on a terminal. */
export async function openLog(level: string, output: Output, env: Io['env']): Promise<Log> {
  const unbuffered = { end: () => Promise.resolve(), dropped: () => 0 }
  if (output.isTTY) {
    const { default: pretty } = await import('pino-pretty')
    return {
      log: make(level, pretty({ destination: output as never, ignore: 'pid,hostname', singleLine: true })),
      ...unbuffered,
    }
  }
  if (output.fd === undefined) return { log: make(level, output), ...unbuffered }
  const toJournal = isJournal(output.fd, env)
  const inJournal = (line: string): string => (toJournal ? withPriority(line) : line)
  const writer = new LogWriter(toFile(output.fd), (lines) => inJournal(droppedLine(lines)))
  return {
    log: make(level, toJournal ? { write: (line) => writer.write(withPriority(line)) } : writer),
    end: (milliseconds) => writer.end(milliseconds),
    dropped: () => writer.dropped,
  }
}

function make(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null }, destination)
}

/** The line of the log that says how many lines are missing. */
export const droppedLine = (lines: number): string =>
  `${JSON.stringify({ level: pino.levels.values['warn'], time: Date.now(), lines, msg: 'lines of the log were dropped: it could not be written' })}\n`
