import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A provider with a domain of each kind. */
const configuration = `
provider:
  id: all2all.org
  displayName: all2all mail
  displayShortName: all2all
  contact:
    email: support@all2all.org
    phone: +32 2 555 12 34
    url: https://www.all2all.org/contact
    hours:
      en: Monday to Friday, 9:00 to 17:00
      fr: Du lundi au vendredi, de 9 h à 17 h
      nl: Maandag tot en met vrijdag, 9.00 tot 17.00 uur
      de: Montag bis Freitag, 9 bis 17 Uhr
publicName: autoconfig.all2all.org
hosts:
  maximusconfessor:
    hostname: maximusconfessor.all2all.org
    webMail: https://maximusconfessor.all2all.org/webmail
    limits: { messageSize: 12MB, quota: 1GB }
  vonmuenchhausen:
    hostname: vonmuenchhausen.all2all.org
    username: "%EMAILLOCALPART%"
    webMail: https://vonmuenchhausen.all2all.org/webmail
  starttls: { hostname: mail.all2all.org, servers: [imap, pop3, submission] }
  pop: { hostname: pop.all2all.org, servers: [pop3s, submissions] }
domains:
  address.example: maximusconfessor
  localpart.example: vonmuenchhausen
  derived.example: { host: starttls, username: "%EMAILLOCALPART%.mail" }
  hidden.example: maximusconfessor
  own.example: { host: maximusconfessor, disclose: public }
  pop.example: pop
  bücher.example:
    host: maximusconfessor
    pageText: { en: "Help is at https://bücher.example/help and here.\\n\\nWe are happy to help." }
  enable.example:
    host: maximusconfessor
    enable: { visiturl: https://www.all2all.org/enable, instruction: { en: Tick the box IMAP. } }
  long.example: { host: maximusconfessor, displayName: Gesellschaft für Donaudampfschifffahrtselektrizitäten }
accounts: { map: { jane.roe@hidden.example: user0001, jane.roe@own.example: user0002 } }
links: { url: https://autoconfig.all2all.org, keys: [{ kid: a, secretFile: link.key }] }
page: { logo: logo.svg }
`

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 130 40" width="130" height="40">
<circle cx="20" cy="20" r="16" fill="#1f5fa8"/><circle cx="20" cy="20" r="7" fill="#fff"/>
<text x="46" y="28" font-family="sans-serif" font-size="24" font-weight="bold" fill="#1b1f24">all2all</text></svg>`

/** What the browser types in a link. */
const nameOf = { person: 'jane.roe@hidden.example', login: 'user0001' }

export interface Site {
  /** By the address of the machine, where browsers allow everything that https allows. */
  readonly origin: string
  /** The same by plain http at a host name, as many customers come. */
  readonly named: (host: string) => string
  /** The path of a personal link, and whose it is. */
  readonly link: { readonly path: string; readonly person: string; readonly login: string }
  close(): void
}

/** Starts a server on loopback, on a free port. */
export async function openSite(): Promise<Site> {
  const directory = mkdtempSync(join(tmpdir(), 'mail-autoconfig-page.'))
  const config = join(directory, 'autoconfig.yaml')
  writeFileSync(config, configuration)
  writeFileSync(join(directory, 'logo.svg'), logo)
  writeFileSync(join(directory, 'link.key'), randomBytes(32))
  const command = ['--import', 'tsx', 'src/bin.ts']
  const listeners = ['--host', '127.0.0.1', '--port', '0', '--admin-host', '127.0.0.1', '--admin-port', '0']
  const server = spawn(process.execPath, [...command, 'serve', '--config', config, ...listeners], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const close = (): void => {
    server.kill()
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    const origin = await originIn(server.stdout)
    server.stdout.resume()
    const { port } = new URL(origin)
    const link = execFileSync(process.execPath, [...command, 'link', nameOf.person, '--config', config])
    return {
      origin,
      named: (host) => `http://${host}:${port}`,
      link: { path: new URL(link.toString().trim()).pathname, ...nameOf },
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

async function originIn(log: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: log })) {
    const { msg, clients } = JSON.parse(line)
    if (msg === 'serving') return clients
  }
  throw new Error('the server did not start')
}

/** The pages that people see, by what is special. `jane` is a person with an address there. */
export const pages = (link: Site['link']): Readonly<Record<string, string>> => ({
  address: '/?emailaddress=jane.roe@address.example',
  localPart: '/?emailaddress=localpart.example',
  derived: '/?emailaddress=derived.example',
  hidden: '/?emailaddress=jane.roe@hidden.example',
  own: '/?emailaddress=jane.roe@own.example',
  pop: '/?emailaddress=jane.roe@pop.example',
  international: '/?emailaddress=xn--bcher-kva.example',
  enable: '/?emailaddress=jane.roe@enable.example',
  long: `/?emailaddress=${'jane.doe-'.repeat(5)}@long.example`,
  personal: link.path,
  start: '/',
  unknown: '/?emailaddress=jane@nobody.example',
  invalidLink: '/setup/nothing',
})
