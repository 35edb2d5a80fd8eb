import { type Command, Option } from '@commander-js/extra-typings'
import { askHost, askPort } from './certificate-commands.ts'
import { type Variables, withVariable } from './environment.ts'
import { firstDirectory, port } from './option-values.ts'
import type { ServeOptions } from './serve.ts'
import { adminHostOption, adminPortOption, configOption } from './shared-options.ts'

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** Adds the options of `serve`, and what it runs. */
export function addServe(
  command: Command,
  variables: Variables,
  run: (options: ServeOptions) => Promise<void>,
): void {
  command
    .addOption(configOption(variables))
    .addOption(
      withVariable(variables, new Option('--host <address>', 'address to listen on').default('::'), 'HOST'),
    )
    .addOption(
      withVariable(
        variables,
        new Option('--port <number>', 'port to listen on').default(8080).argParser(port),
        'PORT',
      ),
    )
    .addOption(
      withVariable(
        variables,
        new Option('--tls-host <address>', 'address to listen on for https (default: that of --host)'),
        'TLS_HOST',
      ),
    )
    .addOption(
      withVariable(
        variables,
        new Option(
          '--tls-port <number>',
          'port to listen on for https, if the configuration has certificates (default: 8443)',
        ).argParser(port),
        'TLS_PORT',
      ),
    )
    .addOption(adminHostOption(variables))
    .addOption(adminPortOption(variables))
    .addOption(askHost(variables))
    .addOption(askPort(variables))
    .addOption(
      withVariable(
        variables,
        new Option('--log-level <level>', 'least important events to log')
          .choices(logLevels)
          .default('info' as const),
        'LOG_LEVEL',
      ),
    )
    .addOption(
      withVariable(
        variables,
        new Option(
          '--state <directory>',
          'directory that keeps the last good configuration, for a start with an invalid one',
        ).argParser(firstDirectory),
        'STATE_DIRECTORY',
      ),
    )
    .action(run)
}
