import t from 'tap'
import { Report } from '../../src/reading/report.ts'
import { readYaml } from '../../src/reading/yaml-document.ts'

function mistakesOf(text: string): string[] {
  const report = new Report('autoconfig.yaml')
  const { value } = readYaml('autoconfig.yaml', text, report)
  const isWrong = report.errors.some(({ message }) => !message.endsWith(dropped))
  if (isWrong && value !== undefined) throw new Error('a file with syntax errors has no value')
  return report.errors.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

const quotes = (start: string, what = 'value') => `a ${what} that starts with ${start} must be in quotes:`
const dropped = '; without quotes, YAML drops this word'
const colon = 'a text with a colon and a blank must be in quotes:'
const tab = 'is a tab; YAML is indented with blanks: write two blanks for each level'
const indented = 'is indented too far, or the value of the line before it is on the wrong line'

t.test('the commonest mistakes in YAML are explained, with the right line', async (t) => {
  const cases: Record<string, string | string[]> = {
    'username: %EMAILADDRESS%\n': `1:11 ${quotes('%')} username: "%EMAILADDRESS%"`,
    'a: { username: %EMAILLOCALPART%, b: c }\n': `1:16 ${quotes('%')} username: "%EMAILLOCALPART%"`,
    'a:\n  - %X%\n': `2:5 ${quotes('%')} "%…"`,
    'a: [%X%, b]\n': `1:5 ${quotes('%')} "%…"`,
    '%EMAIL%: x\na: 1\n': `1:1 ${quotes('%', 'key')} "%…": …`,
    'domains:\n  *.a.example: mx1\n': `2:3 ${quotes('*', 'key')} "*.a.example": …`,
    'domains:\n  b.example: mx1\n  *.a.example: mx1\n': `3:3 ${quotes('*', 'key')} "*.a.example": …`,
    'domains: { *.a.example: mx1 }\n': `1:12 ${quotes('*', 'key')} "*.a.example": …`,
    'domains:\n  *: mx1\n': `2:3 ${quotes('*', 'key')} "*": …`,
    'domain: *\n': `1:9 ${quotes('*')} domain: "*"`,
    'a: &a 1\nb: *a\nnames: [*.a.example, b]\n': `3:9 ${quotes('*')} "*.a.example"`,
    'name: *a.b_c\n': `1:7 ${quotes('*')} name: "*…"`,
    'map:\n  @x.example: user\n': `2:3 ${quotes('@', 'key')} "@…": …`,
    'password: !secret\n': `1:11 ${quotes('!')} password: "!…"`,
    'descr: &\n': `1:8 ${quotes('&')} descr: "&…"`,
    'displayName: !Bang Corp\n': `1:14 ${quotes('!')} displayName: "!…"`,
    'displayName: ! Corp\n': `1:14 ${quotes('!')} displayName: "!…"${dropped}`,
    'displayName: &Co and sons\n': `1:14 ${quotes('&')} displayName: "&…"${dropped}`,
    'a: { displayName: &Co and sons, b: 1 }\n': `1:19 ${quotes('&')} displayName: "&…"${dropped}`,
    'names:\n  - &Co and sons\n': `2:5 ${quotes('&')} "&…"${dropped}`,
    'displayName: &Co\nb: 1\n': `1:14 ${quotes('&')} displayName: "&…"${dropped}`,
    'a: x\nb: &Co\n  and sons\n': `2:4 ${quotes('&')} b: "&…"${dropped}`,
    'descr: > 100 MB\n': `1:8 ${quotes('>')} descr: ">…"`,
    'a: "abc\nb: 2\nc: 3\n': '1:4 this quote is not closed; write a: "…"',
    "a:\n  b: 'abc\n  c: 2\n": "2:6 this quote is not closed; write b: '…'",
    'a: "foo\nb: "bar"\n': '1:4 this quote is not closed; write a: "…"',
    "a: x\n'b: 1\n": "2:1 this quote is not closed; write '…'",
    'a: { b: "c, d: "e" }\n': '1:18 a quote is missing in this line; write b: "…"',
    'a: [[b] c]\n': '1:9 a comma, a colon or a bracket is missing before this',
    "name: 'Joe's mail'\n":
      '1:12 the text ends at the quote before this; put the whole text in other quotes: name: "…"',
    'name: "Joe" mail\n':
      "1:13 the text ends at the quote before this; put the whole text in other quotes: name: '…'",
    'a: "C:\\mail"\n': "1:7 a backslash in double quotes starts a code; use single quotes: a: '…'",
    'name: Mail: the best\n': `1:7 ${colon} name: "…"`,
    'a:\n  - descr: x: y\n': `2:12 ${colon} descr: "…"`,
    'a: { descr: Setup: read }\n': `1:13 ${colon} descr: "…"; or a comma is missing`,
    'hosts:\n\tmx1: x\n': `2:1 ${tab}`,
    'hosts:\n  mx1:\n  \thostname: x\n': `3:3 ${tab}`,
    'a: [\n\tb\n]\n': `2:1 ${tab}`,
    'a:b\nc: d\n': '1:3 write a blank after the colon, as in key: value',
    'c: d\na:b\n': '2:3 write a blank after the colon, as in key: value',
    'a: b\nc\n': '2:1 is not "key: value"; a colon is missing',
    'a: x\n  b: 1\n': `2:3 ${indented}`,
    'a:\n  b: 1\n c: 2\n': '3:1 is indented differently from the lines that it belongs to',
    'a: { b: c\nd: e\n': '2:1 a { above is not closed; write } at its end, or indent this line',
    'a: [b, c\nd: e\n': '2:1 a [ above is not closed; write ] at its end, or indent this line',
    'a: - b\n': '1:4 a list starts on the line after its key, one "- " for each entry; or write [a, b]',
    'a: 1\n---\nb: 2\n': '2:1 starts a second document; write everything in one, without "---"',
    'a: {b: c}}\n': '1:10 Unexpected flow-map-end token in YAML stream',
    '<<<<<<< a\na: 1\n=======\na: 2\n>>>>>>> b\n': [1, 3, 5].map(
      (line) => `${line}:1 is a conflict of a version control system; keep one of the two versions`,
    ),
    'a: %x\r\nb: %y\r\n': [`1:4 ${quotes('%')} a: "%…"`, `2:4 ${quotes('%')} b: "%…"`],
  }
  for (const [text, expected] of Object.entries(cases))
    t.strictSame(mistakesOf(text), [expected].flat(), JSON.stringify(text))
})

t.test('no message about syntax repeats a value', async (t) => {
  const starts = ['%', '*', '@', '!', '&', '`', '|', '> ', '"', "'", "'x' ", '"\\q', 'x: ', '{', '[', '- ']
  for (const start of starts)
    for (const before of ['password: ', 'a: { password: ', '', '- ', '\t', 'a: b\n  c: ']) {
      const mistakes = mistakesOf(`a: b\n${before}${start}hunter2: hunter2, hunter2\nc: d\n`)
      t.ok(mistakes.length > 0, `${before}${start}`)
      t.notMatch(mistakes.join('\n'), /hunter2/)
    }
})

t.test('many mistakes are listed in part, and counted', async (t) => {
  const lines = (count: number) => mistakesOf('a: %\n'.repeat(count))
  t.equal(lines(10).length, 10)
  t.strictSame(lines(12).slice(9), [`10:4 ${quotes('%')} a: "%…"`, '10:4 2 more syntax errors are below'])
  t.equal(lines(3000).at(-1), '10:4 2,990 more syntax errors are below')
})

t.test('an anchor that may remain from an alias is a warning, and others are none', async (t) => {
  const read = (text: string) => {
    const report = new Report('autoconfig.yaml')
    const { value } = readYaml('autoconfig.yaml', text, report)
    const warnings = report.warnings.map(({ line, column, message }) => `${line}:${column} ${message}`)
    return { value, warnings, hasErrors: report.hasErrors }
  }
  const fine = { warnings: [], hasErrors: false }
  t.strictSame(read('a: 1\nhost: &h mx1\n'), {
    value: { a: 1, host: 'mx1' },
    warnings: [`2:7 ${quotes('&')} host: "&…"${dropped}`],
    hasErrors: false,
  })
  t.strictSame(read('a: &Co and sons\nb: *Co\n'), { value: { a: 'and sons', b: 'and sons' }, ...fine })
  t.strictSame(read('a: &A { b: 1 }\n'), { value: { a: { b: 1 } }, ...fine })
  t.strictSame(read('a: &A "and sons"\n'), { value: { a: 'and sons' }, ...fine })
  t.strictSame(read('a: R&D and more! text\n'), { value: { a: 'R&D and more! text' }, ...fine })
  t.strictSame(read('a: Mail #1\n'), { value: { a: 'Mail' }, ...fine }, 'a comment needs no blank after #')
})

t.test('many dropped words are listed only in part', async (t) => {
  const text = Array.from({ length: 12 }, (_, index) => `k${index}: &Co and sons\n`).join('')
  t.equal(mistakesOf(text).length, 10)
})
