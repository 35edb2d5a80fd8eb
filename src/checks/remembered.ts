import { LRUCache } from 'lru-cache'

/** More than one configuration has servers, and not so many that memory matters. */
const most = 10_000

/** Makes a value once for each key, as long as there are not too many keys. Those that ask at the same time get the same promise. */
export function remembered<T, Arguments extends readonly unknown[]>(
  make: (...asked: Arguments) => Promise<T>,
  keyOf: (...asked: Arguments) => string = (...asked) => asked.join(' '),
): (...asked: Arguments) => Promise<T> {
  const made = new LRUCache<string, Promise<T>>({ max: most })
  return (...asked) => {
    const key = keyOf(...asked)
    const known = made.get(key)
    if (known) return known
    const value = make(...asked)
    made.set(key, value)
    return value
  }
}
