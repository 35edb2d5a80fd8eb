/** How long a certificate is valid. All times are in milliseconds since 1970. */

const day = 86_400_000

/** In days: enough for an admin who is on holiday. */
const soon = 21

/** The days that a certificate should have left: programs that renew certificates do so in the last third of their life. */
export const leastDaysLeft = (from: number, to: number): number =>
  Math.min(soon, Math.floor((to - from) / day / 3))

/** Whole days, rounded down: negative after the end. */
export const daysLeft = (to: number, now: number): number => Math.floor((to - now) / day)

/** `2026-12-31` */
export const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10)
