import { type Domain, parseDomain } from '../model/address.ts'
import { type Element, isProblem, type Problem, readXml } from './xml.ts'

/** A document of the ISPDB, ready to be served for each of its domains. */
export interface ReadDocument {
  /** Shared memory: it passes to another thread without being copied. */
  readonly body: Uint8Array
  /** Every `<domain>`, in the order of the document. */
  readonly domains: readonly { readonly domain: Domain; readonly line: number }[]
  /** Domains that nobody can ask for. */
  readonly problems: readonly Problem[]
}

/**
 * An ISPDB file -> what is served for it: its bytes as they stand, behind an XML declaration, which clients need to have
 * (enough_mail wants `<` for the first byte) and nine in a hundred files lack. Elements that we do not know stay.
 */
export function readDocument(bytes: Uint8Array): ReadDocument | Problem {
  const root = readXml(bytes)
  if (isProblem(root)) return root
  if (root.name !== 'clientConfig' || 'xmlns' in root.attributes)
    return { ...placeOf(root), message: wrongRoot(root) }
  const named = [...domainElements(root)]
  const domains = named.flatMap(({ text, line }) => {
    const domain = parseDomain(text)
    return domain ? [{ domain, line }] : []
  })
  const problems = named
    .filter(({ text }) => !parseDomain(text))
    .map((element) => ({
      ...placeOf(element),
      message: `<domain> holds "${element.text}", which is no domain; it is not served`,
    }))
  if (domains.length === 0)
    return problems[0] ?? { ...placeOf(root), message: 'names no <domain> that it is for' }
  return { body: withDeclaration(bytes), domains, problems }
}

function* domainElements(parent: Element): Generator<Element> {
  for (const child of parent.children) {
    if (child.name === 'domain') yield child
    yield* domainElements(child)
  }
}

const placeOf = ({ line, column }: Element): { line: number; column: number } => ({ line, column })

const wrongRoot = ({ name, attributes }: Element): string =>
  'xmlns' in attributes
    ? `its root element is in the namespace "${attributes['xmlns']}"; there must be none`
    : `its root element is <${name}>, not <clientConfig>`

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
