import * as z from 'zod'

/** Milliseconds. */
const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const pattern = /^(\d{1,6}) ?([smhd])$/
const howToWrite = 'must be a number and a unit (s, m, h or d), such as 90s, 5m or 6h'

/** `90s`, `5m`, `6h`, `2d` -> milliseconds. The limits are written the same way. */
export function duration(minimum: string, maximum: string) {
  return z.string(howToWrite).transform((value, context) => {
    const milliseconds = parseDuration(value)
    if (milliseconds === undefined) {
      context.addIssue(howToWrite)
      return z.NEVER
    }
    if (milliseconds >= Number(parseDuration(minimum)) && milliseconds <= Number(parseDuration(maximum)))
      return milliseconds
    context.addIssue(`must be from ${minimum} to ${maximum}`)
    return z.NEVER
  })
}

function parseDuration(text: string): number | undefined {
  const [, number, unit] = pattern.exec(text) ?? []
  return unit === undefined ? undefined : Number(number) * units[unit as keyof typeof units]
}
