import { runDirectory } from './support/run-directory.ts'

await runDirectory(import.meta.url)
