import { isIP } from 'node:net'
import { InvalidArgumentError } from '@commander-js/extra-typings'

/** The parsers of option values. Each throws `InvalidArgumentError`, which commander prints. */

export function days(text: string): number {
  const number = Number(text)
  if (/^\d{1,4}$/.test(text) && number >= 1 && number <= 3650) return number
  throw new InvalidArgumentError('must be a number of days from 1 to 3650.')
}

export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('must be a whole number.')
}

export function port(text: string): number {
  const number = Number(text)
  if (/^\d{1,5}$/.test(text) && number <= 65535) return number
  throw new InvalidArgumentError('must be a port, a number from 0 to 65535.')
}

/** systemd separates several directories by colons. */
export const firstDirectory = (text: string): string => text.split(':', 1).join()

/** An option that can be repeated. */
export const ipAddresses = (text: string, before: readonly string[] = []): readonly string[] => {
  if (isIP(text) !== 0) return [...before, text]
  throw new InvalidArgumentError('must be an IP address.')
}

/** An option that can be repeated. */
export const texts = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]
