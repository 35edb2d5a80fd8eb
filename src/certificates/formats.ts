import type { Certificate } from './certificates.ts'

/** How to print certificates one after the other. */
export interface CertificateFormat {
  readonly begin: string
  readonly between: string
  readonly end: string
  readonly write: (certificate: Certificate) => string
}

const lines = (write: CertificateFormat['write']): CertificateFormat => ({
  ...{ begin: '', between: '', end: '' },
  write: (certificate) => `${write(certificate)}\n`,
})

export const certificateFormats = {
  /** dehydrated: a certificate is named after its first name, unless ` > ` and another name follow. */
  'domains.txt': lines(({ name, names }) => `${names.join(' ')}${name === names[0] ? '' : ` > ${name}`}`),
  /** The arguments of lego, which certbot and acme.sh read as well. */
  lego: lines(({ names }) => names.map((name) => `-d ${name}`).join(' ')),
  plain: lines(({ names }) => names.join('\n')),
  json: {
    begin: '[',
    between: ',',
    end: '\n]\n',
    write: (certificate) => `\n${JSON.stringify(certificate)}`,
  },
} as const satisfies Readonly<Record<string, CertificateFormat>>
