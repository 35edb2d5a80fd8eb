/**
 * How a page differs from the one that the code makes, a sentence each, with the line of the page. Of tables with the same rows, it names
 * the row, the column and both cells.
 */
export function changesIn(page: string, made: string): readonly string[] {
  const [before, after] = [page, made].map((text) => text.split('\n')) as [string[], string[]]
  const changes: string[] = []
  let heads: readonly string[] = []
  for (let line = 0; line < Math.max(before.length, after.length); line++) {
    const [old = '', now = ''] = [before[line], after[line]]
    const [oldCells, cells] = [cellsOf(old), cellsOf(now)]
    if (after[line + 1]?.startsWith('| --- ')) heads = cells
    if (old === now) continue
    const isSameRow = cells.length > 1 && cells.length === oldCells.length && cells[0] === oldCells[0]
    if (!isSameRow) changes.push(`${line + 1} ${quoted(old)} is now ${quoted(now)}`)
    else
      for (const [column, cell] of cells.entries())
        if (cell !== oldCells[column])
          changes.push(
            `${line + 1} ${cells[0]}, ${heads[column]}: ${quoted(oldCells[column])} is now ${quoted(cell)}`,
          )
  }
  return changes
}

const cellsOf = (line: string): readonly string[] =>
  line.startsWith('| ') ? line.slice(2, -2).split(' | ') : []

const quoted = (text = ''): string => JSON.stringify(text)
