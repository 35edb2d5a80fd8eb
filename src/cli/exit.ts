import type { ExitCode } from './io.ts'

type Process = Pick<NodeJS.Process, 'exit' | 'kill' | 'pid' | 'getActiveResourcesInfo'>

/** Work in another thread, such as reading a file or a reload. Node.js waits for these threads when it exits, perhaps for ever. */
const inThread = /^(?:FSReq|Worker)/

/** Ends the process now, whatever still runs. */
export function exit(code: ExitCode, of: Process = process): void {
  if (of.getActiveResourcesInfo().some((resource) => inThread.test(resource))) of.kill(of.pid, 'SIGKILL')
  of.exit(code)
}
