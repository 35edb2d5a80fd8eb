import type { Server } from 'node:http'
import type { Connections } from './connections.ts'
import { stopListening } from './stop-listening.ts'

export interface FinishOptions {
  /** Milliseconds until connections are closed on which no request has come. */
  readonly quiet: number
  /** Milliseconds until all connections are closed. */
  readonly timeout: number
  /** Closes all connections now. */
  readonly hurry: AbortSignal
}

/**
 * Answers every client that is connected, or waits to be, and closes its connection. A request may be under way on a connection that
 * looks idle, so it stays open for a while: the response will ask the client to close it.
 */
export async function finishClients(
  servers: readonly Server[],
  connections: Connections,
  { quiet, timeout, hurry }: FinishOptions,
): Promise<void> {
  const closeAll = () => connections.closeAll()
  // After the requests that have arrived are read.
  const closeQuiet = () => {
    connections.closeIdle()
    connections.closeSilent()
  }
  const timers = [setTimeout(() => setImmediate(closeQuiet), quiet), setTimeout(closeAll, timeout)]
  hurry.addEventListener('abort', closeAll)
  await Promise.all(servers.map((server) => stopListening(server)))
  if (hurry.aborted) closeAll()
  await connections.empty()
  hurry.removeEventListener('abort', closeAll)
  for (const timer of timers) clearTimeout(timer)
}
