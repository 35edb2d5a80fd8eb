import type { Refusal } from '../formats/format.ts'
import { settingsCatalogue } from '../messages/catalogue.ts'

/** Why a personal link shows nothing, and what to do, for the person who opened it with a program. Browsers get a page instead. */
export const linkRefusal = (refusal: Refusal, languages: readonly string[] | undefined): string =>
  `${settingsCatalogue(languages).text(messages[refusal.reason])}\n`

/** A link is never `malformed` or `unsupported`: its token is the whole request. */
const messages: Readonly<Record<Refusal['reason'], string>> = {
  invalidLink: 'link-invalid',
  malformed: 'link-invalid',
  unsupported: 'link-invalid',
  unknownDomain: 'link-unknown-domain',
  notExpressible: 'link-not-available',
}
