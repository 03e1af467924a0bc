import { finalStates, type OrderState, orderStates } from '../../server/topup/top-up.ts'
import { type Both, type Language, productText, table } from './language.ts'

/** What each state waits for, in Chinese; English is the machine's own prose. */
const waitsInChinese: Readonly<Record<OrderState, string>> = {
  'awaiting-payment': '等付款人在 `pay_by` 之前支付；支付成功或超时即结束',
  paid: '等话费记账；除非余额存放在别的系统，否则在同一批处理内就会过去',
  held: '等到 `decide_by`：已收款但暂时不能到账，到点要么到账，要么开始退款',
  credited: '不等什么；之后仍可能退款、被付款人的银行撤回，或已退的部分被退回支付机构',
  refunding: '等支付机构答复已退款',
  'refund-abnormal': '等人工处理：支付机构拒绝退款，或已退的款项被退回支付机构',
  refunded: '不等什么；已退的款项仍可能被退回支付机构，付款人的银行也可能再次撤回',
  reversed: '不等什么：付款人的银行把钱撤回了；银行若退回，订单恢复原状',
  expired: '不等什么；若迟到的支付终于到了，订单会继续',
}

const words = {
  en: {
    title: '# States of an order',
    intro:
      'From the state machine in `server/topup/top-up.ts`, as the program itself checks it at every start: no state is out of reach, none is a dead end.',
    head: ['state', 'shown to people as', 'waits', 'may become', 'final'],
    final: 'yes',
    none: '–',
    note: 'A final state is not left by itself. A late payment re-opens an `expired` order; a refund or a charge-back may follow `credited`. The state is never set by hand: it is computed from the facts about the order (captured, credited, held, refunded, …), so every order of arrival ends alike.',
  },
  'zh-CN': {
    title: '# 订单状态',
    intro:
      '取自 `server/topup/top-up.ts` 里的状态机。程序每次启动都会核对：没有到不了的状态，也没有走不出去的死路。',
    head: ['状态', '页面用语', '在等什么', '可以变为', '终态'],
    final: '是',
    none: '–',
    note: '终态不会自行离开。迟到的支付会让 `expired` 的订单继续；`credited` 之后仍可能退款或被银行撤回。状态从不由人设置，而是由订单的事实（已收款、已到账、已暂挂、已退款……）推算出来，所以无论消息按什么顺序到达，结果都一样。',
  },
} satisfies Record<Language, unknown>

export function orderStatesPage(language: Language): string {
  const { title, intro, head, final, none, note } = words[language]
  const rows = Object.entries(orderStates.states).map(([name, { to, waits }]) => {
    const state = name as OrderState
    const explained: Both = { en: waits, 'zh-CN': waitsInChinese[state] }
    return [
      `\`${state}\``,
      productText(language, `state.order.${state}`),
      explained[language],
      to.map((next) => `\`${next}\``).join(', ') || none,
      finalStates.has(state) ? final : '',
    ]
  })
  return `${title}\n\n${intro}\n\n${table(head, rows)}\n\n${note}\n`
}
