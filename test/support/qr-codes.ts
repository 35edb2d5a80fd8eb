import jsQRModule from 'jsqr'
import { PNG } from 'pngjs'

// The types declare the module, but Node.js imports the function.
const jsQR = jsQRModule as unknown as typeof jsQRModule.default

/** The text of a QR code from its dark and light modules, row by row. */
function read(rows: readonly (readonly boolean[])[]): string | undefined {
  const scale = 4
  const size = rows.length * scale
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const isDark = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] ?? false
      if (isDark) pixels.fill(0, 4 * (y * size + x), 4 * (y * size + x) + 3)
    }
  }
  return textOf(jsQR(pixels, size, size))
}

const textOf = (code: ReturnType<typeof jsQR>): string | undefined =>
  code ? Buffer.from(code.binaryData).toString() : undefined

export function readPng(bytes: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(bytes)
  return textOf(jsQR(new Uint8ClampedArray(data), width, height))
}

/** The SVG draws lines of modules: `M4 4.5h7m1 0h3…`, each row at its middle. */
export function readSvg(svg: string): string | undefined {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1])
  const rows = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const [, path = ''] = /stroke="#000000" d="([^"]+)"/.exec(svg) ?? []
  let [x, y] = [0, 0]
  for (const [, step, a, b] of path.matchAll(/([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?/g)) {
    if (step === 'h') {
      for (let end = x + Number(a); x < end; x++) (rows[Math.floor(y)] as boolean[])[x] = true
    } else {
      x = step === 'M' ? Number(a) : x + Number(a)
      y = step === 'M' ? Number(b) : y + Number(b)
    }
  }
  return read(rows)
}

/** Two modules to a character: `▀` is the upper, `▄` the lower, `█` both. */
export function readTerminal(text: string): string | undefined {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace('\u001b[30;107m', '').replace('\u001b[0m', ''))
  const rows = lines.flatMap((line) => [
    [...line].map((block) => block === '▀' || block === '█'),
    [...line].map((block) => block === '▄' || block === '█'),
  ])
  return read(rows)
}
