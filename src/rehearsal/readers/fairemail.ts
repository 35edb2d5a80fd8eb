import { account, fillBare, type Reader, reject, type Server } from './reader.ts'
import { descendants, type Element, parseXml, textOf } from './xml.ts'

/**
 * FairEmail: a pull parser with two flags. Only the first incomingServer and the first outgoingServer count
 * and must be IMAP and SMTP; one username, the last in the document, serves for both.
 */
export const fairemail: Reader = {
  name: 'FairEmail',
  needs: 'imap',
  username: 'as written',

  read(document, asked) {
    const { root } = parseXml(document)
    const elements = [...descendants(root)]
    const written = elements.filter(({ name }) => name === 'username').map(textOf)
    const last = written.findLast((username) => username !== '') ?? '%EMAILADDRESS%'
    const username = fillBare(last, asked) ?? last
    return account(
      slot(
        elements.find(({ name }) => name === 'incomingServer'),
        'imap',
        143,
        username,
      ),
      slot(
        elements.find(({ name }) => name === 'outgoingServer'),
        'smtp',
        587,
        username,
      ),
    )
  },
}

function slot(
  server: Element | undefined,
  type: string,
  startTlsPort: number,
  username: string,
): Server | undefined {
  if (server?.attributes['type'] !== type) return undefined
  let hostname = ''
  let port = 0
  let socketType = 'SSL'
  for (const element of descendants(server)) {
    const text = textOf(element)
    if (element.name === 'hostname') hostname = text
    if (element.name === 'port') {
      port = parseInteger(text)
      // So a socketType that stands before its port is forgotten.
      socketType = port === startTlsPort ? 'STARTTLS' : 'SSL'
    }
    // Anything else, `plain` included, is unknown: then the port decides.
    if (element.name === 'socketType' && (text === 'SSL' || text === 'STARTTLS')) socketType = text
  }
  return hostname === '' || port <= 0 ? undefined : { type, hostname, port, socketType, username }
}

/** Java's, which takes no spaces. */
function parseInteger(text: string): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) : reject(`NumberFormatException: For input string: "${text}"`)
}
