import { parentPort, workerData } from 'node:worker_threads'
import { loadConfig } from './load.ts'
import type { Order } from './load-in-worker.ts'

/** The other end of `loadConfigInWorker`. */
const { file, ispdb } = workerData as Order
parentPort?.postMessage(await loadConfig(file, { ispdb }))
