const units = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `12000000` -> `12 MB`, in French `12 Mo`. Rounded down, so that nobody is promised more than there is. */
export function formatSize(bytes: number, language: string): string {
  const exponent = Math.min(units.length, Math.max(1, Math.floor(Math.log10(bytes) / 3)))
  const amount = Math.floor((bytes / 1000 ** exponent) * 10) / 10
  return new Intl.NumberFormat(language, { style: 'unit', unit: units[exponent - 1] as string }).format(
    amount,
  )
}
