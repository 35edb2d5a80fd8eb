import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import { main } from '../../src/cli/main.ts'
import type { Output } from '../../src/cli/surroundings.ts'

/** Runs a command as the shell would, in this process. */
export async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { stdout, stderr, signals } = surroundings()
  const exitCode = await main(args, { env, stdout, stderr, signals })
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
}

export function surroundings() {
  return { stdout: new Capture(), stderr: new Capture(), signals: new EventEmitter() }
}

class Capture extends Writable implements Output {
  readonly #chunks: Buffer[] = []

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk)
    done()
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString()
  }
}
