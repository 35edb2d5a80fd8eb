import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type Account, Rejected } from '../../../src/rehearsal/readers/reader.ts'

/** The account, or the reason there is none; anything else that is thrown is a mistake in the reader. */
export function outcomeOf(read: () => Account): Account | Rejected {
  try {
    return read()
  } catch (error) {
    if (error instanceof Rejected) return error
    throw error
  }
}

/** A document with some of it cut out, and something put in its place. */
export function damaged(document: string, word: string): fc.Arbitrary<string> {
  const snippet = fc.constantFrom(
    '',
    '<a/>',
    ' x="1"',
    '<!-- -->',
    '<![CDATA[x]]>',
    '&amp;',
    ' ',
    '0',
    '<',
    word,
  )
  return fc
    .tuple(fc.nat({ max: document.length }), fc.nat({ max: 300 }), snippet)
    .map(([start, length, put]) => document.slice(0, start) + put + document.slice(start + length))
}

/** A document as it is expected, byte for byte. */
export interface Golden {
  /** Of its case. */
  readonly name: string
  readonly document: Uint8Array
  /** The operator wrote `shape: all`, and gave up the shape that all clients take. */
  readonly asksForAll: boolean
}

/** Those that have this name. */
export function goldenDocuments(fileName: string): readonly Golden[] {
  const folder = new URL('../../golden/', import.meta.url)
  return readdirSync(folder)
    .filter((name) => existsSync(new URL(`${name}/${fileName}`, folder)))
    .map((name) => ({
      name,
      document: readFileSync(new URL(`${name}/${fileName}`, folder)),
      asksForAll: /^\s*shape:\s*all\s*$/m.test(readFileSync(new URL(`${name}/config.yaml`, folder), 'utf8')),
    }))
}
