import { type Command, Option } from '@commander-js/extra-typings'
import { askHost, askPort } from './certificate-commands.ts'
import { type Variables, withVariable } from './environment.ts'
import type { ExitCode, Io } from './io.ts'
import { firstDirectory, port, socketMode, socketPath } from './option-values.ts'
import type { SharedOptions } from './shared-options.ts'

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** The options of `serve`, and how to run it. `done` gets the exit code. */
export function declareServe(
  command: Command,
  { config, adminHost, adminPort, adminSocket }: SharedOptions,
  variables: Variables,
  io: Io,
  done: (exitCode: ExitCode) => void,
): void {
  command
    .addOption(config())
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
        new Option('--socket <path>', 'unix socket to listen on, in place of address and port')
          .conflicts(['host', 'port'])
          .argParser(socketPath),
        'SOCKET',
        ['host', 'port'],
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
    .addOption(adminHost())
    .addOption(adminPort())
    .addOption(adminSocket())
    .addOption(askHost(variables))
    .addOption(askPort(variables))
    .addOption(
      withVariable(
        variables,
        new Option('--socket-mode <octal>', 'permissions of unix sockets')
          .default(0o660, '660')
          .argParser(socketMode),
        'SOCKET_MODE',
      ),
    )
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
    .action(async (options) => {
      const { serve } = await import('./serve.ts')
      done(await serve(options, io))
    })
}
