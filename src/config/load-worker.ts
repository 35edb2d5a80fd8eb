import { parentPort, workerData } from 'node:worker_threads'
import { loadConfig } from './load.ts'
import type { WorkerInput, WorkerMessage } from './load-in-worker.ts'

/** The thread that `LoadThread` starts. */
const { file, ispdb } = workerData as WorkerInput
const send = (message: WorkerMessage): void => parentPort?.postMessage(message)
send({ result: await loadConfig(file, { ispdb, onRead: (read) => send({ read }) }) })
