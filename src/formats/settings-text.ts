import { formatEmailAddress } from '../model/address.ts'
import { paths, setupFiles } from '../model/paths.ts'
import { fillDomain, loginOf } from '../model/placeholders.ts'
import { success } from '../model/result.ts'
import { serversFor } from '../model/safe-shape.ts'
import type { Enable, Protocol, ServerSettings } from '../model/settings.ts'
import type { Format } from './format.ts'
import { textIn } from './language.ts'
import { type SettingsWords, settingsWords } from './settings-words.ts'

/** The settings in words, for people who type them into a mail program, in their language. */
export const settingsText: Format = {
  name: 'settings-text',
  mediaType: 'text/plain; charset=utf-8',
  personal: true,
  endpoints: [{ path: `${paths.setup}/:token`, request: 'link' }],
  render(settings) {
    const { clientConfig, domain, address, setupUrl, languages } = settings
    const words = settingsWords(languages)
    const block = (server: ServerSettings) =>
      table([
        [words.server, server.hostname],
        [words.port, String(server.port)],
        [words.encryption, words.encryptions[server.socketType]],
        [words.userName, loginOf(server.username, settings) ?? words.yourUserName],
        [words.password, words.yourPassword],
      ])
    const parts = [
      words.title(clientConfig.displayName, address ? formatEmailAddress(address) : domain),
      ...(clientConfig.enable === undefined ? [] : [toBeEnabled(clientConfig.enable, words, languages)]),
      ...serversFor(settings).map(
        (server) => `${words[directions[server.type]]} (${names[server.type]})\n${block(server)}`,
      ),
      ...(setupUrl === undefined ? [] : [shortcuts(setupUrl, words)]),
      ...(clientConfig.webMail === undefined
        ? []
        : [`${words.webMail}: ${fillDomain(clientConfig.webMail, domain)}`]),
    ]
    return success(`${parts.join('\n\n')}\n`)
  },
}

function toBeEnabled(
  { visiturl, instruction }: Enable,
  words: SettingsWords,
  languages: readonly string[] | undefined,
): string {
  const text = textIn(instruction, languages)
  return [`${words.enable}: ${visiturl}`, ...(text === undefined ? [] : [`  ${text}`])].join('\n')
}

const names: Readonly<Record<Protocol, string>> = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' }

const directions = { imap: 'incoming', pop3: 'incoming', smtp: 'outgoing' } as const

const shortcuts = (setupUrl: string, words: SettingsWords): string =>
  [
    `${words.onApple}\n  ${setupUrl}/${setupFiles.profile}`,
    `${words.onAndroid}\n  ${setupUrl}/${setupFiles.thunderbirdQr}.png`,
  ].join('\n\n')

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')
}
