/** What the page runs in, as far as it decides how a wallet can be reached. */
export type BrowserKind = 'phone' | 'desktop' | 'inside-wechat' | 'inside-alipay'

/** WeChat and Alipay name themselves in the user agent on every system; HarmonyOS's own browsers say OpenHarmony. */
export function browserKindOf(userAgent: string): BrowserKind {
  if (/MicroMessenger/i.test(userAgent)) return 'inside-wechat'
  if (/AlipayClient/i.test(userAgent)) return 'inside-alipay'
  return /Android|iPhone|iPod|HarmonyOS|OpenHarmony|Mobile/i.test(userAgent) ? 'phone' : 'desktop'
}

export function browserKind(): BrowserKind {
  return browserKindOf(navigator.userAgent)
}
