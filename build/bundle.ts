import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, type BuildResult, build } from 'esbuild'

/** What the admin installs if their configuration needs it: `optional` peers in package.json. */
const drivers = ['pg', 'mysql2', 'libsql', 'ldapts', '@redis/client']

/** What Fastify loads only for routes with a schema and for `inject`. We use neither outside of tests. */
const unusedByFastify = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request']

export interface BundleOptions {
  /**
   * Off by default: source maps are 6.2 MB beside 2.7 MB of JavaScript (a package of 2.0 MB instead of 0.6 MB), and Node reads
   * them only with --enable-source-maps. Names are not minified, so a stack trace shows the functions without them. The
   * build is deterministic: `npm run build -- --source-maps` on the same commit gives the maps for a line and column.
   */
  readonly sourceMaps?: boolean
}

/**
 * Bundles the command, the library, and the thread that loads a configuration; they share chunks. The chunks are in the same
 * directory as `load-worker.js`, because `config/load-in-worker.ts` looks for it next to the module that it is in.
 */
export function bundle(root: string, options: BundleOptions = {}): Promise<Bundle> {
  return build({ ...bundleOptions(root, options), write: false, metafile: true })
}

export type Bundle = BuildResult<{ write: false; metafile: true }>

export function bundleOptions(root: string, { sourceMaps = false }: BundleOptions = {}): BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: ['src/bin.ts', 'src/index.ts', 'src/config/load-worker.ts'],
    outdir: 'dist',
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: oldestNode(root),
    external: [...drivers, ...unusedByFastify],
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: sourceMaps && 'linked',
    // The build moves them to the notices.
    legalComments: 'external',
    logLevel: 'warning',
    // CommonJS packages call `require` for Node's own modules; an ES module does not have it.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  }
}

/** The oldest Node that package.json promises: `>=20.19` is `node20.19`. */
function oldestNode(root: string): string {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return engines.node.replace('>=', 'node')
}
