import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { inLanguage, languages, openAll, schemes, visit } from './browser.ts'
import { type Checks, different } from './checks.ts'
import { pages, type Site } from './site.ts'

const screens = { phone: 375, desktop: 1280 } as const

/** Pictures to look at. */
export async function screenshots(
  checks: Checks,
  browser: Browser,
  { origin, link }: Site,
  directory: string,
): Promise<void> {
  mkdirSync(directory, { recursive: true })
  const all = pages(link)
  let taken = 0
  const take = (
    name: string,
    path: string,
    { width, colorScheme, dir = 'ltr', isOpen = false }: Picture,
  ): Promise<void> =>
    visit(browser, { viewport: { width, height: 900 }, colorScheme }, async ({ page }) => {
      await page.goto(origin + path, { waitUntil: 'networkidle' })
      await page.evaluate(`document.documentElement.dir = '${dir}'`)
      if (isOpen) await openAll(page)
      await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true })
      taken++
    })

  await checks.check(`screenshots are in ${directory}`, async () => {
    for (const [screen, width] of Object.entries(screens)) {
      for (const colorScheme of schemes) {
        for (const language of languages)
          await take(
            `settings-${language}-${screen}-${colorScheme}`,
            inLanguage(String(all['address']), language),
            { width, colorScheme },
          )
      }
      for (const [kind, path] of Object.entries(all))
        await take(`${kind}-${screen}`, inLanguage(path, 'en'), { width, colorScheme: 'light' })
      await take(`right-to-left-${screen}`, String(all['address']), {
        width,
        colorScheme: 'light',
        dir: 'rtl',
      })
      await take(`every-guide-${screen}`, inLanguage(link.path, 'de'), {
        width,
        colorScheme: 'light',
        isOpen: true,
      })
    }
    return different(taken, 2 * (2 * languages.length + Object.keys(all).length + 2))
  })
}

interface Picture {
  readonly width: number
  readonly colorScheme: 'light' | 'dark'
  readonly dir?: 'ltr' | 'rtl'
  readonly isOpen?: boolean
}
