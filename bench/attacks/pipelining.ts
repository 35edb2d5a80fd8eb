import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { memory } from '../proc.ts'
import { watchHealth } from './health.ts'
import type { Row } from './row.ts'
import { metric, startVictim } from './victim.ts'

const connections = 1000
const milliseconds = 2000

const host = 'Host: autoconfig.example.org\r\n'
const address = '?emailaddress=jane@example.org'

/** The requests that are repeated on each connection. */
const requests: Readonly<Record<string, string>> = {
  'QR codes, SVG': `GET /thunderbird/qr.svg${address} HTTP/1.1\r\n${host}\r\n`,
  'QR codes, PNG': `GET /apple/qr.png${address} HTTP/1.1\r\n${host}\r\n`,
  'signed profiles': `GET /apple/mail.mobileconfig${address} HTTP/1.1\r\n${host}\r\n`,
  documents: `GET /mail/config-v1.1.xml${address} HTTP/1.1\r\n${host}\r\n`,
  OPTIONS: `OPTIONS /mail/config-v1.1.xml HTTP/1.1\r\n${host}\r\n`,
  'status 404, 405 and 400': `HEAD / HTTP/1.1\r\n${host}\r\nPUT / HTTP/1.1\r\n${host}\r\nGET / HTTP/1.1\r\n\r\n`,
}

/** Many connections send requests and read nothing: more than may wait, and as many as may wait. */
export async function pipelining(program: string, folder: string): Promise<Row[]> {
  const rows: Row[] = []
  for (const [what, request] of Object.entries(requests)) {
    const flood = request.repeat(Math.ceil(65_536 / request.length))
    for (const [amount, bytes] of [
      ['64 KB', flood],
      ['16 requests', request.repeat(16)],
    ] as const) {
      const victim = await startVictim(program, folder, {})
      const health = await watchHealth(victim.adminPort, victim.pid)
      const sockets = await flock(victim.port, bytes)
      await sleep(milliseconds)
      const { worst, worstCpu, failed } = await health()
      const closed = await metric(victim, 'mail_autoconfig_refused_total{kind="pipelining"}')
      rows.push({
        attack: `${connections} connections send ${amount} and read nothing: ${what}`,
        measured: `RSS ${Math.round(memory(victim.pid).peak)} MB, /healthz ${Math.round(worst)} ms, ${Math.round(worstCpu)} ms of CPU, ${closed} connections closed`,
        aim: 'RSS < 200 MB, /healthz < 100 ms of CPU',
        isReached: memory(victim.pid).peak < 200 && worstCpu < 100 && failed === 0,
      })
      for (const socket of sockets) socket.destroy()
      victim.child.kill('SIGKILL')
    }
  }
  return rows
}

async function flock(port: number, bytes: string): Promise<Socket[]> {
  const sockets: Socket[] = []
  for (let count = 0; count < connections; count++) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    socket.pause()
    socket.write(bytes, 'latin1')
    sockets.push(socket)
    if (count % 50 === 49) await sleep(1)
  }
  return sockets
}
