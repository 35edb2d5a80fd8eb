import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import type { Output } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'

/** Runs a command as the shell would, in this process. */
export async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { bytes, ...result } = await runForBytes(args, () => new Date(0), env)
  return { ...result, stdout: bytes.toString() }
}

/** The same for what prints no text, or looks at the clock. */
export async function runForBytes(
  args: readonly string[],
  now: () => Date,
  env: Record<string, string> = {},
) {
  const { stdout, stderr, signals } = io()
  const exitCode = await main(args, { env, now, stdout, stderr, signals })
  return { exitCode, bytes: stdout.bytes(), stderr: stderr.text() }
}

export function io() {
  return { now: () => new Date(0), stdout: new Capture(), stderr: new Capture(), signals: new EventEmitter() }
}

class Capture extends Writable implements Output {
  readonly #chunks: Buffer[] = []

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk)
    done()
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  text(): string {
    return this.bytes().toString()
  }
}
