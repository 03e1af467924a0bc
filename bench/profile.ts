import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'

/** How often the stack is looked at. */
const LOOK_EVERY_US = 500

/** Profiles this process from now on; ended, it is kept in a file that Chromium's tools and `speedscope` read. */
export async function startProfile(): Promise<(file: string) => Promise<void>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: LOOK_EVERY_US })
  await session.post('Profiler.start')
  return async (file) => {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    writeFileSync(file, JSON.stringify(profile))
  }
}
