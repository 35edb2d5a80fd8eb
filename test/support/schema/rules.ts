import { domainToUnicode } from 'node:url'
import { descendants, type Element, parseXml, textOf } from '../../../src/rehearsal/readers/xml.ts'

/**
 * The rules of the document we send that a grammar cannot state: of bytes, of comments, of values that must
 * be equal.
 */
export function brokenRules(document: Uint8Array): string[] {
  const { root, ...prolog } = parseXml(document)
  const elements = [root, ...descendants(root)]
  const leaves = elements.filter(({ children }) => children.length === 0)
  const broken = [
    // Rule 29. Evolution refuses a byte order mark, enough_mail anything before the first <.
    !prolog.hasDeclaration && 'the XML declaration is missing',
    document[0] !== '<'.charCodeAt(0) && 'the first byte is not <',
    prolog.hasDoctype && 'there is a DOCTYPE',
    prolog.hasInstructions && 'there is a processing instruction',
    // Rule 16. Evolution loses a text to either; Delta Chat does not see CDATA.
    leaves.some(has('comment')) && 'there is a comment inside a leaf element',
    elements.some(has('cdata')) && 'there is a CDATA section',
    // Rule 15. A second domain is for clients that compare it with the domain as people type it.
    !isDomainInBothSpellings(elements) && 'the second domain is not the first in U-labels',
    // Rule 18. FairEmail reads one user name for all servers.
    userNames(elements).size > 1 && 'the servers have different user names',
  ]
  return broken.filter((rule) => rule !== false)
}

function has(kind: 'comment' | 'cdata'): (element: Element) => boolean {
  return ({ parts }) => parts.some((part) => part.kind === kind)
}

function isDomainInBothSpellings(elements: readonly Element[]): boolean {
  const [first = '', second] = elements.filter(({ name }) => name === 'domain').map(textOf)
  return second === (first.includes('xn--') ? domainToUnicode(first) : undefined)
}

function userNames(elements: readonly Element[]): ReadonlySet<string> {
  return new Set(elements.filter(({ name }) => name === 'username').map(textOf))
}
