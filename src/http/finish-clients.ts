import { setTimeout as sleep } from 'node:timers/promises'
import type { Connections } from './connections.ts'
import type { Listeners } from './listeners.ts'

export interface FinishOptions {
  /** Milliseconds until connections are closed on which no request has come. */
  readonly quiet: number
  /** Milliseconds until all connections are closed. */
  readonly timeout: number
  /** Closes all connections now. */
  readonly hurry: AbortSignal
  /** Where the servers listen. */
  readonly listeners: readonly Listeners[]
}

/**
 * Answers every client that is connected, or waits to be, and closes its connection. A request may be under way on a connection that
 * looks idle, so it stays open for a while: the response will ask the client to close it. If systemd keeps the sockets, clients
 * are accepted during this while: later ones wait for the next process, and should not wait for idle connections as well.
 */
export async function finishClients(
  connections: Connections,
  { quiet, timeout, hurry, listeners }: FinishOptions,
): Promise<void> {
  const closeAll = () => connections.closeAll()
  // After the requests that have arrived are read.
  const closeQuiet = () => {
    connections.closeIdle()
    connections.closeSilent()
  }
  const timers = [setTimeout(closeAll, timeout)]
  hurry.addEventListener('abort', closeAll)
  if (listeners.some(({ areKept }) => areKept)) {
    await Promise.race([
      connections.empty(),
      sleep(quiet, undefined, { signal: hurry, ref: false }).catch(() => undefined),
    ])
    connections.closeIdle()
    connections.closeSilent(quiet)
  }
  timers.push(setTimeout(() => setImmediate(closeQuiet), quiet))
  await Promise.all(listeners.map((listener) => listener.stop()))
  if (hurry.aborted) closeAll()
  await connections.empty()
  hurry.removeEventListener('abort', closeAll)
  for (const timer of timers) clearTimeout(timer)
}
