import { type Asked, account, fill, type Reader, reject, type Server } from './reader.ts'
import { descendants, type Element, parseXml } from './xml.ts'

/**
 * Evolution 3.46: GMarkup callbacks. It looks for servers anywhere and checks little, but a server overwrites
 * the one before of its type, field by field, and a username is lost to CDATA, to a comment or to
 * `%EMAILDOMAIN%`.
 */
export const evolution: Reader = {
  name: 'Evolution',
  username: 'as written',

  read(document, asked) {
    const { root, hasByteOrderMark } = parseXml(document)
    if (hasByteOrderMark) reject('Document must begin with an element')
    const results = new Map<string, Server>()
    for (const element of descendants(root)) {
      if (element.name !== 'incomingServer' && element.name !== 'outgoingServer') continue
      const { type, ...others } = element.attributes
      if (type === undefined) reject(`element '${element.name}' requires attribute 'type'`)
      for (const name of Object.keys(others))
        reject(`attribute '${name}' invalid for element '${element.name}'`)
      results.set(type, overwrite(results.get(type) ?? unset(type), element, asked))
    }
    return account(results.get('imap') ?? results.get('pop3'), results.get('smtp'))
  },
}

function unset(type: string): Server {
  return { type, hostname: '', port: 0, socketType: '', username: '' }
}

function overwrite(result: Server, server: Element, asked: Asked): Server {
  let next = result
  for (const { name, pieces } of [...descendants(server)].map(callbacks)) {
    for (const piece of pieces) next = { ...next, ...field(name, substitute(piece, asked)) }
  }
  return next
}

function field(name: string, text: string): Partial<Server> {
  if (name === 'hostname') return { hostname: text }
  if (name === 'username') return { username: text }
  if (name === 'port') {
    const port = Number.parseInt(text, 10)
    return port >= 1 && port <= 65535 ? { port } : {}
  }
  if (name === 'socketType' && ['plain', 'SSL', 'STARTTLS'].includes(text)) return { socketType: text }
  if (name === 'authentication' && (text === 'password-cleartext' || text === 'plain')) {
    return { authentication: 'password-cleartext' }
  }
  if (name === 'authentication' && text === 'password-encrypted') return { authentication: text }
  return {}
}

/** `%EMAILDOMAIN%` stands for an internal value that nothing sets. */
function substitute(piece: string, asked: Asked): string {
  return fill(piece, { ...asked, domain: '' })
}

/**
 * The texts GMarkup hands over: a run with its entities resolved, untrimmed. A comment or CDATA section is
 * not handed over but ends the run, and begins another one that is handed over even if it is empty. The last
 * piece is what stays.
 */
function callbacks({ name, parts }: Element): { readonly name: string; readonly pieces: readonly string[] } {
  const pieces: string[] = []
  let run: string | undefined
  for (const { kind, text } of parts) {
    if (kind === 'text' || kind === 'entity') run = (run ?? '') + text
    else {
      if (run !== undefined) pieces.push(run)
      run = ''
    }
  }
  if (run !== undefined) pieces.push(run)
  return { name, pieces }
}
