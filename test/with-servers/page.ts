/**
 * The page for people in a real browser. The server listens on loopback, on a free port.
 *
 *   npm ci && npx tsx test/with-servers/page.ts [DIRECTORY]
 *
 * Screenshots are written to the directory, or to $SCREENSHOTS; by default to a temporary one. Needs chromium (Debian: chromium).
 */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accessibility } from './page/accessibility.ts'
import { openBrowser } from './page/browser.ts'
import { Checks } from './page/checks.ts'
import { copying } from './page/copying.ts'
import { keyboard } from './page/keyboard.ts'
import { looks } from './page/looks.ts'
import { network } from './page/network.ts'
import { people } from './page/people.ts'
import { printing } from './page/printing.ts'
import { screenshots } from './page/screenshots.ts'
import { openSite } from './page/site.ts'
import { withoutScript } from './page/without-script.ts'

const directory =
  process.argv[2] ?? process.env['SCREENSHOTS'] ?? join(tmpdir(), 'mail-autoconfig-screenshots')

if (!existsSync('/usr/bin/chromium')) {
  console.error('chromium is missing: apt-get install --no-install-recommends chromium')
  process.exit(1)
}

const checks = new Checks()
const site = await openSite()
try {
  const browser = await openBrowser()
  const groups = { people, copying, withoutScript, keyboard, looks, network, printing, accessibility }
  for (const group of Object.values(groups)) await group(checks, browser, site)
  await screenshots(checks, browser, site, directory)
  await browser.close()
} finally {
  site.close()
}
process.exitCode = checks.tellCount() ? 0 : 1
