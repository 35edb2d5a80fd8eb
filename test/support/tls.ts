import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type ConnectionOptions, connect, type SecureContext, type TLSSocket } from 'node:tls'
import type { Test } from 'tap'
import type { Domain } from '../../src/model/address.ts'
import type { TlsSettings } from '../../src/tls/certificate-files.ts'
import { Certificates, type CertificatesOptions } from '../../src/tls/certificates.ts'
import { certifyKey, type Issued, issue } from './certificates.ts'

/** When the certificates of tests are valid. */
export const today = new Date('2026-11-30T12:00:00Z')

const day = 86_400_000

/** The files of a certificate for names, with its chain, valid for 90 days of which so many are left. */
export async function certificateFor(names: readonly string[], daysLeft = 60): Promise<Issued> {
  const to = new Date(today.getTime() + daysLeft * day)
  const issued = await issue('P-256', to, names, new Date(to.getTime() - 90 * day))
  return { ...issued, certificate: issued.certificate + issued.authority }
}

/** The files of a certificate whose key has 512 bits, so OpenSSL does not serve it. */
export async function shortKey(name: string): Promise<Pick<Issued, 'certificate' | 'key'>> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 512 })
  const [from, to] = [-30, 60].map((days) => new Date(today.getTime() + days * day)) as [Date, Date]
  return {
    certificate: await certifyKey(publicKey, [name], from, to),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** Writes files below a directory, and the directories that they need. Keys are only for their owner. */
export function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(directory, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content, { mode: 0o600 })
  }
}

/** The two files of a certificate, as dehydrated and certbot name them. */
export const pair = (name: string, { certificate, key }: Pick<Issued, 'certificate' | 'key'>) => ({
  [`${name}/fullchain.pem`]: certificate,
  [`${name}/privkey.pem`]: key,
})

const place = { file: 'autoconfig.yaml', line: 1, column: 1, path: 'tls.folder' }

/** The settings for a folder, or for pairs of a directory. */
export const settingsFor = (directory: string, names?: readonly string[], name?: string): TlsSettings => ({
  certificates: (names ?? []).map((each) => ({
    certificate: join(directory, `${each}/fullchain.pem`),
    key: join(directory, `${each}/privkey.pem`),
    place,
  })),
  ...(!names && { folder: { directory, place } }),
  ...(name !== undefined && { default: name as Domain }),
})

/** Certificates whose files were read once, and what they report. */
export async function openCertificates(
  t: Test,
  settings: TlsSettings,
  options: Partial<CertificatesOptions> = {},
) {
  const problems: string[] = []
  const clock = { now: today }
  const certificates = new Certificates({
    settings,
    now: () => clock.now,
    onProblem: (problem) => problems.push(problem),
    pollInterval: 10,
    ...options,
  })
  t.teardown(() => certificates.close())
  await certificates.ready(20_000)
  return { certificates, problems, clock }
}

/** The subjectAltName of the certificate in a context, as a client sees it; `undefined` without a context. */
export async function namesIn(context: SecureContext | undefined): Promise<string | undefined> {
  if (!context) return undefined
  const { createServer } = await import('node:tls')
  const server = createServer({ SNICallback: (_name, done) => done(null, context) }, (socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return (await handshake((server.address() as { port: number }).port, { servername: 'any.example' })).names
  } finally {
    server.close()
  }
}

export interface Handshake {
  readonly names: string | undefined
  readonly socket: TLSSocket
}

/** Connects, and returns the names of the certificate that the server shows. The socket is destroyed unless `keep` is set. */
export function handshake(
  port: number,
  { keep = false, ...options }: ConnectionOptions & { readonly keep?: boolean } = {},
): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      const { subjectaltname } = socket.getPeerCertificate()
      if (!keep) socket.destroy()
      resolve({ names: subjectaltname?.replaceAll('DNS:', ''), socket })
    })
    socket.on('error', reject)
  })
}
