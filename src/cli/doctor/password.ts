import type { Input, Output } from '../io.ts'

/** Ctrl+C, Ctrl+D. */
const ends = ['\u0003', '\u0004']
const erases = ['\b', '\u007f']

/**
 * The password: the first line of standard input, or what people type at a prompt, which does not show it. `undefined` if there is
 * none.
 */
export function readPassword(stdin: Input, stderr: Output): Promise<string | undefined> {
  const isTyped = stdin.isTTY === true
  if (isTyped) {
    stdin.setRawMode?.(true)
    stderr.write('Password: \n')
  }
  stdin.setEncoding('utf8')
  return new Promise((resolve) => {
    let typed = ''
    const end = (password: string) => {
      if (isTyped) stdin.setRawMode?.(false)
      stdin.removeAllListeners('data')
      stdin.pause()
      resolve(password === '' ? undefined : password)
    }
    stdin.on('end', () => end(typed))
    stdin.on('data', (text: string) => {
      for (const character of text) {
        if (character === '\n' || character === '\r') return end(typed)
        if (isTyped && ends.includes(character)) return end('')
        typed = isTyped && erases.includes(character) ? [...typed].slice(0, -1).join('') : typed + character
      }
    })
  })
}
