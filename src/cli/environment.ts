import type { Command, CommandUnknownOpts, Option } from '@commander-js/extra-typings'

/** The environment variable of each option that has one, and the options whose flags override it. */
export type Variables = Map<Option, { readonly variable: string; readonly overriddenBy: readonly string[] }>

/** Names the environment variable of an option, also in the help. Commander's own `env` would read `process.env`. */
export function withVariable<Made extends Option>(
  variables: Variables,
  option: Made,
  variable: string,
  overriddenBy: readonly string[] = [],
): Made {
  option.description = `${option.description} (environment: ${variable})`
  variables.set(option, { variable, overriddenBy })
  return option
}

/** Sets the options of a command that no flag has set from their environment variables. */
export function fromEnvironment(
  variables: Variables,
  command: Command | CommandUnknownOpts,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const isFlagSet = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  for (const option of command.options) {
    const { variable = '', overriddenBy = [] } = variables.get(option) ?? {}
    const value = env[variable]
    const name = option.attributeName()
    if (!value || [name, ...overriddenBy].some(isFlagSet)) continue
    try {
      const parsed = option.parseArg ? option.parseArg(value, undefined) : value
      command.setOptionValueWithSource(name, parsed, 'env')
    } catch (error) {
      command.error(`error: environment variable ${variable}: ${(error as Error).message}`)
    }
  }
}
