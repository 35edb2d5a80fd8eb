import { type Domain, parseDomain } from '../model/address.ts'
import { failure, type Result, success } from '../model/result.ts'
import { type Element, type FileError, readXml } from './xml.ts'

/** An ISPDB document that can be served for each of its domains. */
export interface ReadDocument {
  /** In shared memory, so that it crosses to another thread without a copy. */
  readonly body: Uint8Array
  /** Every `<domain>`, in the order of the document. */
  readonly domains: readonly { readonly domain: Domain; readonly line: number }[]
  /** Each `<domain>` that is ignored, and why. */
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
  const elements = [...domainElements(root)]
  const domains = elements.flatMap(({ text, line }) => {
    const domain = parseDomain(text)
    return domain ? [{ domain, line }] : []
  })
  const invalid = elements.filter(({ text }) => !parseDomain(text))
  if (domains.length === 0) {
    const [first] = invalid
    return first
      ? failAt(first, notADomain(first))
      : failAt(root, 'has no <domain>; add one for each domain of the provider')
  }
  const warnings = invalid.map((element) => ({
    ...placeOf(element),
    message: `${notADomain(element)}; ignored`,
  }))
  return success({ body: withDeclaration(bytes), domains, warnings })
}

function* domainElements(parent: Element): Generator<Element> {
  for (const child of parent.children) {
    if (child.name === 'domain') yield child
    yield* domainElements(child)
  }
}

const placeOf = ({ line, column }: Element): { line: number; column: number } => ({ line, column })

const failAt = (element: Element, message: string): Result<never, FileError> =>
  failure({ ...placeOf(element), message })

const notADomain = ({ text }: Element): string =>
  `<domain> must contain a domain such as example.org, not "${text}"`

const wrongRoot = ({ name, attributes }: Element): string =>
  'xmlns' in attributes
    ? `the root element must have no namespace; remove xmlns="${attributes['xmlns']}"`
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
