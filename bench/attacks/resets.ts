import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Row } from './row.ts'
import { answered, startVictim, type Victim } from './victim.ts'

const resets = 100_000
const atOnce = 400

const headers = 'Host: a\r\nX-Forwarded-Host: autoconfig.example.org\r\nX-Forwarded-For: 192.0.2.1\r\n'
const body = '<Autodiscover><Request><EMailAddress>jane@example.org</EMailAddress></Request></Autodiscover>'
const query = '?emailaddress=jane@example.org'

/** Bytes after which the client goes away. */
const beginnings: readonly string[] = [
  '',
  'GET /mail/conf',
  `GET /mail/config-v1.1.xml HTTP/1.1\r\n${headers}`,
  `GET /mail/config-v1.1.xml HTTP/1.1\r\n${headers}\r\n`,
  `GET /thunderbird/qr.png${query} HTTP/1.1\r\n${headers}\r\n`,
  `GET /apple/mail.mobileconfig${query} HTTP/1.1\r\n${headers}\r\n`,
  `GET /unknown HTTP/1.1\r\n${headers}\r\n`,
  `POST /autodiscover/autodiscover.xml HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n`,
  `POST /autodiscover/autodiscover.xml HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
  `POST /autodiscover/autodiscover.xml HTTP/1.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`,
  `PUT /mail/config-v1.1.xml HTTP/1.1\r\n${headers}Transfer-Encoding: chunked\r\n\r\n5\r\nab`,
  `GET /mail/config-v1.1.xml HTTP/1.1\r\n${headers}\r\n`.repeat(10),
]

/** Clients that go away at every stage of a request. */
export async function resetting(program: string, folder: string): Promise<Row[]> {
  const file = join(folder, 'resets.log')
  const stdout = openSync(file, 'w')
  const victim = await startVictim(program, folder, { stdout, trustedProxies: ['127.0.0.1'] })
  closeSync(stdout)
  for (let count = 0; count < resets; count += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => reset(victim, count + index)))
  }
  await sleep(500)
  const errors = await answered(victim, 500)
  await victim.stop()
  const bugs = readFileSync(file, 'utf8').split('a bug: please report it').length - 1
  return [
    {
      attack: `${resets} clients reset their connection at ${beginnings.length} stages of a request`,
      measured: `${errors} counted as 500, ${bugs} stacks in the log`,
      aim: 'none',
      isReached: errors === 0 && bugs === 0,
    },
  ]
}

async function reset({ port }: Victim, count: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  await once(socket, 'connect').catch(() => undefined)
  const bytes = beginnings[count % beginnings.length] as string
  if (bytes !== '') await new Promise((resolve) => socket.write(bytes, 'latin1', resolve))
  // At once, in the next turn, or later, when an answer may be under way.
  if (count % 3 > 0) await sleep(count % 3)
  socket.resetAndDestroy()
}
