/** The sources of a part, and the tests that hold it. The quick ones: each mutant starts every test file that reaches it. */
export interface Part {
  /** Directories, with all that is in them, and files. */
  readonly sources: readonly string[]
  /** Files in `test/`, without `.test.ts`. */
  readonly tests: readonly string[]
  /** How many lines are changed in one run, if the tests are slow. */
  readonly lines?: number
}

const inHttp = (...names: readonly string[]): string[] => names.map((name) => `src/http/${name}.ts`)

/** The parts for `npm run mutants -- PART`. */
export const parts: Readonly<Record<string, Part>> = {
  model: {
    sources: ['src/model'],
    tests: [
      'domains/model',
      'domains/address',
      'page/visible-text',
      'domains/which-domain',
      'formats/services',
      'formats/golden',
    ],
  },
  resolver: {
    sources: ['src/resolver/resolver.ts', 'src/resolver/login-finder.ts', 'src/resolver/logins.ts'],
    tests: [
      'domains/which-domain',
      'backends/backends',
      'accounts/logins',
      'backends/source-limits',
      'domains/moves',
    ],
  },
  links: { sources: ['src/links'], tests: ['accounts/links', 'accounts/secret-files'], lines: 90 },
  accounts: {
    sources: ['src/accounts'],
    tests: ['accounts/rules', 'accounts/logins'],
    lines: 90,
  },
  backends: {
    sources: [
      ...['answer-cache', 'backends', 'cached-backend', 'inquiry', 'outage', 'query-queue', 'question'].map(
        (name) => `src/backends/${name}.ts`,
      ),
      'src/model/durations.ts',
    ],
    tests: ['backends/source-limits', 'reload/source-reload', 'backends/backends'],
  },
  http: {
    sources: inHttp(
      ...['ask-elsewhere', 'autodiscover-request', 'challenge-route', 'costly-work', 'fast-path', 'headers'],
      ...['listings', 'lookup', 'lookup-readers', 'max-age', 'mounted-routes', 'negotiation', 'policy'],
      ...['redirect', 'register-routes', 'request-target', 'response', 'routes', 'server'],
      ...['shared-responses'],
    ),
    tests: [
      ...[
        'http/http',
        'formats/autodiscover',
        'http/query-spellings',
        'http/policy',
        'domains/ispdb-mirror',
        'tls/acme',
        'reload/source-reload',
      ],
      ...['moves', 'request-metrics', 'pipelining', 'connections', 'plugin', 'links'],
    ],
    lines: 120,
  },
  pages: {
    sources: inHttp(
      ...['link-refusal', 'page-files', 'page-route', 'personal-responses', 'plugin', 'representations'],
    ),
    tests: [
      'page/page',
      'http/plugin',
      'accounts/links',
      'formats/autodiscover',
      'formats/profiles',
      'formats/qr-codes',
    ],
    lines: 90,
  },
  connections: {
    sources: inHttp(
      ...['accepting', 'client-address', 'connection-limits', 'connections', 'finish-clients', 'listeners'],
      ...['pipelining', 'rate-limit', 'secure-server', 'server-options', 'stop-listening', 'take-requests'],
      ...['trusted-proxies', 'turns', 'unix-socket', 'unread-bodies'],
    ),
    tests: [
      ...[
        'limits/rate-limit',
        'limits/connections',
        'limits/stopping',
        'limits/pipelining',
        'http/policy',
        'http/http',
        'http/listeners',
        'tls/server',
      ],
    ],
    lines: 150,
  },
  metrics: {
    sources: inHttp(
      ...['access-log', 'admin-explain', 'admin-names', 'admin-server', 'ask', 'ask-server', 'client-errors'],
      ...['client-requests', 'histogram', 'logged-events', 'metrics', 'outcome', 'quiet-counts', 'readiness'],
      ...['refusals', 'request-metrics', 'source-metrics', 'tls-errors', 'tls-metrics', 'watch-metrics'],
    ),
    tests: [
      'http/request-metrics',
      'http/admin',
      'reload/source-reload',
      'http/log',
      'cli/ask',
      'http/http',
      'reload/saved-config',
      'tls/server',
    ],
    lines: 150,
  },
}
