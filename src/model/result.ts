/**
 * A value, or why there is none. Whatever is expected to fail returns one; a bug is an exception, and `undefined` says that
 * something is not there.
 */
export type Result<Value, Failure = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure }

export const success = <Value>(value: Value): Result<Value, never> => ({ ok: true, value })

export const failure = <Failure>(error: Failure): Result<never, Failure> => ({ ok: false, error })
