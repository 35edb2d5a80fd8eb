/** What comes of a promise, unless the signal is first: then its reason. What comes later is not heard. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
}

/** What a task comes to, which is to stop after so many milliseconds, for a reason that may be given, or with the signal. */
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

/** What is asked for, or the reason why it has not come within so many seconds. What comes later is not heard. */
export function answerWithin<T>(seconds: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return within(
    seconds * 1000,
    undefined,
    (signal) => untilAborted(ask(signal), signal),
    () => new Error(`has not answered within ${seconds} s`),
  )
}
