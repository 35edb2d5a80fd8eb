import { isIP } from 'node:net'

export interface IpAndPort {
  readonly address: string
  readonly port?: number
}

/** `127.0.0.1`, `::1`, `127.0.0.1:5353` or `[::1]:5353`; `undefined` for anything else. */
export function parseIpAndPort(text: string): IpAndPort | undefined {
  if (isIP(text) !== 0) return { address: text }
  const [, six, four = six, port] = /^(?:\[([^\]]*)\]|([\d.]*)):(\d{1,5})$/.exec(text) ?? []
  const family = six === undefined ? 4 : 6
  const number = Number(port)
  if (four === undefined || isIP(four) !== family || number < 1 || number > 65_535) return undefined
  return { address: four, port: number }
}
