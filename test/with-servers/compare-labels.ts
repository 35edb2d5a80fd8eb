import { readFileSync } from 'node:fs'
import { FluentBundle, FluentResource } from '@fluent/bundle'

/**
 * Prints each label of a program that is not what the program shows: `compare-labels.ts DIRECTORY PROGRAM LANGUAGE [SHIPPED]`.
 * SHIPPED is the language of the program, by default LANGUAGE. The directory contains what `labels.sh` unpacked.
 */
const [directory = '', program = '', language = '', shipped = language] = process.argv.slice(2)

/** The ids of our labels in `accountHub.ftl` and `appmenu.ftl` of Thunderbird. */
const thunderbird = {
  'thunderbird-add': 'appmenu-add-account-panel',
  'thunderbird-email': 'appmenu-new-email-account',
  'thunderbird-continue': 'account-hub-email-continue-button',
  'thunderbird-found': 'account-hub-config-success-description-isp',
  'thunderbird-edit': 'account-hub-edit-configuration',
  'thunderbird-manual': 'account-hub-email-manually-configure-button',
  'thunderbird-finish': 'account-hub-email-finish-button',
  'thunderbird-protocol': 'account-hub-protocol-label',
  'thunderbird-server': 'account-hub-result-hostname-label',
  'thunderbird-port': 'account-hub-on-port-label',
  'thunderbird-security': 'account-hub-ssl-label',
  'thunderbird-security-SSL': 'account-hub-result-security-ssl',
  'thunderbird-security-STARTTLS': 'account-hub-result-security-starttls',
  'thunderbird-security-plain': 'account-hub-ssl-noencryption-option',
  'thunderbird-authentication': 'account-hub-auth-label',
  'thunderbird-password': 'account-hub-ssl-cleartext-password-option',
  'thunderbird-username': 'account-hub-result-username-label',
}

/** Our labels as they are in the source of Evolution: `_` is before the letter of the keyboard. */
const evolution = {
  'evolution-file': '_File',
  'evolution-new': '_New',
  'evolution-account': '_Mail Account',
  'evolution-identity': 'Identity',
  'evolution-lookup': '_Look up mail server details based on the entered e-mail address',
  'evolution-skip': '_Skip Lookup',
  'evolution-receiving': 'Receiving Email',
  'evolution-sending': 'Sending Email',
  'evolution-type': 'Server Type:',
  'evolution-requires': 'Ser_ver requires authentication',
  'evolution-server': '_Server:',
  'evolution-port': '_Port:',
  'evolution-security': 'Encryption _method:',
  'evolution-security-SSL': 'TLS on a dedicated port',
  'evolution-security-STARTTLS': 'STARTTLS after connecting',
  'evolution-security-plain': 'No encryption',
  'evolution-username': 'User_name:',
}

type Shipped = (id: string) => string | undefined

function thunderbirdIn(tag: string): Shipped {
  const folder = `${directory}/thunderbird/localization/${tag === 'en' ? 'en-US' : tag}/messenger`
  const bundle = new FluentBundle(tag)
  for (const file of ['accountcreation/accountHub.ftl', 'appmenu.ftl'])
    bundle.addResource(new FluentResource(readFileSync(`${folder}/${file}`, 'utf8')))
  return (id) => {
    const message = bundle.getMessage(id)
    const pattern = message?.value ?? message?.attributes['label']
    return pattern === undefined ? undefined : bundle.formatPattern(pattern)
  }
}

/** The words in the source are English. Those of the other languages are in a file of GNU gettext ("The Format of GNU MO Files"). */
function evolutionIn(tag: string): Shipped {
  const file = readFileSync(
    `${directory}/files/usr/share/locale/${tag === 'en' ? 'fr' : tag}/LC_MESSAGES/evolution.mo`,
  )
  const textAt = (table: number, index: number): string => {
    const [length, offset] = [file.readUInt32LE(table + 8 * index), file.readUInt32LE(table + 8 * index + 4)]
    return file.toString('utf8', offset, offset + length)
  }
  const [count, originals, translations] = [8, 12, 16].map((at) => file.readUInt32LE(at)) as [
    number,
    number,
    number,
  ]
  const indexes = Array.from({ length: count }, (_, index) => index)
  const words = new Map(
    indexes.map((index) => [
      textAt(originals, index),
      textAt(tag === 'en' ? originals : translations, index),
    ]),
  )
  return (id) => words.get(id)
}

/** Without the letter of the keyboard, and the colon after the name of a field. */
const shown = (text: string | undefined): string | undefined => text?.replace('_', '').replace(/\s*:$/, '')

const [ids, word] =
  program === 'evolution'
    ? ([evolution, evolutionIn(shipped)] as const)
    : ([thunderbird, thunderbirdIn(shipped)] as const)
const labels = new FluentBundle(language)
labels.addResource(new FluentResource(readFileSync(`src/messages/${language}/labels.ftl`, 'utf8')))
const ours = new FluentResource(readFileSync('src/messages/en/labels.ftl', 'utf8')).body
  .map(({ id }) => id)
  .filter((id) => id.startsWith(`${program}-`) && !id.startsWith('thunderbird-android-'))
for (const key of ours) {
  const theirs = shown(word((ids as Readonly<Record<string, string>>)[key] ?? ''))
  const label = labels.getMessage(key)?.value
  if (label === theirs && label !== undefined) continue
  process.exitCode = 1
  console.log(`${key}: ${label ?? 'missing'}; ${program} shows: ${theirs ?? 'nothing'}`)
}
