import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Listening, listen } from '../server/platform/http.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import type { World } from './world.ts'

const CONNECTIONS = 256

export interface HttpMeasured extends LoadResult {
  readonly acknowledged: readonly string[]
}

export async function serveWorld(world: World): Promise<Listening> {
  return await listen(await world.house.http(), '127.0.0.1', [0])
}

/** Loads the served world from a second process. */
export async function runHttp(
  world: World,
  address: string,
  kind: LoadOrder['kind'],
  seconds: number,
  warmUpSeconds: number,
): Promise<HttpMeasured> {
  const acknowledgedFile = join(world.directory, `${kind}.acknowledged`)
  const keys = kind === 'read' ? [world.readKey] : world.agents.map((agent) => agent.apiKey)
  const order: LoadOrder = {
    address,
    kind,
    connections: CONNECTIONS,
    seconds,
    warmUpSeconds,
    keys,
    acknowledgedFile,
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load.ts'), JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the loading process ended with ${code}`)
  const result = JSON.parse(out) as LoadResult
  if (result.failed > 0) throw new Error(`${result.failed} requests of ${kind} failed`)
  return { ...result, acknowledged: readFileSync(acknowledgedFile, 'utf8').split('\n').filter(Boolean) }
}
