import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

/** The server and the client each have their own core; other load on the machine is noise. */
export const serverCore = 0
export const clientCore = 1

/** Starts Node on one core. It ends with this process at the latest, even if this process is killed. */
export function spawnNode(core: number, args: readonly string[], stdio: StdioOptions): ChildProcess {
  const [command, ...rest] = [...wrappers(core), process.execPath, ...args] as [string, ...string[]]
  const child = spawn(command, rest, { stdio })
  const end = (): unknown => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  return child
}

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** Kills a child and waits until it has ended. */
export async function kill(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

/** Whether processes can be kept on their cores. If not, figures are noisier. */
export function canPin(): boolean {
  return availableParallelism() > 1 && works(['taskset', '-c', `${serverCore},${clientCore}`])
}

/** Each program replaces itself with the command that it starts, so the child's process id is that of Node. */
function wrappers(core: number): readonly string[] {
  const mortal = ['setpriv', '--pdeathsig', 'KILL'] // in case this process is killed and cannot clean up
  return [...(works(mortal) ? mortal : []), ...(canPin() ? ['taskset', '-c', `${core}`] : [])]
}

function works(wrapper: readonly string[]): boolean {
  const [command, ...args] = wrapper as [string, ...string[]]
  return spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0
}
