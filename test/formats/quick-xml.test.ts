import t from 'tap'
import { checkTags } from '../../src/rehearsal/readers/quick-xml.ts'
import { parseXml, textOf } from '../../src/rehearsal/readers/xml.ts'

t.test('the parser of Delta Chat accepts what has matching tags', async (t) => {
  for (const source of [
    '',
    'no tag',
    '<a>',
    '<a><b/></a ><c>',
    '<!DOCTYPE html><a x=y></a>',
    '<?xml version="1.0"?><!-- <b> --><a><![CDATA[</c>]]></a>',
    `<a x='>' y=">"></a>`,
  ])
    t.doesNotThrow(() => checkTags(source), source)
  for (const source of ['<a></b>', '</a>', '<a', '<!-- a', '<a x=">'])
    t.throws(() => checkTags(source), { message: /^not well-formed/ }, source)
})

t.test('what is not well-formed can be read without an error', async (t) => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const source = '<a>&lt;&nbsp;&constructor;&#65;&#x42;&#x110000;&#-1;&amp</a>'
  const { root } = parseXml(bytes(source), { recovers: true })
  t.match(root.children[0] && textOf(root.children[0]), /^<AB/)
  t.throws(() => parseXml(bytes(source)), { message: /^not well-formed/ })
  t.strictSame(parseXml(bytes(''), { recovers: true }).root.children, [])
  t.throws(() => parseXml(bytes('')), { message: /^not well-formed/ })
})
