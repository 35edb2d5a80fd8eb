import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { leaf } from './xml.ts'

/** A value of a property list. Members that are `undefined` are omitted. */
export type PlistValue = string | number | boolean | readonly PlistValue[] | PlistDict
export interface PlistDict {
  readonly [key: string]: PlistValue | undefined
}

/** An XML property list (PropertyList-1.0.dtd). Numbers are integers. */
export function plist(value: PlistDict): string {
  const document = create({ version: '1.0', encoding: 'UTF-8' }).dtd({
    name: 'plist',
    pubID: '-//Apple//DTD PLIST 1.0//EN',
    sysID: 'http://www.apple.com/DTDs/PropertyList-1.0.dtd',
  })
  write(document.ele('plist', { version: '1.0' }), value)
  return `${document.end({ prettyPrint: true, wellFormed: true })}\n`
}

function write(parent: XMLBuilder, value: PlistValue): void {
  if (typeof value === 'string') leaf(parent, 'string', value)
  else if (typeof value === 'number') leaf(parent, 'integer', String(value))
  else if (typeof value === 'boolean') parent.ele(String(value))
  else if (isList(value)) {
    const array = parent.ele('array')
    for (const item of value) write(array, item)
  } else {
    const dict = parent.ele('dict')
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue
      leaf(dict, 'key', key)
      write(dict, item)
    }
  }
}

const isList = (value: PlistDict | readonly PlistValue[]): value is readonly PlistValue[] =>
  Array.isArray(value)
