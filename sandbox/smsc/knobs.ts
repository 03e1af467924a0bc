import type { Fields } from '../fields.ts'
import { turnKnobs } from '../knobs.ts'
import type { Words } from '../web/page.ts'

/** What a brand's SMSC shall do wrong. */
export interface SmscKnobs {
  throttle: number
  dropReceipts: boolean
  duplicateReceipts: number
  receiptDelaySeconds: number
  undeliverable: boolean
  refuseBind: boolean
}

export const quietSmsc: SmscKnobs = {
  throttle: 0,
  dropReceipts: false,
  duplicateReceipts: 0,
  receiptDelaySeconds: 0,
  undeliverable: false,
  refuseBind: false,
}

export function turnSmscKnobs(current: SmscKnobs, change: Fields): SmscKnobs {
  return turnKnobs(quietSmsc, current, change, {})
}

/** What each SMSC knob does. */
export const smscKnobWords: Words<keyof SmscKnobs> = {
  'zh-CN': {
    throttle: '接下来这么多条 submit_sm 回 ESME_RTHROTTLED',
    dropReceipts: '不发状态报告',
    duplicateReceipts: '每份状态报告多发这么多次',
    receiptDelaySeconds: '状态报告推迟这么多秒',
    undeliverable: '短信到不了手机，状态报告为 UNDELIV',
    refuseBind: '绑定被拒（ESME_RBINDFAIL）',
  },
  en: {
    throttle: 'The next so many submit_sm are answered ESME_RTHROTTLED.',
    dropReceipts: 'No delivery receipt is sent.',
    duplicateReceipts: 'Every delivery receipt is sent this many more times.',
    receiptDelaySeconds: 'Delivery receipts come this much later.',
    undeliverable: 'Messages never reach the handset; receipts say UNDELIV.',
    refuseBind: 'Binds are answered ESME_RBINDFAIL.',
  },
}
