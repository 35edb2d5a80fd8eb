import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { canPin } from './process.ts'

/** Runs a command: prints the platform, provides a directory, and removes the directory and all children at the end. */
export async function bench(title: string, measure: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'autoconfig-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

  const cores = availableParallelism()
  const pinned = canPin()
    ? 'server on core 0, client on core 1'
    : 'NOT PINNED (one core, or no taskset): noisy'
  console.log(
    `${title}\nNode ${process.version}, ${cores} cores, load ${loadavg()[0]?.toFixed(1)}; ${pinned}\n`,
  )

  await measure(folder)
  process.exit()
}
