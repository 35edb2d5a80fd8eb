import type { Spread } from './spread.ts'

/** One line of a result: the measurement, and its goals. */
export interface Result {
  readonly what: string
  readonly measured: number | Spread
  /** Plain numbers are upper limits. */
  readonly must?: Limit | undefined
  readonly aim?: Limit | undefined
}

export type Limit = number | { readonly atLeast: number }

/** Prints measurements next to their limits, and whether they keep them. It never fails. */
export function printResults(results: readonly Result[]): void {
  printTable(
    ['', 'measured', 'quartiles', 'must', 'aim', 'reached'],
    results.map(({ what, measured, must, aim }) => {
      const spread = typeof measured === 'number' ? undefined : measured
      const value = spread?.median ?? (measured as number)
      const quartiles = spread ? `${figure(spread.low)} - ${figure(spread.high)}` : ''
      return [what, figure(value), quartiles, limit(must), limit(aim), reached(value, must, aim)]
    }),
  )
}

/** Prints columns: words aligned left, figures aligned right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  for (const row of [header, ...rows]) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0
      return column === 0 ? cell.padEnd(width) : cell.padStart(width)
    })
    console.log(cells.join('  ').trimEnd())
  }
  console.log()
}

/** Three significant digits. */
export function figure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return value.toFixed(0)
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

function limit(bound: Limit | undefined): string {
  if (bound === undefined) return ''
  return typeof bound === 'number' ? `<= ${figure(bound)}` : `>= ${figure(bound.atLeast)}`
}

function reached(value: number, must: Limit | undefined, aim: Limit | undefined): string {
  if (aim !== undefined && keeps(value, aim)) return 'aim'
  if (must === undefined) return ''
  return keeps(value, must) ? 'must' : 'MISSED'
}

function keeps(value: number, bound: Limit): boolean {
  return typeof bound === 'number' ? value <= bound : value >= bound.atLeast
}
