import type { Browser } from 'playwright-core'
import { inLanguage, languages, openAll, styleOf, visit } from './browser.ts'
import { type Checks, different, untrue } from './checks.ts'
import { pages, type Site } from './site.ts'

/** What the page loads, and what it leaves behind. */
export async function network(
  checks: Checks,
  browser: Browser,
  { origin, named, link }: Site,
): Promise<void> {
  await checks.check(
    'no page asks anybody else, sets a cookie, stores anything, or violates its policy',
    () =>
      visit(browser, {}, async ({ page, complaints, requested }) => {
        const problems: string[] = []
        const base = named('autoconfig.address.example')
        for (const [kind, path] of Object.entries(pages(link))) {
          await page.goto(base + inLanguage(path, 'fr'))
          await openAll(page)
          await page.waitForLoadState('networkidle')
          const kept = await page.evaluate('[document.cookie, localStorage.length, sessionStorage.length]')
          for (const problem of different(kept, ['', 0, 0])) problems.push(`${kind}: ${problem}`)
        }
        return [
          ...problems,
          ...complaints,
          ...requested.filter((url) => !url.startsWith(`${base}/`)).map((url) => `asked ${url}`),
          ...different(await page.context().cookies(), []),
        ]
      }),
  )

  await checks.check('a page runs no script but its own', () =>
    visit(browser, {}, async ({ page, complaints }) => {
      await page.goto(`${origin}/?emailaddress=address.example`)
      await page.evaluate(`(() => {
        const script = document.createElement('script')
        script.textContent = 'window.ran = true'
        document.head.append(script)
        document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="color: red">')
      })()`)
      return untrue({
        'the script does not run': (await page.evaluate('window.ran === undefined')) === true,
        'the style is ignored': (await styleOf(page, '#styled', 'color')) !== 'rgb(255, 0, 0)',
        'the browser says so': complaints.length >= 2,
      })
    }),
  )

  for (const language of languages) {
    await checks.check(`a first visit takes less than 60 kB (${language})`, () =>
      visit(browser, {}, async ({ page }) => {
        const session = await page.context().newCDPSession(page)
        await session.send('Network.enable')
        const urls = new Map<string, string>()
        let bytes = 0
        session.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url))
        session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
          // A code is a picture for one person.
          if (!/qr/.test(urls.get(requestId) ?? '')) bytes += encodedDataLength
        })
        await page.goto(
          origin + inLanguage('/?emailaddress=jane.roe@address.example&client=iphone', language),
          {
            waitUntil: 'networkidle',
          },
        )
        return untrue({ [`${bytes} bytes`]: bytes > 5000 && bytes < 60_000 })
      }),
    )
  }

  await checks.check('on the next page, the browser loads no file again', () =>
    visit(browser, {}, async ({ page }) => {
      await page.goto(`${origin}/?emailaddress=address.example&lang=en`)
      const loaded: string[] = []
      const session = await page.context().newCDPSession(page)
      await session.send('Network.enable')
      const cached = new Set<string>()
      session.on('Network.requestServedFromCache', ({ requestId }) => cached.add(requestId))
      session.on('Network.responseReceived', ({ requestId, response }) => {
        const isKept = cached.has(requestId) || response.fromDiskCache === true
        if (!isKept && response.url.includes('/page/')) loaded.push(response.url)
      })
      await page.locator('a[hreflang=de]').click()
      await page.waitForURL(/lang=de/)
      await page.waitForLoadState('networkidle')
      return loaded
    }),
  )
}
