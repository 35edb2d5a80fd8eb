import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Config, Outcome } from './config.ts'

/** Beside this module, as TypeScript in development and as JavaScript when built. */
const worker = new URL(`./load-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)

/** What the thread is started with. */
export type Order = Pick<Config, 'file' | 'ispdb'>

/**
 * `loadConfig` in a thread of its own, so that a million domains can be read without one request waiting for it. Of the
 * configuration in force it takes over what has not changed. Rejects when the thread ends without an outcome, as for want
 * of memory.
 */
export function loadConfigInWorker({ file, ispdb }: Order): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: { file, ispdb } satisfies Order })
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the loading thread ended with exit code ${code}`)))
  })
}
