/** The sources of a part, and the tests that hold it. The quick ones: each mutant starts every test file that reaches it. */
export interface Part {
  /** Directories, with all that is in them, and files. */
  readonly sources: readonly string[]
  /** Names in `test/`, without `.test.ts`. */
  readonly tests: readonly string[]
  /** How many lines are changed in one run, if the tests are slow. */
  readonly lines?: number
}

const inHttp = (...names: readonly string[]): string[] => names.map((name) => `src/http/${name}.ts`)

/** The parts for `npm run mutants -- PART`. */
export const parts: Readonly<Record<string, Part>> = {
  model: {
    sources: ['src/model'],
    tests: ['model', 'address', 'visible-text', 'which-domain', 'services', 'golden'],
  },
  resolver: {
    sources: ['src/resolver/resolver.ts', 'src/resolver/login-finder.ts', 'src/resolver/logins.ts'],
    tests: ['which-domain', 'backends', 'logins', 'source-limits', 'moves'],
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
    sources: inHttp(
      ...['ask-elsewhere', 'autodiscover-request', 'challenge-route', 'costly-work', 'fast-path', 'headers'],
      ...['listings', 'lookup', 'lookup-readers', 'max-age', 'mounted-routes', 'negotiation', 'policy'],
      ...['redirect', 'register-routes', 'request-target', 'response', 'routes', 'server'],
      ...['shared-responses'],
    ),
    tests: [
      ...['http', 'autodiscover', 'query-spellings', 'policy', 'ispdb-mirror', 'acme', 'source-reload'],
      ...['moves', 'request-metrics', 'pipelining', 'connections', 'plugin', 'links'],
    ],
    lines: 120,
  },
  pages: {
    sources: inHttp(
      ...['link-refusal', 'page-files', 'page-route', 'personal-responses', 'plugin', 'representations'],
    ),
    tests: ['page', 'plugin', 'links', 'autodiscover', 'profiles', 'qr-codes'],
    lines: 90,
  },
  connections: {
    sources: inHttp(
      ...['accepting', 'client-address', 'connection-limits', 'connections', 'finish-clients', 'listeners'],
      ...['pipelining', 'rate-limit', 'secure-server', 'server-options', 'stop-listening', 'take-requests'],
      ...['trusted-proxies', 'turns', 'unix-socket', 'unread-bodies'],
    ),
    tests: [
      ...['rate-limit', 'connections', 'stopping', 'pipelining', 'policy', 'http', 'listeners', 'tls-server'],
    ],
    lines: 150,
  },
  metrics: {
    sources: inHttp(
      ...['access-log', 'admin-explain', 'admin-names', 'admin-server', 'ask', 'ask-server', 'client-errors'],
      ...['client-requests', 'histogram', 'logged-events', 'metrics', 'outcome', 'quiet-counts', 'readiness'],
      ...['refusals', 'request-metrics', 'source-metrics', 'tls-errors', 'tls-metrics', 'watch-metrics'],
    ),
    tests: ['request-metrics', 'admin', 'source-reload', 'log', 'ask', 'http', 'saved-config', 'tls-server'],
    lines: 150,
  },
}
