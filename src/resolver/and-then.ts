/** Continues at once with a value, and later with a promise: most lookups are answered from memory, and must not wait. */
export function andThen<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
