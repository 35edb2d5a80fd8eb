import type { OptionDescription, ProgramDescription, ValueDescription } from '../command-description.ts'

/** The completion for fish: a file `mail-autoconfig.fish` in a directory of `fish_complete_path`. */
export function fishCompletion({ name, commands, options }: ProgramDescription): string {
  const line = (condition: string, rest: string): string =>
    `complete -c ${name} -n ${quoted(condition)} ${rest}`
  const first = '__fish_use_subcommand'
  return `${[
    `# Completion of fish for ${name}, made from its command line by npm run build.`,
    `complete -c ${name} -f`,
    ...options.map((option) => line(first, flag(option))),
    ...commands.map(({ name, description }) => line(first, `-a ${name} -d ${quoted(description)}`)),
    line(first, `-a help -d ${quoted('display help for command')}`),
    line('__fish_seen_subcommand_from help', `-a ${quoted(commands.map(({ name }) => name).join(' '))}`),
    ...commands.flatMap((command) => {
      const seen = `__fish_seen_subcommand_from ${command.name}`
      return [
        ...command.arguments.flatMap(({ value }) => {
          const completion = action(value)
          if (completion === '') return []
          const until = value.choices.length > 0 ? notYet(value.choices) : ''
          return [line(`${seen}${until}`, completion)]
        }),
        ...command.options.map((option) => line(seen, flag(option))),
      ]
    }),
  ].join('\n')}\n`
}

const notYet = (choices: readonly string[]): string =>
  `; and not __fish_seen_subcommand_from ${choices.join(' ')}`

function flag({ names, description, value }: OptionDescription): string {
  const spellings = names.map((name) => name.replace(/^--/, '-l ').replace(/^-(?=\w$)/, '-s '))
  // -x: a value that is not the name of a file.
  const required = value?.names === 'nothing' ? '-x' : '-r'
  const words = [...spellings, ...(value ? [required, action(value)] : []), '-d', quoted(description)]
  return words.filter((word) => word !== '').join(' ')
}

function action({ choices, names }: ValueDescription): string {
  if (choices.length > 0) return `-a ${quoted(choices.join(' '))}`
  return { files: '-F', directories: "-a '(__fish_complete_directories)'", nothing: '' }[names]
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`
