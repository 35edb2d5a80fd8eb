import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { isOpen, visit } from './browser.ts'
import { type Checks, different, untrue } from './checks.ts'
import type { Site } from './site.ts'

/** What people do with the page, from the address that they type to the mail program that they set up. */
export async function people(checks: Checks, browser: Browser, { origin, named, link }: Site): Promise<void> {
  await checks.check('a person types an address, and sees the user name first', () =>
    visit(browser, {}, async ({ page }) => {
      await page.goto(`${named('autoconfig.all2all.org')}/?lang=en`)
      await page.getByRole('textbox').fill('jane.roe@localpart.example')
      await page.getByRole('textbox').press('Enter')
      await page.waitForURL(/emailaddress=/)
      return different(await page.locator('code[data-copy]').first().textContent(), 'jane.roe')
    }),
  )

  await checks.check('an address with an international domain can be typed', () =>
    visit(browser, {}, async ({ page }) => {
      await page.goto(`${named('autoconfig.all2all.org')}/?lang=en`)
      await page.getByRole('textbox').fill('jane@bücher.example')
      await page.getByRole('button').click()
      await page.waitForURL(/emailaddress=/)
      return untrue({
        'the domain is in the title': (await page.title()).includes('bücher.example'),
        'the domain is in the page': (await page.locator('main').innerText()).includes('bücher.example'),
      })
    }),
  )

  await checks.check('another language keeps the address and the chosen guide', () =>
    visit(browser, {}, async ({ page }) => {
      await page.goto(`${origin}/?emailaddress=jane.roe@address.example&lang=en&client=kmail`)
      await page.locator('a[hreflang=fr]').click()
      await page.waitForURL(/lang=fr/)
      return untrue({
        'the page is in French': (await page.locator('html').getAttribute('lang')) === 'fr',
        'the address is in the form': (await page.getByRole('textbox').inputValue()).startsWith('jane.roe@'),
        'the user name is there': (await page.locator('.username .big').innerText()).startsWith('jane.roe@'),
        'the guide is open': await isOpen(page, 'kmail'),
        'and first': (await page.locator('.clients details').first().getAttribute('id')) === 'client-kmail',
      })
    }),
  )

  await checks.check(
    'another guide opens with a click, the first one closes, and both languages and form keep it',
    () =>
      visit(browser, { viewport: { width: 375, height: 700 } }, async ({ page }) => {
        await page.goto(`${origin}/?emailaddress=address.example&lang=en&client=outlook`)
        const summary = page.locator('#client-fairemail summary')
        await summary.click()
        await page.waitForTimeout(200)
        const box = await summary.boundingBox()
        const opened = {
          'it is open': await isOpen(page, 'fairemail'),
          'the first is closed': !(await isOpen(page, 'outlook')),
          'its title is on the screen': box !== null && box.y >= 0 && box.y < 700,
        }
        await page.getByRole('textbox').fill('jane@pop.example')
        await page.getByRole('textbox').press('Enter')
        await page.waitForURL(/pop\.example/)
        const inForm = new URL(page.url()).searchParams.getAll('client')
        await page.locator('a[hreflang=de]').click()
        await page.waitForURL(/lang=de/)
        return [
          ...untrue(opened),
          ...different(inForm, ['fairemail']),
          ...different(new URL(page.url()).searchParams.getAll('client'), ['fairemail']),
        ]
      }),
  )

  for (const [device, [userAgent, client]] of Object.entries(devices)) {
    await checks.check(`the guide for ${device} is open first, and the only one`, () =>
      visit(browser, { userAgent }, async ({ page }) => {
        await page.goto(`${origin}/?emailaddress=address.example`)
        const open = await page.evaluate(
          `Array.from(document.querySelectorAll('.clients details')).map(({ id, open }) => id + (open ? '!' : '')).filter((id, index) => index === 0 || id.endsWith('!'))`,
        )
        return different(open, [`client-${client}!`])
      }),
    )
  }

  await checks.check('a personal link shows the login name, but not in the title or the URL', () =>
    visit(browser, {}, async ({ page }) => {
      const response = await page.goto(`${origin}${link.path}?lang=en`)
      await page.locator('a[hreflang=nl]').click()
      await page.waitForURL(/lang=nl/)
      return untrue({
        'the login name is first': (await page.locator('.username .big').innerText()).trim() === link.login,
        'no cache keeps the page': response?.headers()['cache-control'] === 'no-store',
        'the title hides it': !(await page.title()).includes(link.login),
        'the URL hides it': !page.url().includes(link.login),
        'the page is in Dutch': (await page.locator('html').getAttribute('lang')) === 'nl',
      })
    }),
  )

  await checks.check('the profile of a personal link is downloaded', () =>
    visit(browser, {}, async ({ page }) => {
      await page.goto(`${origin}${link.path}?lang=en&client=iphone`)
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('#client-iphone a.button').click(),
      ])
      const profile = readFileSync(await download.path(), 'utf8')
      return untrue({
        'it is a profile': profile.includes('com.apple.mail.managed'),
        'it has the login name': profile.includes(`<string>${link.login}</string>`),
        'its name ends with .mobileconfig': download.suggestedFilename().endsWith('.mobileconfig'),
      })
    }),
  )

  await checks.check('the profile of a public page comes by https from the name of the service', () =>
    visit(browser, {}, async ({ page }) => {
      await page.goto(`${named('autoconfig.address.example')}/?client=mac`)
      const href = await page.locator('#client-mac a.button').getAttribute('href')
      return untrue({ [String(href)]: href?.startsWith('https://autoconfig.all2all.org/apple/') })
    }),
  )

  for (const [what, path] of [
    ['an invalid link', '/setup/nothing?lang=de'],
    ['a domain that nobody serves', '/?emailaddress=jane@nobody.example&lang=de'],
  ]) {
    await checks.check(`${what}: a page in the language says so, and asks for the address`, () =>
      visit(browser, {}, async ({ page }) => {
        const response = await page.goto(`${origin}${path}`)
        await page.getByRole('textbox').fill('jane.roe@address.example')
        await page.getByRole('textbox').press('Enter')
        await page.waitForURL(/address\.example/)
        return untrue({
          'the status is 404': response?.status() === 404,
          'the settings are shown': await page.locator('.settings').isVisible(),
          'the language is kept': (await page.locator('html').getAttribute('lang')) === 'de',
        })
      }),
    )
  }
}

const devices: Readonly<Record<string, readonly [userAgent: string, client: string]>> = {
  'an iPhone': [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1',
    'iphone',
  ],
  'a Mac': ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15', 'mac'],
  'an Android phone': [
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/150.0',
    'thunderbird-android',
  ],
  Windows: ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0', 'thunderbird'],
}
