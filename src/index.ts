/** The library: what `import … from 'mail-autoconfig'` gives. */
export { loadConfig } from './config/load.ts'
export { formats } from './formats/index.ts'
