import { rootCertificates } from 'node:tls'
import t, { type Test } from 'tap'
import { type CheckId, checkIds } from '../../src/model/check-ids.ts'
import { issue } from '../support/certificates.ts'
import { type CheckResult, runDoctor } from '../support/doctor.ts'
import { examineDns, host } from '../support/doctor-dns.ts'
import { account, logIn } from '../support/doctor-login.ts'
import { examineNames, main, wellKnown } from '../support/doctor-names.ts'
import { examineServer, mail, type ServerCase } from '../support/doctor-servers.ts'
import { configFolder, example } from '../support/example.ts'
import { nameServer } from '../support/zone-server.ts'

type Provocation = (t: Test) => Promise<readonly CheckResult[]>

const server =
  (given: ServerCase | (() => Promise<ServerCase>)): Provocation =>
  async (t) =>
    (await examineServer(t, typeof given === 'function' ? await given() : given)).checks

const dns =
  (changes: Record<string, unknown>): Provocation =>
  async (t) =>
    (await examineDns(t, changes)).checks

const names =
  (given: Parameters<typeof examineNames>[1]): Provocation =>
  async (t) =>
    (await examineNames(t, given)).all

const example1 = 'example.org'
const imaps = `SRV _imaps._tcp.${example1}`
const mx = `MX ${example1}`
const srv = (target: string) => ({ priority: 0, weight: 1, port: 993, target })
const sts = { [`TXT _mta-sts.${example1}`]: ['v=STSv1; id=1'] }
const policyUrl = `https://mta-sts.${example1}/.well-known/mta-sts.txt`
const policy = (text: string, exchange = mail): Provocation =>
  names({
    hosts: [`mta-sts.${example1}`],
    zone: { ...sts, [mx]: [{ preference: 10, exchange }] },
    foreign: { [policyUrl]: [200, text] },
  })
const enforce = `version: STSv1\r\nmode: enforce\r\nmx: ${mail}\r\nmax_age: 86400\r\n`
const old = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const
const capability = (words: string) => (line: string) =>
  line === 'a CAPABILITY' ? `* CAPABILITY ${words}\r\na OK` : undefined
const day = 86_400_000

/** How to provoke each id. The type has an entry for every id, and each entry is run. */
const provocations: Readonly<Record<CheckId, Provocation>> = {
  'domain-not-served': async (t) => {
    const { stdout } = await runDoctor(['elsewhere.example', '--json', '-c', configFolder(t, example)])
    return (JSON.parse(stdout) as { checks: CheckResult[] }).checks
  },
  'host-not-found': server({ zone: {} }),
  'connection-failed': server({ zone: { [`A ${mail}`]: ['127.0.0.3'] } }),
  'wrong-socket-type': server({ socketType: 'STARTTLS', advertised: { socketType: 'SSL' } }),
  'unexpected-answer': server({ answer: (line) => (line === '' ? '* BYE' : undefined) }),
  'starttls-not-supported': server({ socketType: 'STARTTLS', answer: capability('LOGINDISABLED') }),
  'tls-handshake-failed': server({ tls: { ...old, maxVersion: 'TLSv1.1' } }),
  'certificate-not-trusted': server({ authority: rootCertificates[0] }),
  'certificate-host-mismatch': server(async () => ({ issued: await issue('P-256') })),
  'certificate-expired': server(async () => ({
    issued: await issue('P-256', new Date(Date.now() - day), [mail]),
  })),
  'certificate-expires-soon': server(async () => ({
    issued: await issue('P-256', new Date(Date.now() + 9 * day), [mail]),
  })),
  'old-tls-accepted': server({ tls: old }),
  'plaintext-accepted': server({ socketType: 'STARTTLS', answer: capability('STARTTLS AUTH=PLAIN') }),
  'authentication-not-offered': server({ answer: capability('LOGINDISABLED') }),
  'message-size-differs': server({ type: 'smtp', limits: { messageSize: '13 MiB' } }),
  'dns-lookup-failed': dns({ [imaps]: 'SERVFAIL' }),
  'dns-record-missing': dns({ [imaps]: undefined }),
  'dns-record-differs': dns({ [imaps]: [srv('old.example.net')] }),
  'dns-record-extra': dns({ [imaps]: [srv(host), srv('old.example.net')] }),
  'cname-chain-broken': dns({ [`CNAME autoconfig.${example1}`]: ['gone.example'] }),
  'mx-elsewhere': dns({ [mx]: [{ preference: 10, exchange: 'filter.example' }] }),
  'dnssec-invalid': dns({ [mx]: 'BOGUS' }),
  'dnssec-not-authenticated': dns({}),
  'tlsa-invalid': server({
    dns: { authenticates: () => true },
    zone: (port) => ({
      [`A ${mail}`]: ['127.0.0.2'],
      [`TLSA _${port}._tcp.${mail}`]: [
        { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32) },
      ],
    }),
  }),
  'sts-policy-found': dns(sts),
  'sts-policy-fetch-error': dns(sts),
  'sts-policy-invalid': policy('mode: enforce'),
  'sts-mx-not-listed': policy(enforce, 'filter.example'),
  'caa-forbids-authority': names({
    zone: { [`CAA ${example1}`]: [{ flags: 0, tag: 'issue', value: ';' }] },
  }),
  'answer-differs': names({ foreign: { [main]: [200, 'For sale'] } }),
  'foreign-answer': names({ foreign: { [wellKnown]: [200, 'For sale'] } }),
  'login-failed': async (t) =>
    (await logIn(t, { imap: { answer: account('imap', 'jane') }, smtp: {} })).checks,
  'running-differs': async (t) => {
    const { address } = await nameServer(t, {})
    const args = ['--running', '--admin-port', '1', '--resolver', address, '--json']
    const { stdout } = await runDoctor(['example.org', '-c', configFolder(t, example), ...args])
    return (JSON.parse(stdout) as { checks: CheckResult[] }).checks
  },
}

t.test('every id is provoked', async (t) => {
  t.strictSame(Object.keys(provocations).sort(), Object.keys(checkIds).sort())
  for (const [id, provoke] of Object.entries(provocations)) {
    const checks = await provoke(t)
    t.ok(
      checks.some((check) => check.id === id && check.state !== 'ok'),
      id,
    )
  }
})
