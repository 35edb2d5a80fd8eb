import { failure, type Result, success } from '../model/result.ts'

/** Bytes in the largest QR code, at level M (ISO/IEC 18004, table 7). */
const capacity = 2331

/** The text of a QR code, if it fits. */
export const qrText = (text: string): Result<string> =>
  Buffer.byteLength(text) > capacity ? failure('the content is too long for a QR code') : success(text)
