/**
 * The largest files that are read, in bytes. A map of 256 MB has about seven million domains. A file that is larger was named by
 * mistake, and reading it would use up the memory of the server.
 */
export const sizeLimits = {
  configuration: 32e6,
  map: 256e6,
  ispdb: 4e6,
  /** A secret, a key, a password or certificates. */
  secret: 1e6,
  /** A logo or a template of the page for people. */
  page: 1e6,
} as const

export type SizeLimit = keyof typeof sizeLimits

export const tooLarge = (bytes: number, limit: number): string =>
  `it has ${megabytes(bytes)} MB; at most ${megabytes(limit)} MB are read`

/** Rounded up, so that a file above the limit never seems to have its size. */
const megabytes = (bytes: number): string => (Math.ceil(bytes / 1e5) / 10).toLocaleString('en-US')
