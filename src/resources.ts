import { readFileSync } from 'node:fs'

/**
 * A file of the program itself, such as a message catalogue or a style sheet, in UTF-8. `path` is relative to `src/`. The build puts the
 * same files next to the bundle, so the path is right in both places.
 */
export const readResource = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
