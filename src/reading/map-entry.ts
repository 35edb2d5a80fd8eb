import * as z from 'zod'
import { endMark } from './file-end.ts'

/** The option `end` of a map file. */
export const endOption = z
  .boolean()
  .default(false)
  .meta({
    description: `The last line of the file must be "${endMark}": without it, the file is incomplete, and the last good one stays in use.`,
  })

/** The name of a map file, or a mapping with its name and options. */
export type MapEntry = string | { readonly file: string; readonly end: boolean }
