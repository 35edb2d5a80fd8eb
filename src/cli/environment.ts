import type { Command, CommandUnknownOpts, Option } from '@commander-js/extra-typings'

/** The environment variable of each option that has one. */
export type Variables = Map<Option, string>

/** Names the environment variable of an option, also in the help. Commander's own `env` would read `process.env`. */
export function withVariable<Made extends Option>(
  variables: Variables,
  option: Made,
  variable: string,
): Made {
  option.description = `${option.description} (environment: ${variable})`
  variables.set(option, variable)
  return option
}

/** Sets the options of a command that no flag has set from their environment variables. */
export function fromEnvironment(
  variables: Variables,
  command: Command | CommandUnknownOpts,
  env: Readonly<Record<string, string | undefined>>,
): void {
  for (const option of command.options) {
    const variable = variables.get(option) ?? ''
    const value = env[variable]
    const name = option.attributeName()
    const isSet = (command.getOptionValueSource(name) ?? 'default') !== 'default'
    if (!value || isSet) continue
    try {
      const parsed = option.parseArg ? option.parseArg(value, undefined) : value
      command.setOptionValueWithSource(name, parsed, 'env')
    } catch (error) {
      command.error(`error: environment variable ${variable}: ${(error as Error).message}`)
    }
  }
}
