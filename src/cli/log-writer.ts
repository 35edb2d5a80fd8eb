import { write as writeFile } from 'node:fs'
import type { DestinationStream } from 'pino'

/** The longest time that a line waits before it is written, in milliseconds. */
const flushInterval = 200
/** Lines are written together, as soon as there are so many characters. */
const batchSize = 8192
/** Characters that may wait. */
const mostKept = 1024 * 1024
/** Milliseconds until a failed write is tried again. */
const retryInterval = 100

type Done = (error: NodeJS.ErrnoException | null, written: number) => void

/** Writes some of the bytes, from a position on. */
export type Write = (bytes: Buffer, from: number, done: Done) => void

export const toFile =
  (fd: number): Write =>
  (bytes, from, done) =>
    writeFile(fd, bytes, from, bytes.length - from, null, done)

/**
 * Writes lines in batches. If nothing can be written, because the disk is full or nobody reads the pipe, a bounded number of lines
 * waits, and those that follow are dropped and counted. A line says so when writing works again.
 */
export class LogWriter implements DestinationStream {
  readonly #write: Write
  readonly #droppedLine: (lines: number) => string
  #waiting = ''
  #batch: Buffer | undefined
  #written = 0
  #timer: NodeJS.Timeout | undefined
  #dropped = 0
  #reported = 0
  #onEmpty: (() => void) | undefined

  /** `droppedLine` makes the line that says how many lines were dropped. */
  constructor(write: Write, droppedLine: (lines: number) => string) {
    this.#write = write
    this.#droppedLine = droppedLine
  }

  /** The number of lines that were not kept. */
  get dropped(): number {
    return this.#dropped
  }

  write(line: string): void {
    if (this.#waiting.length + line.length > mostKept) {
      this.#dropped++
      return
    }
    this.#waiting += line
    if (this.#waiting.length >= batchSize) this.#start()
    else this.#startLater(flushInterval)
  }

  /** Resolves when everything is written, or after some milliseconds. Call it before the process ends. */
  async end(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#onEmpty = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#start()
    })
    this.#onEmpty = undefined
    clearTimeout(this.#timer)
  }

  #startLater(milliseconds: number): void {
    this.#timer ??= setTimeout(() => this.#start(), milliseconds).unref()
  }

  #start(): void {
    if (this.#batch) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting === '') {
      this.#onEmpty?.()
      return
    }
    this.#batch = Buffer.from(this.#waiting)
    this.#waiting = ''
    this.#written = 0
    this.#writeBatch()
  }

  #writeBatch(): void {
    const batch = this.#batch as Buffer
    this.#write(batch, this.#written, (error, written) => {
      if (!error) this.#written += written
      if (isFinal(error)) this.#dropped += linesIn(batch)
      if (isFinal(error) || this.#written === batch.length) this.#finishBatch(!error)
      else if (error) setTimeout(() => this.#writeBatch(), retryInterval).unref()
      else this.#writeBatch()
    })
  }

  #finishBatch(wasWritten: boolean): void {
    this.#batch = undefined
    // Not before a write has succeeded.
    if (wasWritten && this.#dropped > this.#reported) {
      this.#waiting += this.#droppedLine(this.#dropped - this.#reported)
      this.#reported = this.#dropped
    }
    if (this.#waiting.length >= batchSize || this.#onEmpty) this.#start()
    else if (this.#waiting !== '') this.#startLater(flushInterval)
  }
}

/** The reader is gone. After all other errors, such as a full disk, the same bytes are written again. */
const isFinal = (error: NodeJS.ErrnoException | null): boolean =>
  error?.code === 'EPIPE' || error?.code === 'EBADF'

const linesIn = (bytes: Buffer): number => bytes.toString('latin1').split('\n').length - 1
