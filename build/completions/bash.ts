import type { CommandDescription, ProgramDescription, ValueDescription } from '../command-description.ts'

/** The completion for bash 4 and newer. It needs nothing else, not even the package bash-completion. */
export function bashCompletion({ name, commands, options }: ProgramDescription): string {
  const names = [...commands.map(({ name }) => name), 'help', ...options.flatMap(({ names }) => names)]
  return `# Completion of bash for ${name}, made from its command line by npm run build.

_mail_autoconfig() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
  local options='' valued='' position=0 i
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _mail_autoconfig_words '${names.join(' ')}'
    return
  fi
  case $command in
${commands.map(optionsOf).join('\n')}
  esac
  case "$command $previous" in
${commands.flatMap(valuesOf).join('\n')}
  esac
  if [[ $word == -* ]]; then
    _mail_autoconfig_words "$options"
    return
  fi
  for ((i = 2; i < COMP_CWORD; i++)); do
    if [[ " $valued " == *" \${COMP_WORDS[i]} "* ]]; then
      i=$((i + 1))
    elif [[ \${COMP_WORDS[i]} != -* ]]; then
      position=$((position + 1))
    fi
  done
  case "$command $position" in
${commands.flatMap(argumentsOf).join('\n')}
    'help 0') _mail_autoconfig_words '${commands.map(({ name }) => name).join(' ')}' ;;
  esac
}

_mail_autoconfig_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}

# -f for files, -d for directories.
_mail_autoconfig_files() {
  compopt -o filenames 2> /dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}

complete -F _mail_autoconfig ${name}
`
}

function optionsOf({ name, options }: CommandDescription): string {
  const words = options.flatMap(({ names }) => names).join(' ')
  const valued = options.filter(({ value }) => value).flatMap(({ names }) => names)
  return `    ${name}) options='${words}' valued='${valued.join(' ')}' ;;`
}

function valuesOf({ name, options }: CommandDescription): string[] {
  return options.flatMap(({ names, value }) => {
    if (!value) return []
    const patterns = names.map((option) => `'${name} ${option}'`).join(' | ')
    return [`    ${patterns}) ${action(value)}return ;;`]
  })
}

function argumentsOf({ name, arguments: args }: CommandDescription): string[] {
  return args.flatMap(({ value, isRepeatable }, position) => {
    const completion = action(value)
    if (completion === '') return []
    const pattern = isRepeatable ? `'${name} '*` : `'${name} ${position}'`
    return [`    ${pattern}) ${completion.replace(/; $/, '')} ;;`]
  })
}

/** A command that fills COMPREPLY, with `; ` after it, or nothing if any text may follow. */
function action({ choices, names }: ValueDescription): string {
  if (choices.length > 0) return `_mail_autoconfig_words '${choices.join(' ')}'; `
  if (names === 'nothing') return ''
  return `_mail_autoconfig_files ${names === 'files' ? '-f' : '-d'}; `
}
