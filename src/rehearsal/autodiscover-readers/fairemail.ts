import { account, reject, type Server } from '../readers/reader.ts'
import { type Element, parseXml, textOf } from '../readers/xml.ts'
import { type Reader, requestSchema, responseSchema } from './reader.ts'

/**
 * FairEmail: a pull parser with flags. `AccountType` and `Action` must stand before the first `Protocol`, for a block that
 * comes before both is passed over. Of two blocks of one type the last counts; there is no username but the address. It
 * sends no media type of its own, so that its HTTP client calls the XML a form.
 */
export const fairemail: Reader = {
  name: 'FairEmail',
  needs: 'imap',

  asks: ({ address }) => ({
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `<?xml version="1.0" encoding="UTF-8" standalone="no"?><Autodiscover xmlns="${requestSchema}"><Request><EMailAddress>${escapeXml(address)}</EMailAddress><AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema></Request></Autodiscover>`,
  }),

  read({ status, body }, { address }) {
    if (status !== 200) reject(`status ${status}`)
    const found: Partial<Record<string, Server>> = {}
    let [isAccount, isEmail, isSettings, isProtocol] = [false, false, false, false]
    let [type, hostname, port]: [string?, string?, number?] = []
    for (const [event, element] of events(parseXml(body).root)) {
      const { name } = element
      // An element is read where its text begins: with another inside, there is none.
      const text = element.children.length === 0 ? textOf(element) : ''
      if (event === 'start') {
        if (name === 'Account') isAccount = true
        if (name === 'AccountType' && isAccount && text === 'email') isEmail = true
        if (name === 'Action' && isAccount && text === 'settings') isSettings = true
        if (name === 'Protocol' && isAccount) isProtocol = true
        if (!(isAccount && isEmail && isSettings && isProtocol) || text === '') continue
        // Named twice, IMAP has it.
        if (name === 'Type' && (text === 'IMAP' || (text === 'SMTP' && type === undefined)))
          type = text.toLowerCase()
        if (name === 'Server') hostname = text
        if (name === 'Port' && /^\d+$/.test(text)) port = Number(text)
      } else if (name === 'Account') {
        isAccount = isEmail = isSettings = false
      } else if (name === 'Protocol') {
        if (type !== undefined && hostname !== undefined && port !== undefined && port > 0) {
          const startTlsPort = type === 'imap' ? 143 : 587
          const socketType = port === startTlsPort ? 'STARTTLS' : 'SSL'
          found[type] = { type, hostname, port, socketType, username: address }
        }
        isProtocol = false
        type = hostname = port = undefined
      }
    }
    return account(found['imap'], found['smtp'])
  },
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** As a pull parser comes by them. */
function* events(element: Element): Generator<['start' | 'end', Element]> {
  yield ['start', element]
  for (const child of element.children) yield* events(child)
  yield ['end', element]
}
