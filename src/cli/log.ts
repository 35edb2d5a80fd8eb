import { type DestinationStream, type Logger, pino } from 'pino'
import type { Output } from './io.ts'

/** The longest time that a line waits before it is written, in milliseconds. */
const flushInterval = 200

/** Lines are written together: a write for each would cost more than an answer. In bytes. */
const writeSize = 16_384

/**
 * The log: JSON, a line for each event; easier to read on a terminal. `flush` writes the lines that still wait. Call it before the
 * process ends.
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
    minLength: writeSize,
    // Must be larger than `minLength`; the default is not.
    maxWrite: 2 * writeSize,
    periodicFlush: flushInterval,
  })
  // The reader of the log is gone. That is no reason to stop serving.
  destination.on('error', () => undefined)
  return { log: make(level, destination), flush: () => destination.flushSync() }
}

function make(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null }, destination)
}
