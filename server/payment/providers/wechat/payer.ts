import { readLimited } from '../../../platform/outbound-answer.ts'
import { outbound } from '../../../platform/outbound-http.ts'
import type { WechatMerchant } from './merchant-keys.ts'

/** Who pays, as WeChat tells the merchant's application; or why it does not. Nothing has begun either way. */
export type PayerTold = { readonly openId: string } | { readonly not: string }

const TIMEOUT_MS = 5_000
const ANSWER_LIMIT_BYTES = 16 * 1024

/**
 * Where WeChat learns that its user is to be known to the application; it asks nothing of them (`snsapi_base`) and sends the browser
 * back with `code` and `state`. WeChat compares the text of the address: the order of its parameters is part of it.
 * Source: WeChat, web page authorisation of official accounts.
 */
export function authoriseAddress(
  { appId, oauth }: WechatMerchant,
  returnUrl: string,
  state: string,
): string | undefined {
  if (!oauth) return undefined
  const query = `appid=${appId}&redirect_uri=${encodeURIComponent(returnUrl)}&response_type=code&scope=snsapi_base&state=${state}`
  return `${oauth.pages}/connect/oauth2/authorize?${query}#wechat_redirect`
}

/** The openid behind a code that the browser brought back: it works once, for five minutes. */
export async function openIdOf({ appId, oauth }: WechatMerchant, code: string): Promise<PayerTold> {
  if (!oauth) return { not: 'the merchant has no appSecret' }
  const query = new URLSearchParams({ appid: appId, secret: oauth.secret, code })
  query.set('grant_type', 'authorization_code')
  try {
    const answer = await outbound('wechat.openid', async () => {
      const response = await fetch(`${oauth.api}/sns/oauth2/access_token?${query}`, {
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      return await readLimited(response, ANSWER_LIMIT_BYTES)
    })
    const { openid, errcode }: { openid?: unknown; errcode?: unknown } = JSON.parse(answer.toString('utf8'))
    return typeof openid === 'string' && /^[\w-]{1,128}$/.test(openid)
      ? { openId: openid }
      : { not: `errcode ${Number(errcode)}` }
  } catch (error) {
    // The address carries the secret: of the error only its kind is told.
    return { not: (error as Error).name }
  }
}
