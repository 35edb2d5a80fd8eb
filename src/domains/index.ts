import { mappedDomains } from './mapped-domains.ts'
import type { SourceKind } from './source.ts'

/** Every kind of source, in the order in which they are asked. */
export const sourceKinds: readonly SourceKind[] = [mappedDomains as SourceKind]
