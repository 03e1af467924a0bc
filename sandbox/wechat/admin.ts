import { type AdminRail, railKnobs } from '../control/admin.ts'
import type { Wechat } from './index.ts'
import { wechatKnobWords } from './knob-words.ts'
import { quietWechat } from './knobs.ts'

/** WeChat Pay's merchants on the page of knobs. */
export function wechatAdmin(wechat: Wechat): AdminRail {
  const { merchants } = wechat
  return railKnobs({
    name: 'wechat',
    heading: 'WeChat Pay',
    merchants: () => merchants.all().map(({ mchId, name }) => ({ id: mchId, name })),
    knobs: (mchId) => merchants.knobs(mchId),
    turn: (mchId, change) => merchants.turn(mchId, change),
    quiet: quietWechat,
    words: wechatKnobWords,
    acts: {
      'rotate-key': {
        label: { 'zh-CN': '更换平台证书', en: "Rotate WeChat Pay's key" },
        work: (mchId) => wechat.rotateKey(mchId),
      },
    },
  })
}
