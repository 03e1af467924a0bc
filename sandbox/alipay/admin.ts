import { type AdminRail, railKnobs } from '../control/admin.ts'
import type { Registry } from '../registry.ts'
import type { Alipay } from './index.ts'
import { alipayKnobWords } from './knob-words.ts'
import { quietAlipay } from './knobs.ts'

/** Alipay's merchants on the page of knobs. */
export function alipayAdmin(registry: Registry, alipay: () => Alipay): AdminRail {
  return railKnobs({
    name: 'alipay',
    heading: 'Alipay',
    merchants: () => registry.merchants().map(({ appId, name }) => ({ id: appId, name })),
    knobs: registry.alipayKnobs,
    turn: registry.turnAlipay,
    quiet: quietAlipay,
    words: alipayKnobWords,
    acts: {
      'rotate-key': {
        label: { 'zh-CN': '更换支付宝密钥', en: "Rotate Alipay's key" },
        work: (appId) => alipay().keys.rotate(appId),
      },
    },
  })
}
