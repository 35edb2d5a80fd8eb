import type { Input } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'
import { io } from './command.ts'

export interface CheckResult {
  readonly id: string
  readonly target: string
  readonly state: string
  readonly expected: string
  readonly seen: string
  readonly advice: string
}

/** Runs the command with the clock of the machine, since OpenSSL uses it as well. */
export async function runDoctor(args: readonly string[], isTTY = false, stdin?: Input) {
  const streams = io()
  const stdout = Object.assign(streams.stdout, { isTTY })
  const exitCode = await main(['doctor', ...args], {
    ...streams,
    stdout,
    env: {},
    ...(stdin && { stdin: () => stdin }),
    now: () => new Date(),
  })
  return { exitCode, stdout: stdout.text(), stderr: streams.stderr.text() }
}

export const problemsOf = (checks: readonly CheckResult[]): string[] =>
  checks.filter(({ state }) => state === 'problem').map(({ id, target }) => `${id} ${target}`)
