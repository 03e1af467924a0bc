import { type AdminRail, railKnobs } from '../control/admin.ts'
import type { Bank } from './index.ts'
import { bankKnobWords, quietBank } from './knobs.ts'

/** The bank's panels on the admin page. */
export function bankAdmin(bank: Bank): AdminRail {
  return railKnobs({
    name: 'bank',
    heading: 'Bank',
    merchants: () => [...bank.state.accounts.values()].map(({ id, holder }) => ({ id, name: holder })),
    knobs: bank.knobs,
    turn: bank.turn,
    quiet: quietBank,
    words: bankKnobWords,
    acts: {
      'rotate-key': {
        label: { 'zh-CN': '更换签名密钥（所有账户）', en: 'New signing key, for all accounts' },
        work: () => bank.key.rotate(),
      },
    },
  })
}
