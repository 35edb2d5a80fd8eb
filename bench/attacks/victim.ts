import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { issue } from '../../test/support/certificates.ts'
import { freePort } from '../free-port.ts'
import { isRunning, kill } from '../process.ts'
import { provider } from '../provider.ts'

/** Our server, as an attacker finds it. */
export interface Victim {
  readonly child: ChildProcess
  readonly pid: number
  readonly port: number
  readonly adminPort: number
  /** A page of the admin listener. */
  admin(path: string): Promise<string>
  /** SIGTERM; returns the milliseconds until the process has ended, and its exit code. */
  stop(): Promise<{ readonly milliseconds: number; readonly code: number | null }>
}

export interface VictimOptions {
  readonly http?: object
  readonly trustedProxies?: readonly string[]
  /** `ulimit -n`. */
  readonly openFiles?: number
  /** Its standard output: a file by default. */
  readonly stdout?: 'pipe' | number
}

/** Starts the built server with signed profiles and an access log. */
export async function startVictim(program: string, folder: string, options: VictimOptions): Promise<Victim> {
  const home = mkdtempSync(join(folder, 'victim-'))
  const { certificate, key } = await issue('RSA')
  writeFileSync(join(home, 'cert.pem'), certificate)
  writeFileSync(join(home, 'key.pem'), key, { mode: 0o600 })
  const config = join(home, 'autoconfig.yaml')
  writeFileSync(
    config,
    JSON.stringify({
      provider,
      hosts: { mail: { hostname: 'mail.all2all.org' } },
      domains: { 'example.org': 'mail' },
      publicName: 'autoconfig.all2all.org',
      apple: { sign: { certificate: 'cert.pem', key: 'key.pem' } },
      trustedProxies: options.trustedProxies ?? [],
      http: options.http ?? {},
    }),
  )
  const [port, adminPort] = [await freePort(), await freePort()]
  const args = [program, 'serve', '-c', config, '--host', '127.0.0.1', '--port', `${port}`]
  const shell = `${options.openFiles === undefined ? '' : `ulimit -n ${options.openFiles}; `}exec "$@"`
  const stdio: StdioOptions = ['ignore', options.stdout ?? 'ignore', 'ignore']
  const command = ['-c', shell, 'sh', process.execPath, ...args, '--admin-port', `${adminPort}`]
  const child = spawn('sh', command, { stdio })
  const end = (): unknown => child.kill('SIGKILL')
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  const admin = async (path: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${adminPort}${path}`, { signal: AbortSignal.timeout(5000) })).text()
  const deadline = performance.now() + 30_000
  while (!(await admin('/healthz').catch(() => ''))) {
    if (!isRunning(child) || performance.now() > deadline) throw new Error('the server does not start')
    await sleep(20)
  }
  return {
    ...{ child, port, adminPort, admin },
    pid: child.pid as number,
    async stop() {
      const start = performance.now()
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => void kill(child), 30_000)
      const [code] = await exit
      clearTimeout(timer)
      return { milliseconds: performance.now() - start, code }
    },
  }
}

/** A figure on /metrics, or 0. */
export async function metric(victim: Victim, name: string): Promise<number> {
  const line = (await victim.admin('/metrics')).split('\n').find((each) => each.startsWith(name))
  return Number(line?.split(' ').at(-1) ?? 0)
}

/** The sum of the requests that were answered with this status. */
export async function answered(victim: Victim, status: number): Promise<number> {
  const lines = (await victim.admin('/metrics')).split('\n')
  return lines
    .filter(
      (line) => line.startsWith('mail_autoconfig_requests_total') && line.includes(`status="${status}"`),
    )
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

export const openFilesOf = (pid: number): number =>
  Number(/Max open files +(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1])
