import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './connection.ts'
import { freePort } from './free-port.ts'
import { totalCpu } from './proc.ts'
import { isRunning, kill, serverCore, spawnNode } from './process.ts'
import { mistake, questionAt, type Right } from './questions.ts'

/** How to start a server, and its right answers. */
export interface Candidate {
  readonly name: string
  /** Arguments of `node`. Only a candidate that speaks TLS listens on the third port. */
  readonly args: (port: string, adminPort: string, tlsPort: string) => readonly string[]
  /** The number of domains that it serves. */
  readonly among: number
  readonly right: Right
}

export interface Server {
  readonly candidate: Candidate
  readonly port: number
  readonly adminPort: number
  readonly tlsPort: number
  readonly pid: number
  /** CPU time and wall-clock time up to the first right answer, in milliseconds. */
  readonly started: { readonly cpu: number; readonly wall: number }
  /** The first right answer. */
  readonly document: string
  stop(): Promise<void>
}

/**
 * Starts a candidate on the server's core and waits for the right answer for the last of its domains. Discards its standard
 * output. Rejects if the candidate ends or takes a minute.
 */
export async function startServer(candidate: Candidate, folder: string): Promise<Server> {
  const [port, adminPort, tlsPort] = [await freePort(), await freePort(), await freePort()]
  const errorFile = join(folder, `${port}.stderr`)
  const stderr = openSync(errorFile, 'w')
  const args = candidate.args(`${port}`, `${adminPort}`, `${tlsPort}`)
  const child = spawnNode(serverCore, args, ['ignore', 'ignore', stderr])
  const start = performance.now()
  closeSync(stderr)
  const pid = child.pid as number
  const question = questionAt(candidate.among - 1)

  let wrong: string | undefined = 'it does not listen'
  while (isRunning(child) && performance.now() - start < patience) {
    const connection = await Connection.open(port).catch(() => undefined)
    const answer = await connection?.ask(question.request)
    connection?.close()
    if (answer) wrong = mistake(question, answer, candidate.right)
    if (answer && wrong === undefined) {
      const started = { cpu: totalCpu(pid), wall: performance.now() - start }
      const ports = { port, adminPort, tlsPort }
      return { candidate, ...ports, pid, started, document: answer.body, stop: () => kill(child) }
    }
    await sleep(2)
  }
  await kill(child)
  throw new Error(`${candidate.name} gave no right answer: ${wrong}\n${readFileSync(errorFile, 'utf8')}`)
}

/** Milliseconds. */
const patience = 60_000
