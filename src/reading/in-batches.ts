/** The number of files that are open at once. */
const batch = 64

/** Calls an async function for each item, a limited number at a time, so that thousands of files do not block requests. */
export async function inBatches<T, U>(items: readonly T[], each: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = []
  for (let at = 0; at < items.length; at += batch)
    results.push(...(await Promise.all(items.slice(at, at + batch).map(each))))
  return results
}
