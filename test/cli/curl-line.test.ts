import t from 'tap'
import { curlLine } from '../../src/cli/curl-line.ts'

const request = (domain: string) => `/mail/config-v1.1.xml?emailaddress=info@${domain}`

t.test('the line for curl asks the first listener for the first domain that is not a wildcard', async (t) => {
  const line = (listeners: string) => curlLine(['.example.com', 'example.net', 'example.org'], listeners)
  const net = request('example.net')
  t.equal(line('http://[::]:80, https://[::]:443'), `curl 'http://localhost:80${net}'`)
  t.equal(line('http://0.0.0.0:8080'), `curl 'http://localhost:8080${net}'`)
  t.equal(line('http://192.0.2.1:80'), `curl 'http://192.0.2.1:80${net}'`)
  t.equal(line('unix:/run/http.sock'), `curl --unix-socket '/run/http.sock' 'http://localhost${net}'`)
  t.equal(line('unix:'), undefined, 'the path is not known')
  t.equal(curlLine(['.example.com'], 'http://[::1]:80'), `curl 'http://[::1]:80${request('example.org')}'`)
})
