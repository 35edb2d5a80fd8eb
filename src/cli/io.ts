import type { EventEmitter } from 'node:events'

/** What a command knows of the process that it runs in. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  readonly stdout: Output
  readonly stderr: Output
  /** Emits `SIGTERM`, `SIGINT` and `SIGHUP`. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>
}

export interface Output {
  readonly isTTY?: boolean
  /** Where it is a file of the operating system, its number. */
  readonly fd?: number
  write(text: string | Uint8Array): unknown
}

/** How a command ended. */
export const exitCodes = { ok: 0, failure: 1, usage: 2 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
