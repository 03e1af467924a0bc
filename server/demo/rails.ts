import type { NewMerchant } from '../payment/index.ts'
import { bankAccountOf } from './bank-account.ts'
import type { SandboxBrand, SandboxPartner } from './sandbox.ts'

/** Where the sandbox's rails are reached, as it tells itself. */
export interface RailAddresses {
  /** Alipay's gateway with its path. */
  readonly gateway: string
  readonly wechat: string
  /** UnionPay's gateway up to its methods. */
  readonly unionpay: string
  readonly card: string
}

/** What the sandbox made for itself and we must know. */
export interface RailKeys {
  /** Alipay's public key of an app. */
  alipay(appId: string): string
  /** UnionPay's certificates. */
  readonly unionpay: { readonly rootCertificate: string; readonly middleCertificate: string }
  /** With which the bank signs its notices. */
  readonly bank: string
}

/** A brand that sells abroad has a second contract with Alipay, in yuan: an app and a seller of its own. */
export function yuanContract({ appId, sellerId }: Pick<SandboxPartner, 'appId' | 'sellerId'>) {
  return { appId: appId.replace(/^2021/, '2022'), sellerId: sellerId.replace(/^20880/, '20889') }
}

/** Rails of the mainland's own take yuan alone. */
function isDomestic(currency: string): boolean {
  return currency === 'CNY'
}

/** A brand's contracts with every rail of the sandbox that takes its currency, in the order in which a cashier shows them. */
export function railMerchants(
  partner: SandboxPartner,
  currency: string,
  at: RailAddresses,
  keys: RailKeys,
): NewMerchant[] {
  const common = { currency, enabled: true }
  const alipay: NewMerchant = {
    ...{ ...common, provider: 'alipay', id: partner.appId, seller: partner.sellerId, gateway: at.gateway },
    privateKey: partner.merchantPrivateKey,
    providerKeys: [keys.alipay(partner.appId)],
  }
  const card: NewMerchant = {
    ...{
      ...common,
      provider: 'card',
      id: partner.cardAccount,
      seller: partner.cardAccount,
      gateway: at.card,
    },
    ...{ privateKey: null, providerKeys: [] },
    secrets: { secretKey: partner.cardSecretKey, webhookSecret: partner.cardWebhookSecret },
  }
  const bank = bankMerchant(partner.brand, currency, keys.bank)
  if (!isDomestic(currency)) {
    const { appId: id, sellerId: seller } = yuanContract(partner)
    const inYuan = { ...alipay, id, seller, currency: 'CNY', providerKeys: [keys.alipay(id)] }
    return [alipay, card, bank, inYuan]
  }
  const wechat: NewMerchant = {
    ...{ ...common, provider: 'wechat', id: partner.mchId, seller: partner.mchId, gateway: at.wechat },
    privateKey: partner.merchantPrivateKey,
    // Its certificates are fetched.
    providerKeys: [],
    secrets: { apiV3Key: partner.apiV3Key, appSecret: partner.weChatAppSecret },
    settings: {
      ...{ appId: partner.weChatAppId, serialNo: partner.serialNo },
      ...{ oauthPages: at.wechat, oauthApi: at.wechat },
    },
  }
  const unionpay: NewMerchant = {
    ...{ ...common, provider: 'unionpay', id: partner.merId, seller: partner.merId, gateway: at.unionpay },
    privateKey: partner.merchantPrivateKey,
    providerKeys: [],
    settings: { certId: partner.certId, fileGateway: new URL(at.unionpay).origin, ...keys.unionpay },
  }
  return [alipay, wechat, unionpay, card, bank]
}

function bankMerchant(brand: string, currency: string, key: string): NewMerchant {
  const { id, holder, bank: bankName, number: accountNumber, sortCode } = bankAccountOf(brand, currency)
  return {
    ...{ provider: 'bank', id, currency, gateway: '', privateKey: null, providerKeys: [key], enabled: true },
    seller: `${sortCode?.replaceAll('-', '') ?? ''}${accountNumber}`,
    settings: { holder, bankName, accountNumber, ...(sortCode !== undefined && { sortCode }) },
  }
}

/** The same brands as the sandbox must know them (sandbox/README.md). */
export function railAccounts(
  brands: readonly Pick<SandboxBrand, 'key' | 'name' | 'baseUrl' | 'currency'>[],
  partnerOf: (brand: string) => SandboxPartner,
) {
  const accounts = brands.map(({ key, name, baseUrl, currency }) => {
    const partner = partnerOf(key)
    return { ...partner, brand: key, name, baseUrl, currency, domestic: isDomestic(currency) }
  })
  const domestic = accounts.filter((account) => account.domestic)
  return {
    bank: accounts.map(({ brand, currency, baseUrl }) => {
      const { id, holder, number, sortCode } = bankAccountOf(brand, currency)
      const notifyUrl = `${baseUrl}/v1/notifications/bank/${brand}/${id}`
      return { id, brand, holder, number, currency, notifyUrl, ...(sortCode !== undefined && { sortCode }) }
    }),
    alipay: accounts.flatMap(({ appId, sellerId, brand, name, merchantPublicKey, domestic }) => {
      const common = { brand, name, merchantPublicKey }
      const own = { appId, sellerId, ...common }
      return domestic ? [own] : [own, { ...yuanContract(own), ...common }]
    }),
    wechat: domestic.map(({ brand, name, merchantPublicKey, apiV3Key, ...partner }) => ({
      ...{
        mchId: partner.mchId,
        appId: partner.weChatAppId,
        appSecret: partner.weChatAppSecret,
        brand,
        name,
      },
      ...{ merchantPublicKey, merchantSerialNo: partner.serialNo, apiV3Key },
    })),
    unionpay: domestic.map(({ merId, certId, brand, name, merchantPublicKey }) => ({
      ...{ merId, certId, brand, name, merchantPublicKey },
    })),
    card: accounts.map(({ cardAccount, cardSecretKey, cardWebhookSecret, brand, name, baseUrl }) => ({
      ...{ account: cardAccount, secretKey: cardSecretKey, webhookSecret: cardWebhookSecret, brand, name },
      webhookUrl: `${baseUrl}/v1/notifications/card/${brand}/${cardAccount}`,
    })),
  }
}
