import { type DestinationStream, type Logger, pino } from 'pino'
import type { Output } from './io.ts'
import { LogWriter, toFile } from './log-writer.ts'

export interface Log {
  readonly log: Logger
  /** Writes the lines that still wait, for some milliseconds at most. Call it before the process ends. */
  end(milliseconds: number): Promise<void>
  /** The number of lines that could not be written. */
  dropped(): number
}

/** The log: JSON, a line for each event; easier to read on a terminal. */
export async function openLog(level: string, output: Output): Promise<Log> {
  const unbuffered = { end: () => Promise.resolve(), dropped: () => 0 }
  if (output.isTTY) {
    const { default: pretty } = await import('pino-pretty')
    return {
      log: make(level, pretty({ destination: output as never, ignore: 'pid,hostname', singleLine: true })),
      ...unbuffered,
    }
  }
  if (output.fd === undefined) return { log: make(level, output), ...unbuffered }
  const writer = new LogWriter(toFile(output.fd), droppedLine)
  return {
    log: make(level, writer),
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
