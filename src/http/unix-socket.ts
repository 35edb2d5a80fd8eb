import { chmod, lstat, rename, rm, stat } from 'node:fs/promises'
import { connect, type Server } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { startAccepting, stopAccepting } from './accepting.ts'

/** A unix socket for a proxy on the same machine. */
export interface UnixPlace {
  readonly path: string
  /** The permissions of the socket, such as 0o660. Connecting requires permission to write. */
  readonly mode: number
}

/** Bytes of a path: `sun_path` of Linux has 108, with the zero at its end (unix(7)), and the temporary name is longer. */
export const longestPath = 107 - '.new'.length

/**
 * Listens on a unix socket. A socket at this path that nobody listens on, as a killed process leaves it, is replaced. The socket is made
 * under a temporary name and renamed, so that nobody finds it before it has its permissions, and libuv, which removes the temporary
 * name at the end, cannot remove the socket of the next process. Rejects if the path is in use, or is not a socket.
 */
export async function listenOnPath(server: Server, { path, mode }: UnixPlace): Promise<void> {
  await assertFree(path)
  const temporary = `${path}.new`
  await rm(temporary, { force: true })
  await startAccepting(server, { path: temporary })
  await chmod(temporary, mode)
  await rename(temporary, path)
  const { ino } = await stat(path)
  removals.set(server, () => removeOwn(path, ino))
}

/** Removes the socket of a server. */
const removals = new WeakMap<Server, () => Promise<void>>()

/**
 * Removes the socket and stops listening, without a reset of those who wait in the backlog: nobody new finds the path, and a turn of the
 * event loop without a connection shows that the backlog is empty.
 */
export async function stopListeningOnPath(server: Server): Promise<void> {
  await removals.get(server)?.()
  let accepted = true
  const onConnection = () => {
    accepted = true
  }
  server.on('connection', onConnection)
  while (accepted) {
    // The first turn may have polled already.
    await nextTurn()
    accepted = false
    await nextTurn()
  }
  server.off('connection', onConnection)
  stopAccepting(server)
}

async function assertFree(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return
  if (!found.isSocket()) throw new Error(`${path} is not a socket; remove it, or choose another path`)
  if (await answers(path)) throw new Error(`${path} is in use: another process listens there`)
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    // A full backlog is EAGAIN; only ECONNREFUSED means that nobody listens (unix(7)).
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED'))
  })

async function removeOwn(path: string, ino: number): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.ino === ino) await rm(path, { force: true })
}
