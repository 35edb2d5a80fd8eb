import { EventEmitter } from 'node:events'
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

class Capture implements Output {
  readonly #chunks: Buffer[] = []

  write(chunk: string | Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk))
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString()
  }
}
