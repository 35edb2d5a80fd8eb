import type { Server } from './server.ts'

/**
 * The bytes in use that our server reports on its admin listener: V8's heap and buffers, shared buffers included. A few
 * megabytes of garbage are still in it.
 */
export async function keptBytes({ adminPort }: Server): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/metrics`, {
    signal: AbortSignal.timeout(10_000),
  })
  const metrics = await response.text()
  const gauge = (name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1])
  return gauge('nodejs_heap_size_used_bytes') + gauge('nodejs_external_memory_bytes')
}
