import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Config, LoadResult } from './config.ts'

/** Next to this module: a TypeScript file in development, a JavaScript file in the build. */
const worker = new URL(`./load-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)

/** The part of the configuration in force that the worker needs. */
export type WorkerInput = Pick<Config, 'file' | 'ispdb'>

/**
 * `loadConfig` in a worker thread, so that loading a million domains does not delay any request. ISPDB files that have not
 * changed are taken from the configuration in force. Rejects if the thread ends without a result, for example because there
 * is not enough memory.
 */
export function loadConfigInWorker({ file, ispdb }: WorkerInput): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: { file, ispdb } satisfies WorkerInput })
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the loading thread ended with exit code ${code}`)))
  })
}
