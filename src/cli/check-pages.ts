import type { Config } from '../config/config.ts'
import { pageLanguages } from '../messages/catalogue.ts'
import type { AccountSettings } from '../model/settings.ts'
import { clientFor } from '../page/clients.ts'
import { plainPages, renderPlainPage, renderSettingsPage } from '../page/render-page.ts'

/**
 * Renders every page in every language: of a domain, of an address and of a personal link, and those without settings. A template of the
 * provider can fail for some of them. Returns each problem once.
 */
export function pageProblems({ page, providerName }: Config, samples: readonly AccountSettings[]): string[] {
  const problems = new Set<string>()
  const attempt = (render: () => string): void => {
    try {
      render()
    } catch (error) {
      problems.add(`page: ${(error as Error).message}`)
    }
  }
  for (const language of pageLanguages) {
    for (const settings of samples) {
      const { address: _, ...domain } = settings
      const link = { ...settings, setupUrl: 'https://setup.example.org/setup/token' }
      for (const each of [settings, domain, link])
        attempt(() => renderSettingsPage({ ...each, languages: [language] }))
    }
    for (const home of ['./', '../'] as const) {
      const client = clientFor(undefined, undefined)
      const frame = { language, home, client, choseClient: false, providerName, page }
      for (const kind of plainPages) attempt(() => renderPlainPage(kind, frame))
    }
  }
  return [...problems]
}
