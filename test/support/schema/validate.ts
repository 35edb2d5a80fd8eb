import { readFileSync } from 'node:fs'
import { RelaxNGValidator, XmlDocument, XmlLibError } from 'libxml2-wasm'

/** What this server sends by default. */
export const autoconfigSchema = new URL('autoconfig.rng', import.meta.url)

/** What the draft permits, and so whatever this server sends. */
export const draftSchema = new URL('draft.rng', import.meta.url)

/**
 * Every fault libxml2 finds, as `line: message`; none where the document is valid. A schema that is itself at
 * fault throws.
 */
export function validate(schemaFile: string | URL, xml: Uint8Array): string[] {
  const schema = XmlDocument.fromBuffer(readFileSync(schemaFile))
  try {
    const validator = RelaxNGValidator.fromDoc(schema)
    try {
      return faultsOf(xml, validator)
    } finally {
      validator.dispose()
    }
  } finally {
    schema.dispose()
  }
}

function faultsOf(xml: Uint8Array, validator: RelaxNGValidator): string[] {
  let document: XmlDocument | undefined
  try {
    document = XmlDocument.fromBuffer(xml)
    validator.validate(document)
    return []
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error
    return error.details.map(({ line, message }) => `${line}: ${message.trim()}`)
  } finally {
    document?.dispose()
  }
}
