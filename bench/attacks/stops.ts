import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Row } from './row.ts'
import { startVictim } from './victim.ts'

const stops = 4
const clients = 12

const requests: Readonly<Record<string, string>> = {
  documents: '/mail/config-v1.1.xml?emailaddress=jane@example.org',
  'signed profiles': '/apple/mail.mobileconfig?emailaddress=jane@example.org',
}

/** The end of the requests. A refused connection is none: a balancer asks another server. */
interface Outcome {
  answered: number
  lost: number
}

/** SIGTERM while clients ask. */
export async function stopping(program: string, folder: string): Promise<Row[]> {
  const rows: Row[] = []
  for (const [what, path] of Object.entries(requests)) {
    for (const [rate, pause] of [
      ['at saturation', 0],
      ['at 300 a second', (clients * 1000) / 300],
    ] as const) {
      for (const isKept of [false, true]) {
        const outcome: Outcome = { answered: 0, lost: 0 }
        for (let count = 0; count < stops; count++) {
          const victim = await startVictim(program, folder, {})
          const running = Array.from({ length: clients }, () =>
            client(victim.port, path, isKept, pause, outcome),
          )
          await sleep(500 + 37 * count)
          await victim.stop()
          await Promise.all(running)
        }
        rows.push({
          attack: `${stops} stops while ${clients} clients ask for ${what} ${rate}, ${isKept ? 'with keep-alive' : 'each on a new connection'}`,
          measured: `${outcome.lost} of ${outcome.answered + outcome.lost} requests lost`,
          aim: '0 lost',
          isReached: outcome.lost === 0,
        })
      }
    }
  }
  return rows
}

/** Asks until nobody listens any more. */
async function client(
  port: number,
  path: string,
  isKept: boolean,
  pause: number,
  outcome: Outcome,
): Promise<void> {
  const request = `GET ${path} HTTP/1.1\r\nHost: autoconfig.example.org\r\n${isKept ? '' : 'Connection: close\r\n'}\r\n`
  for (;;) {
    const end = await converse(port, request, isKept, pause, outcome)
    if (end === 'refused') return
    if (pause > 0) await sleep(pause)
  }
}

/** One connection: one request, or one after the other until the server says that it closes. */
function converse(
  port: number,
  request: string,
  isKept: boolean,
  pause: number,
  outcome: Outcome,
): Promise<'closed' | 'refused'> {
  return new Promise((resolve) => {
    let received = ''
    let isWaiting = true
    let isRefused = false
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1')
      const head = received.indexOf('\r\n\r\n') + 4
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(received)?.[1])
      if (head < 4 || received.length < head + length) return
      if (received.startsWith('HTTP/1.1 200 ')) outcome.answered++
      else outcome.lost++
      isWaiting = false
      const closes = !isKept || /\r\nconnection: *close/i.test(received.slice(0, head))
      received = ''
      if (closes) socket.end()
      else
        setTimeout(() => {
          // The server has closed the idle connection: no request is lost.
          if (socket.destroyed || socket.readableEnded) return
          isWaiting = true
          socket.write(request)
        }, pause)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      isRefused = error.code === 'ECONNREFUSED'
    })
    socket.on('close', () => {
      if (isWaiting && !isRefused) outcome.lost++
      resolve(isRefused ? 'refused' : 'closed')
    })
  })
}
