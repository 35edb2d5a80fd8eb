import { png } from './png.ts'

/** How to draw a QR code. `terminal`: black on white, two modules per character. */
export type Picture = 'svg' | 'png' | 'terminal'

/** `Content-Type` of the files. */
export const pictureTypes = { svg: 'image/svg+xml', png: 'image/png' } as const

/** White modules around a QR code (ISO/IEC 18004, section 9.1). */
const margin = 4

/** A QR code (ISO/IEC 18004) of level M with the text in UTF-8, at most 2331 bytes. */
export async function drawQrCode(text: string, picture: Picture): Promise<Uint8Array> {
  // Loaded for the first picture: most servers never draw one.
  const { default: qrcode } = await import('qrcode')
  const segments = [{ data: Buffer.from(text), mode: 'byte' as const }]
  const options = { errorCorrectionLevel: 'M', margin } as const
  // The package draws a PNG with four bytes for each pixel, which takes ten times as long.
  if (picture === 'png') return png(qrcode.create(segments, options).modules, margin)
  if (picture === 'svg') return Buffer.from(await qrcode.toString(segments, { ...options, type: 'svg' }))
  return Buffer.from(blackOnWhite(await qrcode.toString(segments, { ...options, type: 'utf8' })))
}

/** Independent of the terminal's colours: few cameras read white on black (ECMA-48, section 8.3.117). */
const blackOnWhite = (blocks: string): string =>
  blocks.replace(/^.+$/gm, (line) => `\u001b[30;107m${line}\u001b[0m`).replace(/\n*$/, '\n')
