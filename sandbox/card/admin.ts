import { type AdminRail, railKnobs } from '../control/admin.ts'
import { BadRequest } from '../fields.ts'
import type { CardGateway } from './index.ts'
import { cardKnobWords } from './knob-words.ts'
import { quietCard } from './knobs.ts'
import type { Charge } from './payment.ts'
import { Refusal } from './refusal.ts'

/** The card gateway's merchants on the page of knobs; what payers' banks do is done to the newest payment it can be done to. */
export function cardAdmin(gateway: CardGateway): AdminRail {
  const { merchants, checkout } = gateway
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
      dispute: {
        label: { 'zh-CN': '最近一笔支付：持卡人拒付', en: 'Newest payment: disputed' },
        work: (account) =>
          toNewest(
            gateway,
            account,
            ({ dispute }) => !dispute,
            (charge) => checkout.dispute(charge, 'fraudulent'),
          ),
      },
      'lose-dispute': {
        label: { 'zh-CN': '最近一笔拒付：判持卡人胜', en: 'Newest dispute: lost' },
        work: (account) => closeNewest(gateway, account, 'lost'),
      },
      'win-dispute': {
        label: { 'zh-CN': '最近一笔拒付：判商户胜', en: 'Newest dispute: won' },
        work: (account) => closeNewest(gateway, account, 'won'),
      },
      'fail-refund': {
        label: { 'zh-CN': '最近一笔退款：被发卡行退回', en: 'Newest refund: comes back' },
        work: (account) =>
          toNewest(
            gateway,
            account,
            ({ refunds }) => refunds.some(isAlive),
            async ({ refunds }) => {
              const refund = refunds.findLast(isAlive)
              if (refund) await checkout.settleRefund(refund, 'failed')
            },
          ),
      },
    },
  })
}

const isAlive = ({ status }: Charge['refunds'][number]) => status !== 'failed'

function closeNewest(gateway: CardGateway, account: string, status: 'won' | 'lost'): Promise<void> {
  const isOpen = ({ dispute }: Charge) => dispute?.status === 'needs_response'
  return toNewest(gateway, account, isOpen, async ({ dispute }) => {
    if (dispute) await gateway.checkout.closeDispute(dispute, status)
  })
}

/** A no of the gateway is told on the page. */
async function toNewest(
  { state }: CardGateway,
  account: string,
  fits: (charge: Charge) => boolean,
  work: (charge: Charge) => Promise<unknown>,
): Promise<void> {
  const own = [...state.charges.values()].filter(({ intent }) => intent.session.order.account === account)
  const newest = own.findLast(fits)
  if (!newest) throw new BadRequest('There is no payment that it could be done to.')
  try {
    await work(newest)
  } catch (error) {
    throw error instanceof Refusal ? new BadRequest(error.message) : error
  }
}
