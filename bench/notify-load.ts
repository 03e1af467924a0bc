import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

// The sending process of bench/notifications.ts: notifications that were signed before, sent at a constant rate whatever the answers.

/** One notification, ready to be posted. */
export interface Prepared {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the process is told, as JSON in its first argument. */
export interface NotifyOrder {
  readonly address: string
  /** JSON lines of `Prepared`. */
  readonly file: string
  readonly perSecond: number
}

export interface NotifyResult {
  readonly sent: number
  readonly acknowledged: number
  /** Of every acknowledgement, from the moment it was to be sent, in milliseconds. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** How late the last one left: above a few milliseconds the sender, not the receiver, was too slow. */
  readonly latestMs: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 128 })

/** Answers the status; 0 where there is none. */
function post(address: string, { path, headers, body }: Prepared): Promise<number> {
  return new Promise((resolve) => {
    const length = Buffer.byteLength(body)
    const sending = request(
      address + path,
      { method: 'POST', agent, headers: { ...headers, 'content-length': length } },
      (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    sending.once('error', () => resolve(0))
    sending.end(body)
  })
}

const order = JSON.parse(process.argv[2] ?? '{}') as NotifyOrder
const lines = readFileSync(order.file, 'utf8').split('\n').filter(Boolean)
const notices = lines.map((line) => JSON.parse(line) as Prepared)
const [waits, under] = [[] as number[], [] as Promise<void>[]]
let acknowledged = 0
let latestMs = 0
const startedAt = performance.now() + 100
for (const [i, notice] of notices.entries()) {
  const dueAt = startedAt + (i * 1000) / order.perSecond
  while (performance.now() < dueAt) await sleep(Math.max(0, Math.floor(dueAt - performance.now())))
  latestMs = Math.max(latestMs, performance.now() - dueAt)
  under.push(
    post(order.address, notice).then((status) => {
      waits.push(performance.now() - dueAt)
      if (status === 200 || status === 204) acknowledged++
    }),
  )
}
await Promise.all(under)
agent.destroy()
waits.sort((a, b) => a - b)
const at = (share: number) =>
  Math.round((waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0) * 10) / 10
const result: NotifyResult = {
  ...{ sent: notices.length, acknowledged, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) },
  latestMs: Math.round(latestMs * 10) / 10,
}
process.stdout.write(JSON.stringify(result))
