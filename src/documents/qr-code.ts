import { setImmediate as nextTurn } from 'node:timers/promises'
import { png } from './png.ts'

/** How to draw a QR code. `terminal`: black on white, two modules per character. */
export type Picture = 'svg' | 'png' | 'terminal'

/** `Content-Type` of the files. */
export const pictureTypes = { svg: 'image/svg+xml', png: 'image/png' } as const

/** White modules around a QR code (ISO/IEC 18004, section 9.1). */
const margin = 4

/** A QR code (ISO/IEC 18004) of level M with the text in UTF-8, at most 2331 bytes. */
export async function drawQrCode(text: string, picture: Picture): Promise<Uint8Array> {
  const qrcode = await loadQrCodes()
  const segments = [{ data: Buffer.from(text), mode: 'byte' as const }]
  const options = { errorCorrectionLevel: 'M', margin } as const
  // The package draws a PNG with four bytes for each pixel, which takes ten times as long.
  if (picture === 'png') return png(qrcode.create(segments, options).modules, margin)
  if (picture === 'svg') return Buffer.from(await qrcode.toString(segments, { ...options, type: 'svg' }))
  return Buffer.from(blackOnWhite(await qrcode.toString(segments, { ...options, type: 'utf8' })))
}

type QrCodes = Awaited<ReturnType<typeof load>>

let loading: Promise<QrCodes> | undefined

/** Loads the package for the first picture: most servers never draw one. */
export function loadQrCodes(): Promise<QrCodes> {
  loading ??= load()
  return loading
}

/**
 * V8 runs new code slowly: a code of an account takes 60 ms of CPU, and nothing else is done meanwhile. After some of the smallest
 * codes, each in its own turn of the event loop, it takes 15 ms.
 */
async function load() {
  const { default: qrcode } = await import('qrcode')
  for (let count = 0; count < 4; count++) {
    await nextTurn()
    qrcode.create('x', { errorCorrectionLevel: 'M' })
  }
  return qrcode
}

/** Independent of the terminal's colours: few cameras read white on black (ECMA-48, section 8.3.117). */
const blackOnWhite = (blocks: string): string =>
  blocks.replace(/^.+$/gm, (line) => `\u001b[30;107m${line}\u001b[0m`).replace(/\n*$/, '\n')
