import type { Domain, EmailAddress } from './address.ts'

/** `type` of `incomingServer` and `outgoingServer`. */
export const protocols = ['imap', 'pop3', 'smtp'] as const
export type Protocol = (typeof protocols)[number]

/** `SSL` is TLS from the first byte, `STARTTLS` an upgrade that must succeed, `plain` no encryption. */
export const socketTypes = ['SSL', 'STARTTLS', 'plain'] as const
export type SocketType = (typeof socketTypes)[number]

/** draft-ietf-mailmaint-autoconfig-06, `authentication` of TCP based protocols. */
export const authentications = [
  'password-cleartext',
  'password-encrypted',
  'OAuth2',
  'GSSAPI',
  'NTLM',
  'TLS-client-cert',
  'client-IP-address',
  'none',
] as const
export type Authentication = (typeof authentications)[number]

/** One server, in the ISPDB's words. */
export interface ServerSettings {
  readonly type: Protocol
  readonly hostname: Domain
  readonly port: number
  readonly socketType: SocketType
  /** In order of preference, never empty. */
  readonly authentication: readonly Authentication[]
  /** A placeholder or a literal login. */
  readonly username: string
  /** Only with `pop3`. */
  readonly pop3?: Pop3Settings
}

export interface Pop3Settings {
  readonly leaveMessagesOnServer: boolean
  readonly daysToLeaveMessagesOnServer?: number
}

/** A page that helps people to set up their mail. */
export interface Documentation {
  /** Absolute, `http` or `https`. */
  readonly url: string
  /** Language (ISO 639-1) and text in it. */
  readonly descr: Readonly<Record<string, string>>
}

/** What people are told and clients are not; in bytes. */
export interface Limits {
  readonly messageSize?: number
  readonly quota?: number
}

/** A machine that mail is read from and sent through: an entry under `hosts:`. */
export interface MailHost {
  /** Its name in the configuration; stands in logs. */
  readonly key: string
  readonly hostname: Domain
  readonly limits: Limits
  /**
   * `safe`: the one document shape that every client reads. `all`: every server of the list as it stands,
   * though some clients take the last of two and some discard a document for one word they do not know.
   */
  readonly shape: 'safe' | 'all'
}

/** Who runs the mail of a domain, and how it is reached. Shared by all domains that are served alike. */
export interface Provider {
  /** `emailProvider id`. */
  readonly id: Domain
  readonly displayName: string
  readonly displayShortName: string
  readonly host: MailHost
  /** In order of preference. */
  readonly servers: readonly ServerSettings[]
  /** The log-in page of the webmail; `https`. */
  readonly webMail?: string
  readonly documentation: readonly Documentation[]
}

/** All that a format sees. */
export interface AccountSettings {
  readonly domain: Domain
  readonly provider: Provider
  /** The address that was asked about, where the request named one of this domain. */
  readonly address?: EmailAddress | undefined
}

/** Whom a request asks about. */
export interface Lookup {
  /** The domain of the address that was asked about. */
  readonly domain?: Domain | undefined
  readonly address?: EmailAddress | undefined
  /** The host name that was asked, without `autoconfig.` and the like. */
  readonly host?: Domain | undefined
}
