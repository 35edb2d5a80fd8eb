/** The unit of comparison: Fastify that answers one finished document, without logging. */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'

const [port, file] = process.argv.slice(2) as [string, string]
const document = readFileSync(file)

const app = Fastify({ logger: false })
app.get('/mail/config-v1.1.xml', (_request, reply) => reply.type('text/xml; charset=utf-8').send(document))
await app.listen({ host: '127.0.0.1', port: Number(port) })
