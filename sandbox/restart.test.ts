import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AlipaySdk } from 'alipay-sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox } from './start.ts'
import { appId, arrive, now, press, sellerId } from './testing/world.ts'

const entry = new URL('./main.ts', import.meta.url).pathname
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ports = ['home', 'alipay', 'unionpay', 'wechat', 'card', 'smpp', 'smtp'].flatMap((name) => [
  `--${name}-port`,
  '0',
])

let dataDir: string
let child: ChildProcess

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'))
  const merchantPublicKey = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString()
  const merchant = { appId, sellerId, brand: 'laika', name: '莱卡通信', merchantPublicKey }
  await writeFile(join(dataDir, 'merchants.json'), JSON.stringify({ alipay: [merchant] }))
})
afterEach(async () => {
  await end('SIGKILL')
  await rm(dataDir, { recursive: true })
})

/** Starts the sandbox as its own process; answers its addresses once it says `ready`. */
async function start(): Promise<Record<string, string>> {
  const started = spawn(process.execPath, [entry, '--data-dir', dataDir, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child = started
  let printed = ''
  for await (const chunk of started.stdout ?? []) {
    printed += chunk
    if (printed.endsWith('ready\n')) break
  }
  const lines = printed.trim().split('\n').slice(0, -1)
  return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string]))
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill(signal)
  return await exited
}

async function sdkAt(gateway: string): Promise<AlipaySdk> {
  const keys = JSON.parse(await readFile(join(dataDir, 'alipay-public-keys.json'), 'utf8'))
  const privateKey = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  return new AlipaySdk({ appId, privateKey, keyType: 'PKCS8', alipayPublicKey: keys[appId], gateway })
}

const query = (sdk: AlipaySdk, outTradeNo: string) =>
  sdk.exec(
    'alipay.trade.query',
    { timestamp: now(), bizContent: { out_trade_no: outTradeNo } },
    { validateSign: true },
  )

test('killed outright, it comes back with every trade it had answered for and the same key', async () => {
  const first = await start()
  const sdk = await sdkAt(first.alipay ?? '')
  const numbers = Array.from({ length: 12 }, (_, index) => `K${index}`)
  const pages = await Promise.all(
    numbers.map((outTradeNo) => {
      const bizContent = {
        out_trade_no: outTradeNo,
        total_amount: '10.00',
        subject: '充值',
        product_code: 'FAST_INSTANT_TRADE_PAY',
      }
      return arrive(sdk.pageExecute('alipay.trade.page.pay', 'GET', { timestamp: now(), bizContent }))
    }),
  )
  // The last two stay unpaid; the kill follows the last answer without a pause.
  await Promise.all(pages.slice(0, 10).map((page) => press(page, 'confirm')))
  await end('SIGKILL')

  const second = await start()
  const again = await sdkAt(second.alipay ?? '')
  expect(again.config.alipayPublicKey).toBe(sdk.config.alipayPublicKey)
  const states = await Promise.all(numbers.map(async (number) => (await query(again, number)).tradeStatus))
  expect(states).toEqual([...Array(10).fill('TRADE_SUCCESS'), ...Array(2).fill('WAIT_BUYER_PAY')])
})

test('SIGTERM ends it in good order, also when a terminal sent SIGINT to everybody first', async () => {
  await start()
  child.kill('SIGINT')
  expect(await end('SIGTERM')).toBe(0)
})

test('asked to stop twice, it answers both when the end has come', async () => {
  const sandbox = await startSandbox({ dataDir, ports: { home: 0, alipay: 0, smpp: 0, smtp: 0 } })
  const { home } = sandbox.addresses
  const first = sandbox.stop()
  await sandbox.stop()
  await expect(fetch(home)).rejects.toThrow()
  // The port of the SMSC, which closes late, can be had again at once.
  const { port } = sandbox.addresses.smpp
  const again = await startSandbox({ dataDir, ports: { home: 0, alipay: 0, smpp: port, smtp: 0 } })
  await Promise.all([first, again.stop()])
})

test('ends when the parent that holds its channel is gone', async () => {
  const held = spawn(process.execPath, [entry, '--data-dir', dataDir, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  child = held
  await new Promise((resolve) => held.stdout?.once('data', resolve))
  const exited = new Promise((resolve) => held.once('exit', resolve))
  held.disconnect()
  expect(await exited).toBe(0)
})

test('a merchants file that is wrong is refused in plain words', async () => {
  await writeFile(join(dataDir, 'merchants.json'), '{"alipay":[{"appId":"1"}]}')
  const failed = spawn(process.execPath, [entry, '--data-dir', dataDir, ...ports], { stdio: 'pipe' })
  child = failed
  let complaint = ''
  failed.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk
  })
  expect(await new Promise((resolve) => failed.once('close', resolve))).toBe(1)
  expect(complaint).toBe('sandbox: "appId" must be 16 to 20 digits.\n')
})
