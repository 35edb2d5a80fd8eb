import type { Browser, Page } from 'playwright-core'
import { hasFocus, isOpen, visit } from './browser.ts'
import { type Checks, different, untrue } from './checks.ts'
import type { Site } from './site.ts'

/** The page with the keyboard alone. */
export async function keyboard(checks: Checks, browser: Browser, { origin }: Site): Promise<void> {
  const url = `${origin}/?emailaddress=jane.roe@address.example&lang=en&client=iphone`

  await checks.check('the first key leads to the link that skips to the settings', () =>
    visit(browser, {}, async ({ page }) => {
      await page.goto(url)
      await page.keyboard.press('Tab')
      const skip = page.locator('.skip')
      const box = await skip.boundingBox()
      const seen = {
        'it has the focus': await hasFocus(skip),
        'it is visible': box !== null && box.y >= 0,
      }
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      return [
        ...untrue(seen),
        ...different(await page.evaluate('document.activeElement.closest(".settings") !== null'), true),
      ]
    }),
  )

  for (const colorScheme of ['light', 'dark'] as const) {
    await checks.check(
      `every stop has a visible outline, and the order is that of the page (${colorScheme})`,
      () =>
        visit(browser, { colorScheme }, async ({ page }) => {
          await page.goto(url)
          const wanted = await page
            .locator('a:visible, button:visible, summary:visible, input:visible')
            .count()
          const problems: string[] = []
          let stops = 0
          for (; stops < 200; stops++) {
            await page.keyboard.press('Tab')
            const problem = await problemAtFocus(page)
            if (problem === 'end') break
            if (problem) problems.push(problem)
          }
          return [...problems, ...different(stops, wanted)]
        }),
    )
  }

  await checks.check('a guide opens and closes with the keyboard, and keeps the focus', () =>
    visit(browser, {}, async ({ page }) => {
      await page.goto(url)
      const summary = page.locator('#client-outlook summary')
      await summary.focus()
      await page.keyboard.press('Enter')
      const opened = await isOpen(page, 'outlook')
      await page.keyboard.press('Space')
      return untrue({
        'it opens': opened,
        'it closes': !(await isOpen(page, 'outlook')),
        'the focus stays': await hasFocus(summary),
      })
    }),
  )
}

const problemAtFocus = (page: Page): Promise<string | undefined> =>
  page.evaluate(`(() => {
    const here = document.activeElement
    if (here === document.body) return 'end'
    const before = window.lastStop
    window.lastStop = here
    const { outlineStyle, outlineWidth } = getComputedStyle(here)
    const { top, bottom } = here.getBoundingClientRect()
    const name = here.outerHTML.slice(0, 80)
    if (before && !(before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING)) return 'out of order: ' + name
    if (outlineStyle !== 'solid' || parseFloat(outlineWidth) < 2) return 'no outline: ' + name
    if (bottom < 0 || top > innerHeight) return 'not on the screen: ' + name
  })()`)
