/** The cost of TLS in Node itself: one finished document over http and over https, with one certificate. */
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'

const [port, tlsPort, document, cert, key] = process.argv.slice(2) as [string, string, string, string, string]
const body = readFileSync(document)

const answer: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': body.length })
  response.end(body)
}
createServer(answer).listen(Number(port), '127.0.0.1')
createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) }, answer).listen(
  Number(tlsPort),
  '127.0.0.1',
)
