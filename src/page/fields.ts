import type { Code, Html } from './markup.ts'
import type { ServerView } from './settings-view.ts'
import type { Words } from './words.ts'

/** A field of a dialog in a mail program, with the words of that program. */
export interface Field {
  readonly label: Html
  readonly value: Html
}

/** The fields that people fill in for a server, as the program shows them. `client` begins the keys of its labels. */
export function fieldsOf(
  client: string,
  server: ServerView,
  words: Words,
  { copyable, username }: Pick<Code, 'copyable'> & { readonly username: Html },
): readonly Field[] {
  const { type, hostname, port, socketType, authentication } = server
  const label = (key: string): Html | undefined => words.labelIf(`${client}-${key}`)
  const field = (key: string, value: Html): Field[] => {
    const found = label(key)
    return found === undefined ? [] : [{ label: found, value }]
  }
  // A program without words for kinds of encryption has a switch.
  const isSwitch = label('security-SSL') === undefined
  const security = isSwitch
    ? words.html(`client-switch-${socketType === 'plain' ? 'off' : 'on'}`)
    : (label(`security-${socketType}`) ?? words.html(`security-${socketType}`))
  const password = authentication === 'password-cleartext' ? label('password') : undefined
  return [
    ...field(type === 'smtp' && label('outgoing-server') ? 'outgoing-server' : 'server', copyable(hostname)),
    ...field('port', copyable(port)),
    ...field('security', security),
    ...field('authentication', password ?? words.html(`authentication-${authentication}`)),
    ...field('username', username),
  ]
}
