import type { EventEmitter } from 'node:events'

/** The parts of the process that a command uses. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** Opened only for a password, and by `init` for answers. */
  readonly stdin?: () => Input
  readonly stdout: Output
  readonly stderr: Output
  /** Emits `SIGTERM`, `SIGINT` and `SIGHUP`. */
  readonly signals: Pick<EventEmitter, 'on' | 'off'>
  /** Ends the process, although something may still run. */
  readonly exit?: (code: ExitCode) => void
}

export interface Output {
  readonly isTTY?: boolean
  /** The file descriptor, if there is one. */
  readonly fd?: number
  write(text: string | Uint8Array): unknown
}

export interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
  /** Only of a terminal: without it, the terminal shows what is typed. */
  setRawMode?(isRaw: boolean): unknown
}

/** The exit code of a command: success, errors or nothing found, invalid usage. */
export const exitCodes = { ok: 0, failure: 1, usage: 2 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The reader of a pipe may have read enough, as in `check | head -1`. The exit code remains that of the command. */
export function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** The clock of the machine. */
export const systemClock = (): Date => new Date()

/** The standard input of the process, which is opened by this call. */
export const systemInput = () => process.stdin
