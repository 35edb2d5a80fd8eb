import { type PageLanguage, pageLanguages } from '../messages/catalogue.ts'
import { chooseLanguage } from '../messages/language.ts'
import type { PageDesign } from '../model/page-settings.ts'
import type { AccountSettings } from '../model/settings.ts'
import { clientFor } from './clients.ts'
import { settingsView } from './settings-view.ts'
import { Templates } from './templates.ts'
import { type Frame, viewOf } from './view.ts'
import { Words } from './words.ts'

/** The page of a domain or of a person. Throws if a template of the provider does not work. */
export function renderSettingsPage(
  settings: AccountSettings,
  templates = templatesOf(settings.clientConfig.page.design),
): string {
  const { clientConfig, languages, client, choseClient, setupUrl } = settings
  const { page, displayName } = clientConfig
  const frame: Frame = {
    language: languageOf(page.design, languages),
    home: setupUrl === undefined ? './' : '../',
    client: clientFor(client, undefined),
    choseClient: choseClient ?? false,
    providerName: displayName,
    page,
  }
  return templates.render('settings', settingsView(frame, settings))
}

/** A page without settings: `start` asks for the address, `unknown` and `invalidLink` say what is wrong. */
export const plainPages = ['start', 'unknown', 'invalidLink'] as const
export type PlainPage = (typeof plainPages)[number]

export function renderPlainPage(
  kind: PlainPage,
  frame: Frame,
  templates = templatesOf(frame.page.design),
): string {
  const view = viewOf(frame, new Words(frame.language), {})
  return templates.render('plain', { ...view, kind, isLink: frame.home !== './' })
}

/** The language for a person who reads these, best first. */
export const languageOf = ({ language }: PageDesign, wanted: readonly string[] | undefined): PageLanguage =>
  chooseLanguage(pageLanguages, wanted, language as PageLanguage)

const known = new WeakMap<PageDesign, Templates>()

/** Those of the provider, compiled once. */
export function templatesOf(design: PageDesign): Templates {
  const templates = known.get(design) ?? new Templates(design.templates)
  known.set(design, templates)
  return templates
}
