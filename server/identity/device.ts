/** What opened a session, in words of ours; null where its user agent tells nothing we know. */
export interface Device {
  readonly browser: Browser | null
  readonly system: System | null
}

export const NO_DEVICE: Device = { browser: null, system: null }

/** The first that matches is it: every browser also claims to be those it descends from. */
const browsers = [
  ['wechat', /MicroMessenger\//],
  ['alipay', /AlipayClient\//],
  ['edge', /\bEdg(?:e|A|iOS)?\//],
  ['opera', /\bOPR\//],
  ['samsung', /SamsungBrowser\//],
  ['huawei', /HuaweiBrowser\//],
  ['xiaomi', /MiuiBrowser\//],
  ['vivo', /VivoBrowser\//],
  ['oppo', /HeyTapBrowser\//],
  ['qq', /QQBrowser\//],
  ['uc', /\bUC?Browser\//],
  ['firefox', /\b(?:Firefox|FxiOS)\//],
  ['chrome', /\b(?:Chrome|CriOS)\//],
  ['safari', /\bVersion\/[\d.]+.*\bSafari\//],
] as const
export type Browser = (typeof browsers)[number][0]

const systems = [
  ['harmony', /HarmonyOS|OpenHarmony/],
  ['android', /Android/],
  ['ipad', /\biPad\b/],
  ['iphone', /\b(?:iPhone|iPod)\b/],
  ['windows', /Windows NT/],
  ['chromeos', /\bCrOS\b/],
  ['mac', /Macintosh|Mac OS X/],
  ['linux', /Linux|X11/],
] as const
export type System = (typeof systems)[number][0]

/** Longer ones are made up; nothing of them is looked at beyond this. */
const LONGEST = 512

/** Reads a `User-Agent` header. Where somebody is, it does not say, and we do not guess. */
export function deviceOf(userAgent: string | undefined): Device {
  const text = (userAgent ?? '').slice(0, LONGEST)
  const first = <Name>(known: readonly (readonly [Name, RegExp])[]) =>
    known.find(([, sign]) => sign.test(text))?.[0] ?? null
  return { browser: first(browsers), system: first(systems) }
}
