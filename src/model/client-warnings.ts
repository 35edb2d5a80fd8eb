import { placeholders, unknownPlaceholders } from './placeholders.ts'
import type { Documentation, MailHost, ServerTemplate, Services } from './settings.ts'

/** What would hurt a real client, in words that name it. */

export function displayNameWarnings(name: string, better: number): string[] {
  const found: string[] = []
  if ([...name].length > better) {
    found.push(`is longer than ${better} characters: clients may cut it (draft-ietf-mailmaint-autoconfig-06)`)
  }
  if (/[&<>"]|[\u{10000}-\u{10ffff}]/u.test(name)) {
    found.push(
      'holds & < > " or an emoji: Thunderbird for iOS and Delta Chat keep only what stands behind it',
    )
  }
  if (/%[A-Z]+%/.test(name)) found.push('holds a placeholder: most clients show it as it stands')
  return found
}

/** Each warning with the index of the page that it speaks of. */
export function documentationWarnings(pages: readonly Documentation[]): { index: number; message: string }[] {
  return pages.flatMap(({ descr }, index) =>
    Object.keys(descr).length > 0
      ? []
      : [
          {
            index,
            message:
              'has no descr, and pimalaya discards the document for it: left out unless a host has shape: all',
          },
        ],
  )
}

export function usernameWarnings(username: string): string[] {
  if (username === '%EMAILADDRESS%' || username === '%EMAILLOCALPART%') return []
  const unknown = unknownPlaceholders(username)
  if (unknown.length > 0) {
    return [`holds ${unknown.join(', ')}, which no client replaces; there are ${placeholders.join(', ')}`]
  }
  if (username === '%EMAILDOMAIN%')
    return ['is %EMAILDOMAIN%, which Evolution makes empty and Horde leaves as it stands']
  if (username.includes('%')) {
    return [
      'mixes a placeholder with other text: Evolution, Horde, FairEmail, aerc and GNOME Online Accounts get it wrong',
    ]
  }
  const misread = misreadLogin(username)
  if (misread !== undefined) return [misread]
  return [
    'is the same login for everybody of the domain: GNOME Online Accounts ignores it and leaves the field empty',
  ]
}

/** What is wrong with a login that Thunderbird reads as something else, if it does. */
export function misreadLogin(login: string): string | undefined {
  const isMisread = Number.isFinite(Number(login)) || /^(true|false)$/i.test(login)
  if (!isMisread || asThunderbirdReads(login) === login) return undefined
  return `looks like a number or a truth value: Thunderbird logs in as "${asThunderbirdReads(login)}"`
}

/** Its XML reader turns a text that looks like a number into one, and `TRUE` into `true` (JXON). */
function asThunderbirdReads(text: string): string {
  return Number.isFinite(Number(text)) ? String(Number.parseFloat(text)) : text.toLowerCase()
}

/** Each warning with the index of the server, and the key of it, that it speaks of. */
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
  const fate = shape === 'all' ? 'it is written all the same' : 'it is left out'
  servers.forEach(({ type, socketType, authentication, port }, index) => {
    const warn = (key: ServerWarning['key'], message: string) => found.push({ index, key, message })
    if (servers.findIndex((other) => other.type === type) < index) {
      const last = type === 'smtp' ? 'Evolution and aerc take' : 'Evolution takes'
      warn('type', `a second ${type} server: ${last} the last, everybody else the first; ${fate}`)
    }
    if (socketType === 'plain') {
      warn('socketType', `plain: Thunderbird for Android and for iOS discard the whole document; ${fate}`)
    }
    if (standardSocket[port] !== undefined && standardSocket[port] !== socketType && socketType !== 'plain') {
      warn('port', `port ${port} speaks ${standardSocket[port]} by its standard, not ${socketType}`)
    }
    if (socketType === 'STARTTLS' && standardSocket[port] === undefined) {
      warn(
        'port',
        `STARTTLS on port ${port}: Thunderbird and FairEmail, where they ask Autodiscover, go by the port and take TLS from the first byte`,
      )
    }
    const unsafe = authentication.filter((method) => !safe.has(method))
    if (unsafe.length > 0) {
      warn(
        'authentication',
        `${unsafe.join(', ')}: Thunderbird for iOS and pimalaya discard the whole document; ${fate}`,
      )
    }
    const passwords = authentication.filter((method) => method.startsWith('password-'))
    if (authentication.includes('OAuth2')) {
      warn(
        'authentication',
        passwords.length === 0
          ? 'OAuth2 without a password method: Thunderbird, Thunderbird for Android and Mustang skip the server unless they know its host'
          : 'OAuth2 beside a password method: KMail takes OAuth2',
      )
    } else if (passwords.length > 1) {
      warn(
        'authentication',
        `two password methods: KMail takes the stronger one; the second is ${fate.slice(6)}`,
      )
    }
  })
  return found
}

/**
 * Each warning with the service that it speaks of. Sections beside the mail servers trouble no client: their user name is
 * the mailbox's, which FairEmail takes from the last of them.
 */
export function serviceWarnings(
  { shape }: Pick<MailHost, 'shape'>,
  { jmap, caldav, carddav }: Services,
): { key: keyof Services; message: string }[] {
  const found: { key: keyof Services; message: string }[] = []
  if (jmap !== undefined && shape === 'all') {
    const message =
      'jmap in every document, as shape: all has it: Thunderbird for iOS and pimalaya discard the whole document'
    found.push({ key: 'jmap', message })
  }
  for (const [key, url] of Object.entries({ jmap, caldav, carddav })) {
    if (url === undefined) continue
    const { port, pathname } = new URL(url)
    const what = port !== '' ? 'has a port' : pathname === '/' ? 'has no path' : undefined
    if (what)
      found.push({ key: key as keyof Services, message: `${what}: PACC cannot say it, and leaves it out` })
  }
  return found
}

const safe: ReadonlySet<string> = new Set(['password-cleartext', 'password-encrypted', 'OAuth2'])

const standardSocket: Readonly<Record<number, string>> = {
  993: 'SSL',
  995: 'SSL',
  465: 'SSL',
  143: 'STARTTLS',
  110: 'STARTTLS',
  587: 'STARTTLS',
}
