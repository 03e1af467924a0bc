import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { type Answer, json, plain, type Request, type Route } from '../http.ts'
import { onwards } from './in-app-browser.ts'
import type { WechatMerchants } from './merchants.ts'
import { openIdAt } from './payer.ts'

/** A code works once, for five minutes; a restart forgets them all. */
const lifeMs = 5 * 60_000

export interface OauthDeps {
  clock: Clock
  merchants: WechatMerchants
}

/**
 * How a page inside WeChat learns who opened it: `open.weixin.qq.com/connect/oauth2/authorize`, which sends the browser back with a
 * code without asking (`snsapi_base`), and `api.weixin.qq.com/sns/oauth2/access_token`, which names the payer behind it.
 * Source: WeChat, web page authorisation of official accounts; an error is HTTP 200 with `errcode`.
 */
export function oauthRoutes({ clock, merchants }: OauthDeps): Route[] {
  const codes = new Map<string, { appId: string; expiresAt: number; used: boolean }>()
  const appOf = (appId: string | null) => merchants.all().find((merchant) => merchant.appId === appId)
  return [
    {
      method: 'GET',
      path: '/connect/oauth2/authorize',
      answer: (request) => {
        const wrong = wrongAuthorise(request, appOf(request.url.searchParams.get('appid')) !== undefined)
        if (wrong !== undefined) return plain(400, wrong)
        const { searchParams } = request.url
        const code = randomBytes(16).toString('hex')
        const appId = searchParams.get('appid') ?? ''
        codes.set(code, { appId, expiresAt: clock.now() + lifeMs, used: false })
        const back = new URL(searchParams.get('redirect_uri') ?? '')
        back.searchParams.set('code', code)
        back.searchParams.set('state', searchParams.get('state') ?? '')
        return { status: 302, headers: { location: onwards(request, back.href) } }
      },
    },
    {
      method: 'GET',
      path: '/sns/oauth2/access_token',
      answer: ({ url: { searchParams: given } }) => {
        const appId = given.get('appid') ?? ''
        const app = appOf(appId)
        if (!app) return failed(40013, 'invalid appid')
        if (!app.appSecret || given.get('secret') !== app.appSecret) return failed(40125, 'invalid appsecret')
        if (given.get('grant_type') !== 'authorization_code') return failed(40002, 'invalid grant_type')
        const code = codes.get(given.get('code') ?? '')
        if (code?.appId !== appId || code.expiresAt <= clock.now()) return failed(40029, 'invalid code')
        if (code.used) return failed(40163, 'code been used')
        code.used = true
        return json({
          access_token: randomBytes(24).toString('base64url'),
          expires_in: 7200,
          refresh_token: randomBytes(24).toString('base64url'),
          openid: openIdAt(appId),
          scope: 'snsapi_base',
        })
      },
    },
  ]
}

/** WeChat compares the address with a pattern: its parameters stand in one order, and nothing else is allowed. */
function wrongAuthorise({ url }: Request, isKnown: boolean): string | undefined {
  const names = [...url.searchParams.keys()].join(' ')
  if (names !== 'appid redirect_uri response_type scope state')
    return '该链接无法访问 (parameters and their order)'
  if (!isKnown) return 'appid 参数错误'
  if (url.searchParams.get('response_type') !== 'code') return 'response_type 参数错误'
  if (url.searchParams.get('scope') !== 'snsapi_base') return 'Scope 参数错误或没有 Scope 权限'
  if (!/^[0-9A-Za-z]{0,128}$/.test(url.searchParams.get('state') ?? '')) return 'state 参数错误'
  const back = URL.parse(url.searchParams.get('redirect_uri') ?? '')
  return back && /^https?:$/.test(back.protocol) ? undefined : 'redirect_uri 参数错误'
}

function failed(errcode: number, errmsg: string): Answer {
  return json({ errcode, errmsg })
}
