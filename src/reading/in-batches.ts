/** How many files are looked at or open at once. */
const batch = 64

/** Does something with each, with some at a time: what is done to thousands of files holds up nobody else. */
export async function inBatches<T, U>(items: readonly T[], each: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = []
  for (let at = 0; at < items.length; at += batch)
    results.push(...(await Promise.all(items.slice(at, at + batch).map(each))))
  return results
}
