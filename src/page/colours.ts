/** The background of the page, which `assets/style/base.css` names, too. */
export const paper = { light: '#ffffff', dark: '#15181c' } as const

/** WCAG 2.2, 1.4.3: text of the usual size. */
export const wantedContrast = 4.5

/** The contrast of two colours such as `#1f5fa8`, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastWith(colour: string, background: string): number {
  const [lighter, darker] = [luminance(colour), luminance(background)].sort((a, b) => b - a) as [
    number,
    number,
  ]
  return (lighter + 0.05) / (darker + 0.05)
}

/** The shade of a colour that is nearest to it and can be read on the background. */
export function nearestWithContrast(colour: string, background: string): string {
  const end = luminance(background) > 0.5 ? 0 : 255
  const shades = Array.from({ length: 51 }, (_, step) => mixed(colour, end, step / 50))
  return shades.find((shade) => contrastWith(shade, background) >= wantedContrast) as string
}

/** Black or white, whichever can be read on the colour. */
export const textOn = (colour: string): string =>
  contrastWith(colour, '#ffffff') >= contrastWith(colour, '#000000') ? '#ffffff' : '#000000'

const channels = (colour: string): [number, number, number] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number, number]

const mixed = (colour: string, end: number, share: number): string =>
  `#${channels(colour)
    .map((value) =>
      Math.round(value + (end - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
