import { issue } from '../support/certificates.ts'
import { write } from '../support/tls.ts'

/** DIRECTORY COUNT: so many certificates `nN.example` in the layout of dehydrated, all with one key. */
const [directory = '', count = '0'] = process.argv.slice(2)
const files: Record<string, string> = {}
for (let index = 0; index < Number(count); index++) {
  const name = `n${index}.example`
  const { certificate, authority, key } = await issue('P-256', new Date(Date.now() + 60 * 86_400_000), [name])
  files[`certs/${name}/fullchain.pem`] = certificate + authority
  files[`certs/${name}/privkey.pem`] = key
}
write(directory, files)
