import type { Browser, Page } from 'playwright-core'
import { hasFocus, visit } from './browser.ts'
import { type Checks, different, untrue } from './checks.ts'
import type { Site } from './site.ts'

/** Copies with each button of the page, at an address where browsers offer a clipboard and at one where they do not. */
export async function copying(checks: Checks, browser: Browser, { origin, named }: Site): Promise<void> {
  const permissions = ['clipboard-read', 'clipboard-write']
  const query = '?emailaddress=jane.roe@localpart.example&client=thunderbird'
  for (const [where, base, hasClipboard] of [
    ['where browsers offer a clipboard', origin, true],
    ['by plain http at a name', named('autoconfig.localpart.example'), false],
  ] as const) {
    await checks.check(`every value is copied byte by byte ${where}`, () =>
      visit(browser, {}, async ({ page, complaints }) => {
        await page.goto(`${base}/${query}`)
        const reader = await page.context().newPage()
        await page.context().grantPermissions(permissions, { origin })
        await reader.goto(origin)
        const copied: string[] = []
        await page.bringToFront()
        const buttons = page.locator('.settings button.copy:visible, #client-thunderbird button.copy')
        for (const button of await buttons.all()) {
          const label = await button.getAttribute('aria-label')
          await button.click()
          // The last announcement may still be there.
          await page.locator('#status', { hasText: String(label?.split(': ').at(-1)) }).waitFor()
          await reader.bringToFront()
          copied.push(String(await reader.evaluate('navigator.clipboard.readText()')))
          await page.bringToFront()
        }
        const [host, login] = ['vonmuenchhausen.all2all.org', 'jane.roe']
        return [
          ...different(await page.evaluate('navigator.clipboard !== undefined'), hasClipboard),
          ...different(copied, [login, ...twice(host, login)]),
          ...complaints,
        ]
      }),
    )

    await checks.check(`the focus stays on the button, and the value is announced ${where}`, () =>
      visit(browser, { permissions }, async ({ page }) => {
        await page.goto(`${base}/${query}`)
        const button = page.locator('.server button.copy').nth(1)
        await button.focus()
        const top = await page.evaluate('scrollY')
        await page.keyboard.press('Enter')
        const status = page.getByRole('status')
        await page.locator('#status:not(:empty)').waitFor()
        return untrue({
          'the button has the focus': await hasFocus(button),
          'the page does not scroll': (await page.evaluate('scrollY')) === top,
          'the port is announced': (await status.innerText()).includes('993'),
        })
      }),
    )
  }

  await checks.check('where nothing can be copied, the value is selected', () =>
    visit(browser, {}, async ({ page }) => {
      await page.addInitScript(`document.execCommand = () => false`)
      await page.goto(`${named('localpart.example')}/${query}`)
      await page.locator('.server button.copy').nth(1).click()
      return different(await selection(page), '993')
    }),
  )

  await checks.check('in a browser that cannot copy there are no buttons', () =>
    visit(browser, {}, async ({ page }) => {
      await page.addInitScript(`document.queryCommandSupported = () => false`)
      await page.goto(`${named('localpart.example')}/${query}`)
      return different(await page.locator('button.copy').count(), 0)
    }),
  )

  await checks.check('one click selects a value as it is, for people without scripts', () =>
    visit(browser, { viewport: { width: 320, height: 700 } }, async ({ page }) => {
      await page.goto(`${named('localpart.example')}/${query}`)
      await page.locator('.server code[data-copy]').first().click()
      return different(await selection(page), 'vonmuenchhausen.all2all.org')
    }),
  )
}

const selection = (page: Page): Promise<unknown> => page.evaluate('String(getSelection())')

/** What the buttons copy beside the settings, and in the guide for Thunderbird. */
const twice = (host: string, login: string): string[] =>
  ['993', '465', '993', '465'].flatMap((port) => [host, port, login])
