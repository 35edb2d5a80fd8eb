import { type DestinationStream, type Logger, pino } from 'pino'
import type { Output } from './io.ts'

/** The longest time that a line waits before it is written, in milliseconds. */
const flushInterval = 200

/** Lines are written together, as soon as there are so many characters. */
const batchSize = 8192

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
  const file = pino.destination({ dest: output.fd, sync: false })
  // When nobody reads the log any more, the server goes on.
  file.on('error', () => undefined)
  const batches = new Batches(file)
  return {
    log: make(level, batches),
    flush() {
      batches.flush()
      file.flushSync()
    },
  }
}

function make(level: string, destination: DestinationStream): Logger {
  return pino({ level, base: null }, destination)
}

/** Collects lines. The destination can do so as well, but measures all that it has with every line: five times the cost. */
class Batches implements DestinationStream {
  readonly #destination: DestinationStream
  #lines = ''
  #timer: NodeJS.Timeout | undefined

  constructor(destination: DestinationStream) {
    this.#destination = destination
  }

  write(line: string): void {
    this.#lines += line
    if (this.#lines.length >= batchSize) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), flushInterval).unref()
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#lines !== '') this.#destination.write(this.#lines)
    this.#lines = ''
  }
}
