import * as z from 'zod'

/** `nextHops:` of the configuration. */
export const nextHopsSection = z.record(z.string(), z.string()).default({}).meta({
  description:
    'Maps next hops of Postfix transport maps to hosts: addresses (10.0.0.5), transports (dovecot:), next hops with a port ([10.0.0.5]:24) or whole values (lmtp:unix:private/dovecot-lmtp). They count in map files, in answers of sources, and for drift.',
})
