import { type ListenOptions, Server } from 'node:net'

/** Resolves when the server listens; rejects if it cannot. */
export const startAccepting = (
  server: Server,
  options: ListenOptions | { readonly fd: number },
): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })

/** Closes the listening socket. Open connections stay open: `http.Server.close` would close those that wait for their next request. */
export const stopAccepting = (server: Server): void => void Server.prototype.close.call(server)
