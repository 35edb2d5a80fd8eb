import type { Browser, Page } from 'playwright-core'
import { inLanguage, languages, openAll, styleOf, visit } from './browser.ts'
import { type Checks, untrue } from './checks.ts'
import { pages, type Site } from './site.ts'

/** Sizes: the page on small screens, for large fingers, and from right to left. */
export async function looks(checks: Checks, browser: Browser, { origin, link }: Site): Promise<void> {
  for (const language of languages) {
    await checks.check(
      `at a zoom of 400 %, no page scrolls sideways, and every target is large enough (${language})`,
      () =>
        visit(browser, { viewport: { width: 320, height: 700 } }, async ({ page }) => {
          const problems: string[] = []
          for (const [kind, path] of Object.entries(pages(link))) {
            await page.goto(origin + inLanguage(path, language))
            await openAll(page)
            for (const problem of [
              ...(await tooWide(page)),
              ...(await tooSmall(page)),
              ...(await overlaps(page)),
            ])
              problems.push(`${kind}: ${problem}`)
          }
          return problems
        }),
    )
  }

  for (const width of [320, 1280]) {
    await checks.check(
      `from right to left, nothing overlaps and nothing scrolls sideways at ${width} px`,
      () =>
        visit(browser, { viewport: { width, height: 900 } }, async ({ page }) => {
          await page.goto(`${origin}${pages(link)['address']}`)
          await page.evaluate(`document.documentElement.dir = 'rtl'`)
          await openAll(page)
          const title = await styleOf(page, 'h1', 'textAlign')
          const value = await styleOf(page, '.server code', 'direction')
          return [
            ...(await tooWide(page)),
            ...(await overlaps(page)),
            ...untrue({
              'titles start at the right': title === 'start',
              'values stay as they are': value === 'ltr',
            }),
          ]
        }),
    )
  }

  await checks.check('settings are visible with larger text and wider spacing (WCAG 1.4.12)', () =>
    visit(browser, { viewport: { width: 320, height: 700 } }, async ({ page }) => {
      await page.goto(`${origin}${pages(link)['address']}`)
      await openAll(page)
      await page.evaluate(`for (const element of document.querySelectorAll('body *')) {
        element.style.lineHeight = '1.5'
        element.style.letterSpacing = '0.12em'
        element.style.wordSpacing = '0.16em'
      }`)
      return [...(await tooWide(page)), ...(await overlaps(page))]
    }),
  )
}

/** A page that is wider than the screen, and what sticks out. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(`document.documentElement.scrollWidth <= innerWidth ? [] :
    Array.from(document.querySelectorAll('body *'))
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect()
        return element.checkVisibility() && !element.matches('.skip') && (right > innerWidth + 1 || left < -1)
      })
      .map((element) => 'sticks out: ' + element.outerHTML.slice(0, 120))`)

/** WCAG 2.2, 2.5.8: at least 24 by 24 px, except for links in a sentence. */
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate(`Array.from(document.querySelectorAll('a, button, input:not([type=hidden]), summary'))
    .filter((element) => element.checkVisibility() && !element.matches('.skip, p a, li li a'))
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect()
      return width < 24 || height < 24
    })
    .map((element) => 'too small: ' + element.outerHTML.slice(0, 120))`)

/** Parts of a line that lie upon each other. */
const overlaps = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const found = []
    const boxOf = (element) => element.getBoundingClientRect()
    const meet = (one, other) => {
      const [a, b] = [boxOf(one), boxOf(other)]
      return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
    }
    const pairs = [
      ...Array.from(document.querySelectorAll('dl > div'), (row) => [row.children[0], row.children[1]]),
      ...Array.from(document.querySelectorAll('button.copy'), (button) => [button.previousElementSibling, button]),
      [document.querySelector('header > :first-child'), document.querySelector('header > nav')],
    ]
    for (const [one, other] of pairs) {
      if (one.checkVisibility() && meet(one, other)) found.push('overlap: ' + one.outerHTML.slice(0, 80) + ' and ' + other.outerHTML.slice(0, 80))
    }
    return found
  })()`)
