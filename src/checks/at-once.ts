/** Uses each item, a bounded number of them at the same time. */
export async function atOnce<T>(
  items: Iterable<T>,
  limit: number,
  use: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await use(next.value)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}
