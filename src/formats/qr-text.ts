import type { NotExpressible } from './format.ts'

/** Bytes in a QR code of the largest version, at level M (ISO/IEC 18004, table 7). */
const capacity = 2331

/** A text that is to be drawn as a QR code, if it fits into one. */
export const qrText = (text: string): string | NotExpressible =>
  Buffer.byteLength(text) > capacity ? { notExpressible: 'it is too long for a QR code' } : text
