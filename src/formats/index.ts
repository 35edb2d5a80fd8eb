import { autoconfig } from './autoconfig.ts'
import type { Format } from './format.ts'

/** Every format there is; routes, `render`, `check` and metrics follow from this list. */
export const formats: readonly Format[] = [autoconfig]
