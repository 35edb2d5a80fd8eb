import { readFileSync } from 'node:fs'
import { defaultWatch } from '../../config/read-watch.ts'
import { heldBack } from '../../http/logged-events.ts'
import { formatDiagnostic } from '../../model/diagnostic.ts'
import { LiveResolver } from '../../resolver/live-resolver.ts'
import { textOf } from '../../watch/change.ts'
import type { Clock } from '../../watch/clock.ts'
import { count } from '../count.ts'
import type { DoctorOptions } from '../doctor.ts'
import { type ExitCode, exitCodes, type Io } from '../io.ts'
import { Stopping } from '../stopping.ts'
import { failureText, Watching } from '../watching.ts'

/**
 * Checks regularly until SIGTERM or SIGINT, as the section `watch:` says, and prints each change. The configuration is reloaded as in the
 * server. Rejects with `ConfigError` if it has errors at the start.
 */
export async function watchAll(options: DoctorOptions, io: Io, clock?: Clock): Promise<ExitCode> {
  const { stdout, stderr, signals, now } = io
  const { json, resolver, connect, ca, timeout } = options
  const print = (text: string): void => void stdout.write(`${now().toISOString()} ${text}\n`)
  const warn = (text: string): void => void stderr.write(`${text}\n`)
  const flags = {
    ...(resolver && { resolvers: [...resolver] }),
    ...(connect && {
      connect: Object.fromEntries([...connect].map(([host, place]) => [host, written(place)])),
    }),
    ...(ca !== undefined && { authority: readFileSync(ca, 'utf8') }),
    ...(timeout !== undefined && { timeout: timeout * 1000 }),
  }
  const watching = new Watching({
    settingsOf: ({ watch }) => ({ ...(watch ?? defaultWatch()), ...flags }),
    ...(clock && { clock }),
    onChange: (change) =>
      json
        ? stdout.write(`${JSON.stringify({ at: now().toISOString(), ...change })}\n`)
        : print(textOf(change)),
    onRun: ({ looks, nextRun }) =>
      json || print(`${count(looks, 'check')} made; the next begin at ${nextRun.toISOString()}`),
    onFailure: (what, problem) => warn(`${failureText(what)}: ${problem}`),
    onBug: ({ stack = '' }) => warn(`a bug: please report it: ${stack}`),
  })
  const live: LiveResolver = await LiveResolver.openFile(options.config, {
    now,
    onReload(result) {
      if ('config' in result) watching.use(live.current)
      else if ('held' in result) warn(heldBack(result.held))
      else for (const error of result.errors) warn(formatDiagnostic(error))
    },
    onBackend: (name, problem) => problem !== undefined && warn(`source ${name}: ${problem}`),
  })
  const stopping = new Stopping(signals)
  const reload = () => void live.reload()
  signals.on('SIGHUP', reload)
  watching.use(live.current)
  await stopping.requested
  await Promise.all([watching.close(), live.close()])
  signals.off('SIGHUP', reload)
  stopping.close()
  return exitCodes.ok
}

const written = ({ address, port }: { readonly address: string; readonly port?: number }): string =>
  port === undefined ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`
