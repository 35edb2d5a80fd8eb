import type { Path } from '../reading/path.ts'
import { certificatesOf } from '../reading/pem.ts'
import type { Reading } from '../reading/reading.ts'
import { isLoopback, type WatchSection, watchSection } from './watch-section.ts'

/** Where changes are sent. */
export interface WebhookSettings {
  readonly url: string
  readonly token?: string
  /** In milliseconds. */
  readonly timeout: number
}

/** `watch:` with the files that it names. Plain data; times in milliseconds. */
export interface WatchSettings extends Omit<WatchSection, 'webhook' | 'authorityFile'> {
  /** Further authorities, as PEM. */
  readonly authority?: string
  readonly webhook?: WebhookSettings
}

/** The settings without a section `watch:`. */
export function defaultWatch(): WatchSettings {
  const { webhook: _webhook, authorityFile: _authorityFile, ...settings } = watchSection.parse({})
  return settings
}

const minute = 60_000

/** Reads `watch:` and its files, and warns of what makes no sense. `hosts` is the number of mail hosts. */
export async function readWatch(
  section: WatchSection,
  hosts: number,
  reading: Reading,
): Promise<WatchSettings> {
  const { webhook, authorityFile, ...settings } = section
  warnOfTimes(settings, hosts, reading)
  const authority = await readAuthority(authorityFile, reading)
  const read = webhook && (await readWebhook(webhook, reading))
  return { ...settings, ...(authority !== undefined && { authority }), ...(read && { webhook: read }) }
}

function warnOfTimes(
  { every, confirm, sample }: Pick<WatchSection, 'every' | 'confirm' | 'sample'>,
  hosts: number,
  { report }: Reading,
): void {
  if (every < minute)
    report.warn(
      ['watch', 'every'],
      'is under a minute; mail servers may count so many connections as an attack',
    )
  if (confirm >= every)
    report.warn(
      ['watch', 'confirm'],
      'is not shorter than "every", so changes are seen late; set it to a few minutes',
    )
  const looks = hosts + sample
  if (every >= minute && looks * 1000 > every / 2)
    report.warn(
      ['watch', 'sample'],
      `is too large: ${looks} hosts and domains cannot be checked one after the other in half of "every"; set a smaller sample or a longer time`,
    )
}

async function readAuthority(name: string | undefined, reading: Reading): Promise<string | undefined> {
  if (name === undefined) return undefined
  const path = ['watch', 'authorityFile']
  const read = await reading.readFile(name, path, 'secret')
  if (!read) return undefined
  const pem = Buffer.from(read.bytes).toString()
  if (certificatesOf(pem)?.length) return pem
  reading.report.error(path, `${read.file} contains no valid certificates; write a PEM file`)
  return undefined
}

async function readWebhook(
  { url: given, urlFile, tokenFile, timeout }: NonNullable<WatchSection['webhook']>,
  reading: Reading,
): Promise<WebhookSettings | undefined> {
  const at = (key: string): Path => ['watch', 'webhook', key]
  const token = await readLine(tokenFile, at('tokenFile'), reading)
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    reading.report.error(at('tokenFile'), 'must contain one line of ASCII characters without spaces')
  const url = given ?? (await readLine(urlFile, at('urlFile'), reading))
  if (url === undefined) return undefined
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    reading.report.error(at('urlFile'), 'must contain an absolute URL that starts with https:// or http://')
    return undefined
  }
  if (url.startsWith('http:') && !isLoopback(url))
    reading.report.warn(
      at(given === undefined ? 'urlFile' : 'url'),
      'sends changes to another machine without encryption, where others can read and change them; use https://',
    )
  return { url, timeout, ...(token !== undefined && { token }) }
}

/** The content of a file with a secret, without the line break at its end. */
async function readLine(name: string | undefined, path: Path, reading: Reading): Promise<string | undefined> {
  const read = name === undefined ? undefined : await reading.readSecretFile(name, path)
  return read && Buffer.from(read.bytes).toString().trim()
}
