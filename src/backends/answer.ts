/**
 * How reliable an answer is. `certain`: the backend gave it within its time to live. `stale`: the last known answer, which may be
 * outdated. `uncertain`: the backend did not answer, and has no earlier answer. `refused`: the same, because too many queries wait.
 */
export type Certainty = 'certain' | 'stale' | 'uncertain' | 'refused'

/** An answer of a backend. */
export interface BackendAnswer {
  /** `undefined` for "unknown", and if there is no answer. */
  readonly value: string | undefined
  readonly certainty: Certainty
}

export const unknown: BackendAnswer = { value: undefined, certainty: 'certain' }
export const uncertain: BackendAnswer = { value: undefined, certainty: 'uncertain' }
export const refused: BackendAnswer = { value: undefined, certainty: 'refused' }

/** Did the backend answer, now or earlier? */
export const isAnswer = ({ certainty }: BackendAnswer): boolean =>
  certainty === 'certain' || certainty === 'stale'
