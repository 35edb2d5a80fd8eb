/** A message of commander without the text that was typed, which may be anything; the name of an option remains. */
export const withoutTyped = (text: string): string =>
  text
    .replace(/ argument '.*?' is invalid\. must/s, ' must')
    .replace(/ argument '.*?' is invalid/s, ' is invalid')
    .replace(/unknown option '(--[a-z-]+)?.*?'/s, (_, name) => `unknown option${name ? ` ${name}` : ''}`)
    .replace(/unknown command '.*?'/s, 'unknown command')
