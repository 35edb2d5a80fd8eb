import { createHash } from 'node:crypto'
import { type AliasName, formatName } from './aliases.ts'
import { withoutExtension } from './target.ts'

/** The MD5 of an address in hexadecimal, which Evolution sends instead of the address (`emailmd5`). */
export const digestOf = ({ localPart, domain }: AliasName): string =>
  createHash('md5')
    .update(formatName({ localPart: withoutExtension(localPart.toLowerCase()), domain }))
    .digest('hex')
