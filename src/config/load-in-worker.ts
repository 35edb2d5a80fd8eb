import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ReadFile } from '../reading/files.ts'
import type { Config, LoadResult } from './config.ts'

/** Next to this module: a TypeScript file in development, a JavaScript file in the build. */
const worker = new URL(`./load-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)

/** The part of the configuration in force that the worker needs. */
export type WorkerInput = Pick<Config, 'file' | 'ispdb'>

/** A message of the worker: it sends each file that it has read, and then the result. */
export type WorkerMessage = { readonly read: ReadFile } | { readonly result: LoadResult }

export interface LoaderOptions {
  /** How long a thread may take, in milliseconds. */
  readonly timeLimit?: number
  /** How long to wait for the end of the previous thread, in milliseconds. */
  readonly endLimit?: number
  /** The module that the thread runs. */
  readonly module?: URL
}

/**
 * Milliseconds. Ten times as long as the largest maps need on a slow machine; and a thread that has sent its result may need more than a
 * second to end on a busy one, while the admin asks for the next reload.
 */
const defaults = { timeLimit: 300_000, endLimit: 10_000 } as const

/**
 * `loadConfig` in a worker thread, so that loading a million domains does not delay any request. ISPDB files that have not
 * changed are taken from the configuration in force. A thread that ends without a result, for example because there is not
 * enough memory, is an error like any other.
 */
export class LoadThread {
  readonly #options: Required<LoaderOptions>
  /** Settles when the latest thread has ended. */
  #ended: Promise<unknown> | undefined

  constructor(options: LoaderOptions = {}) {
    this.#options = { ...defaults, module: worker, ...options }
  }

  /** Rejects if no thread can start. Ends the thread when the signal aborts. */
  async load({ file, ispdb }: WorkerInput, signal?: AbortSignal): Promise<LoadResult> {
    if (this.#ended && !(await isWithin(this.#ended, this.#options.endLimit)))
      return failed(file, 'the previous reload still waits for the file system', [])
    const thread = new Worker(this.#options.module, { workerData: { file, ispdb } satisfies WorkerInput })
    this.#ended = once(thread, 'exit').catch(() => undefined)
    const end = () => void thread.terminate()
    signal?.addEventListener('abort', end)
    try {
      return await this.#resultOf(thread, file)
    } finally {
      signal?.removeEventListener('abort', end)
    }
  }

  #resultOf(thread: Worker, file: string): Promise<LoadResult> {
    const { timeLimit } = this.#options
    return new Promise((resolve) => {
      const read: ReadFile[] = []
      const fail = (why: string) => resolve(failed(file, why, read))
      const timer = setTimeout(() => {
        fail(`it took longer than ${timeLimit / 1000} s`)
        void thread.terminate()
      }, timeLimit)
      thread.on('message', (message: WorkerMessage) => {
        if ('read' in message) read.push(message.read)
        else resolve(message.result)
      })
      thread.once('error', ({ message }) => fail(message))
      thread.once('exit', (code) => fail(`the loading thread ended with exit code ${code}`))
      thread.once('exit', () => clearTimeout(timer))
    })
  }
}

const isWithin = async (promise: Promise<unknown>, milliseconds: number): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  return Promise.race([promise.then(() => true), late]).finally(() => clearTimeout(timer))
}

/** The thread has not read all files, so those that were watched before still matter. */
const failed = (file: string, why: string, files: readonly ReadFile[]): LoadResult => ({
  files,
  isIncomplete: true,
  errors: [{ file, line: 1, column: 1, path: '', message: `cannot be loaded: ${why}` }],
  warnings: [],
})
