/**
 * Aborts after some milliseconds, or when another signal does. `AbortSignal.any` with `AbortSignal.timeout` may never abort: Node.js 20
 * does not keep the timeout while nobody else refers to it.
 */
export function deadline(milliseconds: number, other?: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const { signal } = controller
  const abort = (): void => controller.abort()
  const timer = setTimeout(abort, milliseconds).unref()
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  other?.addEventListener('abort', abort, { once: true, signal })
  if (other?.aborted) abort()
  return signal
}
