import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { threadsCpu } from '../proc.ts'

/** The longest times until /healthz answered, in milliseconds: by the clock, and of the server's CPU, which other load does not change. */
export interface Health {
  readonly worst: number
  readonly worstCpu: number
  readonly failed: number
}

/** Asks /healthz every 20 ms in another process, since the attacker is busy. */
export async function watchHealth(port: number, pid: number): Promise<() => Promise<Health>> {
  const file = fileURLToPath(import.meta.url)
  const child = fork(file, [`${port}`, `${pid}`], { execArgv: ['--import', import.meta.resolve('tsx')] })
  await once(child, 'message')
  return () => outcomeOf(child)
}

async function outcomeOf(child: ChildProcess): Promise<Health> {
  const answer = once(child, 'message')
  child.send('stop')
  const [health] = await answer
  return health
}

async function ask(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port, path: '/healthz', agent: false, timeout: 5000 }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode === 200))
    })
      .on('timeout', () => resolve(false))
      .on('error', () => resolve(false))
      .end()
  })
}

async function watch(port: number, pid: number): Promise<void> {
  let isOver = false
  let worst = 0
  let worstCpu = 0
  let failed = 0
  process.once('message', () => {
    isOver = true
  })
  await ask(port)
  process.send?.('ready')
  while (!isOver) {
    const cpu = threadsCpu(pid)
    const start = performance.now()
    if (!(await ask(port))) failed++
    worst = Math.max(worst, performance.now() - start)
    worstCpu = Math.max(worstCpu, threadsCpu(pid) - cpu)
    await sleep(20)
  }
  process.send?.({ worst, worstCpu, failed })
  process.disconnect()
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await watch(Number(process.argv[2]), Number(process.argv[3]))
