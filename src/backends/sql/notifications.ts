import type { BackendContext } from '../backend.ts'
import { describeError } from '../driver-errors.ts'
import { Listener, type ListeningConnection } from '../listener.ts'
import { untilAborted } from '../until-aborted.ts'
import type { SqlDatabase } from './database.ts'
import type { SqlEndpoint } from './endpoints.ts'
import { SqlError } from './error.ts'

/** How far behind the primary server a replica may be, in milliseconds: a change may be announced before it has arrived there. */
export const replicationLag = 5000

/**
 * Calls back for each change that the primary server announces, and again after the lag of its replicas, in milliseconds; 0 if there
 * are none.
 */
export function listenTo(
  primary: SqlEndpoint,
  channel: string,
  lag: number,
  { onChange, onNotifyProblem }: BackendContext,
): Listener {
  const announce = (payload?: string): void => {
    onChange(payload)
    if (lag > 0) setTimeout(onChange, lag, payload).unref()
  }
  return new Listener({
    connect: () => connectListener(primary, channel, announce),
    onListening: announce,
    onProblem: (problem) => onNotifyProblem?.(problem),
  })
}

async function connectListener(
  { database, address }: SqlEndpoint,
  channel: string,
  onNotification: (payload?: string) => void,
): Promise<ListeningConnection> {
  try {
    return await (database.listen as NonNullable<SqlDatabase['listen']>)(channel, onNotification)
  } catch (error) {
    if (error instanceof SqlError) throw error
    throw new SqlError(`notify: ${address}: ${describeError(error, database.errorTexts)}`)
  }
}

/** Rejects with an error for the admin if it is not possible to listen on the channel. */
export async function checkListener(
  primary: SqlEndpoint,
  channel: string,
  signal: AbortSignal,
): Promise<void> {
  const connecting = connectListener(primary, channel, () => undefined)
  const destroy = () => connecting.then((connection) => connection.destroy())
  try {
    await untilAborted(connecting, signal)
  } catch (error) {
    throw error instanceof SqlError ? error : new SqlError('notify: timed out')
  } finally {
    destroy().catch(() => undefined)
  }
}
