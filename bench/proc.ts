import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * The CPU time in milliseconds of the living threads of a process, to the nanosecond: for differences over a time in which
 * no thread ends. On a kernel without schedstat, it is the coarse figure of `totalCpu`.
 */
export function threadsCpu(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, thread) => sum + schedstat(`/proc/${pid}/task/${thread}/schedstat`), 0)
  } catch {
    return tickedCpu(pid)
  }
}

/**
 * The CPU time in milliseconds since the process began, ended threads included. Neither file is ever too high: schedstat
 * lacks ended threads, and stat is rounded down to ticks (at most 20 ms).
 */
export function totalCpu(pid: number): number {
  return Math.max(threadsCpu(pid), tickedCpu(pid))
}

/** The resident memory in megabytes (2^20 bytes), now and at its peak. */
export function memory(pid: number): { readonly rss: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const megabytes = (key: string): number =>
    Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
  return { rss: megabytes('VmRSS'), peak: megabytes('VmHWM') }
}

/** Resets the peak. False if that is not permitted: then the peak is that of the whole life of the process. */
export function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
    return true
  } catch {
    return false
  }
}

function schedstat(file: string): number {
  try {
    return Number(readFileSync(file, 'latin1').split(' ', 1)[0]) / 1e6
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 0 // the thread has ended since it was listed
    throw error
  }
}

/** Fields 14 and 15 of /proc/PID/stat, in ticks of 10 ms; the second field, a name, may contain spaces. */
function tickedCpu(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(afterName[11]) + Number(afterName[12])) * 10
}
