import 'i18next'
import type account from '../../i18n/zh-CN/account.json'
import type channels from '../../i18n/zh-CN/channels.json'
import type display from '../../i18n/zh-CN/display.json'
import type help from '../../i18n/zh-CN/help.json'
import type home from '../../i18n/zh-CN/home.json'
import type kit from '../../i18n/zh-CN/kit.json'
import type legal from '../../i18n/zh-CN/legal.json'
import type order from '../../i18n/zh-CN/order.json'
import type portal from '../../i18n/zh-CN/portal.json'
import type problem from '../../i18n/zh-CN/problem.json'
import type profile from '../../i18n/zh-CN/profile.json'
import type purchase from '../../i18n/zh-CN/purchase.json'
import type refund from '../../i18n/zh-CN/refund.json'
import type state from '../../i18n/zh-CN/state.json'
import type transfer from '../../i18n/zh-CN/transfer.json'
import type gallery from '../../i18n/zh-CN/ui-kit.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'portal'
    resources: {
      portal: typeof portal
      state: typeof state
      kit: typeof kit
      purchase: typeof purchase
      order: typeof order
      refund: typeof refund
      transfer: typeof transfer
      account: typeof account
      profile: typeof profile
      channels: typeof channels
      help: typeof help
      problem: typeof problem
      display: typeof display
      home: typeof home
      legal: typeof legal
      'ui-kit': typeof gallery
    }
  }
}
