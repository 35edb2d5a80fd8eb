import type { Server } from './server.ts'

/**
 * Bytes that our server keeps by its own account, on its admin listener: V8's heap, and what buffers hold beside it,
 * shared ones too. Garbage not yet collected is in it, a few megabytes.
 */
export async function keptBytes({ adminPort }: Server): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/metrics`, {
    signal: AbortSignal.timeout(10_000),
  })
  const metrics = await response.text()
  const gauge = (name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1])
  return gauge('nodejs_heap_size_used_bytes') + gauge('nodejs_external_memory_bytes')
}
