import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { paths } from '../model/paths.ts'
import { Pages } from '../page/pages.ts'
import { LiveResolver } from '../resolver/live-resolver.ts'
import { ProfileSigner } from '../signing/profile-signer.ts'
import { AccessLog } from './access-log.ts'
import { logBug, loggedEvents, logWarnings } from './logged-events.ts'
import { oneHost } from './policy.ts'
import { registerRoutes } from './register-routes.ts'
import { routesFor } from './routes.ts'

export type MailAutoconfigOptions = {
  /** Serve the page for people at `/`, below the prefix. By default it is not, because most apps have a page there. */
  readonly page?: boolean
} & (
  | {
      /** A configuration file. It is read again when it changes, or a file that it names. */
      readonly config: string
    }
  | {
      /** An open resolver, to call its `reload()` or to share it. The plugin does not close it. */
      readonly live: LiveResolver
    }
)

/**
 * A Fastify plugin that answers mail clients in another app. It is encapsulated: hooks, prefix, log, trusted proxies and router
 * options are those of the app. Rejects with `ConfigError` if the configuration has errors.
 */
export async function mailAutoconfig(app: FastifyInstance, options: MailAutoconfigOptions): Promise<void> {
  // Fastify's type of a logger has fewer properties than the pino logger that it is.
  const log = app.log as unknown as Logger
  const live = 'live' in options ? options.live : await openFile(app, options.config, log)
  const onProblem = (problem: string): void => log.error(problem)
  const signer = new ProfileSigner({ now: () => new Date(live.current.now()), onProblem })
  const routes = routesFor(signer, new Pages({ onProblem }))
  registerRoutes(app, options.page ? routes : routes.filter(({ path }) => path !== paths.page), {
    live,
    accessLog: new AccessLog(log),
    policies: [oneHost],
    onBug: logBug(log),
    otherMethods: ['PUT', 'PATCH', 'DELETE'],
  })
}

async function openFile(app: FastifyInstance, file: string, log: Logger): Promise<LiveResolver> {
  const live: LiveResolver = await LiveResolver.openFile(
    file,
    loggedEvents(log, () => live, 'call reload() of the LiveResolver, or restart,'),
  )
  logWarnings(log, live.current.config.warnings)
  app.addHook('onClose', () => live.close())
  return live
}
