/**
 * A value, or the reason why there is none. A function that can fail in an expected way returns one. A bug is an exception,
 * and `undefined` means that something does not exist.
 */
export type Result<Value, Failure = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure }

export const success = <Value>(value: Value): Result<Value, never> => ({ ok: true, value })

export const failure = <Failure>(error: Failure): Result<never, Failure> => ({ ok: false, error })
