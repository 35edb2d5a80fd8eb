import { Option } from '@commander-js/extra-typings'
import { type Variables, withVariable } from './environment.ts'
import { port, socketPath } from './option-values.ts'

/** The options of several commands. Each call makes one. */
export const sharedOptions = (variables: Variables) => ({
  config: () =>
    withVariable(
      variables,
      new Option('-c, --config <file>', 'configuration file').default('config/autoconfig.yaml'),
      'MAIL_AUTOCONFIG_CONFIG',
    ),
  adminHost: () =>
    withVariable(
      variables,
      new Option('--admin-host <address>', 'address of the admin listener').default('127.0.0.1'),
      'ADMIN_HOST',
    ),
  adminPort: () =>
    withVariable(
      variables,
      new Option('--admin-port <number>', 'port of the admin listener').default(8081).argParser(port),
      'ADMIN_PORT',
    ),
  adminSocket: () =>
    withVariable(
      variables,
      new Option('--admin-socket <path>', 'unix socket of the admin listener, in place of address and port')
        .conflicts(['adminHost', 'adminPort'])
        .argParser(socketPath),
      'ADMIN_SOCKET',
      ['adminHost', 'adminPort'],
    ),
})

export type SharedOptions = ReturnType<typeof sharedOptions>
