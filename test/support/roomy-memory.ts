import { readFileSync, statfsSync } from 'node:fs'

const MEMORY = '/dev/shm'
/** A run of everything keeps less than half of this at once. */
const ROOMY_BYTES = 4 * 2 ** 30

/**
 * Linux's directory in memory, when a run's databases and files may all lie there: making and dropping a database takes a
 * twentieth of the processor's time that a disk's file system takes. Undefined where there is none, where it or the machine is
 * small (a container often has 64 MB), or where no program may be run from it.
 */
export function roomyMemory(): string | undefined {
  try {
    const mount = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .findLast(([, directory]) => directory === MEMORY)
    const options = mount?.[3]?.split(',') ?? []
    if (mount?.[2] !== 'tmpfs' || !options.includes('rw') || options.includes('noexec')) return undefined
    const { bavail, bsize } = statfsSync(MEMORY)
    return Math.min(bavail * bsize, process.availableMemory()) >= ROOMY_BYTES ? MEMORY : undefined
  } catch {
    return undefined
  }
}
