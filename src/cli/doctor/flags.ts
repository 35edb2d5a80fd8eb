import { Option } from '@commander-js/extra-typings'
import { atOnce, hostAddress, nameServers, seconds } from '../option-values.ts'

/** The options of `doctor` with values or conditions. */
export const doctorFlags = {
  all: () => new Option('--all', 'check every mapped domain').conflicts('login'),
  watch: () =>
    new Option(
      '--watch',
      'with --all: go on as "watch" in the configuration says, and print changes',
    ).conflicts(['running', 'concurrency']),
  resolver: () =>
    new Option('--resolver <ip[:port]>', 'name server to ask; repeatable').argParser(nameServers),
  connect: () =>
    new Option(
      '--connect <host=ip[:port]>',
      'address of a host in place of its DNS, such as before a move; repeatable',
    ).argParser(hostAddress),
  timeout: () =>
    new Option('--timeout <seconds>', 'how long a connection may last (default: 10)').argParser(seconds),
  concurrency: () =>
    new Option('--concurrency <number>', 'how many domains to check at once (default: 8)').argParser(atOnce),
}
