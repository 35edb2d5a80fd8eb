import { ports, services } from '../../hosts/expand-host.ts'
import { serverSection } from '../../hosts/server-section.ts'
import { misreadSocketType } from '../../ispdb/document.ts'
import {
  authentications,
  protocols,
  type ServerTemplate,
  type SocketType,
  socketTypes,
} from '../../model/settings.ts'
import { hostnameTemplate } from '../../reading/fields.ts'
import type { ElementReader } from './element-reader.ts'

/** A server as the configuration has it: the options of POP3 are keys of the server itself. */
export type ImportedServer = Omit<ServerTemplate, 'pop3'>

/** An `incomingServer` or `outgoingServer` -> an entry of `servers:`; `undefined` if it is dropped. */
export function importServer(reader: ElementReader): ImportedServer | undefined {
  const writtenType = reader.attribute('type')
  const type = protocols.find((name) => name === writtenType)
  if (!type || (type === 'smtp') !== (reader.name === 'outgoingServer'))
    return reader.drop(
      'the type must be imap, pop3 or jmap of an incomingServer, and smtp of an outgoingServer',
    )
  const hostname = reader.leaf('hostname')
  const writtenSocketType = reader.leaf('socketType')
  const port = Number(reader.leaf('port'))
  const socketType = importSocketType(reader, writtenSocketType ?? '', port === ports[type].STARTTLS)
  const username = reader.leaf('username')
  const authentication = reader.all('authentication').flatMap((method) => importAuthentication(method) ?? [])
  const options = type === 'pop3' ? importPop3(reader) : {}
  reader.close()
  if (!socketType) return reader.drop(`its socketType is not one of ${socketTypes.join(', ')}`)
  if (Number.isNaN(port)) return reader.drop('its port must be a number')
  if (authentication.length === 0) return reader.drop('no supported authentication method')
  if (username === undefined) reader.report('has no username; the username of the first server is used')
  const server = {
    type,
    hostname,
    port,
    socketType,
    authentication,
    ...(username !== undefined && { username }),
    ...options,
  }
  const valid = reader.validated(serverSection, server) as ImportedServer | undefined
  if (valid?.hostname.includes('%'))
    reader.report(`the server replaces the placeholder in the hostname ${valid.hostname} with the domain`)
  return valid && { ...valid, hostname: inLowerCase(reader, valid.hostname) }
}

/**
 * The meaning of a `socketType` in another spelling, which is reported. `TLS` was the name of both kinds of encryption, so the
 * port decides.
 */
function importSocketType(
  reader: ElementReader,
  text: string,
  isStartTlsPort: boolean,
): SocketType | undefined {
  const exact = socketTypes.find((name) => name === text)
  const word = text.toUpperCase()
  const meant = word === 'TLS' ? (isStartTlsPort ? 'STARTTLS' : 'SSL') : word === 'SSL/TLS' ? 'SSL' : word
  const found = exact ?? socketTypes.find((name) => name.toUpperCase() === meant)
  if (found && !exact) reader.report(`socketType ${misreadSocketType(text)}; it is served as ${found}`)
  return found
}

/** The short name of a server that has one: `imaps`. */
export function shortName({
  type,
  socketType,
  port,
}: Pick<ServerTemplate, 'type' | 'socketType' | 'port'>): string | undefined {
  const name = Object.entries(services).find(
    ([, service]) => service.type === type && service.socketType === (socketType as SocketType),
  )?.[0]
  return port === ports[type][socketType] ? name : undefined
}

/** Names in older files, and the names of version 1.1. */
const oldNames: Readonly<Record<string, string>> = {
  plain: 'password-cleartext',
  secure: 'password-encrypted',
}

function importAuthentication(method: ElementReader): (typeof authentications)[number] | undefined {
  method.close()
  const name = authentications.find((one) => one === (oldNames[method.text] ?? method.text))
  if (!name) return method.drop(`the method is not one of ${authentications.join(', ')}`)
  if (name !== method.text) method.report(`"${method.text}" is renamed to ${name}`)
  return name
}

function inLowerCase(reader: ElementReader, hostname: string): string {
  const normalized = hostnameTemplate().parse(hostname)
  if (normalized !== hostname) reader.report(`the hostname ${hostname} is changed to ${normalized}`)
  return normalized
}

const booleans: ReadonlyMap<string | undefined, boolean> = new Map([
  ['true', true],
  ['false', false],
])

function importPop3(server: ElementReader): Record<string, unknown> {
  const reader = server.first('pop3')
  if (!reader) return {}
  const days = reader.leaf('daysToLeaveMessagesOnServer')
  const interval = reader.first('checkInterval')
  const minutes = interval?.attribute('minutes')
  interval?.close()
  const flags = (['leaveMessagesOnServer', 'downloadOnBiff'] as const).flatMap((name) => {
    const text = reader.leaf(name)
    const value = booleans.get(text)
    if (text !== undefined && value === undefined) reader.report(`${name} must be true or false; dropped`)
    return value === undefined ? [] : [[name, value]]
  })
  reader.close()
  if (days !== undefined && !flags.some(([name]) => name === 'leaveMessagesOnServer'))
    reader.report('daysToLeaveMessagesOnServer implies leaveMessagesOnServer, which is added')
  return {
    ...Object.fromEntries(flags),
    ...(days !== undefined && { daysToLeaveMessagesOnServer: Number(days) }),
    ...(minutes !== undefined && { checkInterval: Number(minutes) }),
  }
}
