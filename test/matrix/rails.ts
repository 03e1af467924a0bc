import { railAccounts, railMerchants } from '../../server/demo/rails.ts'
import type { SandboxPartner } from '../../server/demo/sandbox.ts'
import { openMerchantAccounts } from '../../server/ledger/index.ts'
import type { NewMerchant } from '../../server/payment/index.ts'
import type { WholeHouse } from '../support/house.ts'
import type { CalledRail, Rail } from './table.ts'

export const BRAND = 'laika'

/** What a payer, time and the operator of a rail do to one merchant, through the sandbox's control API. */
export interface RailMerchant {
  readonly rail: Rail
  readonly id: string
  /** How a payment is begun that the sandbox can carry out: where there is a call, as a code. */
  readonly scene: 'wap' | 'qr' | 'page'
  turn(knobs: object): Promise<void>
  /** By our number, or by what the payer was told to write on a transfer. */
  pay(number: string): Promise<void>
  /** The notification of a payment by our number, or of a booking by the bank's reference, now; answers what was said to it. */
  tell(number: string): Promise<number[]>
  rotateKey(): Promise<void>
  /** The provider's own book: what payers paid less what went back to them, in minor units. */
  keeps(): Promise<bigint>
}

/** Where each rail's part of the control API is, and what a payer brings. */
const paths: Readonly<
  Record<
    CalledRail,
    {
      readonly merchants: string
      readonly orders: (id: string) => string
      readonly rotate: string
      readonly payer: object
      readonly scene: 'wap' | 'qr'
    }
  >
> = {
  alipay: {
    merchants: '/control/merchants',
    orders: (id) => `/control/alipay/${id}/trades`,
    rotate: 'rotate-key',
    payer: {},
    scene: 'qr',
  },
  wechat: {
    merchants: '/control/wechat/merchants',
    orders: (id) => `/control/wechat/${id}/orders`,
    rotate: 'rotate-key',
    payer: {},
    scene: 'qr',
  },
  unionpay: {
    merchants: '/control/unionpay/merchants',
    orders: (id) => `/control/unionpay/${id}/orders`,
    rotate: 'rotate-key',
    payer: { card: 'debit' },
    scene: 'wap',
  },
  card: {
    merchants: '/control/card/merchants',
    orders: (id) => `/control/card/${id}/sessions`,
    rotate: 'roll-secret',
    payer: { card: '4242' },
    scene: 'wap',
  },
}

/** Each cell's own contract with its rail, so that cells have knobs, bills and books of their own. Our key is one for all. */
function partnerOf(world: WholeHouse, nth: number): SandboxPartner {
  const digits = (1000 + nth).toString()
  return {
    ...world.partners[BRAND],
    appId: `2021${digits.padStart(12, '0')}`,
    sellerId: `2088${digits.padStart(12, '0')}`,
    mchId: `19${digits.padStart(8, '0')}`,
    merId: `777${digits.padStart(12, '0')}`,
    cardAccount: `acct_cell${digits}`,
    cardSecretKey: `sk_test_cell${digits.padStart(24, '0')}`,
  }
}

/** Makes the cell's merchant known to both sides. New payments do not go to it by themselves: see `offering`. */
export async function openRailMerchant(
  world: WholeHouse,
  rail: CalledRail,
  nth: number,
): Promise<RailMerchant> {
  const { control, sandbox } = world
  const { merchants, orders, rotate, payer, scene } = paths[rail]
  const partner = partnerOf(world, nth)
  const brand = { key: BRAND, name: '莱卡保号', baseUrl: world.origins[BRAND], currency: 'CNY' }
  const [account] = railAccounts([brand], () => partner)[rail]
  await control('POST', merchants, account)
  const alipay = rail === 'alipay' ? sandbox.alipayPublicKey : () => ''
  const keys = { alipay, unionpay: sandbox.unionPayCertificates(), bank: sandbox.bankPublicKey }
  const own = railMerchants(partner, 'CNY', sandbox.addresses, keys).find((each) => each.provider === rail)
  if (!own) throw new Error(`no merchant of ${rail}`)
  const { id } = own
  const refundNotifyUrl = `${world.origins[BRAND]}/v1/notifications/${rail}/${BRAND}/${id}`
  const settings = rail === 'wechat' ? { settings: { ...own.settings, refundNotifyUrl } } : {}
  await addMerchant(world, { ...own, ...settings })
  return {
    ...{ rail, id, scene },
    async turn(knobs) {
      await control('PUT', `${merchants}/${id}/knobs`, { reset: true, ...knobs })
    },
    async pay(number) {
      await control('POST', `${orders(id)}/${number}/pay`, payer)
    },
    tell: (number) => told(world, `${orders(id)}/${number}/notify`),
    async rotateKey() {
      await control('POST', `${merchants}/${id}/${rotate}`, {})
    },
    keeps: () => keeps[rail](world, id),
  }
}

/** Known to the house, with its clearing account. */
export async function addMerchant({ house }: WholeHouse, merchant: NewMerchant): Promise<void> {
  await house.db.of(BRAND).tx(async (tx) => {
    await house.payments.addMerchant(tx, { ...merchant, enabled: false })
    const { provider, id, currency } = merchant
    await openMerchantAccounts(tx, house.clock, { provider, merchant: id, currency })
  })
}

/** A notification outside its ladder. */
export async function told({ control }: WholeHouse, path: string): Promise<number[]> {
  const { receptions } = await control<{ receptions: { status: number }[] }>('POST', path, {})
  return receptions.map(({ status }) => status)
}

interface Paid {
  readonly totalMinor?: string
  readonly paidAt?: number
  readonly charge?: { readonly amountMinor: string }
  readonly refunds: readonly { readonly amountMinor: string; readonly status?: string }[]
}

/** Refunds that are under way or were refused have moved nothing. */
const net = (paid: readonly Paid[], done: string | undefined) =>
  paid.reduce((sum, { totalMinor, paidAt, charge, refunds }) => {
    const taken = charge ? BigInt(charge.amountMinor) : paidAt === undefined ? 0n : BigInt(totalMinor ?? 0)
    const back = refunds.filter(({ status }) => status === done)
    return back.reduce((rest, { amountMinor }) => rest - BigInt(amountMinor), sum + taken)
  }, 0n)

const keeps: Readonly<Record<CalledRail, (world: WholeHouse, id: string) => Promise<bigint>>> = {
  async alipay(world, id) {
    const { trades } = await world.control<{ trades: Paid[] }>('GET', paths.alipay.orders(id))
    return net(trades, undefined)
  },
  async wechat(world, id) {
    const { orders } = await world.control<{ orders: Paid[] }>('GET', paths.wechat.orders(id))
    return net(orders, 'SUCCESS')
  },
  async card(world, id) {
    const { sessions } = await world.control<{ sessions: Paid[] }>('GET', paths.card.orders(id))
    return net(sessions, 'succeeded')
  },
  async unionpay(world, id) {
    const { transactions } = await world.control<{ transactions: UnionPayTransaction[] }>(
      'GET',
      `/control/unionpay/${id}/transactions`,
    )
    return transactions
      .filter(({ respCode }) => respCode === '00')
      .reduce((sum, { kind, amountMinor }) => sum + (kind === '01' ? 1n : -1n) * BigInt(amountMinor), 0n)
  },
}

interface UnionPayTransaction {
  readonly kind: '01' | '04' | '31'
  readonly respCode: string
  readonly amountMinor: string
}
