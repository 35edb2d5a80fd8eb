import { failure, type Result, success } from '../model/result.ts'

/** The names of sockets, as `FileDescriptorName=` of a systemd.socket unit has them. */
const names = ['http', 'https', 'admin'] as const
type Name = (typeof names)[number]

/** The descriptors of listening sockets, for each listener. */
export type HandedSockets = Readonly<Record<Name, readonly number[]>>

/** After standard input, output and error. */
const firstDescriptor = 3

/**
 * The sockets that systemd hands to this process when it starts (sd_listen_fds(3)): `LISTEN_PID` names the process, `LISTEN_FDS` has
 * their number, and `LISTEN_FDNAMES` their names. If no name is one of ours, a single socket is `http`.
 */
export function handedSockets(
  { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = '' }: Readonly<Record<string, string | undefined>>,
  pid: number,
): Result<HandedSockets> {
  const count = Number(LISTEN_PID) === pid ? Number(LISTEN_FDS) || 0 : 0
  const given = LISTEN_FDNAMES.split(':')
  const handed: Record<Name, number[]> = { http: [], https: [], admin: [] }
  const unknown: number[] = []
  for (let index = 0; index < count; index++) {
    const name = names.find((known) => known === given[index])
    const of = name === undefined ? unknown : handed[name]
    of.push(firstDescriptor + index)
  }
  const areNamed = unknown.length < count
  if (!areNamed && count === 1) return success({ ...handed, http: unknown })
  if (unknown.length === 0) return success(handed)
  return failure(
    `systemd hands over ${count} sockets, and ${unknown.length} of them without a known name; set FileDescriptorName= to http, https or admin in each systemd.socket unit`,
  )
}
