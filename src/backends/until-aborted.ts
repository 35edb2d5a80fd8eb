/** Settles as the promise does, or rejects with the reason of the signal if it aborts first. A later outcome is ignored. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
}

/**
 * Runs a task with a time limit. The signal of the task aborts after that many milliseconds, or with the outer signal. The
 * reason of the abort is the error that `reason` returns, or an `AbortError`.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<T>,
  reason?: () => Error,
): Promise<T> {
  signal?.throwIfAborted()
  const limit = new AbortController()
  const stop = () => limit.abort(reason?.())
  const timer = setTimeout(stop, milliseconds)
  signal?.addEventListener('abort', stop)
  try {
    return await task(limit.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

/** Returns the answer, or rejects if there is none within that many seconds. A later answer is ignored. */
export function answerWithin<T>(seconds: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return within(
    seconds * 1000,
    undefined,
    (signal) => untilAborted(ask(signal), signal),
    () => new Error(`has not answered within ${seconds} s`),
  )
}
