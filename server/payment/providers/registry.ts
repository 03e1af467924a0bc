import type { OpenProvider, ProviderName } from '../port.ts'

/** Adapters by name, each loaded with its vendor's SDK only when a merchant of it is first used. */
export const providers: Readonly<Partial<Record<ProviderName, OpenProvider>>> = {
  alipay: async (merchant, instant) => (await import('./alipay/alipay.ts')).openAlipay(merchant, instant),
  wechat: async (merchant, instant) => (await import('./wechat/wechat.ts')).openWechat(merchant, instant),
  card: async (merchant, instant) => (await import('./card/card.ts')).openCard(merchant, instant),
  unionpay: async (merchant, instant) =>
    (await import('./unionpay/unionpay.ts')).openUnionPay(merchant, instant),
  bank: async (merchant, instant) => (await import('./bank/bank.ts')).openBank(merchant, instant),
}
