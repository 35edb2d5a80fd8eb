/** The results of an operation for each item, in the order of the items, with a bounded number at the same time. It must not reject. */
export async function* inOrder<Item, Value>(
  items: Iterable<Item>,
  limit: number,
  operation: (item: Item) => Promise<Value>,
): AsyncGenerator<Value> {
  const running: Promise<Value>[] = []
  for (const item of items) {
    running.push(operation(item))
    if (running.length === limit) yield await (running.shift() as Promise<Value>)
  }
  for (const last of running) yield await last
}
