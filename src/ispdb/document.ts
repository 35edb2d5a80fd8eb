import { type Domain, parseDomain } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import { socketTypes } from '../model/settings.ts'
import { type Element, type FileError, readXml } from './xml.ts'

/** An ISPDB document that can be served for each of its domains. */
export interface ReadDocument {
  /** In shared memory, so that it crosses to another thread without a copy. */
  readonly body: Uint8Array
  /** Every `<domain>`, in the order of the document. */
  readonly domains: readonly { readonly domain: Domain; readonly line: number }[]
  /** Each `<domain>` that is ignored, and each `<socketType>` that clients misread. */
  readonly warnings: readonly FileError[]
}

/**
 * An ISPDB file -> the document that is served for it: the same bytes, unknown elements included. If there is no XML
 * declaration (in nine of a hundred files), one is added at the start, since clients need it: enough_mail expects `<` as the
 * first byte.
 */
export function readDocument(bytes: Uint8Array): Result<ReadDocument, FileError> {
  const read = readXml(bytes)
  if (!read.ok) return read
  const root = read.value
  if (root.name !== 'clientConfig' || 'xmlns' in root.attributes) return failAt(root, wrongRoot(root))
  const elements = [...elementsNamed('domain', root)]
  const domains = elements.flatMap(({ text, line }) => {
    const domain = parseDomain(text)
    return domain ? [{ domain, line }] : []
  })
  const invalid = elements.filter(({ text }) => !parseDomain(text))
  if (domains.length === 0) {
    const [first] = invalid
    return first
      ? failAt(first, invalidDomain(first))
      : failAt(root, 'has no <domain>; add one for each domain of the provider')
  }
  const warnings = [
    ...invalid.map((element) => ({ ...placeOf(element), message: `${invalidDomain(element)}; ignored` })),
    ...[...elementsNamed('socketType', root)].flatMap((element) => {
      const message = misreadSocketType(element.text)
      return message === undefined ? [] : { ...placeOf(element), message: `<socketType> ${message}` }
    }),
  ]
  return success({ body: withDeclaration(bytes), domains, warnings })
}

/** Why the text of a `<domain>` is not a domain. It is not repeated: it may be anything. */
export function notADomain(text: string): string {
  return /%EMAILDOMAIN%/i.test(text)
    ? 'it is the placeholder %EMAILDOMAIN%, not a domain; list each domain'
    : 'it is not a domain such as example.org'
}

/** Why clients misread a `socketType`; `undefined` if they read it. KMail encrypts only what it knows. */
export function misreadSocketType(text: string): string | undefined {
  if (socketTypes.some((name) => name === text)) return undefined
  const shown = /^(ssl|tls|ssl\/tls|starttls|plain|none)$/i.test(text) ? `"${text}" ` : ''
  return `${shown}is not one of ${socketTypes.join(', ')}: KMail 22.12 reads it as no encryption, and Thunderbird ignores the server`
}

function* elementsNamed(name: string, parent: Element): Generator<Element> {
  for (const child of parent.children) {
    if (child.name === name) yield child
    yield* elementsNamed(name, child)
  }
}

const placeOf = ({ line, column }: Element): { line: number; column: number } => ({ line, column })

const failAt = (element: Element, message: string): Result<never, FileError> =>
  failure({ ...placeOf(element), message })

const invalidDomain = ({ text }: Element): string => `<domain> is not usable: ${notADomain(text)}`

const wrongRoot = ({ name, attributes }: Element): string =>
  'xmlns' in attributes
    ? 'the root element must have no namespace; remove the attribute xmlns'
    : `the root element must be <clientConfig>, not <${name}>`

const declaration = new TextEncoder().encode('<?xml version="1.0" encoding="UTF-8"?>\n')

function withDeclaration(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte > 0x20)
  const isDeclared = new TextDecoder().decode(bytes.subarray(start, start + 6)) === '<?xml '
  const pieces = isDeclared ? [bytes.subarray(start)] : [declaration, bytes.subarray(start)]
  const body = new Uint8Array(
    new SharedArrayBuffer(pieces.reduce((length, piece) => length + piece.length, 0)),
  )
  let at = 0
  for (const piece of pieces) {
    body.set(piece, at)
    at += piece.length
  }
  return body
}
