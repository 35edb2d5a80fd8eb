import { main } from '../../src/cli/main.ts'
import { io } from './command.ts'
import { until } from './until.ts'

/** Arguments of `serve` for free ports of the loopback. */
export const freePorts = ['--host', '127.0.0.1', '--port', '0', '--admin-port', '0'] as const

/** The command `serve` in this process, after it has said that it serves. */
export async function serving(
  args: readonly string[],
  { env = {}, now = () => new Date(0) }: { env?: Record<string, string>; now?: () => Date } = {},
) {
  const { stdout, stderr, signals } = io()
  let hasEnded = false
  const exitCode = main(['serve', ...args], { stdout, stderr, signals, env, now })
  void exitCode.finally(() => {
    hasEnded = true
  })
  const log = () => stdout.text()
  /** Waits for a text in the log. */
  const logged = async (text: string) => {
    await until(() => hasEnded || log().includes(text), text)
    if (!log().includes(text)) throw new Error(`serve has ended without "${text}":\n${log()}`)
  }
  await logged('"msg":"serving"')
  const started = log()
    .split('\n')
    .find((line) => line.includes('"msg":"serving"')) as string
  const { clients, admin, ask }: Record<'clients' | 'admin' | 'ask', string> = JSON.parse(started)
  /** As the system stops it. */
  const stop = () => {
    signals.emit('SIGTERM', 'SIGTERM')
    return exitCode
  }
  return { clients, admin, ask, log, logged, signals, exitCode, stop }
}
