import { withoutExtension } from './target.ts'

/** The rule that the login names of several addresses follow. Decoys are made by the same rule. */
export type LoginRule =
  /** The address is its own mailbox: the login name is `username` of its domain. */
  | { readonly kind: 'username' }
  /** The login name contains the local part in one of the `forms`. */
  | { readonly kind: 'address'; readonly form: number; readonly before: string; readonly after: string }
  /** `user0001` and `web12p7`, with 0 for each digit. */
  | { readonly kind: 'number'; readonly shape: string }
  /** `jdoe` and `J-Doe`, with a or A for each letter. */
  | { readonly kind: 'letters'; readonly shape: string }

/** The rule of a login name that is written in a file, in a database or in a link. */
export function ruleOf(login: string, localPart: string): LoginRule {
  const name = bareName(localPart)
  for (const [form, write] of forms.entries()) {
    const text = write(name)
    const at = login.indexOf(text)
    if (at === -1 || (text.length < 2 && text !== login)) continue
    const [before, after] = [login.slice(0, at), login.slice(at + text.length)]
    if (/^(?:\D*|.*[._+@=-])$/.test(before) && /^(?:\D*|[._+@=-].*)$/.test(after))
      return { kind: 'address', form, before, after }
  }
  return /\d/.test(login)
    ? { kind: 'number', shape: shapeOf(login) }
    : { kind: 'letters', shape: login.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A') }
}

/** The shape of a numbered login name. */
export const shapeOf = (login: string): string => login.replace(/\d/g, '0')

/** The login name of an address by a rule of the kind `address`. */
export const loginFromAddress = (
  { form, before, after }: LoginRule & { readonly kind: 'address' },
  localPart: string,
): string => `${before}${forms[form]?.(bareName(localPart))}${after}`

/** Does the login name of this address follow from the address? */
export const followsAddress = (login: string, localPart: string): boolean =>
  ruleOf(login, localPart).kind === 'address'

const bareName = (localPart: string): string => withoutExtension(localPart.toLowerCase())

const parts = (name: string): string[] => name.split(/[._-]+/).filter((part) => part !== '')

/** Of `jane.doe`: jane.doe, janedoe, jdoe, j.doe, jane, doe. Their places are stored: add others at the end. */
const forms: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.replace(/[._-]/g, '') || name,
  (name) => withInitial(name, ''),
  (name) => withInitial(name, '.'),
  (name) => parts(name)[0] ?? name,
  (name) => parts(name).at(-1) ?? name,
]

function withInitial(name: string, separator: string): string {
  const [first = '', ...others] = parts(name)
  return others.length === 0 ? name : `${first.slice(0, 1)}${separator}${others.at(-1)}`
}
