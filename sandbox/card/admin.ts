import { type AdminRail, railKnobs } from '../control/admin.ts'
import type { CardGateway } from './index.ts'
import { cardKnobWords } from './knob-words.ts'
import { quietCard } from './knobs.ts'

/** The card gateway's merchants on the page of knobs. */
export function cardAdmin({ merchants }: CardGateway): AdminRail {
  return railKnobs({
    name: 'card',
    heading: 'Cards',
    merchants: () => merchants.all().map(({ account, name }) => ({ id: account, name })),
    knobs: (account) => merchants.knobs(account),
    turn: (account, change) => merchants.turn(account, change),
    quiet: quietCard,
    words: cardKnobWords,
    acts: {
      'roll-secret': {
        label: { 'zh-CN': '更换通知密钥', en: 'Roll the webhook secret' },
        work: (account) => merchants.rollSecret(account, true),
      },
    },
  })
}
