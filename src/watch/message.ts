import { type Change, textOf } from './change.ts'

/** The JSON for the webhook and the command. */
export interface Message {
  /** Raised when a field changes its meaning; new fields do not raise it. */
  readonly version: 1
  /** When the message was made (ISO 8601). */
  readonly at: string
  /** `publicName`, or else `provider.id`. */
  readonly service: string
  /** For people: a line for each change. Chats show it. */
  readonly text: string
  readonly changes: readonly Change[]
  /** Changes that were forgotten, since too many waited. */
  readonly omitted: number
}

/** A message contains at most so many changes; further ones are in the next message. */
export const mostChanges = 100

export function messageOf(
  changes: readonly Change[],
  { at, service, omitted }: { readonly at: number; readonly service: string; readonly omitted: number },
): Message {
  return {
    version: 1,
    at: new Date(at).toISOString(),
    service,
    text: changes.map(textOf).join('\n'),
    changes,
    omitted,
  }
}
