/** What comes of a promise, unless the signal is first: then its reason. What comes later is not heard. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
}

/** What a task comes to, which is to stop after so many milliseconds, or with the signal. */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const limit = new AbortController()
  const stop = () => limit.abort()
  const timer = setTimeout(stop, milliseconds)
  signal.addEventListener('abort', stop)
  try {
    return await task(limit.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
