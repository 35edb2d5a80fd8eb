import { parentPort, workerData } from 'node:worker_threads'
import { loadConfig } from './load.ts'

/** The other end of `loadConfigInWorker`. */
parentPort?.postMessage(await loadConfig(workerData as string))
