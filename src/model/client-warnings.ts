import type { Domain } from './address.ts'
import { fillDomain, placeholders, unknownPlaceholders } from './placeholders.ts'
import { isPersonal, partsOf, urlServices } from './service-urls.ts'
import type { Documentation, MailHost, ServerTemplate, Services } from './settings.ts'

/** Warnings about settings that break a client. Each names the client. */

export function displayNameWarnings(name: string, better: number): string[] {
  const found: string[] = []
  if ([...name].length > better) {
    found.push(
      `is longer than ${better} characters: clients may truncate it (draft-ietf-mailmaint-autoconfig-06)`,
    )
  }
  if (/[&<>"]|[\u{10000}-\u{10ffff}]/u.test(name)) {
    found.push('contains & < > " or an emoji: Thunderbird for iOS and Delta Chat drop everything before it')
  }
  if (/%[A-Z]+%/.test(name)) found.push('contains a placeholder: most clients do not replace it')
  return found
}

/** Each warning with the index of the page that it is about. */
export function documentationWarnings(pages: readonly Documentation[]): { index: number; message: string }[] {
  return pages.flatMap(({ descr }, index) =>
    Object.keys(descr).length > 0
      ? []
      : [
          {
            index,
            message:
              'has no descr: pimalaya rejects a document with such a page, so it is omitted unless the host has "shape: all"',
          },
        ],
  )
}

export function usernameWarnings(username: string): string[] {
  if (username === '%EMAILADDRESS%' || username === '%EMAILLOCALPART%') return []
  const unknown = unknownPlaceholders(username)
  if (unknown.length > 0) {
    return [`contains ${unknown.join(', ')}, which no client replaces; use ${placeholders.join(', ')}`]
  }
  if (username === '%EMAILDOMAIN%')
    return ['is %EMAILDOMAIN%: Evolution replaces it with an empty string, Horde does not replace it']
  if (username.includes('%')) {
    return [
      'mixes a placeholder with other text: Evolution, Horde, FairEmail, aerc and GNOME Online Accounts get it wrong',
    ]
  }
  if (isMisreadLogin(username)) {
    return ['looks like a number or a boolean: Thunderbird changes it, such as 007 to 7']
  }
  return [
    'is the same username for everyone in the domain: GNOME Online Accounts ignores it and leaves the field empty',
  ]
}

/** Does Thunderbird read the login name as another one? */
export function isMisreadLogin(login: string): boolean {
  const isConverted = Number.isFinite(Number(login)) || /^(true|false)$/i.test(login)
  return isConverted && asThunderbirdReads(login) !== login
}

/**
 * Thunderbird's XML reader (JXON) converts text that looks like a number or a boolean, and converts it back: `007` becomes
 * `7`, `TRUE` becomes `true`.
 */
function asThunderbirdReads(text: string): string {
  return Number.isFinite(Number(text)) ? String(Number.parseFloat(text)) : text.toLowerCase()
}

/** A warning, with the index of the server and the key of the setting that it is about. */
export interface ServerWarning {
  readonly index: number
  readonly key: 'type' | 'socketType' | 'authentication' | 'port'
  readonly message: string
}

export function serverWarnings(
  { shape }: Pick<MailHost, 'shape'>,
  servers: readonly ServerTemplate[],
): ServerWarning[] {
  const found: ServerWarning[] = []
  const treatment = shape === 'all' ? 'still published, because of "shape: all"' : 'omitted'
  servers.forEach(({ type, socketType, authentication, port }, index) => {
    const warn = (key: ServerWarning['key'], message: string) => found.push({ index, key, message })
    if (servers.findIndex((other) => other.type === type) < index) {
      const last = type === 'smtp' ? 'Evolution and aerc use' : 'Evolution uses'
      warn('type', `is a second ${type} server: ${last} the last, other clients the first; ${treatment}`)
    }
    if (socketType === 'plain') {
      warn(
        'socketType',
        `is plain: Thunderbird for Android and for iOS reject the whole document; ${treatment}`,
      )
    }
    if (standardSocket[port] !== undefined && standardSocket[port] !== socketType && socketType !== 'plain') {
      warn('port', `is ${port}: the standard for this port is ${standardSocket[port]}, not ${socketType}`)
    }
    if (socketType === 'STARTTLS' && standardSocket[port] === undefined) {
      warn(
        'port',
        `is ${port} with STARTTLS: Thunderbird and FairEmail, if they use Autodiscover, expect TLS from the first byte on this port`,
      )
    }
    const unsafe = authentication.filter((method) => !safe.has(method))
    if (unsafe.length > 0) {
      warn(
        'authentication',
        `contains ${unsafe.join(', ')}: Thunderbird for iOS and pimalaya reject the whole document; ${treatment}`,
      )
    }
    const passwords = authentication.filter((method) => method.startsWith('password-'))
    if (authentication.includes('OAuth2')) {
      warn(
        'authentication',
        passwords.length === 0
          ? 'contains OAuth2 but no password method: Thunderbird, Thunderbird for Android and Mustang skip the server unless they know its host'
          : 'contains OAuth2 and a password method: KMail uses OAuth2',
      )
    } else if (passwords.length > 1) {
      warn(
        'authentication',
        `contains two password methods: KMail uses the stronger one; the second is ${treatment}`,
      )
    }
  })
  return found
}

/**
 * Each warning with the service that it is about. Elements for services break no client if they contain the username of the
 * mailbox: FairEmail uses the username of the last element for mail.
 */
export function serviceWarnings(
  { shape }: Pick<MailHost, 'shape'>,
  services: Services,
): { key: keyof Services; message: string }[] {
  const found: { key: keyof Services; message: string }[] = []
  if (services.jmap !== undefined && shape === 'all') {
    const message =
      'is in every document because of "shape: all": Thunderbird for iOS and pimalaya reject the whole document'
    found.push({ key: 'jmap', message })
  }
  for (const [key, url] of urlServices(services)) {
    const { port, pathname } = partsOf(fillDomain(url, anyDomain))
    const what = port !== '' ? 'has a port' : pathname === '/' ? 'has no path' : undefined
    if (what) found.push({ key, message: `${what}: PACC cannot express such a URL and omits it` })
    if (isPersonal(url)) {
      const message =
        'is different for each person: Apple profiles and Autodiscover contain it filled in; PACC omits it, and the DNS has the host without the path'
      found.push({ key, message })
    }
  }
  return found
}

/** Any domain takes the place of `%EMAILDOMAIN%` the same way. */
const anyDomain = 'any-domain.invalid' as Domain

const safe: ReadonlySet<string> = new Set(['password-cleartext', 'password-encrypted', 'OAuth2'])

const standardSocket: Readonly<Record<number, string>> = {
  993: 'SSL',
  995: 'SSL',
  465: 'SSL',
  143: 'STARTTLS',
  110: 'STARTTLS',
  587: 'STARTTLS',
}
