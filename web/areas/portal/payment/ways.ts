import type { PaymentWays } from '../../../../contract/payment.ts'
import type { StartPayment } from '../../../../contract/top-up.ts'
import type { BrowserKind } from '../../../device/browser-kind.ts'
import { readStored, writeStored } from '../../../device/storage.ts'

export type Provider = StartPayment['provider']
type Scene = StartPayment['scene']

/** A row of the cashier: a rail, and how it is reached from this browser. */
export interface Way {
  /** Tells the row from every other: its id, and its currency where that is not the order's. */
  readonly key: string
  readonly id: WayId
  readonly provider: Provider
  readonly scene: Scene
  /** Null: the order's own. */
  readonly currency: string | null
  readonly off: PaymentWays['ways'][number]['off']
}

type WayId =
  | 'alipay-wap'
  | 'alipay-qr'
  | 'alipay-page'
  | 'wechat-wap'
  | 'wechat-qr'
  | 'wechat-jsapi'
  | 'card-page'
  | 'unionpay-wap'
  | 'unionpay-page'
  | 'bank-page'

/**
 * How each rail is reached. A phone opens the wallet; at a desk the phone scans, or the rail's own page takes a log-in. Inside WeChat
 * Alipay's pages are blocked, inside Alipay WeChat's are, and WeChat's phone page does not open in WeChat itself: there a script asks
 * WeChat to pay, where the brand's merchant can be told who its user is. A transfer is made in an app of the payer's bank, from anywhere.
 */
const reach: Readonly<Record<BrowserKind, readonly WayId[]>> = {
  phone: ['alipay-wap', 'wechat-wap', 'unionpay-wap', 'card-page', 'bank-page'],
  desktop: ['alipay-qr', 'alipay-page', 'wechat-qr', 'unionpay-page', 'card-page', 'bank-page'],
  'inside-wechat': ['wechat-jsapi', 'unionpay-wap', 'card-page', 'bank-page'],
  'inside-alipay': ['alipay-wap', 'unionpay-wap', 'card-page', 'bank-page'],
}

/**
 * The rows to show, the rail used last first; else in the order in which the brand lists its rails. What is paid in another currency than
 * `own`, the order's, is quoted first, which a script inside WeChat does not wait for.
 */
export function waysHere(
  ways: PaymentWays['ways'],
  kind: BrowserKind,
  lastProvider: string | null,
  own: string,
): readonly Way[] {
  const rows = ways.flatMap(({ provider, currency: paid, off, inApp }) => {
    const currency = paid === own ? null : paid
    const script = inApp === true && currency === null
    return reach[kind]
      .filter((id) => id.startsWith(`${provider}-`) && (id !== 'wechat-jsapi' || script))
      .map((id) => ({
        ...{ key: currency === null ? id : `${id}/${currency}`, id, provider, currency, off },
        scene: id.slice(provider.length + 1) as Scene,
      }))
  })
  const isLast = (way: Way) => way.provider === lastProvider
  return [...rows.filter(isLast), ...rows.filter((way) => !isLast(way))]
}

/** Rails that work, but not inside this app: a phone's own browser opens them. */
export function railsElsewhere(
  ways: PaymentWays['ways'],
  kind: BrowserKind,
  own: string,
): readonly Provider[] {
  const here = new Set(waysHere(ways, kind, null, own).map(({ provider }) => provider))
  if (kind === 'desktop') return []
  const onPhone = new Set(waysHere(ways, 'phone', null, own).map(({ provider }) => provider))
  const usable = ways.filter(({ off }) => off === null).map(({ provider }) => provider)
  return [...new Set(usable)].filter((provider) => onPhone.has(provider) && !here.has(provider))
}

const LAST = 'last-provider'

export function lastProvider(): string | null {
  return readStored('local', LAST)
}

export function rememberProvider(provider: Provider): void {
  writeStored('local', LAST, provider)
}
