import { run } from './command.ts'
import type { Zone } from './zone-server.ts'

/** The records that `dns` prints for example.org. */
export async function zoneOf(file: string): Promise<Zone> {
  const { stdout } = await run(['dns', 'example.org', '--json', '-c', file])
  const { records } = JSON.parse(stdout) as { records: { name: string; type: string; data: string }[] }
  const zone: Record<string, unknown[]> = {}
  for (const { name, type, data } of records) {
    const [priority, weight, port, target = ''] = data.split(' ')
    const values: Record<string, unknown> = {
      SRV: {
        priority: Number(priority),
        weight: Number(weight),
        port: Number(port),
        target: target.slice(0, -1),
      },
      TXT: data.slice(1, -1),
      CNAME: data.slice(0, -1),
    }
    zone[`${type} ${name}`] = [values[type]]
  }
  return zone
}
