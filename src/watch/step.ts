import type { Check } from '../checks/check.ts'
import type { Domain } from '../model/address.ts'

/** The unit of a run: the servers of a mail host, the public name of this service, or a domain. */
export type Step =
  | { readonly kind: 'host'; readonly name: string }
  | { readonly kind: 'name'; readonly name: Domain }
  | { readonly kind: 'domain'; readonly name: Domain }

export const keyOfStep = ({ kind, name }: Step): string => `${kind} ${name}`

/** The results of one step. */
export interface Look {
  /** The key of the mail host, or the public name; for metrics. */
  readonly host: string
  readonly checks: readonly Check[]
}
