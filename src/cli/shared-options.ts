import { Option } from '@commander-js/extra-typings'
import { type Variables, withVariable } from './environment.ts'
import { port } from './option-values.ts'

/** The options that several commands have. */

export const configOption = (variables: Variables) =>
  withVariable(
    variables,
    new Option('-c, --config <file>', 'configuration file').default('config/autoconfig.yaml'),
    'MAIL_AUTOCONFIG_CONFIG',
  )

export const adminHostOption = (variables: Variables) =>
  withVariable(
    variables,
    new Option('--admin-host <address>', 'address of the admin listener').default('127.0.0.1'),
    'ADMIN_HOST',
  )

export const adminPortOption = (variables: Variables) =>
  withVariable(
    variables,
    new Option('--admin-port <number>', 'port of the admin listener').default(8081).argParser(port),
    'ADMIN_PORT',
  )
