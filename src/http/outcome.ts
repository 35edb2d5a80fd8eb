import { Durations } from '../model/durations.ts'
import { clientGone } from './server-options.ts'

/** How a request ended. */
export type Outcome = 'answered' | 'unknown' | 'refused' | 'gone' | 'failed'

export type DurationsByOutcome = Readonly<Record<Outcome, Durations>>

export function outcomeOf(status: number): Outcome {
  if (status < 400) return 'answered'
  if (status === 404) return 'unknown'
  if (status === clientGone) return 'gone'
  return status < 500 ? 'refused' : 'failed'
}

/** In seconds: most answers take less than a millisecond, those that wait for a source much longer, and clients give up after five. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export const durationsByOutcome = (): DurationsByOutcome => ({
  answered: new Durations(bounds),
  unknown: new Durations(bounds),
  refused: new Durations(bounds),
  gone: new Durations(bounds),
  failed: new Durations(bounds),
})
