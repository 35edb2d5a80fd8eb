import { spawn } from 'node:child_process'
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

type Kill = (pid: number, signal: 'SIGKILL') => void

/** Starts a program without a shell, in a process group of its own, and gives it a message on standard input. */
export const command =
  ({ run, timeout }: CommandSettings, kill: Kill = process.kill): Deliver =>
  (message, signal) =>
    new Promise<Result<void>>((resolve) => {
      const child = start(run, (code) => resolve(failure(`cannot be started (${code})`)))
      if (!child) return
      let output = ''
      let why: string | undefined
      const finish = (problem: string | undefined) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        child.stdout.destroy()
        child.stderr.destroy()
        resolve(problem === undefined ? success(undefined) : failure(problem))
      }
      const end = (reason: string) => () => {
        why ??= `${reason}, and was killed`
        try {
          // Also the processes that the program has started.
          kill(-(child.pid as number), 'SIGKILL')
        } catch (error) {
          // It runs as another user, or has just ended.
          finish(`${reason}, and could not be killed (${codeOf(error)})`)
        }
      }
      const timer = setTimeout(end(`did not end within ${timeout / 1000} s`), timeout)
      const abort = end('did not end before the server stopped or got a new configuration')
      signal.addEventListener('abort', abort, { once: true })
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output = `${output}${text}`.slice(0, mostOutput)
        })
      // A program need not read its input.
      child.stdin.on('error', () => undefined)
      child.stdin.end(`${JSON.stringify(message)}\n`)
      // Not "close": a process that the program has left behind may keep its output open.
      child.on('exit', (code, killedBy) => {
        const status = killedBy ? `was ended by ${killedBy}` : `ended with exit code ${code}`
        finish(why ?? (code === 0 ? undefined : `${status}${shown(output, message)}`))
      })
    })

/**
 * `undefined` after an error: Node.js throws some, and others are an event of a child without a pid. If too many files are open, that child
 * has no streams either.
 */
function start([program = '', ...args]: readonly string[], onError: (code: string | undefined) => void) {
  try {
    const child = spawn(program, args, { stdio: 'pipe', detached: true })
    if (child.pid !== undefined) return child
    child.on('error', (error) => onError(codeOf(error)))
  } catch (error) {
    onError(codeOf(error))
  }
  return undefined
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** The output of the program, without addresses and domains: it may repeat its input. */
function shown(output: string, { changes }: Message): string {
  const domains = changes.flatMap(({ domain }) => domain ?? [])
  const text = domains.reduce((rest, domain) => rest.replaceAll(domain, '…'), output)
  const line = printable(text.trim().replace(/\s+/g, ' ')).replace(/\S+@\S+/g, '…')
  return line === '' ? '' : `: ${line}`
}
