import type { Diagnostic } from '../model/diagnostic.ts'
import type { Reading } from '../reading/reading.ts'
import type { SignSection } from './apple-section.ts'
import { readSigningIdentity, type Signing } from './signing-identity.ts'

/**
 * Reads the files of `apple.sign`. If the certificate cannot be used, the server still runs, and sends profiles unsigned
 * until the files change.
 */
export async function readSigning(section: SignSection, reading: Reading): Promise<Signing> {
  const errors: Diagnostic[] = []
  const addError = (key: keyof SignSection, problem: string) => {
    const message = `${section[key]} ${problem}; profiles are sent unsigned`
    errors.push(reading.report.diagnostic(['apple', 'sign', key], message))
  }
  const texts: Partial<Record<keyof SignSection, string>> = {}
  for (const key of ['certificate', 'key', 'chain'] as const) {
    if (section[key] === undefined) continue
    const { file, content } = await reading.tryFile(section[key], 'secret')
    if (content.ok) texts[key] = Buffer.from(content.value).toString('latin1')
    else addError(key, `cannot be read: ${content.error}`)
    if (key === 'key') await reading.warnIfExposed(file, ['apple', 'sign', key])
  }
  const { certificate, key, chain } = texts
  if (certificate !== undefined && key !== undefined && errors.length === 0) {
    const identity = readSigningIdentity({ certificate, key, ...(chain === undefined ? {} : { chain }) })
    if (identity.ok) return { identity: identity.value }
    addError(identity.error.file, identity.error.message)
  }
  return { errors }
}
