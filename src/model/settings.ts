import type { Domain } from './address.ts'
import type { Person } from './lookup.ts'
import type { PageSettings } from './page-settings.ts'

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

/** A server, with the field names of the ISPDB. */
export interface ServerSettings {
  readonly type: Protocol
  readonly hostname: Domain
  readonly port: number
  readonly socketType: SocketType
  /** In order of preference, never empty. */
  readonly authentication: readonly Authentication[]
  /** A placeholder or a literal login name. */
  readonly username: string
  /** Only with type `pop3`. */
  readonly pop3?: Pop3Settings
}

/** A server as configured: its host name can contain `%EMAILDOMAIN%`, for which the domain of the request is filled in. */
export interface ServerTemplate extends Omit<ServerSettings, 'hostname'> {
  readonly hostname: string
}

/** draft-bucksch-autoconfig-00, `pop3`. For options that are not set, the client decides. */
export interface Pop3Settings {
  readonly leaveMessagesOnServer?: boolean
  readonly daysToLeaveMessagesOnServer?: number
  readonly downloadOnBiff?: boolean
  /** In minutes. */
  readonly checkInterval?: number
}

/** A text by language (ISO 639-1). The key of a text without a language is `default`. */
export type Texts = Readonly<Record<string, string>>

/** A page that helps people to set up their mail. */
export interface Documentation {
  /** Absolute, `http` or `https`. */
  readonly url: string
  readonly descr: Texts
}

/** A step that people must take before mail programs can log in (draft-bucksch-autoconfig-00, `enable`). */
export interface Enable {
  /** The page where people take this step; absolute, `http` or `https`. */
  readonly visiturl: string
  readonly instruction: Texts
}

/** How a program logs in to the webmail (draft-bucksch-autoconfig-00, `webMail`). */
export interface LoginPageInfo {
  /** Absolute, `https`; can contain placeholders. */
  readonly url: string
  /** The program waits for a page with this prefix before it fills in the form. */
  readonly waitForRedirectionURLPrefix?: string
  /** A placeholder or a literal login name. */
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

/** Services other than mail. Each format includes those that it can express (draft-ietf-mailmaint-autoconfig-06, "type"). */
export interface Services {
  /** The session resource (RFC 8620, section 2). */
  readonly jmap?: string
  /** The context path (RFC 6764, section 2), as an absolute `https` URL. Can contain placeholders: `serviceUrlOf` fills them in. */
  readonly caldav?: string
  readonly carddav?: string
  /** RFC 5804. */
  readonly managesieve?: Pick<ServerSettings, 'hostname' | 'port' | 'socketType'>
  readonly oAuth2?: OAuth2
}

/** Where people log in to get a token (draft-ietf-mailmaint-oauth-public). All URLs are absolute and `https`. */
export interface OAuth2 {
  /** RFC 8414, section 2. */
  readonly issuer: string
  readonly authURL: string
  readonly tokenURL: string
  /** Separated by spaces. */
  readonly scope: string
  /** Without it, clients register themselves (RFC 7591). */
  readonly clientID?: string
  /** A "public" secret: everybody can read it. */
  readonly clientSecret?: string
}

/** How PACC is published (draft-ietf-mailmaint-pacc, version 03). */
export interface PaccSettings {
  /** PACC clients log in with the address. `byAddress` publishes the document only for hosts where that works. */
  readonly published: 'byAddress' | 'always' | 'never'
  /** The keys of the outgoing server: `submit` since version 03, `smtp` before. */
  readonly submissionKeys: readonly ('submit' | 'smtp')[]
}

/** In bytes; shown to people, not part of any document for clients. */
export interface Limits {
  readonly messageSize?: number
  readonly quota?: number
}

/** An entry under `hosts:`. */
export interface MailHost {
  /** Its name in the configuration and in logs. */
  readonly key: string
  readonly hostname: Domain
  readonly limits: Limits
  /**
   * `safe`: the document has the one shape that every client accepts. `all`: it lists every server as configured, although
   * some clients use the last of two servers, and some discard the document because of one unknown word.
   */
  readonly shape: 'safe' | 'all'
}

/**
 * The settings for the clients of a group of domains, named after the root element of the ISPDB. Domains with the same
 * settings share one object: caches use it as their key.
 */
export interface ClientConfig {
  /** `emailProvider id`. */
  readonly id: Domain
  readonly displayName: string
  readonly displayShortName: string
  readonly host: MailHost
  /** In order of preference. */
  readonly servers: readonly ServerTemplate[]
  /** The login page of the webmail; `https`. Can contain `%EMAILDOMAIN%`. */
  readonly webMail?: string
  readonly loginPageInfo?: LoginPageInfo
  readonly enable?: Enable
  readonly documentation: readonly Documentation[]
  readonly page: PageSettings
  readonly services: Services
  readonly pacc: PaccSettings
  /** Login names are shown only to people with a personal link, or to anyone who asks. */
  readonly disclosure: 'link' | 'public'
  /** Login names differ from `username`, and this answer must not contain them. */
  readonly hidesLogins?: true
  /** When another configuration replaces this one, in milliseconds since 1970. */
  readonly changesAt?: number
  /** The host name of this service, for which it has a certificate. */
  readonly publicName?: Domain
}

/** Everything that a format needs. Plain data. */
export interface AccountSettings extends Person {
  readonly domain: Domain
  readonly clientConfig: ClientConfig
  /** The document is a file that a web server sends: no document for one person can be had where it is. */
  readonly isFile?: true
}

/** The settings of a domain for a person. An address of another domain is dropped. */
export function accountSettings(
  domain: Domain,
  clientConfig: ClientConfig,
  person: Person = {},
): AccountSettings {
  const { address, ...rest } = person
  return { ...rest, ...(address?.domain === domain && { address }), domain, clientConfig }
}

/** A document of the ISPDB, served unchanged for every domain that it names. */
export interface IspdbDocument {
  readonly body: Uint8Array
  readonly file: string
  /** `ispdb`: only at the URLs of an ISPDB. `all`: also where mail clients ask for autoconfig. */
  readonly serve: 'ispdb' | 'all'
}
