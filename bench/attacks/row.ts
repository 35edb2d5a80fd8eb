/** A line of the table. */
export interface Row {
  readonly attack: string
  readonly measured: string
  readonly aim: string
  readonly isReached: boolean
}
