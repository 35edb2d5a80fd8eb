import { parentPort, workerData } from 'node:worker_threads'
import { loadConfig } from './load.ts'
import type { WorkerInput } from './load-in-worker.ts'

/** The thread that `loadConfigInWorker` starts. */
const { file, ispdb } = workerData as WorkerInput
parentPort?.postMessage(await loadConfig(file, { ispdb }))
