import type { ClientConfig } from '../model/settings.ts'

/** How long caches may keep an answer, in seconds: not beyond a scheduled move. `now`: milliseconds since 1970. */
export const maxAgeOf = ({ changesAt }: ClientConfig, maxAge: number, now: () => number): number =>
  changesAt === undefined ? maxAge : Math.max(0, Math.min(maxAge, Math.floor((changesAt - now()) / 1000)))
