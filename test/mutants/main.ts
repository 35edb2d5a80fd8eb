import { readdirSync, readFileSync } from 'node:fs'
import { Stryker } from '@stryker-mutator/core'
import { type Part, parts } from './parts.ts'

/** How many lines are changed in one run, unless the part says so. Two of three have a mutant. */
const defaultLines = 210
/** Lines that are chosen together. A mutant that reaches into the next piece is not made. */
const piece = 30

const usage = `Usage: npm run mutants -- PART [SEED]
       npm run mutants -- FILE TEST...
PART is one of: ${Object.keys(parts).join(', ')}. SEED is a number; it chooses other lines of a large part.
FILE is a source, and TEST the name of a test file that holds it, such as: src/dns/zone.ts formats/dns
`

function partOf([name = '', ...tests]: readonly string[]): Part | undefined {
  return name.endsWith('.ts') && tests.length > 0 ? { sources: [name], tests } : parts[name]
}

const filesOf = ({ sources }: Part): string[] =>
  sources.flatMap((source) =>
    source.endsWith('.ts')
      ? [source]
      : readdirSync(source)
          .filter((name) => name.endsWith('.ts'))
          .map((name) => `${source}/${name}`),
  )

/** All files if they are small; else pieces of them, the same ones for the same seed. */
function linesOf(files: readonly string[], mostLines: number, seed: number): string[] {
  const lengths = files.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }))
  if (lengths.reduce((sum, { lines }) => sum + lines, 0) <= mostLines) return [...files]
  const pieces = lengths.flatMap(({ file, lines }) =>
    Array.from(
      { length: Math.ceil(lines / piece) },
      (_, index) => `${file}:${index * piece + 1}-${(index + 1) * piece}`,
    ),
  )
  const random = randomNumbers(seed)
  const shuffled = pieces.map((text) => ({ text, order: random() })).sort((a, b) => a.order - b.order)
  return shuffled.slice(0, mostLines / piece).map(({ text }) => text)
}

/** Numbers from 0 to 1 (Park and Miller's generator). */
function randomNumbers(seed: number): () => number {
  let state = (seed % 2147483646) + 1
  const next = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  // The first numbers of neighbouring seeds are close to each other.
  for (let count = 0; count < 10; count++) next()
  return next
}

// In seconds: on a busy machine, a test file may take longer than tap allows by default.
process.env['TAP_TIMEOUT'] ??= '180'

const args = process.argv.slice(2)
const part = partOf(args)
if (part) {
  const mutate = linesOf(filesOf(part), part.lines ?? defaultLines, Number(args[1]) || 0)
  process.stdout.write(`changes ${mutate.join(' ')}\n`)
  await new Stryker({
    mutate,
    testRunner: 'tap',
    plugins: ['@stryker-mutator/tap-runner'],
    tap: {
      testFiles: part.tests.map((name) => `test/${name}.test.ts`),
      nodeArgs: ['-r', '{{hookFile}}', '--import', './test/support/typescript.js', '{{testFile}}'],
      forceBail: true,
    },
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // Texts for people are held by examples, not letter by letter.
    mutator: { excludedMutations: ['StringLiteral'] },
    // Nothing checks the types of mutants, and the golden documents must stay as they are.
    disableTypeChecks: false,
    tempDirName: '.mutants/tmp',
    ignorePatterns: ['.tap', 'dist', 'bench'],
    reporters: ['clear-text', 'progress-append-only', 'html'],
    clearTextReporter: { logTests: false, reportTests: false },
    htmlReporter: { fileName: '.mutants/report.html' },
    // An endless loop takes so long, and half as long again as the tests.
    timeoutMS: 20_000,
    // Reports are for people: no rate is a failure.
    thresholds: { high: 90, low: 80, break: null },
  }).runMutationTest()
} else {
  process.stderr.write(usage)
  process.exitCode = 2
}
