import { type AdminRail, railKnobs } from '../control/admin.ts'
import type { UnionPay } from './index.ts'
import { quietUnionPay, unionPayKnobWords } from './knobs.ts'

/** UnionPay's panels on the admin page. */
export function unionPayAdmin(unionPay: UnionPay): AdminRail {
  return railKnobs({
    name: 'unionpay',
    heading: 'UnionPay',
    merchants: () => [...unionPay.state.merchants.values()].map(({ merId, name }) => ({ id: merId, name })),
    knobs: unionPay.knobs,
    turn: unionPay.turn,
    quiet: quietUnionPay,
    words: unionPayKnobWords,
    acts: {
      'rotate-key': {
        label: { 'zh-CN': '更换银联签名证书', en: "Rotate UnionPay's certificate" },
        work: () => unionPay.authority.rotate(),
      },
    },
  })
}
