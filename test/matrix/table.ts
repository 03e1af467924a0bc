import { type NotApplicable, never, type Outcome, type Words } from './outcome.ts'
import { transferCells, transferKnobs } from './transfer-cells.ts'

/** Rails with a provider that is called, and that tells and answers of each payment. */
export const calledRails = ['alipay', 'wechat', 'unionpay', 'card'] as const
export type CalledRail = (typeof calledRails)[number]
export const rails = [...calledRails, 'bank'] as const
export type Rail = (typeof rails)[number]

/**
 * How a cell is played. `pay`: begun, paid, awaited; where a query must tell, the payer comes back. Each of the others differs in one
 * thing. `returned`: the payer comes back all the same. `late`: awaits the notification that came too late. `lost`: the provider
 * answers again once a refund was not answered. `closed`: the order is cancelled before it is paid. `rotated`: the provider's key
 * changes before. `skewed`: its clock is ahead before, and right again afterwards. `unanswered`: the beginning is not answered, and
 * paid. `again`: it is not answered, and begun once more. `abnormal`: a person sees to a refund that was refused. Of transfers alone:
 * `contradicted`: the notice is taken in, and the statement says something else. `taken-back`: the bank takes back what was credited.
 */
export type Play =
  | 'pay'
  | 'returned'
  | 'late'
  | 'lost'
  | 'closed'
  | 'rotated'
  | 'skewed'
  | 'unanswered'
  | 'again'
  | 'abnormal'
  | 'contradicted'
  | 'taken-back'

export interface Live {
  /** As the sandbox's control API takes them. */
  readonly knobs: Readonly<Record<string, unknown>>
  readonly play?: Play
  readonly outcome: Outcome
}

export interface Knob {
  readonly id: string
  readonly words: Words
  readonly cells: Readonly<Record<Rail, Live | NotApplicable>>
}

interface CalledKnob extends Omit<Knob, 'cells'> {
  readonly cells: Readonly<Record<CalledRail, Live | NotApplicable>>
}

const credited: Outcome = { ends: 'credited' }
const byQuery: Outcome = { ends: 'credited', by: 'query' }
const refunded: Outcome = { ends: 'refunded' }
const refusedFirst: Outcome = { ends: 'credited', by: 'query', refused: 'signature' }
const strangers: Outcome = { ends: 'credited', by: 'query', refused: 'merchant' }

/** The same on every rail, knobs and outcome. */
function everywhere(knobs: Live['knobs'], outcome: Outcome, play?: Play): CalledKnob['cells'] {
  const cell: Live = { knobs, outcome, ...(play ? { play } : {}) }
  return { alipay: cell, wechat: cell, unionpay: cell, card: cell }
}

/** Less and more than the price of 49.80, in each rail's own unit. */
const more = { alipay: '98.00', wechat: '9800', unionpay: '9800', card: '9800' }
const less = { alipay: '49.79', wechat: '4979', unionpay: '4979', card: '4979' }

/** An amount that is not the order's really paid, so that it goes back, with what else each rail is to do. */
function mispaid(
  others: Partial<Record<CalledRail, Live['knobs']>>,
  outcome: Outcome | Readonly<Record<CalledRail, Outcome>>,
  play?: Play,
): Record<CalledRail, Live> {
  const cell = (rail: CalledRail): Live => ({
    knobs: { paidAmount: less[rail], ...others[rail] },
    outcome: 'ends' in outcome ? (outcome as Outcome) : outcome[rail],
    ...(play ? { play } : {}),
  })
  return { alipay: cell('alipay'), wechat: cell('wechat'), unionpay: cell('unionpay'), card: cell('card') }
}

const nothingCalled = never(
  'the payer’s browser posts the order: nothing is called',
  '订单由付款人的浏览器提交，我方不调用接口',
)

/** Every knob of the sandboxes that stand in for providers. */
const calledKnobs: readonly CalledKnob[] = [
  { id: 'none', words: { en: 'nothing wrong', 'zh-CN': '一切正常' }, cells: everywhere({}, credited) },
  {
    id: 'duplicate',
    words: { en: 'told six times at once', 'zh-CN': '同一通知同时来六次' },
    cells: everywhere({ duplicate: 5 }, credited),
  },
  {
    id: 'reorder',
    words: { en: 'the newer notification first', 'zh-CN': '后发的通知先到' },
    cells: {
      alipay: { knobs: { reorder: true, finishedAfterSuccess: true }, outcome: credited },
      // The payment is found by query and goes back; the refund is told before the payment.
      wechat: { knobs: { reorder: true, paidAmount: less.wechat }, play: 'returned', outcome: refunded },
      unionpay: { knobs: { reorder: true, paidAmount: less.unionpay }, play: 'returned', outcome: refunded },
      card: { knobs: { reorder: true }, outcome: credited },
    },
  },
  {
    id: 'delay',
    words: { en: 'told after a query has found it', 'zh-CN': '查询得知之后通知才到' },
    // Until it is asked for.
    cells: everywhere({ delaySeconds: 86_400 }, byQuery, 'late'),
  },
  {
    id: 'drop-all',
    words: { en: 'never told', 'zh-CN': '一条通知也没有' },
    cells: everywhere({ dropAll: true }, byQuery),
  },
  {
    id: 'wrong-signature',
    words: { en: 'a wrong signature', 'zh-CN': '签名错误' },
    cells: everywhere({ wrongSignature: true }, refusedFirst),
  },
  {
    id: 'sign-test',
    words: { en: 'a signature probe (SIGNTEST)', 'zh-CN': '签名探测（SIGNTEST）' },
    cells: {
      alipay: never('WeChat Pay alone probes', '只有微信支付会探测'),
      wechat: { knobs: { signTest: true }, outcome: { ...credited, refused: 'signature' } },
      unionpay: never('WeChat Pay alone probes', '只有微信支付会探测'),
      card: never('WeChat Pay alone probes', '只有微信支付会探测'),
    },
  },
  {
    id: 'forge',
    words: { en: 'a stranger says that it is paid', 'zh-CN': '外人谎称已支付' },
    cells: everywhere({ forge: true }, { ...credited, refused: 'signature' }),
  },
  {
    id: 'merchant-signs',
    words: { en: 'signed by another merchant of the same authority', 'zh-CN': '同一证书机构的别家商户签名' },
    cells: {
      alipay: never('keys are entered, there is no authority', '公钥逐个录入，没有证书机构'),
      wechat: never('certificates come sealed for the merchant', '平台证书按商户加密下发'),
      unionpay: { knobs: { merchantSigns: true }, outcome: refusedFirst },
      card: never('a shared secret, there is no authority', '共享密钥，没有证书机构'),
    },
  },
  {
    id: 'old-timestamp',
    words: { en: 'told with a time ten minutes old', 'zh-CN': '通知的时间是十分钟前' },
    cells: {
      alipay: { knobs: { notificationAgeMinutes: 10 }, outcome: credited },
      wechat: { knobs: { notificationAgeMinutes: 10 }, outcome: refusedFirst },
      unionpay: never('a notice carries no time of its sending', '通知里没有发送时间'),
      card: { knobs: { notificationAgeMinutes: 10 }, outcome: refusedFirst },
    },
  },
  {
    id: 'told-amount',
    words: { en: 'told another amount than was paid', 'zh-CN': '通知金额与实付不符' },
    cells: {
      alipay: { knobs: { notificationAmount: '0.01' }, outcome: { ...refunded, break: 'amount' } },
      // WeChat Pay refunds only who names what was really paid.
      wechat: { knobs: { notificationAmount: '1' }, outcome: { ends: 'person', break: 'amount' } },
      unionpay: { knobs: { notificationAmount: '1' }, outcome: { ...refunded, break: 'amount' } },
      card: { knobs: { notificationAmount: '1' }, outcome: { ...refunded, break: 'amount' } },
    },
  },
  {
    id: 'paid-amount',
    words: { en: 'less paid than the price', 'zh-CN': '实付少于应付' },
    cells: mispaid({}, refunded),
  },
  {
    id: 'overpaid',
    words: { en: 'more paid than the price', 'zh-CN': '实付多于应付' },
    cells: mispaid(
      {
        alipay: { paidAmount: more.alipay },
        wechat: { paidAmount: more.wechat },
        unionpay: { paidAmount: more.unionpay },
        card: { paidAmount: more.card },
      },
      refunded,
    ),
  },
  {
    id: 'wrong-merchant',
    words: { en: 'told as if for another merchant', 'zh-CN': '通知里是别家商户' },
    cells: {
      ...everywhere({ wrongMerchant: true }, strangers),
      alipay: { knobs: { wrongSeller: true }, outcome: strangers },
    },
  },
  {
    id: 'wrong-app',
    words: { en: 'told as if for another application', 'zh-CN': '通知里是别的应用' },
    cells: {
      alipay: { knobs: { wrongApp: true }, outcome: strangers },
      wechat: { knobs: { wrongApp: true }, outcome: strangers },
      unionpay: never('there are no applications', '没有应用这一层'),
      card: never('there are no applications', '没有应用这一层'),
    },
  },
  {
    id: 'unknown-order',
    words: { en: 'told also of an order of nobody’s', 'zh-CN': '同时来一条没人下过的订单的通知' },
    cells: everywhere({ unknownOrder: true }, { ...credited, orphan: true }),
  },
  {
    id: 'paid-after-close',
    words: { en: 'paid after we closed it', 'zh-CN': '关单之后才支付' },
    cells: everywhere({ paidAfterClose: true }, credited, 'closed'),
  },
  {
    id: 'paid-twice',
    words: { en: 'paid twice', 'zh-CN': '支付了两次' },
    cells: everywhere({ paidTwice: true }, { ...credited, second: true }),
  },
  {
    id: 'order-500',
    words: { en: '500 after taking the order, which is paid', 'zh-CN': '下单已受理却回 500，随后付了款' },
    cells: {
      alipay: {
        ...{ play: 'unanswered', outcome: { ...credited, unanswered: 'order' } },
        knobs: { notificationBeforeAnswer: true, fault: 'http-500', faultMethod: 'alipay.trade.precreate' },
      },
      wechat: {
        ...{ play: 'unanswered', outcome: { ...credited, unanswered: 'order' } },
        knobs: { notificationBeforeAnswer: true, fault: 'http-500', faultCall: 'native' },
      },
      unionpay: nothingCalled,
      card: {
        ...{ play: 'unanswered', outcome: { ...credited, unanswered: 'order' } },
        knobs: { notificationBeforeAnswer: true, fault: 'http-500', faultMethod: '/v1/checkout/sessions' },
      },
    },
  },
  {
    id: 'order-time-out',
    words: { en: 'no answer to the order, begun once more', 'zh-CN': '下单没有应答，重新发起' },
    cells: {
      alipay: {
        ...{ play: 'again', outcome: { ...credited, unanswered: 'order' } },
        knobs: { fault: 'time-out', faultMethod: 'alipay.trade.precreate' },
      },
      wechat: {
        ...{ play: 'again', outcome: { ...credited, unanswered: 'order' } },
        knobs: { fault: 'time-out', faultCall: 'native' },
      },
      unionpay: nothingCalled,
      card: {
        ...{ play: 'again', outcome: { ...credited, unanswered: 'order' } },
        knobs: { fault: 'time-out', faultMethod: '/v1/checkout/sessions' },
      },
    },
  },
  {
    id: 'refund-500',
    words: { en: '500 after taking the refund', 'zh-CN': '退款已受理却回 500' },
    cells: mispaid(
      {
        alipay: { fault: 'http-500', faultMethod: 'alipay.trade.refund' },
        wechat: { fault: 'http-500', faultCall: 'refund' },
        unionpay: { fault: 'http-500', faultMethod: '04' },
        card: { fault: 'http-500', faultMethod: '/v1/refunds' },
      },
      { ...refunded, unanswered: 'refund' },
      'lost',
    ),
  },
  {
    id: 'refund-time-out',
    words: { en: 'no answer to the refund', 'zh-CN': '退款没有应答' },
    cells: mispaid(
      {
        alipay: { fault: 'time-out', faultMethod: 'alipay.trade.refund' },
        wechat: { fault: 'time-out', faultCall: 'refund' },
        unionpay: { fault: 'time-out', faultMethod: '04' },
        card: { fault: 'time-out', faultMethod: '/v1/refunds' },
      },
      { ...refunded, unanswered: 'refund' },
      'lost',
    ),
  },
  {
    id: 'not-found-first',
    words: { en: 'not found by the first query, never told', 'zh-CN': '首次查询查无此单，也没有通知' },
    cells: everywhere({ notFoundFirst: 1, dropAll: true }, byQuery),
  },
  {
    id: 'finished-after-success',
    words: { en: 'told a second time as finished', 'zh-CN': '成功之后又报交易完结' },
    cells: {
      alipay: { knobs: { finishedAfterSuccess: true }, outcome: credited },
      wechat: never('a payment has no later state', '支付之后没有后续状态'),
      unionpay: never('a payment has no later state', '支付之后没有后续状态'),
      card: never('a payment has no later state', '支付之后没有后续状态'),
    },
  },
  {
    id: 'refund-abnormal',
    words: { en: 'the refund is refused', 'zh-CN': '退款被拒' },
    cells: mispaid(
      {
        alipay: { refundRefused: true },
        wechat: { refundOutcome: 'ABNORMAL' },
        unionpay: { refundFails: true },
        card: { refund: 'failed' },
      },
      {
        alipay: { ...refunded, abnormal: true },
        wechat: { ...refunded, abnormal: true },
        unionpay: { ends: 'person' },
        card: { ends: 'person' },
      },
      'abnormal',
    ),
  },
  {
    id: 'bill-row-missing',
    words: { en: 'the bill lacks the payment', 'zh-CN': '账单少这一行' },
    cells: everywhere({ billFault: 'row-missing' }, { ...credited, break: 'missing-there' }),
  },
  {
    id: 'bill-row-extra',
    words: { en: 'the bill has a payment more', 'zh-CN': '账单多一行' },
    cells: everywhere({ billFault: 'row-extra' }, { ...credited, break: 'missing-here' }),
  },
  {
    id: 'bill-fen-off',
    words: { en: 'the bill is a fen off', 'zh-CN': '账单差一分' },
    cells: everywhere({ billFault: 'fen-off' }, { ...credited, break: 'amount' }),
  },
  {
    id: 'clock-skew',
    words: { en: 'the provider’s clock is ten minutes ahead', 'zh-CN': '对方的时钟快十分钟' },
    cells: {
      ...everywhere({ clockSkewSeconds: 600 }, credited),
      // Beyond the five minutes that WeChat Pay itself allows: nothing counts until its clock is right again.
      wechat: {
        knobs: { clockSkewSeconds: 600 },
        play: 'skewed',
        outcome: { ...credited, refused: 'signature' },
      },
    },
  },
  {
    id: 'key-rotation',
    words: { en: 'the provider changes its key', 'zh-CN': '对方更换密钥' },
    cells: {
      ...everywhere({}, credited, 'rotated'),
      // Nothing but the console tells of the new key: it is entered, and the next notification counts.
      alipay: { knobs: {}, play: 'rotated', outcome: { ...credited, refused: 'signature' } },
    },
  },
  {
    id: 'slow-receiver',
    words: { en: 'never told, and answers take three seconds', 'zh-CN': '没有通知，接口三秒才回答' },
    cells: everywhere({ slowReceiverSeconds: 3, dropAll: true }, byQuery),
  },
]

/** Every knob of every sandbox against every rail (design: payments, fault knobs). */
export const knobs: readonly Knob[] = [
  ...calledKnobs.map(({ cells, ...knob }) => {
    const bank = transferCells[knob.id]
    if (!bank) throw new Error(`the transfer has no cell under ${knob.id}`)
    return { ...knob, cells: { ...cells, bank } }
  }),
  ...transferKnobs,
]
