import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Alipay, createAlipay } from './alipay/index.ts'
import { type Clock, createClock } from './clock.ts'
import { adminRoutes } from './control/admin.ts'
import { controlRoutes } from './control/control.ts'
import { guarded, openControlToken } from './control/token.ts'
import { handsetRoutes } from './handset/handset.ts'
import { guideRoutes } from './home/guide.ts'
import { readGuide } from './home/guide-file.ts'
import { type Addresses, homeRoutes } from './home/home.ts'
import { serve } from './http.ts'
import { mailboxRoutes, startMail } from './mail/index.ts'
import { openRegistry, type Provision, provision } from './registry.ts'
import { startSmsc } from './smsc/index.ts'
import { gatewayRefusalPage, walletRoutes } from './wallet/wallet.ts'
import { assetRoutes } from './web/assets.ts'

export interface SandboxOptions {
  /** Where the book is kept; made (0700) if missing. One process per directory. */
  dataDir: string
  /** 0 takes any free port. Defaults: 4000, 4010, 4050, 4060. */
  ports?: Partial<Ports>
  /** Registered besides those in `merchants.json`; the same form. */
  merchants?: Provision
}

export interface Ports {
  home: number
  alipay: number
  smpp: number
  smtp: number
}

export interface Sandbox {
  addresses: Addresses
  /** Bearer token of the control API. */
  controlToken: string
  /** Alipay's public key for an app, base64 SPKI. */
  alipayPublicKey(appId: string): string
  /** Ends every listener and link; the book is on disk when it resolves. Asked again, it waits for the same end. */
  stop(): Promise<void>
}

const host = '127.0.0.1'
const usualPorts: Ports = { home: 4000, alipay: 4010, smpp: 4050, smtp: 4060 }

/** Starts the whole outside world in this process. Rejects if a port is taken, a file is damaged or wrongly written. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = createClock()
  const closers: (() => Promise<void>)[] = []
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= closeAll(clock, closers)
    return stopping
  }
  try {
    return { ...(await open(options, clock, closers)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function closeAll(clock: Clock, closers: (() => Promise<void>)[]): Promise<void> {
  // Waits first: nothing may wake up and write to a book that is being closed. Then what opened last closes first.
  clock.stop()
  for (const close of closers.toReversed()) await close()
}

async function open(
  options: SandboxOptions,
  clock: Clock,
  closers: (() => Promise<void>)[],
): Promise<Omit<Sandbox, 'stop'>> {
  const { dataDir } = options
  const ports = { ...usualPorts, ...options.ports }
  await mkdir(dataDir, { recursive: true })
  await chmod(dataDir, 0o700)
  const registry = await openRegistry(join(dataDir, 'registry.jsonl'))
  closers.push(() => registry.close())
  await provision(registry, await readMerchantsFile(join(dataDir, 'merchants.json')))
  await provision(registry, options.merchants ?? {})
  const token = await openControlToken(dataDir)
  const smsc = await startSmsc({ clock, registry, dataDir, port: ports.smpp })
  closers.push(() => smsc.stop())
  const mail = await startMail({ clock, dataDir, port: ports.smtp })
  closers.push(() => mail.stop())

  // Alipay leads buyers to the wallet on the home port, and the wallet pays at Alipay: the home port opens first.
  const world: { alipay?: Alipay; addresses?: Addresses } = {}
  const alipay = () => present(world.alipay)
  const addresses = () => present(world.addresses)
  const guide = () => readGuide(join(dataDir, 'guide.json'))
  const homePort = [
    ...(await assetRoutes()),
    ...homeRoutes({ registry, alipay, smsc, mail, addresses, guide }),
    ...guideRoutes(guide),
    ...walletRoutes({ registry, alipay }),
    ...handsetRoutes({ registry, smsc }),
    ...mailboxRoutes(mail),
    ...adminRoutes({ registry, alipay, smsc, token }),
    ...guarded(controlRoutes({ registry, alipay, smsc, dataDir }), token),
  ]
  const home = await serve(homePort, ports.home, { foreignForms: false })
  closers.push(() => home.close())
  world.alipay = await createAlipay({
    clock,
    registry,
    dataDir,
    cashierAddress: (trade) => `${home.address}/wallet/trade/${trade.cashierId}`,
    scanAddress: (code) => `${home.address}/wallet/scan?code=${code}`,
    refusalPage: gatewayRefusalPage,
  })
  closers.push(() => alipay().stop())
  const gateway = await serve(alipay().routes, ports.alipay, { foreignForms: true })
  closers.push(() => gateway.close())
  world.addresses = {
    home: home.address,
    gateway: `${gateway.address}/gateway.do`,
    smpp: { host, port: smsc.port },
    smtp: { host, port: mail.port },
  }
  alipay().resume()
  return {
    addresses: addresses(),
    controlToken: token,
    alipayPublicKey: (appId) => alipay().keys.publicKey(appId),
  }
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The sandbox is still starting.')
  return value
}

async function readMerchantsFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${path} is not JSON.`)
  }
}
