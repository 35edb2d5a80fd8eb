/**
 * How a page differs from the one that the code makes, a sentence each, with a line number. For a row with the same name, it has the
 * column and both cells.
 */
export function changesIn(page: string, made: string): readonly string[] {
  const [before, after] = [page, made].map((text) => text.split('\n')) as [string[], string[]]
  if (before.length !== after.length)
    return [
      ...lacking(before, after).map((line) => `${line} is no longer on the page`),
      ...lacking(after, before).map((line) => `${line} is new on the page`),
    ]
  let heads: readonly string[] = []
  return after.flatMap((now, index) => {
    const old = before[index] as string
    if (after[index + 1]?.startsWith('| --- ')) heads = cellsOf(now)
    return old === now ? [] : changesInLine(old, now, heads).map((change) => `${index + 1} ${change}`)
  })
}

/** The lines that the other text does not have, with their numbers. */
const lacking = (lines: readonly string[], others: readonly string[]): readonly string[] =>
  lines.flatMap((line, index) => (others.includes(line) ? [] : [`${index + 1} ${quoted(line)}`]))

function changesInLine(old: string, now: string, heads: readonly string[]): readonly string[] {
  const [oldCells, cells] = [cellsOf(old), cellsOf(now)]
  if (cells.length < 2 || cells.length !== oldCells.length || cells[0] !== oldCells[0])
    return [`${quoted(old)} is now ${quoted(now)}`]
  return cells.flatMap((cell, column) =>
    cell === oldCells[column]
      ? []
      : [`${cells[0]}, ${heads[column]}: ${quoted(oldCells[column])} is now ${quoted(cell)}`],
  )
}

const cellsOf = (line: string): readonly string[] =>
  line.startsWith('| ') ? line.slice(2, -2).split(' | ') : []

const quoted = (text = ''): string => JSON.stringify(text)
