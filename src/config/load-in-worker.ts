import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Outcome } from './config.ts'

/** Beside this module, as TypeScript in development and as JavaScript when built. */
const worker = new URL(`./load-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)

/**
 * `loadConfig` in a thread of its own, so that a million domains can be read without one request waiting for it.
 * Rejects when the thread ends without an outcome, as for want of memory.
 */
export function loadConfigInWorker(file: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, { workerData: file })
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the loading thread ended with exit code ${code}`)))
  })
}
