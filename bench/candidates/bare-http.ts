/** The cost of Node itself: the same document without a framework. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const [port, file] = process.argv.slice(2) as [string, string]
const document = readFileSync(file)

const server = createServer({ keepAliveTimeout: 72_000 }, (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': document.length })
  response.end(document)
})
server.listen(Number(port), '127.0.0.1')
