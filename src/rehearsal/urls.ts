/** The URLs at which mail clients ask. */

type Scheme = 'http' | 'https'

export const sub = (scheme: Scheme, domain: string, query = ''): string =>
  `${scheme}://autoconfig.${domain}/mail/config-v1.1.xml${query}`

export const wellKnown = (scheme: Scheme, domain: string, query = ''): string =>
  `${scheme}://${domain}/.well-known/autoconfig/mail/config-v1.1.xml${query}`

export const mailV1 = (domain: string, query: string): string =>
  `https://autoconfig.${domain}/.well-known/mail-v1.xml${query}`

export const ispdb = (domain: string): string => `https://autoconfig.thunderbird.net/v1.1/${domain}`

export const autodiscover = (scheme: Scheme, host: string): string =>
  `${scheme}://${host}/autodiscover/autodiscover.xml`

/** As HTML forms do. */
export const formQuery = (address: string): string => `?${new URLSearchParams({ emailaddress: address })}`

export const rawQuery = (address: string): string => `?emailaddress=${address}`
