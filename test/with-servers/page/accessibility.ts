import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { inLanguage, languages, openAll, schemes, visit, widths } from './browser.ts'
import type { Checks } from './checks.ts'
import { pages, type Site } from './site.ts'

/** Evaluated, since the policy of the page allows no foreign script. */
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const allRules = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}
const visualRules = {
  type: 'rule',
  values: ['color-contrast', 'link-in-text-block', 'target-size', 'meta-viewport'],
}

/** axe-core on each page in each language, on light and dark paper, on a phone and a desktop, with every guide open. */
export async function accessibility(checks: Checks, browser: Browser, { origin, link }: Site): Promise<void> {
  for (const language of languages) {
    await checks.check(
      `axe-core finds nothing (${language}, ${schemes.join(', ')}, ${widths.join(', ')} px)`,
      async () => {
        const kinds = Object.entries(pages(link))
        // Two at once, for two cores.
        const halves = [
          kinds.filter((_, index) => index % 2 === 0),
          kinds.filter((_, index) => index % 2 === 1),
        ]
        const found = halves.map((half) =>
          visit(browser, {}, async ({ page }) => {
            const problems: string[] = []
            for (const [kind, path] of half) {
              await page.goto(origin + inLanguage(path, language))
              problems.push(...(await violations(page)).map((problem) => `${kind}: ${problem}`))
            }
            return problems
          }),
        )
        return (await Promise.all(found)).flat()
      },
    )
  }
}

async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  await page.evaluate(axe)
  await openAll(page)
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme })
      // All rules once; those that look at colours and sizes each time.
      const isFirst = width === widths[0] && colorScheme === schemes[0]
      found.push(...(await run(page, `${colorScheme}, ${width} px`, isFirst ? allRules : visualRules)))
    }
  }
  return found
}

async function run(page: Page, when: string, rules: object): Promise<string[]> {
  const problems: string[] = await page.evaluate(`axe
    .run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations', 'incomplete'] })
    .then(({ violations, incomplete }) => [
      ...violations,
      ...incomplete.filter(({ id }) => id === 'color-contrast'),
    ].flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ' ' + html.slice(0, 120) + ' ' + failureSummary)))`)
  return problems.map((problem) => `${when}: ${problem.replaceAll('\n', ' ')}`)
}
