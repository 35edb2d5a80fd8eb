import { reject } from '../readers/reader.ts'
import { type Answer, isSuccess } from './reader.ts'

/** The protocols that Mustang (Parula) asks for, all at once and in this spelling; never for `AutodiscoverV1`. */
export const mustangProtocols = ['Ews', 'ActiveSync', 'REST'] as const

/**
 * Mustang reading JSON: the URL of an Exchange server. An answer to this with a `Url` in it makes an Exchange account of
 * every mailbox, so there must be none where there is no Exchange. The path contains the address as it was typed.
 */
export function mustangUrl(address: string, protocol: string): string {
  return `/autodiscover/autodiscover.json/v1.0/${address}?Protocol=${protocol}`
}

export function readMustangJson(answer: Answer): URL {
  if (!isSuccess(answer)) reject(`status ${answer.status}`)
  const json = parse(answer.body)
  if (typeof json !== 'object' || json === null) reject('no JSON')
  const { ErrorMessage, Url } = json as { ErrorMessage?: unknown; Url?: unknown }
  if (ErrorMessage) reject(String(ErrorMessage))
  if (!Url) reject('no URL found')
  const url = URL.canParse(String(Url)) ? new URL(String(Url)) : reject('no URL')
  return url.protocol === 'https:' ? url : reject('not https')
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return reject('no JSON')
  }
}
