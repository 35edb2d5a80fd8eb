import { type ChildProcess, spawn } from 'node:child_process'
import { printable } from '../model/one-line.ts'
import { failure, type Result, success } from '../model/result.ts'
import type { Message } from './message.ts'
import type { Deliver } from './sender.ts'

export interface CommandSettings {
  readonly run: readonly string[]
  /** In milliseconds. */
  readonly timeout: number
}

/** Characters of the output that are kept, and logged if the command fails. */
const mostOutput = 200

/** Starts a program without a shell, in a process group of its own, and gives it a message on standard input. */
export const command =
  ({ run, timeout }: CommandSettings): Deliver =>
  (message, signal) =>
    new Promise<Result<void>>((resolve) => {
      const [program = '', ...args] = run
      const child = spawn(program, args, { stdio: 'pipe', detached: true })
      let output = ''
      let why: string | undefined
      const end = (reason: string) => () => {
        why ??= reason
        killGroup(child)
      }
      const timer = setTimeout(end(`did not end within ${timeout / 1000} s, and was killed`), timeout)
      const abort = end('was killed, since the server stops or has a new configuration')
      signal.addEventListener('abort', abort, { once: true })
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output = `${output}${text}`.slice(0, mostOutput)
        })
      // A program need not read its input.
      child.stdin.on('error', () => undefined)
      child.stdin.end(`${JSON.stringify(message)}\n`)
      child.on('error', ({ code }: NodeJS.ErrnoException) => {
        why ??= `cannot be started (${code})`
      })
      // Not "close": a process that the program has left behind may keep its output open.
      const done = (code: number | null, killedBy?: NodeJS.Signals | null) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        child.stdout.destroy()
        child.stderr.destroy()
        const status = killedBy ? `was ended by ${killedBy}` : `ended with exit code ${code}`
        const problem = why ?? (code === 0 ? undefined : `${status}${shown(output, message)}`)
        resolve(problem === undefined ? success(undefined) : failure(problem))
      }
      child.on('exit', done)
      child.on('error', () => done(null))
    })

/** Also the processes that the program has started. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All of them have ended.
  }
}

/** The output of the program, without addresses and domains: it may repeat its input. */
function shown(output: string, { changes }: Message): string {
  const domains = changes.flatMap(({ domain }) => domain ?? [])
  const text = domains.reduce((rest, domain) => rest.replaceAll(domain, '…'), output)
  const line = printable(text.trim().replace(/\s+/g, ' ')).replace(/\S+@\S+/g, '…')
  return line === '' ? '' : `: ${line}`
}
