import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { alipayAdmin } from './alipay/admin.ts'
import { type Alipay, type AlipayDeps, createAlipay } from './alipay/index.ts'
import { payerCodeRoutes } from './alipay/payer-code-page.ts'
import { type BankRail, bankAdmin, startBank } from './bank/index.ts'
import { type CardRail, cardAdmin, startCard } from './card/index.ts'
import { startCentralBank } from './central-bank/index.ts'
import { type Clock, createClock } from './clock.ts'
import { type AdminRail, adminRoutes } from './control/admin.ts'
import { controlRoutes } from './control/control.ts'
import { guarded, openControlToken } from './control/token.ts'
import { handsetRoutes } from './handset/handset.ts'
import { guideRoutes } from './home/guide.ts'
import { readGuide } from './home/guide-file.ts'
import { type Addresses, homeRoutes } from './home/home.ts'
import { serve } from './http.ts'
import { mailboxRoutes, startMail } from './mail/index.ts'
import { openRegistry, type Provision, provision } from './registry.ts'
import { smscAdmin } from './smsc/admin.ts'
import { startSmsc } from './smsc/index.ts'
import { startUnionPay, type UnionPayDeps, type UnionPayRail, unionPayAdmin } from './unionpay/index.ts'
import { gatewayRefusalPage, walletRoutes } from './wallet/wallet.ts'
import { assetRoutes } from './web/assets.ts'
import { startWechat, type WechatDeps, type WechatRail, wechatAdmin } from './wechat/index.ts'

export interface SandboxOptions {
  /** Where the book is kept; made (0700) if missing. One process per directory. */
  dataDir: string
  /** 0 takes any free port, and 0 for home so does for all that are not named. Defaults: see the README. */
  ports?: Partial<Ports>
  /** Registered besides those in `merchants.json`; the same form. */
  merchants?: Provision
  /** What time it is, in milliseconds since 1970; the machine's own unless a test brings another. Waits are real. */
  now?: () => number
}

export interface Ports {
  home: number
  alipay: number
  unionpay: number
  wechat: number
  card: number
  bank: number
  smpp: number
  smtp: number
}

export interface Sandbox {
  addresses: Addresses
  /** Bearer token of the control API. */
  controlToken: string
  /** Alipay's public key for an app, base64 SPKI. */
  alipayPublicKey(appId: string): string
  /** UnionPay's upper certificates, base64 DER, once it has a merchant. */
  unionPayCertificates(): { rootCertificate: string; middleCertificate: string }
  /** WeChat Pay's public keys for a merchant, newest first: serial number, and base64 SPKI. */
  wechatKeys(mchId: string): { serial: string; publicKey: string }[]
  /** The key with which the bank signs its notices, base64 SPKI. */
  bankPublicKey: string
  /** Ends every listener and link; the book is on disk when it resolves. Asked again, it waits for the same end. */
  stop(): Promise<void>
}

const host = '127.0.0.1'
const usualPorts: Ports = {
  home: 4000,
  alipay: 4010,
  unionpay: 4035,
  wechat: 4020,
  card: 4030,
  bank: 4040,
  smpp: 4050,
  smtp: 4060,
}
const freePorts: Ports = { home: 0, alipay: 0, unionpay: 0, wechat: 0, card: 0, bank: 0, smpp: 0, smtp: 0 }

/** Starts the whole outside world in this process. Rejects if a port is taken, a file is damaged or wrongly written. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = createClock(options.now)
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
  { dataDir, ports: asked, merchants = {} }: SandboxOptions,
  clock: Clock,
  closers: (() => Promise<void>)[],
): Promise<Omit<Sandbox, 'stop'>> {
  const ports = { ...(asked?.home === 0 ? freePorts : usualPorts), ...asked }
  await mkdir(dataDir, { recursive: true })
  await chmod(dataDir, 0o700)
  const registry = await openRegistry(join(dataDir, 'registry.jsonl'))
  closers.push(() => registry.close())
  const known = [await readMerchantsFile(join(dataDir, 'merchants.json')), merchants]
  for (const each of known) await provision(registry, each)
  const token = await openControlToken(dataDir)
  const smsc = await startSmsc({ clock, registry, dataDir, port: ports.smpp })
  closers.push(() => smsc.stop())
  closers.push((await startCentralBank({ clock, dataDir })).stop)
  const mail = await startMail({ clock, dataDir, port: ports.smtp })
  closers.push(() => mail.stop())
  const railDeps = { clock, dataDir, retryScale: registry.retryScale, home: () => addresses().home }
  const opened = await openRails(railDeps, ports, known, closers)
  const { wechat, unionPay, card, bank } = opened
  const rails = Object.values(opened)

  // Alipay leads buyers to the wallet on the home port, and the wallet pays at Alipay: the home port opens first.
  const world: { alipay?: Alipay; addresses?: Addresses } = {}
  const alipay = () => present(world.alipay)
  const addresses = () => present(world.addresses)
  const admin = [alipayAdmin(registry, alipay), ...railAdmins(opened), smscAdmin(registry, smsc)]
  const guide = () => readGuide(join(dataDir, 'guide.json'))
  const controls = [
    ...controlRoutes({ registry, alipay, smsc, dataDir }),
    ...rails.flatMap((rail) => rail.controlRoutes),
  ]
  const homePort = [
    ...(await assetRoutes()),
    ...homeRoutes({ registry, alipay, smsc, mail, addresses, guide }),
    ...guideRoutes(guide),
    ...walletRoutes({ registry, alipay }),
    ...payerCodeRoutes(alipay, clock.now),
    ...rails.flatMap(({ homeRoutes }) => homeRoutes),
    ...handsetRoutes({ registry, smsc }),
    ...mailboxRoutes(mail),
    ...adminRoutes({ registry, rails: admin, token }),
    ...guarded(controls, token),
  ]
  const home = await serve(homePort, ports.home, { foreignForms: false })
  closers.push(() => home.close())
  const gateway = await openAlipay({ clock, registry, dataDir }, home.address, ports.alipay, closers)
  world.alipay = gateway.alipay
  world.addresses = {
    home: home.address,
    gateway: `${gateway.address}/gateway.do`,
    unionpay: unionPay.address,
    wechat: wechat.address,
    card: card.address,
    bank: bank.address,
    smpp: { host, port: smsc.port },
    smtp: { host, port: mail.port },
  }
  alipay().resume()
  for (const rail of rails) rail.resume()
  return {
    addresses: addresses(),
    controlToken: token,
    alipayPublicKey: (appId) => alipay().keys.publicKey(appId),
    unionPayCertificates: () => unionPay.authority.certificates(),
    wechatKeys: (mchId) => wechat.keys.of(mchId),
    bankPublicKey: bank.key.publicKey,
  }
}

/** Alipay with its gateway's listener. */
async function openAlipay(
  deps: Pick<AlipayDeps, 'clock' | 'registry' | 'dataDir'>,
  home: string,
  port: number,
  closers: (() => Promise<void>)[],
): Promise<{ alipay: Alipay; address: string }> {
  let address = ''
  const alipay = await createAlipay({
    ...deps,
    cashierAddress: (trade) => `${home}/wallet/trade/${trade.cashierId}`,
    scanAddress: (code) => `${home}/wallet/scan?code=${code}`,
    billAddress: (token) => `${address}/bill/${token}`,
    refusalPage: gatewayRefusalPage,
  })
  closers.push(() => alipay.stop())
  const gateway = await serve(alipay.routes, port, { foreignForms: true })
  closers.push(() => gateway.close())
  address = gateway.address
  return { alipay, address }
}

interface Rails {
  wechat: WechatRail
  unionPay: UnionPayRail
  card: CardRail
  bank: BankRail
}

function railAdmins({ wechat, unionPay, card, bank }: Rails): AdminRail[] {
  return [wechatAdmin(wechat), unionPayAdmin(unionPay), cardAdmin(card), bankAdmin(bank)]
}

/** The rails beside Alipay: each with its own listener, merchants, book and pages. */
async function openRails(
  deps: WechatDeps & UnionPayDeps,
  ports: Ports,
  known: readonly unknown[],
  closers: (() => Promise<void>)[],
): Promise<Rails> {
  const wechat = await startWechat({ ...deps, port: ports.wechat })
  closers.push(() => wechat.stop())
  const unionPay = await startUnionPay({ ...deps, port: ports.unionpay })
  closers.push(() => unionPay.stop())
  const card = await startCard({ ...deps, port: ports.card })
  closers.push(() => card.stop())
  const bank = await startBank({ ...deps, port: ports.bank })
  closers.push(() => bank.stop())
  for (const each of known) {
    await bank.provision(each)
    await wechat.provision(each)
    await unionPay.provision(each)
    await card.provision(each)
  }
  return { wechat, unionPay, card, bank }
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
