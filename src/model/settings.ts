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

/** A server as a host has it: `%EMAILDOMAIN%` in the host name is the domain of whoever asks. */
export interface ServerTemplate extends Omit<ServerSettings, 'hostname'> {
  readonly hostname: string
}

/** draft-bucksch-autoconfig-00, `pop3`; what is not said is left to the client. */
export interface Pop3Settings {
  readonly leaveMessagesOnServer?: boolean
  readonly daysToLeaveMessagesOnServer?: number
  readonly downloadOnBiff?: boolean
  /** In minutes. */
  readonly checkInterval?: number
}

/** A language (ISO 639-1) and a text in it; under `default` what is said without naming one. */
export type Texts = Readonly<Record<string, string>>

/** A page that helps people to set up their mail. */
export interface Documentation {
  /** Absolute, `http` or `https`. */
  readonly url: string
  readonly descr: Texts
}

/** What people have to do before mail programs are let in (draft-bucksch-autoconfig-00, `enable`). */
export interface Enable {
  /** The page where it is done; absolute, `http` or `https`. */
  readonly visiturl: string
  readonly instruction: Texts
}

/** How a program logs in to the webmail (draft-bucksch-autoconfig-00, `webMail`). */
export interface LoginPageInfo {
  /** Absolute, `https`; may hold placeholders. */
  readonly url: string
  /** Of `url` and the pages that it leads to, the one to wait for begins so. */
  readonly waitForRedirectionURLPrefix?: string
  /** A placeholder or a literal login. */
  readonly username: string
  readonly usernameField: PageElement
  readonly passwordField: PageElement
  readonly loginButton?: PageElement
}

/** An element of a web page, by its attributes. */
export interface PageElement {
  readonly id?: string
  readonly name?: string
}

/** What there is beside mail: each is told where a format can say it (draft-ietf-mailmaint-autoconfig-06, "type"). */
export interface Services {
  /** The session resource (RFC 8620, section 2). */
  readonly jmap?: string
  /** The context path (RFC 6764, section 2), as an absolute `https` URL. */
  readonly caldav?: string
  readonly carddav?: string
  /** RFC 5804. */
  readonly managesieve?: Pick<ServerSettings, 'hostname' | 'port' | 'socketType'>
  readonly oAuth2?: OAuth2
}

/** Where people log in for a token (draft-ietf-mailmaint-oauth-public). All URLs are absolute and `https`. */
export interface OAuth2 {
  /** RFC 8414, section 2. */
  readonly issuer: string
  readonly authURL: string
  readonly tokenURL: string
  /** Separated by blanks. */
  readonly scope: string
}

/** How PACC is published (draft-ietf-mailmaint-pacc, version 03). */
export interface PaccSettings {
  /** Clients of PACC log in with the address: `byAddress` publishes it only where that is right. */
  readonly published: 'byAddress' | 'always' | 'never'
  /** The key for outgoing mail: `submit` from version 03 on, `smtp` before. */
  readonly submissionKeys: readonly ('submit' | 'smtp')[]
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
export interface ClientConfig {
  /** `emailProvider id`. */
  readonly id: Domain
  readonly displayName: string
  readonly displayShortName: string
  readonly host: MailHost
  /** In order of preference. */
  readonly servers: readonly ServerTemplate[]
  /** The log-in page of the webmail; `https`. `%EMAILDOMAIN%` in it is the domain of whoever asks. */
  readonly webMail?: string
  /** For programs that log in there. */
  readonly loginPageInfo?: LoginPageInfo
  /** What people have to do first. */
  readonly enable?: Enable
  readonly documentation: readonly Documentation[]
  readonly services: Services
  readonly pacc: PaccSettings
  /** Who is told what an address logs in with: who has a personal link, or who asks. */
  readonly disclosure: 'link' | 'public'
  /** People log in with names of their own, and `username` is but the form that clients fill in who are not told. */
  readonly ownLogins?: true
  /** When another provider takes its place, in milliseconds since 1970. */
  readonly changesAt?: number
  /** The name that this service itself is reached by, with a certificate for it. */
  readonly publicName?: Domain
}

/** What a request says of the one person it is for; of no matter to formats that are not personal. */
export interface Person {
  /** The address that was asked about. */
  readonly address?: EmailAddress | undefined
  /** As it is to stand beside the address in mail. */
  readonly realName?: string | undefined
  /** How mail is to be read; IMAP where there is a choice and nothing is said. */
  readonly incoming?: 'imap' | 'pop3' | undefined
  /** Languages (RFC 5646) that the person reads, the best first. */
  readonly languages?: readonly string[] | undefined
  /** The personal link that the request came by, absolute. */
  readonly setupUrl?: string | undefined
}

/** All that a format sees. `address` is one of `domain`. */
export interface AccountSettings extends Person {
  readonly domain: Domain
  readonly clientConfig: ClientConfig
  /** The provider's user name is this person's login, or stands where it would: nobody may keep what is rendered. */
  readonly personal?: boolean
}

/** A document of the ISPDB that is served as it stands, for every domain that it names. */
export interface IspdbDocument {
  readonly body: Uint8Array
  /** Where it was read. */
  readonly file: string
  /** `ispdb`: where an ISPDB is asked, alone; `all`: where mail clients ask for autoconfig, too. */
  readonly serve: 'ispdb' | 'all'
}

/** Whom a request asks about. */
export interface Lookup extends Person {
  /** It came by a personal link: what the address logs in with may be told. */
  readonly viaLink?: true
  /** The login, where the link says it. */
  readonly login?: string | undefined
  /** The MD5 of the address in hexadecimal, where that is all that is said of it: Evolution's `emailmd5`. */
  readonly emailMd5?: string | undefined
  /** The domain of the address that was asked about. */
  readonly domain?: Domain | undefined
  /** The host name that was asked, without `autoconfig.` and the like. */
  readonly host?: Domain | undefined
}
