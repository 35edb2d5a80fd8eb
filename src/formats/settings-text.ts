import { type Catalogue, settingsCatalogue } from '../messages/catalogue.ts'
import { textIn } from '../messages/language.ts'
import { formatEmailAddress } from '../model/address.ts'
import { paths, setupFiles } from '../model/paths.ts'
import { fillDomain, loginOf } from '../model/placeholders.ts'
import { success } from '../model/result.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { Enable, Protocol, ServerSettings } from '../model/settings.ts'
import type { Format } from './format.ts'

/** The settings in words, for people who type them into a mail program, in their language. */
export const settingsText: Format = {
  name: 'settings-text',
  mediaType: 'text/plain; charset=utf-8',
  personal: true,
  endpoints: [{ path: `${paths.setup}/:token`, request: 'link' }],
  render(settings) {
    const { clientConfig, domain, address, setupUrl, languages } = settings
    const words = settingsCatalogue(languages)
    const block = (server: ServerSettings) =>
      table([
        [words.text('settings-server'), server.hostname],
        [words.text('settings-port'), String(server.port)],
        [words.text('settings-encryption'), words.text(`settings-encryption-${server.socketType}`)],
        [
          words.text('settings-username'),
          loginOf(server.username, settings) ?? words.text('settings-your-username'),
        ],
        [words.text('settings-password'), words.text('settings-your-password')],
      ])
    const account = address ? formatEmailAddress(address) : domain
    const parts = [
      words.text('settings-title', { provider: clientConfig.displayName, account }),
      ...(clientConfig.enable === undefined ? [] : [toBeEnabled(clientConfig.enable, words, languages)]),
      ...serversFor(settings).map(
        (server) =>
          `${words.text(`settings-${directions[server.type]}`)} (${names[server.type]})\n${block(server)}`,
      ),
      ...(setupUrl === undefined ? [] : [shortcuts(setupUrl, words)]),
      ...(clientConfig.webMail === undefined
        ? []
        : [words.text('settings-webmail', { url: fillDomain(clientConfig.webMail, domain) })]),
    ]
    return success(`${parts.join('\n\n')}\n`)
  },
}

function toBeEnabled(
  { visiturl, instruction }: Enable,
  words: Catalogue,
  languages: readonly string[] | undefined,
): string {
  const text = textIn(instruction, languages)
  return [
    words.text('settings-enable', { url: visiturl }),
    ...(text === undefined ? [] : [`  ${text}`]),
  ].join('\n')
}

const names: Readonly<Record<Protocol, string>> = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' }

const directions = { imap: 'incoming', pop3: 'incoming', smtp: 'outgoing' } as const

const shortcuts = (setupUrl: string, words: Catalogue): string =>
  [
    `${words.text('settings-on-apple')}\n  ${setupUrl}/${setupFiles.profile}`,
    `${words.text('settings-on-android')}\n  ${setupUrl}/${setupFiles.thunderbirdQr}.png`,
  ].join('\n\n')

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')
}
