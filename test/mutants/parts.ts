/** The sources of a part, and the tests that hold it. The quick ones: each mutant starts every test file that reaches it. */
export interface Part {
  /** Directories, with all that is in them, and files. */
  readonly sources: readonly string[]
  /** Names in `test/`, without `.test.ts`. */
  readonly tests: readonly string[]
  /** How many lines are changed in one run, if the tests are slow. */
  readonly lines?: number
}

/** The parts for `npm run mutants -- PART`. */
export const parts: Readonly<Record<string, Part>> = {
  model: {
    sources: ['src/model'],
    tests: ['model', 'address', 'visible-text', 'which-domain', 'services', 'golden'],
  },
  resolver: {
    sources: ['src/resolver/resolver.ts', 'src/resolver/login-finder.ts', 'src/resolver/logins.ts'],
    tests: ['which-domain', 'logins', 'moves', 'backends', 'source-limits'],
  },
  links: { sources: ['src/links'], tests: ['links', 'secret-files'], lines: 90 },
  accounts: {
    sources: ['src/accounts'],
    tests: ['account-rules', 'logins'],
    lines: 90,
  },
  backends: {
    sources: [
      ...['answer-cache', 'backends', 'cached-backend', 'inquiry', 'outage', 'query-queue', 'question'].map(
        (name) => `src/backends/${name}.ts`,
      ),
      'src/model/durations.ts',
    ],
    tests: ['source-limits', 'source-reload', 'backends'],
  },
  http: {
    sources: ['src/http'],
    tests: ['http', 'policy', 'rate-limit', 'request-metrics', 'connections', 'pipelining', 'ispdb-mirror'],
  },
}
