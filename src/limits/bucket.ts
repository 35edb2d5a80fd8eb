/** A limit of requests: `rate` a second on average, and `burst` at once. */
export interface Limit {
  readonly rate: number
  readonly burst: number
}

/** The requests that a client may still send to a path, at a time in milliseconds. */
export interface Bucket {
  /** The client and the path. Must never be logged. */
  readonly name: string
  tokens: number
  at: number
  /** Accepted requests that the store does not know yet. */
  unsent: number
}
