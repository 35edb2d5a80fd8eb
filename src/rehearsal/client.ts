import type { Asked, Server } from './readers/reader.ts'
import type { Walk } from './walk.ts'

/** How a real mail client looks for the settings of an address. */
export interface Client {
  /** The name on the command line. */
  readonly id: string
  readonly name: string
  readonly version: string
  /** The day on which its behaviour was last compared with the client. */
  readonly date: string
  readonly known: Evidence
  /** It never asks, so that it finds nothing is no error. */
  readonly asksNobody?: true
  /** The account that the client would set up; `undefined` if it finds none. */
  rehearse(walk: Walk): Promise<Found | undefined>
}

/** How the behaviour is known: the client was run, its source was read, or its documentation was. */
export type Evidence = 'run' | 'read' | 'documented'

/** The account that a client would have. Some clients take half an account, and let the person fill in the rest. */
export interface Found {
  readonly incoming?: Server | undefined
  readonly outgoing?: Server | undefined
}

export type Outcome = 'taken' | 'rejected' | 'not asked'

export interface Step {
  /** A request or a DNS question, such as `GET https://…` or `MX example.org`. */
  readonly what: string
  /** The HTTP status, the records, or why there is none; `null` if nothing was asked. */
  readonly status: number | string | readonly string[] | null
  readonly outcome: Outcome
  readonly why: string
}

export interface Rehearsal {
  readonly client: string
  readonly version: string
  readonly steps: readonly Step[]
  readonly account: Account | null
}

export interface Account {
  readonly incoming: AccountServer | null
  readonly outgoing: AccountServer | null
}

export interface AccountServer {
  readonly type: string
  readonly host: string
  readonly port: number
  readonly socketType: string
  readonly username: string
  readonly authentication?: string
}

/** The address to rehearse, as the person typed it. */
export interface Typed extends Asked {
  /** The person answers yes if the client asks whether it may send the address to another domain. */
  readonly agrees: boolean
}
