import { printable } from '../../model/one-line.ts'
import type { Limits } from '../../model/settings.ts'
import type { Explanation, HostName } from './explanation.ts'
import { describeLogin } from './login.ts'
import { describeSource } from './sources.ts'

type Row = readonly [name: string, value: string]

/** An explanation for people: a table. */
export function explanationText(explanation: Explanation): string {
  const { domain, host, because, servedBy, ispdb, moves, servers, webmail, enable } = explanation
  const precedence =
    ispdb && !ispdb.served
      ? `${ispdb.file} of the ISPDB also names ${domain}, but the configuration has precedence\n`
      : ''
  const rows: Row[] = [
    ['domain', domain],
    ...(servedBy === 'nobody' ? [['served by', 'no host: clients get 404'] as const] : []),
    ...(host ? [['served by', describeHost(host)] as const] : []),
    ...(because.kind === 'ispdb' ? [] : [['because', because.text] as const]),
    ...moves.map(({ at, host: next }): Row => ['moves to', `${describeHost(next)} at ${at}`]),
    ...servers.map(
      ({ type, hostname, port, socketType, authentication }): Row => [
        type,
        `${hostname}:${port} ${socketType} ${authentication.join(', ')}`,
      ],
    ),
    ...usernameRows(explanation),
    ...(webmail === undefined ? [] : [['webmail', webmail] as const]),
    ...(enable === undefined ? [] : [['enable first', enable] as const]),
    ...limitRows(explanation.limits),
    ...(ispdb?.served ? [['ISPDB', `${ispdb.file}, unchanged`] as const] : []),
    ...explanation.urls.map((url, index): Row => [index === 0 ? 'clients ask' : '', url]),
    ...explanation.notExpressible.map(({ format, why }): Row => [`no ${format}`, why]),
    ...(explanation.didYouMean ? [['did you mean', explanation.didYouMean.text] as const] : []),
  ]
  const text = [table(rows), precedence, ...explanation.sources.map(describeSource)].join('')
  // Names of files may contain control characters.
  return text.split('\n').map(printable).join('\n')
}

const describeHost = ({ key, hostname }: HostName): string => `${key} (${hostname})`

/** Either `username` or, where people log in with something else, `logs in as`, and what clients show without it. */
function usernameRows({ login, servers, address }: Explanation): Row[] {
  const usernames = new Map(servers.map(({ template, username }) => [template, username]))
  const texts = [...usernames].map(([template, username]) =>
    template === username || address === undefined ? template : `${username} (${template} of ${address})`,
  )
  if (!login) return texts.map((text): Row => ['username', text])
  const shown =
    login.shown === 'public' ? [] : texts.map((text): Row => ['without it', `clients get ${text}`])
  return [['logs in as', describeLogin(login)], ...shown]
}

function limitRows({ messageSize, quota }: Limits): Row[] {
  return [
    ...(messageSize === undefined ? [] : [['message', `at most ${inMegabytes(messageSize)}`] as const]),
    ...(quota === undefined ? [] : [['account', `at most ${inMegabytes(quota)}`] as const]),
  ]
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e4) / 100} MB`

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('')
}
