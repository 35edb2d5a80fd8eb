/**
 * Asks without a pause, on new and on kept connections, until SIGTERM. Prints how often each status and each error occurred, and the
 * longest wait in milliseconds.
 *
 *   node load.mjs http://127.0.0.1:8080/v1.1/example.org
 */
import { Agent, get } from 'node:http'

const [url] = process.argv.slice(2)
const counts = {}
let slowest = 0
let goesOn = true
process.on('SIGTERM', () => {
  goesOn = false
})

const ask = (agent) =>
  new Promise((resolve) => {
    const started = performance.now()
    const note = (key) => {
      counts[key] = (counts[key] ?? 0) + 1
      slowest = Math.max(slowest, Math.round(performance.now() - started))
      resolve()
    }
    get(url, { agent }, (response) => {
      response.resume()
      response.on('end', () => note(response.statusCode))
      response.on('error', ({ code }) => note(code))
    }).on('error', ({ code }) => note(code))
  })

async function client(agent) {
  while (goesOn) {
    await ask(agent)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const kept = () => new Agent({ keepAlive: true, maxSockets: 1 })
await Promise.all([client(false), client(false), client(false), client(kept()), client(kept())])
console.log(JSON.stringify({ ...counts, slowest }))
process.exit()
