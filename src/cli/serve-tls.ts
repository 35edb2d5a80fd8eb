import type { Server } from 'node:https'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { AccessLog } from '../http/access-log.ts'
import { secureServer } from '../http/secure-server.ts'
import { Certificates } from '../tls/certificates.ts'

export interface TlsListener {
  readonly certificates: Certificates
  readonly server: Server
}

/** Milliseconds that a start waits for the certificates: those that are not read by then are read when a client asks for them. */
const patience = 5000

/** The listener for https, and its certificates; `undefined` if the configuration has no `tls:`. */
export async function openTls(
  { tls: settings, publicName, http }: Config,
  { log, accessLog, now }: { readonly log: Logger; readonly accessLog: AccessLog; readonly now: () => Date },
): Promise<TlsListener | undefined> {
  if (!settings) return undefined
  const certificates = new Certificates({
    ...{ settings, publicName, now },
    onProblem: (problem) => log.error(`tls: ${problem}`),
    onRenewed: (count) => log.info({ count }, 'certificates renewed'),
  })
  await certificates.ready(patience)
  return { certificates, server: secureServer({ http, certificates, accessLog }) }
}

/** Uses the certificates of a new configuration. The listener itself stays as it was at the start. */
export function useTls(listener: TlsListener | undefined, { tls, publicName }: Config, log: Logger): void {
  if (listener && tls) void listener.certificates.use(tls, publicName)
  else if (listener) log.warn('tls: was removed from the configuration; restart the server to stop https')
  else if (tls) log.warn('tls: was added to the configuration; restart the server to listen for https')
}
