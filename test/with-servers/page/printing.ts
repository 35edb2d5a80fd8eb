import type { Browser, Page } from 'playwright-core'
import { clients } from '../../../src/page/clients.ts'
import { inLanguage, languages, styleOf, visit } from './browser.ts'
import { type Checks, different, untrue } from './checks.ts'
import { pages, type Site } from './site.ts'

/** The page on paper. */
export async function printing(checks: Checks, browser: Browser, { origin, link }: Site): Promise<void> {
  for (const language of languages) {
    await checks.check(`settings and each guide are printed on one sheet of A4 (${language})`, () =>
      visit(browser, {}, async ({ page }) => {
        const problems: string[] = []
        for (const kind of ['personal', 'derived']) {
          await page.goto(`${origin}${inLanguage(String(pages(link)[kind]), language)}`)
          for (const { id } of clients) {
            await openOnly(page, id)
            const sheets = await sheetsOf(page)
            if (sheets !== 1) problems.push(`${kind}, ${id}: ${sheets} sheets`)
          }
        }
        return problems
      }),
    )
  }

  await checks.check(
    'paper shows the settings, the chosen guide and the code of the profile, but no button and no other guide',
    () =>
      visit(browser, {}, async ({ page }) => {
        await page.goto(`${origin}${link.path}?lang=en&client=samsung`)
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
        const code = page.locator('.profile img')
        return [
          ...untrue({
            'the code is there': await code.isVisible(),
            'and loaded':
              (await page.evaluate('document.querySelector(".profile img").naturalWidth > 0')) === true,
            'the user name': await page.locator('.username .big').isVisible(),
            'the contact': await page.locator('footer').isVisible(),
            'the guide': await page.locator('#client-samsung dl').first().isVisible(),
            'the paper is white': (await styleOf(page, 'body', 'backgroundColor')) === 'rgb(255, 255, 255)',
          }),
          ...different(
            await page.locator('button:visible, form:visible, nav:visible, .help:visible').count(),
            0,
          ),
          ...different(await page.locator('.clients details:visible').count(), 1),
        ]
      }),
  )

  await checks.check('the code of the profile covers nothing', () =>
    visit(browser, { viewport: { width: 700, height: 1000 } }, async ({ page }) => {
      const long = `${'jane.doe-'.repeat(5)}@long.example`
      await page.goto(`${origin}/?emailaddress=${long}&lang=de`)
      await page.emulateMedia({ media: 'print' })
      const covered = await page.evaluate(`(() => {
        const code = document.querySelector('.profile img').getBoundingClientRect()
        return Array.from(document.querySelectorAll('.settings h2, .settings code, .settings dt, .settings p'))
          .filter((element) => element.checkVisibility())
          .filter((element) => Array.from(element.getClientRects()).some(({ left, right, top, bottom }) =>
            element.matches('code') && right > code.left && left < code.right && bottom > code.top && top < code.bottom))
          .map((element) => element.textContent)
      })()`)
      return different(covered, [])
    }),
  )

  await checks.check('the button prints', () =>
    visit(browser, {}, async ({ page }) => {
      await page.addInitScript('window.print = () => { window.printed = true }')
      await page.goto(`${origin}/?emailaddress=address.example&lang=en`)
      await page.locator('[data-print]').click()
      return different(await page.evaluate('window.printed'), true)
    }),
  )

  await checks.check('without JavaScript, it is one sheet as well', () =>
    visit(browser, { javaScriptEnabled: false }, async ({ page }) => {
      await page.goto(`${origin}${link.path}?lang=fr&client=outlook`)
      return different(await sheetsOf(page), 1)
    }),
  )
}

const openOnly = (page: Page, client: string): Promise<unknown> =>
  page.evaluate(
    `for (const guide of document.querySelectorAll('.clients details')) guide.open = guide.id === 'client-${client}'`,
  )

async function sheetsOf(page: Page): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true })
  return pdf.toString('latin1').match(/\/Type\s*\/Page(?!s)/g)?.length ?? 0
}
