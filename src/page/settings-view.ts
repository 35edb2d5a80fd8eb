import { hasProfile } from '../formats/mobileconfig.ts'
import { thunderbirdQr } from '../formats/thunderbird-qr.ts'
import type { PageLanguage } from '../messages/catalogue.ts'
import { textIn } from '../messages/language.ts'
import { formatEmailAddress, inULabels } from '../model/address.ts'
import { paths, setupFiles } from '../model/paths.ts'
import { fillDomain } from '../model/placeholders.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { AccountSettings, Protocol, ServerSettings } from '../model/settings.ts'
import { clientsFrom } from './clients.ts'
import { type Field, fieldsOf } from './fields.ts'
import { codeFor, escapeHtml, type Html } from './markup.ts'
import { formatSize } from './size.ts'
import { type Username, usernameOf } from './username.ts'
import { type Frame, type View, viewOf } from './view.ts'
import { type Values, Words } from './words.ts'

export interface ServerView {
  readonly type: Protocol
  readonly protocol: 'IMAP' | 'POP3' | 'SMTP'
  readonly hostname: string
  readonly port: string
  readonly socketType: ServerSettings['socketType']
  readonly authentication: string
  readonly username: Username
}

/** How people prove who they are: the guides say it in these words (`client-login-…`). */
export type LoginKind = 'password' | 'browser' | 'other'

/** The values for the templates of a page with settings. */
export interface SettingsView extends View {
  /** In the script of the person. */
  readonly domain: string
  readonly address: string | undefined
  readonly isPersonal: boolean
  readonly username: Username
  /** Then mail programs fill in the right username by themselves, for incoming and for outgoing mail. */
  readonly usernameIsAddress: boolean
  readonly loginKind: LoginKind
  readonly incoming: ServerView
  /** POP3, if there is IMAP as well. */
  readonly alternative: ServerView | undefined
  readonly outgoing: ServerView
  readonly webMail: string | undefined
  readonly enable: { readonly url: string; readonly instruction: string | undefined } | undefined
  readonly messageSize: string | undefined
  readonly quota: string | undefined
  readonly clients: readonly { readonly id: string; readonly title: string; readonly isOpen: boolean }[]
  /** The profile for Apple's devices, and its QR code; absent if no profile can express the settings, or none can be had. */
  readonly profile: { readonly url: string; readonly picture: string } | undefined
  /** The QR code for Thunderbird on Android; absent if the address or the login name is not known. */
  readonly thunderbirdPicture: string | undefined
  /** A setting with a button to copy it. */
  readonly copyable: (text: string) => Html
  /** A username to copy, or in words if it is not known. */
  readonly usernameHtml: (username: Username) => Html
  /** The fields that people fill in, in the dialog of a mail program. */
  readonly fieldsOf: (client: string, server: ServerView) => readonly Field[]
}

export function settingsView(frame: Frame, settings: AccountSettings): SettingsView {
  const { language, client } = frame
  const { address, clientConfig, domain, setupUrl } = settings
  const { enable, webMail, host } = clientConfig
  const servers = serversFor(settings).map((server) => serverView(server, settings))
  const incoming = servers.find(({ type }) => type !== 'smtp') as ServerView
  const alternative = servers.find(({ type }) => type === 'pop3' && type !== incoming.type)
  const outgoing = servers.find(({ type }) => type === 'smtp') as ServerView
  const inWords = new Words(language)
  const { code, copyable } = codeFor(domain)
  const usernameAs =
    (show: (text: string) => Html) =>
    ({ kind, value }: Username): Html =>
      value === undefined ? inWords.html(`username-in-words-${kind}`) : show(value)
  const values: Values = {
    username: usernameAs(code)(incoming.username),
    'outgoing-username': usernameAs(code)(outgoing.username),
    protocol: `<strong translate="no">${incoming.protocol}</strong>`,
    login: inWords.html(`client-login-${loginKind(incoming)}`),
    address: address ? code(formatEmailAddress(address)) : inWords.html('your-address'),
    provider: escapeHtml(clientConfig.displayName),
    domain: `<span dir="ltr" translate="no">${escapeHtml(inULabels(domain) ?? domain)}</span>`,
    'incoming-hostname': code(incoming.hostname),
    'incoming-port': code(incoming.port),
    'outgoing-hostname': code(outgoing.hostname),
    'outgoing-port': code(outgoing.port),
  }
  const usernames = values.username === values['outgoing-username'] ? 'one' : 'two'
  const words = new Words(language, {
    ...values,
    usernames: new Words(language, values).html(`client-usernames-${usernames}`),
  })
  const emailaddress = address ? formatEmailAddress(address) : domain
  const usernameHtml = usernameAs(copyable)
  return {
    ...viewOf(frame, words, setupUrl === undefined ? { emailaddress } : {}),
    domain: inULabels(domain) ?? domain,
    address: address && formatEmailAddress(address),
    isPersonal: setupUrl !== undefined,
    username: incoming.username,
    usernameIsAddress: [incoming, outgoing].every(({ username }) => username.kind === 'address'),
    loginKind: loginKind(incoming),
    incoming,
    alternative,
    outgoing,
    webMail: webMail && fillDomain(webMail, domain),
    enable: enable && { url: enable.visiturl, instruction: textIn(enable.instruction, [language]) },
    messageSize: sizeOf(host.limits.messageSize, language),
    quota: sizeOf(host.limits.quota, language),
    clients: clientsFrom(client).map(({ id, name }) => ({
      id,
      title: name ?? words.text(`client-${id}`),
      isOpen: id === client,
    })),
    profile: profileOf(settings),
    thunderbirdPicture: thunderbirdQr.render(settings).ok
      ? fileUrl(settings, paths.thunderbirdQr, `${setupFiles.thunderbirdQr}.svg`)
      : undefined,
    copyable,
    usernameHtml,
    fieldsOf: (one, server) =>
      fieldsOf(one, server, words, { copyable, username: usernameHtml(server.username) }),
  }
}

const protocolNames = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' } as const

const serverView = (server: ServerSettings, settings: AccountSettings): ServerView => ({
  type: server.type,
  protocol: protocolNames[server.type],
  hostname: server.hostname,
  port: String(server.port),
  socketType: server.socketType,
  authentication: easiest(server.authentication),
  username: usernameOf(server, settings),
})

/** A password if possible: many programs support OAuth2 only for the providers that they know. */
const easiest = (offered: ServerSettings['authentication']): string =>
  offered.find((method) => method.startsWith('password-')) ?? (offered[0] as string)

const loginKinds: Readonly<Record<string, LoginKind>> = {
  'password-cleartext': 'password',
  'password-encrypted': 'password',
  NTLM: 'password',
  OAuth2: 'browser',
}

const loginKind = ({ authentication }: ServerView): LoginKind => loginKinds[authentication] ?? 'other'

const sizeOf = (bytes: number | undefined, language: PageLanguage): string | undefined =>
  bytes === undefined ? undefined : formatSize(bytes, language)

/** By https if the service has a certificate for its name: a profile that came by http may have been changed on its way. */
function profileOf(settings: AccountSettings): SettingsView['profile'] {
  if (settings.isFile || !hasProfile(settings)) return undefined
  const { clientConfig, setupUrl } = settings
  const url = fileUrl(settings, paths.profile, setupFiles.profile)
  const origin =
    setupUrl === undefined && clientConfig.publicName !== undefined
      ? `https://${clientConfig.publicName}/`
      : ''
  return { url: `${origin}${url}`, picture: fileUrl(settings, paths.appleQr, `${setupFiles.appleQr}.svg`) }
}

/** The URL of a file for the person, relative to the page. */
function fileUrl({ address, domain, setupUrl }: AccountSettings, path: string, file: string): string {
  if (setupUrl !== undefined) return `${setupUrl.slice(setupUrl.lastIndexOf('/') + 1)}/${file}`
  const query = new URLSearchParams({ emailaddress: address ? formatEmailAddress(address) : domain })
  return `${path.slice(1)}?${query}`
}
