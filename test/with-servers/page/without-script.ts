import type { Browser } from 'playwright-core'
import { clients } from '../../../src/page/clients.ts'
import { visit } from './browser.ts'
import { type Checks, different, untrue } from './checks.ts'
import type { Site } from './site.ts'

/** The page with JavaScript off. */
export async function withoutScript(
  checks: Checks,
  browser: Browser,
  { origin, named }: Site,
): Promise<void> {
  await checks.check(
    'without JavaScript, a person types an address, changes the language, and opens a guide',
    () =>
      visit(browser, { javaScriptEnabled: false }, async ({ page }) => {
        await page.goto(`${named('autoconfig.all2all.org')}/?lang=en`)
        await page.getByRole('textbox').fill('jane.roe@address.example')
        await page.getByRole('textbox').press('Enter')
        await page.waitForURL(/emailaddress=/)
        await page.locator('a[hreflang=fr]').click()
        await page.waitForURL(/lang=fr/)
        await page.locator('#client-outlook summary').click()
        return untrue({
          'the user name is there': (await page.locator('.username .big').innerText()).startsWith(
            'jane.roe@',
          ),
          'the guide is visible': await page.locator('#client-outlook .warning').isVisible(),
          'the guide that was open is closed': !(await page
            .locator('#client-thunderbird ol')
            .first()
            .isVisible()),
        })
      }),
  )

  await checks.check('without JavaScript, there is no button that does nothing', () =>
    visit(browser, { javaScriptEnabled: false }, async ({ page }) => {
      await page.goto(`${origin}/?emailaddress=address.example`)
      const buttons = await page.locator('button:visible').all()
      return different(await Promise.all(buttons.map((button) => button.getAttribute('type'))), ['submit'])
    }),
  )

  await checks.check('without JavaScript, a link opens each guide', () =>
    visit(browser, { javaScriptEnabled: false }, async ({ page }) => {
      const closed: string[] = []
      for (const { id } of clients) {
        await page.goto(`${origin}/?emailaddress=address.example&client=${id}`)
        if ((await page.locator('.clients details[open]').getAttribute('id')) !== `client-${id}`)
          closed.push(id)
      }
      return closed
    }),
  )
}
