import 'i18next'
import type kit from '../../i18n/zh-CN/kit.json'
import type legal from '../../i18n/zh-CN/legal.json'
import type portal from '../../i18n/zh-CN/portal.json'
import type problem from '../../i18n/zh-CN/problem.json'
import type state from '../../i18n/zh-CN/state.json'
import type gallery from '../../i18n/zh-CN/ui-kit.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'portal'
    resources: {
      portal: typeof portal
      state: typeof state
      kit: typeof kit
      problem: typeof problem
      legal: typeof legal
      'ui-kit': typeof gallery
    }
  }
}
