import type { WatchSettings } from '../config/read-watch.ts'
import type { Resolver } from '../resolver/resolver.ts'
import type { Clock } from './clock.ts'
import { command } from './command.ts'
import { lookAt } from './looks.ts'
import { openNetwork, trustOf } from './open-network.ts'
import type { Watched } from './watch.ts'
import { webhook } from './webhook.ts'

/** A configuration with the real network, and with the real webhook and command. */
export function watchedOf(resolver: Resolver, settings: WatchSettings, clock: Clock): Watched {
  const authorities = trustOf(settings)
  const network = openNetwork(settings, authorities, clock.now)
  return {
    resolver,
    settings,
    look: (step, signal) => lookAt(step, resolver, network(signal)),
    receivers: [
      ...(settings.webhook
        ? [
            {
              to: 'webhook',
              deliver: webhook(settings.webhook, authorities),
              key: JSON.stringify(['webhook', settings.webhook, settings.authority]),
            } as const,
          ]
        : []),
      ...(settings.command
        ? [
            {
              to: 'command',
              deliver: command(settings.command),
              key: JSON.stringify(['command', settings.command]),
            } as const,
          ]
        : []),
    ],
  }
}
