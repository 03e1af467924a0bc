import type { Length } from '../../server/policy/day.ts'
import type { ExtensionRule, Policy, PolicyEventKind } from '../../server/policy/policy.ts'
import { presets } from '../../server/policy/presets.ts'
import { type Language, major, productText, table } from './language.ts'

const words = {
  en: {
    title: '# Retention presets',
    intro:
      'The rules the product ships, from `server/policy/presets/`: as operators and regulators have published them, with amounts and days as settings. A brand names one of them and its version; a rule of your own is one more JSON file beside them, checked when the program starts. What the words mean: [Clocks and the date](../concepts/clocks.md). They are no legal advice.',
    extends: 'What moves the date',
    extendHead: ['clock', 'on', 'counts from', 'length'],
    after: 'What comes after it ends',
    stageHead: ['stage', 'lasts', 'a top-up', 'the balance'],
    from: { now: 'the day', end: 'the present end', later: 'the later of both' },
    unlimited: 'without end',
    offer: 'the offer’s own',
    from_amount: 'from',
    balance: 'balance after it from',
    cap: ', at most',
    forever: 'for ever',
    numberClock: 'until the number clock ends',
    effect: {
      'restores-service': 'brings it back into service',
      'restores-number': 'brings the number back',
      refused: 'is refused',
    },
    money: {
      kept: 'kept',
      frozen: 'frozen',
      'forfeited-by-top-up': 'forfeited by the next top-up',
      forfeited: 'forfeited',
    },
    clock: { service: 'service', credit: 'credit', number: 'number' },
    noticePeriod: 'a time of notice, still in service',
    least: ', from ',
    fee: ', for a fee of ',
    retention: 'While the balance lasts, a fee is taken at each end and moves the clock: ',
    reissue: 'The number goes to nobody else before this many days of rest: ',
    join: ', ',
  },
  'zh-CN': {
    title: '# 保号规则预设',
    intro:
      '产品自带的规则，取自 `server/policy/presets/`，依据各运营商和监管机构公布的规则整理，金额和天数都可设置。品牌在设置里写明用哪一套、哪个版本；要定自己的规则，就在旁边再放一个 JSON 文件，程序启动时会检查。用语含义见[时钟与“号码保留至”](../concepts/clocks.md)。以下内容不构成法律意见。',
    extends: '什么会推后到期日',
    extendHead: ['时钟', '触发', '从何时起算', '时长'],
    after: '到期之后',
    stageHead: ['阶段', '持续', '此时充值', '余额'],
    from: { now: '当天', end: '当前到期日', later: '两者中较晚的一天' },
    unlimited: '不限期',
    offer: '按套餐自带的时长',
    from_amount: '满',
    balance: '充后余额满',
    cap: '，最长',
    forever: '一直',
    numberClock: '到号码时钟结束',
    effect: {
      'restores-service': '恢复使用',
      'restores-number': '找回号码',
      refused: '不接受',
    },
    money: {
      kept: '保留',
      frozen: '冻结',
      'forfeited-by-top-up': '下次充值时清零',
      forfeited: '清零',
    },
    clock: { service: '服务', credit: '话费', number: '号码' },
    noticePeriod: '提醒期，仍可正常使用',
    least: '，至少 ',
    fee: '，另收 ',
    retention: '余额足够时，每到期一次扣费并顺延：',
    reissue: '号码再次放出前至少冷却的天数：',
    join: '、',
  },
} satisfies Record<Language, unknown>

const triggers: Readonly<Record<Language, Partial<Record<PolicyEventKind, string>>>> = {
  en: {},
  'zh-CN': {
    'top-up': '充值',
    package: '购买或续订套餐',
    'retention-fee': '扣保号费',
    'chargeable-use': '计费的主叫使用',
    'outgoing-use': '主叫使用',
    'incoming-use': '被叫使用',
    'log-in': '登录',
    confirmation: '确认保留',
    activation: '激活',
  },
}

/** What each preset follows; English is the preset's own sentence. */
const inChinese: Readonly<Record<string, string>> = {
  'anatel-br': '巴西 Anatel 632/2014：每次充值都让全部话费（包括已到期的）按最长有效期重新计算，至少 30 天。',
  'asda-uk': '英国 Asda Mobile：最后一次充值或购买套餐起 180 天，之后 90 天只能接听。',
  'china-keep': '中国式规则：按充值金额分档延长有效期，到期后单停、双停，再冻结 90 天；金额和天数均可设置。',
  ethio: '埃塞俄比亚电信：充值累加，最长 120 天；之后单停 330 天、双停 30 天，随即收回。',
  'giffgaff-uk': '英国 giffgaff：任何主叫、短信、上网或购买之后 6 个月；被叫不算。',
  'lime-ky': '开曼 LIME：按充值后的余额分档，最低 5；之后 90 天只能接听。',
  'shinetown-hk': '香港 Shinetown：按充值金额分档，只延长不缩短；到期后号码和余额一并失去。',
  'trai-in':
    '印度 TRAI 2013：任何使用之后 90 天，此后余额足够时每 30 天扣 20 卢比；收回后 15 天内可付 20 卢比找回。',
  'ultra-us': '美国 Ultra Mobile PayGo：每 30 天 3 美元续期；到期暂停 30 天，之后删除。',
  'use-it-or-lose-it': '不用即收回：任何主叫使用或购买，都让号码再保留 6 个月，依英国运营商公布的规则。',
  'valuegb-hk':
    '香港 ValueGB（SmarTone 网络）：充值满 50 港元延长 365 天；到期后余额清零，30 天内充值可找回号码。',
  'verizon-us': '美国 Verizon 预付费：按充值金额分档；到期余额清零。',
  'vodafone-uk': '英国 Vodafone：计费的主叫使用或充值之后 180 天，再提醒 90 天，然后断网。',
}

/** `6 months`, `90 days`, in the words of the language. */
function lengthText(language: Language, { months, days }: Length): string {
  const parts = language === 'en' ? [`${months} months`, `${days} days`] : [`${months} 个月`, `${days} 天`]
  return parts.filter((_, i) => [months, days][i] !== 0).join(language === 'en' ? ' and ' : '零 ')
}

function howLong(language: Language, { by, length, tiers, cap }: ExtensionRule, currency: string): string {
  const own = words[language]
  const say = (one: Length | 'unlimited') => (one === 'unlimited' ? own.unlimited : lengthText(language, one))
  const start = by === 'balance-after' ? own.balance : own.from_amount
  const base =
    length !== null
      ? say(length)
      : tiers.length === 0
        ? own.offer
        : tiers
            .toReversed()
            .map((tier) => `${start} ${currency} ${major(tier.atLeastMinor)}: ${say(tier.length)}`)
            .join('<br>')
  return cap === null ? base : `${base}${own.cap} ${lengthText(language, cap)}`
}

/** The rules of a policy as it wrote them: one row for each clock and way, with everything that sets it off. */
function extensionRows(language: Language, policy: Policy): string[][] {
  const own = words[language]
  const grouped = new Map<ExtensionRule, PolicyEventKind[]>()
  for (const [kind, clocks] of Object.entries(policy.rules))
    for (const rules of Object.values(clocks))
      for (const rule of rules) grouped.set(rule, [...(grouped.get(rule) ?? []), kind as PolicyEventKind])
  return [...grouped].map(([rule, kinds]) => [
    own.clock[rule.clock],
    kinds.map((kind) => triggers[language][kind] ?? kind).join(own.join),
    own.from[rule.from],
    howLong(language, rule, policy.currency),
  ])
}

function stageRows(language: Language, policy: Policy): string[][] {
  const own = words[language]
  return policy.steps.map(({ stage, lasts }) => {
    const { topUp, leastTopUpMinor, reclaimFeeMinor, balance } = policy.stages[stage]
    const sum = (minor: bigint) => `${policy.currency} ${major(minor)}`
    const least = topUp !== 'refused' && leastTopUpMinor > 1n ? `${own.least}${sum(leastTopUpMinor)}` : ''
    const fee = reclaimFeeMinor > 0n ? `${own.fee}${sum(reclaimFeeMinor)}` : ''
    return [
      `\`${stage}\` ${stage === 'active' ? own.noticePeriod : productText(language, `state.stage.${stage}`)}`,
      lasts === null ? own.forever : lasts === 'number-clock' ? own.numberClock : lengthText(language, lasts),
      `${own.effect[topUp]}${least}${fee}`,
      own.money[balance],
    ]
  })
}

function presetPart(language: Language, policy: Policy): string {
  const own = words[language]
  const fee = policy.retentionFeeMinor
  return [
    `## ${policy.id} ${policy.version}`,
    language === 'en' ? policy.source : (inChinese[policy.id] ?? policy.source),
    `**${own.extends}**`,
    table(own.extendHead, extensionRows(language, policy)),
    ...(policy.steps.length === 0
      ? []
      : [`**${own.after}**`, table(own.stageHead, stageRows(language, policy))]),
    ...(fee === null ? [] : [`${own.retention}${policy.currency} ${major(fee)}`]),
    ...(policy.reissue.leastDays === 0 ? [] : [`${own.reissue}${policy.reissue.leastDays}`]),
  ].join('\n\n')
}

export function policiesPage(language: Language): string {
  const { title, intro } = words[language]
  return `${[title, intro, ...presets.map((policy) => presetPart(language, policy))].join('\n\n')}\n`
}
