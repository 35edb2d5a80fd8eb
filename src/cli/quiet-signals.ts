import type { EventEmitter } from 'node:events'

/**
 * Signals that must not end the process, or do worse: without a handler, SIGUSR1 opens Node's debugger on a port, which runs whatever
 * anybody on the machine sends, and SIGHUP and SIGUSR2 end the process. SIGHUP reloads once the server is ready. For all other commands, it keeps its
 * meaning: the terminal is gone.
 */
export function quietSignals(signals: Pick<EventEmitter, 'on'>, args: readonly string[]): void {
  for (const signal of ['SIGUSR1', 'SIGUSR2']) signals.on(signal, ignore)
  if (args.includes('serve')) signals.on('SIGHUP', ignore)
}

const ignore = (): void => undefined
