import { type DestinationStream, type Logger, pino } from 'pino'
import type { Output } from './io.ts'

/** How long a line may wait for others before it is written, in milliseconds. */
const patience = 200

/**
 * The log: JSON, a line an event; for reading on a terminal. Lines are written many at a time; `flush` writes the last
 * of them, and is to be called before the process ends.
 */
export async function openLog(level: string, output: Output): Promise<{ log: Logger; flush: () => void }> {
  if (output.isTTY) {
    const { default: pretty } = await import('pino-pretty')
    return {
      log: make(level, pretty({ destination: output as never, ignore: 'pid,hostname', singleLine: true })),
      flush: () => undefined,
    }
  }
  if (output.fd === undefined) return { log: make(level, output), flush: () => undefined }
  const destination = pino.destination({
    dest: output.fd,
    sync: false,
    minLength: 4096,
    periodicFlush: patience,
  })
  // Whoever read the log has gone; that is no reason to stop serving.
  destination.on('error', () => undefined)
  return { log: make(level, destination), flush: () => destination.flushSync() }
}

function make(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null }, destination)
}
