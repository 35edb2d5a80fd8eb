import { rootCertificates, type TLSSocket } from 'node:tls'
import t from 'tap'
import { checkCertificate } from '../../src/checks/certificate.ts'
import { addressLiteral } from '../../src/checks/mail-protocols.ts'
import type { Network } from '../../src/checks/network.ts'
import { canUse, oldTls } from '../../src/checks/old-tls.ts'
import { checkOldTls } from '../../src/checks/old-tls-check.ts'
import { trust } from '../../src/checks/trust.ts'
import type { ServerSettings } from '../../src/model/settings.ts'
import { issue } from '../support/certificates.ts'
import { type ServerCase as Case, examineServer as examine, good, mail } from '../support/doctor-servers.ts'
import { mailServer } from '../support/mail-server.ts'
import type { Zone } from '../support/zone-server.ts'

const day = 86_400_000

t.test('a server that keeps all promises has no problem', async (t) => {
  for (const type of ['imap', 'pop3', 'smtp'] as const)
    for (const socketType of ['SSL', 'STARTTLS'] as const) {
      const { checks, problems, untested } = await examine(t, { type, socketType })
      t.strictSame([problems, untested], [[], []], `${type} ${socketType}`)
      t.strictSame(
        checks.map(({ id }) => id),
        [
          'host-not-found',
          'connection-failed',
          ...(socketType === 'SSL'
            ? []
            : ['unexpected-answer', 'plaintext-accepted', 'starttls-not-supported']),
          'tls-handshake-failed',
          'certificate-not-trusted',
          'certificate-host-mismatch',
          'certificate-expired',
          'certificate-expires-soon',
          ...(socketType === 'SSL' ? ['unexpected-answer'] : []),
          'authentication-not-offered',
          'tlsa-invalid',
          'old-tls-accepted',
        ],
      )
    }
})

t.test('the result is as documented', async (t) => {
  const { at, target, exitCode, problems } = await examine(t, {
    issued: await issue('P-256', undefined, ['*.example.net']),
  })
  t.equal(exitCode, 1)
  t.strictSame(problems, ['certificate-host-mismatch'], 'the chain is another thing')
  t.strictSame(at('certificate-host-mismatch'), [
    {
      id: 'certificate-host-mismatch',
      target,
      state: 'problem',
      expected: `a certificate for ${mail}`,
      seen: '*.example.net',
      advice: `get a certificate with the name ${mail}, or advertise a name that it contains`,
    },
  ])
})

t.test('certificates that clients reject', async (t) => {
  const now = Date.now()
  const cases: [object, string, RegExp][] = [
    [{ issued: await issue('P-256') }, 'certificate-host-mismatch', /without subjectAltName/],
    [
      { issued: await issue('P-256', new Date(now - day), [mail]) },
      'certificate-expired',
      /^valid from 1970-/,
    ],
    [
      { issued: await issue('P-256', undefined, [mail], new Date(now + day)) },
      'certificate-expired',
      / to 2030-01-01/,
    ],
    [
      { issued: await issue('P-256', new Date(now + 20.5 * day), [mail]) },
      'certificate-expires-soon',
      /^20 days/,
    ],
    [
      { issued: await issue('P-256', new Date(now + 1.5 * day), [mail], new Date(now - 9 * day)) },
      'certificate-expires-soon',
      /^1 days/,
    ],
    [{ authority: rootCertificates[0] }, 'certificate-not-trusted', /^issued by Test Authority: UNABLE_TO/],
  ]
  for (const [options, id, seen] of cases) {
    const { at, problems } = await examine(t, options)
    t.strictSame(problems, [id])
    t.match(at(id)[0]?.seen, seen)
  }
  const short = await issue('P-256', new Date(now + 2.5 * day), [mail], new Date(now - 3 * day))
  t.strictSame((await examine(t, { issued: short })).problems, [], 'a short life needs fewer days')
})

t.test('TLS from the first byte and STARTTLS are told apart', async (t) => {
  const clear = await examine(t, { socketType: 'STARTTLS', advertised: { socketType: 'SSL' } })
  t.strictSame(clear.problems, ['wrong-socket-type'])
  t.match(clear.at('wrong-socket-type')[0]?.seen, /^\d+ answers in clear: it is STARTTLS or no TLS$/)
  const secure = await examine(t, {
    advertised: { socketType: 'STARTTLS' },
    args: ['--timeout', '1'],
  })
  t.strictSame(secure.problems, ['wrong-socket-type'])
  t.match(
    secure.at('wrong-socket-type')[0]?.seen,
    /^\d+ expects TLS from the first byte: it was advertised as STARTTLS$/,
  )
})

t.test('a server that offers no STARTTLS', async (t) => {
  for (const [answer, seen] of [
    [
      (line: string) => (line.includes('CAPABILITY') ? '* CAPABILITY LOGINDISABLED\r\na OK' : undefined),
      'not offered',
    ],
    [(line: string) => (line.includes('STARTTLS') ? 'b NO' : undefined), 'offered, and refused'],
  ] as const) {
    const { problems, at } = await examine(t, { socketType: 'STARTTLS', answer })
    t.strictSame(problems, ['starttls-not-supported'])
    t.equal(at('starttls-not-supported')[0]?.seen, seen)
  }
})

t.test('what is sent in clear after the answer to STARTTLS counts as nothing', async (t) => {
  const injected = 'b OK begin\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na OK done'
  const answer = (line: string) => (line.endsWith('STARTTLS') ? injected : undefined)
  t.strictSame((await examine(t, { socketType: 'STARTTLS', answer })).problems, [])
})

t.test('passwords in clear are a problem in each protocol', async (t) => {
  const capable = { imap: 'a CAPABILITY', pop3: 'CAPA', smtp: 'EHLO [127.0.0.1]' } as const
  const offers = {
    imap: '* CAPABILITY IMAP4rev1 STARTTLS\r\na OK',
    pop3: '+OK\r\nSTLS\r\nSASL PLAIN\r\n.',
    smtp: '250-x\r\n250-STARTTLS\r\n250 AUTH=LOGIN',
  } as const
  for (const type of ['imap', 'pop3', 'smtp'] as const) {
    const answer = (line: string, isSecure: boolean) =>
      line === capable[type] && !isSecure ? offers[type] : undefined
    const { problems, server } = await examine(t, { type, socketType: 'STARTTLS', answer })
    t.strictSame(problems, ['plaintext-accepted'], type)
    t.notOk(
      server.lines.some((line) => /PASS|LOGIN|AUTH/i.test(line)),
      'no password is sent',
    )
  }
  const silent = (line: string, isSecure: boolean) =>
    line.startsWith('USER') && !isSecure ? '+OK go on' : undefined
  const { problems } = await examine(t, { type: 'pop3', socketType: 'STARTTLS', answer: silent })
  t.strictSame(problems, ['plaintext-accepted'], 'USER is not listed, and accepted')
  const courier = (line: string, isSecure: boolean) =>
    line === 'CAPA' && !isSecure ? '+OK\r\nSTLS\r\nUSER\r\n.' : undefined
  const refused = await examine(t, { type: 'pop3', socketType: 'STARTTLS', answer: courier })
  t.strictSame(refused.problems, [], 'USER is listed, and refused')
})

t.test('a server on the own address of the machine proves nothing about passwords in clear', async (t) => {
  const { untested, problems, exitCode } = await examine(t, { socketType: 'STARTTLS', address: '127.0.0.1' })
  t.strictSame([untested, problems], [['plaintext-accepted'], []])
  t.equal(exitCode, 1, 'this matters')
})

t.test('each advertised authentication method must be offered', async (t) => {
  const imap = (words: string) => (line: string) =>
    line === 'a CAPABILITY' ? `* CAPABILITY ${words}\r\na OK` : undefined
  const cases: [Case, boolean, string?][] = [
    [{ answer: imap('LOGINDISABLED') }, false, 'none'],
    [{ answer: imap('LOGINDISABLED AUTH=PLAIN') }, true, 'PLAIN'],
    [{ advertised: { authentication: ['OAuth2', 'password-cleartext'] } }, false, 'PLAIN LOGIN'],
    [
      {
        advertised: { authentication: ['OAuth2', 'password-cleartext'] },
        answer: imap('AUTH=XOAUTH2'),
      },
      true,
    ],
    [{ type: 'pop3', answer: (line) => (line === 'CAPA' ? '-ERR' : undefined) }, true, 'USER'],
    [
      {
        type: 'pop3',
        advertised: { authentication: ['password-encrypted'] },
        answer: (line) => (line === '' ? '+OK <1.2@mail>' : line === 'CAPA' ? '-ERR' : undefined),
      },
      true,
      'USER APOP',
    ],
    [{ type: 'smtp', advertised: { authentication: ['password-encrypted'] } }, false],
  ]
  for (const [options, isOffered, seen] of cases) {
    const { problems, at } = await examine(t, options)
    t.strictSame(problems, isOffered ? [] : ['authentication-not-offered'])
    if (seen !== undefined) t.equal(at('authentication-not-offered')[0]?.seen, seen)
  }
  const { at } = await examine(t, { type: 'smtp', advertised: { authentication: ['client-IP-address'] } })
  t.strictSame(at('authentication-not-offered'), [], 'nothing to see from outside')
})

t.test('limits.messageSize is the SIZE of the outgoing server', async (t) => {
  const none = (line: string) => (line.startsWith('EHLO') ? '250-x\r\n250 AUTH PLAIN' : undefined)
  for (const [messageSize, answer, state] of [
    ['12 MiB', undefined, 'ok'],
    ['13 MiB', undefined, 'problem'],
    ['12 MiB', none, 'info'],
  ] as const) {
    const { at } = await examine(t, { type: 'smtp', limits: { messageSize }, ...(answer && { answer }) })
    t.equal(at('message-size-differs')[0]?.state, state)
  }
})

t.test('old TLS', async (t) => {
  const old = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const
  for (const socketType of ['SSL', 'STARTTLS'] as const) {
    const { problems, at } = await examine(t, { socketType, tls: old })
    t.strictSame(problems, ['old-tls-accepted'], socketType)
    t.equal(at('old-tls-accepted')[0]?.seen, 'TLSv1.1 accepted')
  }
  const only = await examine(t, { tls: { ...old, maxVersion: 'TLSv1.1' } })
  t.strictSame(only.problems, ['tls-handshake-failed'])
  const starttls = await examine(t, { socketType: 'STARTTLS', tls: { ...old, maxVersion: 'TLSv1.1' } })
  t.strictSame(starttls.problems, ['tls-handshake-failed'])
  let greetings = 0
  const answer = (line: string) => (line === '' && ++greetings > 1 ? 'CLOSE' : undefined)
  const closed = await examine(t, { socketType: 'STARTTLS', answer })
  t.strictSame(closed.untested, ['old-tls-accepted'])
  let questions = 0
  const hang = (line: string) => (line.endsWith('STARTTLS') && ++questions > 1 ? 'b OK' : undefined)
  t.strictSame((await examine(t, { socketType: 'STARTTLS', answer: hang })).problems, [])
})

t.test('OpenSSL is asked whether it could use old TLS', async (t) => {
  t.equal(await canUse(oldTls), true)
  t.equal(await canUse({ ...oldTls, maxVersion: 'TLSv1', minVersion: 'TLSv1' }), true)
  t.equal(await canUse({ minVersion: 'TLSv1.3' }), false, 'the cipher does not exist there')
})

t.test('answers that are not those of the protocol', async (t) => {
  const cases: [Case, RegExp][] = [
    [{ socketType: 'STARTTLS', answer: (line) => (line === '' ? '220 smtp' : undefined) }, /^220 smtp$/],
    [{ answer: (line) => (line === '' ? '* BYE' : undefined) }, /^\* BYE$/],
    [{ answer: (line) => (line === 'a CAPABILITY' ? 'CLOSE' : undefined) }, /closed the connection/],
    [{ answer: () => '', args: ['--timeout', '1'] }, /^no answer in time$/],
    [{ socketType: 'STARTTLS', answer: () => '', args: ['--timeout', '1'] }, /^no answer in time$/],
    [{ answer: () => 'x'.repeat(300_000) }, /does not stop sending/],
  ]
  for (const [options, seen] of cases) {
    const { problems, at } = await examine(t, options)
    t.strictSame(problems, ['unexpected-answer'])
    t.match(at('unexpected-answer').at(-1)?.seen, seen)
  }
})

t.test('a server without encryption is checked as advertised', async (t) => {
  const answer = (line: string) => (line === 'a CAPABILITY' ? '* CAPABILITY AUTH=PLAIN\r\na OK' : undefined)
  const { checks, problems } = await examine(t, { socketType: 'plain', answer })
  t.strictSame(problems, [])
  t.strictSame(
    checks.map(({ id }) => id),
    ['host-not-found', 'connection-failed', 'unexpected-answer', 'authentication-not-offered'],
  )
})

t.test('names without addresses', async (t) => {
  const cases: [Zone, string, RegExp][] = [
    [{}, 'problem', /^NXDOMAIN/],
    [{ [`TXT ${mail}`]: ['x'] }, 'problem', /^no such record/],
    [{ [`A ${mail}`]: 'SERVFAIL', [`AAAA ${mail}`]: 'SERVFAIL' }, 'untested', /^SERVFAIL/],
    [{ [`A ${mail}`]: 'REFUSED', [`AAAA ${mail}`]: 'REFUSED' }, 'untested', /^REFUSED/],
  ]
  for (const [zone, state, seen] of cases) {
    const { checks, exitCode } = await examine(t, { zone })
    t.match(checks, [{ id: 'host-not-found', state, seen }])
    t.equal(checks.length, 1)
    t.equal(exitCode, 1)
  }
})

t.test('every address is checked, and a family that this network lacks is no problem', async (t) => {
  const refused = await examine(t, { zone: { [`A ${mail}`]: ['127.0.0.2', '127.0.0.3'] } })
  t.strictSame(refused.problems, ['connection-failed'])
  t.match(
    refused.checks.find(({ state }) => state === 'problem'),
    { target: `${refused.target} at 127.0.0.3`, seen: 'ECONNREFUSED from this network' },
  )
  const partly = await examine(t, { zone: { [`A ${mail}`]: ['255.255.255.255', '127.0.0.2'] } })
  t.strictSame([partly.problems, partly.untested], [[], []])
  t.match(partly.at('connection-failed')[0], { state: 'info', seen: /ENETUNREACH/ })
  const nowhere = await examine(t, { zone: { [`A ${mail}`]: ['255.255.255.255'] } })
  t.strictSame(nowhere.untested, ['connection-failed'])
})

t.test('--connect replaces the address of a host', async (t) => {
  const next = await mailServer(t, { type: 'imap', socketType: 'SSL', issued: good })
  const args = ['--connect', `${mail}=${next.address}:${next.port}`]
  const { problems, names, server } = await examine(t, { zone: {}, args })
  t.strictSame([problems, server.lines, next.lines], [[], [], ['a CAPABILITY']])
  t.notOk(names.queries.some((query) => [`A ${mail}`, `AAAA ${mail}`].includes(query)))
})

t.test('without a bundle of the system, the authorities of Node.js are trusted', async (t) => {
  t.ok(trust([], []))
})

t.test('a test of old TLS that proves nothing', async (t) => {
  const { address, port } = await mailServer(t, { type: 'imap', socketType: 'STARTTLS', answer: () => '' })
  const server = { type: 'imap', hostname: mail, port, socketType: 'SSL' } as unknown as ServerSettings
  const probed = { server, address, port, target: 'it', messageSize: undefined }
  const network = { timeout: 300 } as Network
  t.match(await checkOldTls(probed, network), {
    state: 'untested',
    seen: 'a second connection: no answer in time',
  })
  t.match(await checkOldTls({ ...probed, address: '127.0.0.3' }, network), {
    state: 'untested',
    seen: 'a second connection: ECONNREFUSED from this network',
  })
  t.match(await checkOldTls(probed, network, { minVersion: 'TLSv1.3' }), {
    state: 'info',
    seen: /^not tested: OpenSSL/,
  })
})

t.test('a certificate of the chain that has expired', async (t) => {
  const certificate = {
    issuer: { CN: 'A' },
    subjectaltname: `DNS:${mail}`,
    subject: {},
    valid_from: 'Jan  1 00:00:00 1970 GMT',
    valid_to: 'Jan  1 00:00:00 2070 GMT',
  }
  const socket = { authorizationError: 'CERT_HAS_EXPIRED', getPeerCertificate: () => certificate }
  const checks = checkCertificate(socket as unknown as TLSSocket, mail, 'it', Date.now())
  t.match(
    checks.filter(({ state }) => state === 'problem'),
    [{ id: 'certificate-expired', seen: /a certificate of its chain is not valid$/ }],
  )
})

t.test('a client without a name greets with its address', async (t) => {
  t.equal(addressLiteral('192.0.2.1'), '[192.0.2.1]')
  t.equal(addressLiteral('2001:db8::1'), '[IPv6:2001:db8::1]')
})
