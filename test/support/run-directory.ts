import { readdirSync } from 'node:fs'

/**
 * Runs the test files of the directory that has the name of a file: `doctor.test.ts` those in `doctor/`. One process runs them all,
 * because starting a process takes longer than most tests.
 *
 * @param file the URL of the file
 */
export async function runDirectory(file: string): Promise<void> {
  const directory = new URL(file.replace(/\.test\.ts$/, '/'))
  const names = readdirSync(directory).filter((name) => name.endsWith('.test.ts'))
  for (const name of names.sort()) await import(new URL(name, directory).href)
}
