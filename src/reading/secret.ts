import { failure, type Result, success } from '../model/result.ts'

/** In bytes (RFC 2104, section 3, and RFC 7518, section 3.2, for SHA-256). */
const minimumLength = 32

/** The content of a file with a secret -> the secret, or what is wrong with it. */
export function readSecret(bytes: Uint8Array): Result<Uint8Array> {
  return bytes.length < minimumLength
    ? failure(`has ${bytes.length} bytes; a secret must have at least ${minimumLength}`)
    : success(bytes)
}
