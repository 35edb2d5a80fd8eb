import { readFileSync } from 'node:fs'
import type { HttpSettings } from '../config/http-section.ts'

/** How many connections may be open. */
export interface ConnectionLimits {
  readonly clients: number
  readonly perAddress: number
  readonly admin: number
  /** Why there are fewer connections than configured. */
  readonly warning?: string
}

/** More than this needs a setting: each connection costs memory, even if it is idle. */
const mostByDefault = 10_000
/** For the program, its files and sources, and the listeners for the admin and for `/ask`. */
const leastReserve = 64
const mostReserve = 1024
const leastConnections = 8

/**
 * The limits of connections that a process with so many open files can keep. Without them, connections that send nothing use up the
 * descriptors, and neither clients nor the admin can connect.
 */
export function connectionLimits(
  { maxConnections, maxConnectionsPerAddress }: HttpSettings,
  openFiles = openFilesLimit(),
): ConnectionLimits {
  const reserve = Math.min(mostReserve, Math.max(leastReserve, Math.ceil(openFiles / 8)))
  const possible = Math.max(leastConnections, openFiles - reserve)
  const clients = Math.min(maxConnections ?? mostByDefault, possible)
  return {
    clients,
    perAddress: maxConnectionsPerAddress ?? Math.ceil(clients / 4),
    admin: Math.floor(reserve / 2),
    ...(maxConnections !== undefined &&
      maxConnections > possible && {
        warning: `http.maxConnections is ${maxConnections}, but the process may open only ${openFiles} files; ${clients} connections are possible. Raise the limit of open files (LimitNOFILE= in systemd, ulimit -n).`,
      }),
  }
}

/** The number of files that this process may open. Node.js raises it to the hard limit when it starts. */
export function openFilesLimit(
  limits = () => readFileSync('/proc/self/limits', 'latin1'),
  report = () => process.report.getReport() as unknown as Report,
): number {
  let limit: number | string | undefined
  try {
    limit = /^Max open files +(\w+)/m.exec(limits())?.[1]
  } catch {
    // Only Linux has the file, and the report takes longer.
    limit = report().userLimits?.open_files?.soft
  }
  // "unlimited"
  return Number(limit) || Number.POSITIVE_INFINITY
}

interface Report {
  readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } }
}
