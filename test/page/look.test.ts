import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { example, openApp } from '../support/example.ts'

/** How the pages look, as far as it can be seen without a browser. test/with-servers/page.ts opens one. */

const directory = new URL('../../src/page/assets/style/', import.meta.url)
const files = readdirSync(directory)
const styleOf = (file: string): string =>
  readFileSync(new URL(file, directory), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')

/** Names and values that mean a side of the screen rather than the beginning or the end of a line. */
const physical = [
  /(?:^|[-\s])(?:left|right|top|bottom)\s*:/,
  /-(?:left|right|top|bottom)(?:-\w+)?\s*:/,
  /(?:^|\s)(?:width|height|(?:min|max)-(?:width|height))\s*:/,
  /(?:text-align|float|clear)\s*:\s*(?:left|right)/,
  // Four values, of which the second and the fourth differ.
  /(?:margin|padding|inset|border-(?:width|style|color))\s*:\s*[^\s()]+ ([^\s()]+) [^\s()]+ (?!\1;)[^\s();]+;/,
  /border-radius\s*:\s*[^\s()]+ [^\s()]+;/,
]

t.test(
  'the style has no property of left, right, top or bottom, so a language from right to left is mirrored',
  async (t) => {
    for (const file of files) {
      const lines = styleOf(file).split('\n')
      t.same(
        lines.filter((line) => physical.some((pattern) => pattern.test(line))),
        [],
        file,
      )
    }
  },
)

t.test('the patterns find such properties', async (t) => {
  const wrong = [
    'margin-left: 1rem;',
    'left: 0;',
    'border-top-left-radius: 1px;',
    'border-right: 0;',
    'max-width: 40rem;',
    'text-align: left;',
    'float: right;',
    'margin: 0 1px 0 2px;',
  ]
  for (const line of wrong)
    t.ok(
      physical.some((pattern) => pattern.test(`  ${line}`)),
      line,
    )
  const right = [
    'margin-inline-start: 1rem;',
    'text-align: start;',
    'margin: 0 1px 0 1px;',
    'line-height: 1.5;',
  ]
  for (const line of right)
    t.notOk(
      physical.some((pattern) => pattern.test(`  ${line}`)),
      line,
    )
})

t.test('the style loads nothing', async (t) => {
  for (const file of files) t.notMatch(styleOf(file), /url\(|@import/, file)
})

t.test('the style has a background for light and for dark pages', async (t) => {
  const { paper } = await import('../../src/page/colours.ts')
  t.match(styleOf('base.css'), `--paper: ${paper.light};`)
  t.match(styleOf('base.css'), `--paper: ${paper.dark};`)
})

t.test('the links to other languages and the form keep a guide that was chosen, and no guess', async (t) => {
  const { app } = await openApp(t, example)
  const iphone = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)' }
  const links = (body: string): string[] => body.match(/href="\?[^"]*"/g) ?? []
  const fields = (body: string): string[] => body.match(/name="client" value="[^"]*"/g) ?? []
  for (const url of [
    '/?emailaddress=example.org',
    '/?emailaddress=jane@example.org',
    '/?emailaddress=nobody.example',
  ]) {
    const chosen = (await app.inject({ url: `${url}&client=kmail`, headers: iphone })).body
    t.equal(links(chosen).length, 4)
    t.ok(
      links(chosen).every((link) => link.includes('client=kmail')),
      url,
    )
    t.same(fields(chosen), ['name="client" value="kmail"'], url)
    // The same page again: a page for a guess is another one.
    for (const unchosen of [url, `${url}&client=nothing`]) {
      const { body } = await app.inject({ url: unchosen, headers: iphone })
      t.notOk(
        links(body).some((link) => link.includes('client')),
        unchosen,
      )
      t.same(fields(body), [], unchosen)
    }
  }
  const guessed = (await app.inject({ url: '/?emailaddress=example.org', headers: iphone })).body
  const same = (await app.inject({ url: '/?emailaddress=example.org&client=iphone' })).body
  t.match(guessed, '<details id="client-iphone" name="client" open>')
  t.match(same, '<details id="client-iphone" name="client" open>')
  t.notOk(links(guessed).some((link) => link.includes('client')))
  t.ok(links(same).every((link) => link.includes('client=iphone')))
})

t.test('a keyboard skips to the settings, or to the text of a page without settings', async (t) => {
  const { app } = await openApp(t, example)
  for (const [url, id] of [
    ['/?emailaddress=example.org', 'settings'],
    ['/?emailaddress=nobody.example', 'main'],
  ]) {
    const { body } = await app.inject({ url: `${url}` })
    t.match(body, `<a class="skip" href="#${id}">`)
    t.match(body, new RegExp(`id="${id}" tabindex="-1"`))
  }
})
