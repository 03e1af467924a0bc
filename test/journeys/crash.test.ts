import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { wholeHouse } from '../support/house.ts'
import { inWallet, knobs, person } from '../support/person.ts'
import { strictly } from '../support/strictly.ts'

// The pages and the provider's notifications are served here; what settles runs in a process of its own, which is killed.
const world = await wholeHouse({ work: false })
const directory = mkdtempSync(join(tmpdir(), 'baohao-crash-'))
const keyFile = join(directory, 'master-key')
writeFileSync(keyFile, world.masterKey.toString('hex'), { mode: 0o600 })
const MAIN = join(import.meta.dirname, '../../server/main.ts')
const children: ChildProcess[] = []

afterAll(async () => {
  for (const child of children) await ended(child, 'SIGTERM')
  await world.proved()
  await world.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** `baohao work` over the same database, perhaps with a failpoint armed. */
function startWork(failpoint?: string): ChildProcess {
  const child = spawn(process.execPath, [MAIN, 'work'], {
    cwd: directory,
    env: {
      ...process.env,
      ...strictly,
      BAOHAO_MODE: 'test',
      BAOHAO_DATA: directory,
      BAOHAO_MASTER_KEY_FILE: keyFile,
      DATABASE_URL: world.database.appUrl,
      ...(failpoint ? { FAILPOINT: failpoint } : {}),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(child)
  return child
}

async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = new Promise((resolve) => child.once('exit', resolve))
    if (signal) child.kill(signal)
    await exit
  }
  return child.signalCode
}

const one = async (sql: string, ...values: unknown[]) =>
  Object.values((await world.house.db.of('laika').query<Record<string, unknown>>(sql, values))[0] ?? {})[0]

let nextLine = 1000
// Where the process that works dies: with the evidence just stored, with the credit decided, with everything written but the commit.
const places = ['payment.evidence-committed', 'settle.decided', 'settle.written']

test.each(places)(
  'killed at %s, between payment and credit: nothing is lost, nothing is credited twice',
  async (place) => {
    const number = `15400${String(nextLine++).padStart(6, '0')}`
    const balance = () =>
      one(
        'select a.balance from {{brand}}.line l join {{brand}}.line_account a on a.line = l.id where l.msisdn = $1',
        `86${number}`,
      )
    // No loop sends codes here: the log-in is made by the rooms themselves.
    const payer = person(world, 'laika')
    const coded = payer.proveAsPayer(number)
    for (let i = 0; i < 50; i++) {
      await world.house.messaging.drain()
      if (
        await Promise.race([
          coded.then(() => true),
          new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 100)),
        ])
      )
        break
    }
    await coded
    const before = (await balance()) as bigint
    // Told by nobody, so that it is the dying process that finds the payment, by its query.
    await knobs(world, 'laika', { dropAll: true })
    const { order, outTradeNo } = await payer.orderToPay(number, { face: '5000' })

    const doomed = startWork(`${place}:1:crash`)
    await inWallet(world, 'laika', outTradeNo, 'pay')
    expect(await ended(doomed)).toBe('SIGKILL')
    expect(await balance()).toBe(before)
    expect(await one('select count(*) from {{brand}}.evidence where applied_at is null')).toBe(1n)

    const heir = startWork()
    const state = () => one('select state from {{brand}}.top_up where id = $1', idFromWire(order.id))
    await expect.poll(state, { timeout: 30_000, interval: 200 }).toBe('credited')
    expect(((await balance()) as bigint) - before).toBe(5000n)
    await ended(heir, 'SIGTERM')
    expect(heir.exitCode).toBe(0)
    expect(
      await one(
        'select count(*) from {{brand}}.transfer where cause = $1 and posting = $2',
        idFromWire(order.id),
        'online-top-up',
      ),
    ).toBe(2n)
  },
)
