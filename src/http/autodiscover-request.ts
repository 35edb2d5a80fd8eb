import { isUtf8 } from 'node:buffer'
import { Parser } from 'htmlparser2'
import type { Refusal } from '../formats/format.ts'
import { failure, type Result, success } from '../model/result.ts'

/**
 * The body of an Autodiscover POST -> the address in it, as written there; or why there is no answer ([MS-OXDSCLI], section
 * 2.2.3). Names match in any case and with any prefix, and the media type does not matter. The parser tolerates errors: Thunderbird
 * and Mustang do not escape `&`. It is linear and knows only the five entities of XML; a document type is refused.
 */
export function readAutodiscoverRequest(body: Uint8Array): Result<string, Refusal> {
  const { requests, hasDoctype, namespace, texts } = read(textOf(body))
  const [address, secondAddress] = texts.get('emailaddress') ?? []
  const [schema, secondSchema] = texts.get('acceptableresponseschema') ?? []
  const isTwice = requests > 1 || secondAddress !== undefined || secondSchema !== undefined
  if (requests === 0 || isTwice || hasDoctype) return failure({ reason: 'malformed' })
  // The wanted response schema says more than the namespace of the request.
  if (!outlook.test((schema ?? namespace ?? '').trim()))
    return failure({ reason: 'unsupported', requested: '' })
  // Exchange's own identifiers of people have precedence over an address, and are unknown here.
  if (texts.get('legacydn')?.some((name) => name.trim() !== '')) return failure({ reason: 'unknownDomain' })
  return address?.trim() ? success(address) : failure({ reason: 'malformed' })
}

/** Microsoft's documentation has `https` where its programs send `http`. */
const outlook =
  /^https?:\/\/schemas\.microsoft\.com\/exchange\/autodiscover\/outlook\/(?:requestschema\/2006|responseschema\/2006a)$/i

/** The relevant content of a request. */
interface RequestContent {
  requests: number
  hasDoctype: boolean
  /** Of the root element. */
  namespace: string | undefined
  /** The texts of the elements in a Request, by name. */
  readonly texts: Map<string, string[]>
}

function read(xml: string): RequestContent {
  const found: RequestContent = { requests: 0, hasDoctype: false, namespace: undefined, texts: new Map() }
  const open: string[] = []
  let text: string | undefined
  const isInside = (...path: string[]) => path.every((name, index) => open[index] === name)
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        open.push(localName(name))
        if (open.length === 1) found.namespace = namespaceOf(name, attributes)
        if (open.length === 2 && isInside('autodiscover', 'request')) found.requests++
        if (open.length === 3 && isInside('autodiscover', 'request')) text = ''
      },
      ontext(part) {
        if (text !== undefined) text += part
      },
      onclosetag() {
        if (open.length === 3 && text !== undefined) {
          const name = open[2] as string
          const texts = found.texts.get(name)
          if (texts) texts.push(text)
          else found.texts.set(name, [text])
          text = undefined
        }
        open.pop()
      },
      onprocessinginstruction(name) {
        if (name.toLowerCase() === '!doctype') found.hasDoctype = true
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(xml)
  return found
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1).toLowerCase()

/** The namespace of an element, as declared by the element itself. */
function namespaceOf(name: string, attributes: Readonly<Record<string, string>>): string | undefined {
  const colon = name.indexOf(':')
  return attributes[colon === -1 ? 'xmlns' : `xmlns:${name.slice(0, colon)}`]
}

/** UTF-8 or UTF-16, by the first bytes (XML 1.0, appendix F); otherwise Latin-1, in which the domain is still readable. */
function textOf(body: Uint8Array): string {
  const [first, second] = body
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) {
    return new TextDecoder('utf-16le').decode(body)
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) {
    return new TextDecoder('utf-16be').decode(body)
  }
  return new TextDecoder(isUtf8(body) ? 'utf-8' : 'latin1').decode(body)
}
