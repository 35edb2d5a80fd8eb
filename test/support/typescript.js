import { register } from 'node:module'

// Node.js strips the types of TypeScript by itself from 22.18 on. In older versions each thread needs this.
if (!process.features.typescript) register('./strip-types.js', import.meta.url)
