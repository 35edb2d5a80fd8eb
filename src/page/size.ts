import type { PageLanguage } from '../messages/catalogue.ts'

const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A formatter costs more than a page. */
const formatters = new Map<string, Intl.NumberFormat>()

/**
 * `12000000` -> `12 MB`, in French `12 Mo`, with a no-break space. Rounded down, so that nobody is promised more than there is.
 */
export function formatSize(bytes: number, language: PageLanguage): string {
  const exponent = Math.min(units.length, Math.max(1, Math.floor(Math.log10(bytes) / 3)))
  const unit = units[exponent - 1] as string
  const key = `${language} ${unit}`
  const formatter = formatters.get(key) ?? new Intl.NumberFormat(language, { style: 'unit', unit })
  formatters.set(key, formatter)
  return formatter.format(Math.floor((bytes / 1000 ** exponent) * 10) / 10).replace(/\s/g, '\u00a0')
}
