import { type Static, Type } from 'typebox'

/** The JSON form of a policy. What it cannot say (tiers rise, stages go down) `policy-problems.ts` checks. */

const closed = { additionalProperties: false } as const

const AmountMinor = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })
const Id = Type.String({ pattern: '^[a-z][a-z0-9-]{1,39}$' })

export const LengthJson = Type.Object(
  {
    months: Type.Optional(Type.Integer({ minimum: 0, maximum: 1200 })),
    days: Type.Optional(Type.Integer({ minimum: 0, maximum: 36_500 })),
  },
  closed,
)
export type LengthJson = Static<typeof LengthJson>

const ClockNameJson = Type.Enum(['service', 'credit', 'number'])
const LengthOrUnlimited = Type.Union([LengthJson, Type.Literal('unlimited')])

const TierJson = Type.Object({ atLeastMinor: AmountMinor, length: LengthOrUnlimited }, closed)

/** `use` is any use, `outgoing-use` any outgoing use, `chargeable-use` only what was charged. */
const Trigger = Type.Enum([
  'top-up',
  'package',
  'retention-fee',
  'chargeable-use',
  'outgoing-use',
  'use',
  'log-in',
  'confirmation',
  'activation',
])
export type Trigger = Static<typeof Trigger>

const ExtensionJson = Type.Object(
  {
    clock: ClockNameJson,
    on: Type.Array(Trigger, { minItems: 1, uniqueItems: true }),
    from: Type.Enum(['now', 'end', 'later']),
    by: Type.Enum(['flat', 'offer', 'amount', 'balance-after']),
    length: Type.Optional(LengthOrUnlimited),
    tiers: Type.Optional(Type.Array(TierJson, { minItems: 1 })),
    cap: Type.Optional(LengthJson),
  },
  closed,
)
export type ExtensionJson = Static<typeof ExtensionJson>

const BalanceJson = Type.Enum(['kept', 'frozen', 'forfeited-by-top-up', 'forfeited'])

const StepJson = Type.Object(
  {
    stage: Type.Enum(['active', 'outbound-barred', 'fully-barred', 'quarantined', 'ceased']),
    /** Absent on the last step only, which lasts for ever. */
    lasts: Type.Optional(Type.Union([LengthJson, Type.Literal('number-clock')])),
    notice: Type.Boolean(),
    topUp: Type.Enum(['restores-service', 'restores-number', 'refused']),
    leastTopUpMinor: Type.Optional(AmountMinor),
    reclaimFeeMinor: Type.Optional(AmountMinor),
    balance: BalanceJson,
  },
  closed,
)
export type StepJson = Static<typeof StepJson>

export const ReissueJson = Type.Object(
  {
    leastDays: Type.Integer({ minimum: 0 }),
    mostDays: Type.Union([
      Type.Null(),
      Type.Object(
        { residential: Type.Integer({ minimum: 0 }), business: Type.Integer({ minimum: 0 }) },
        closed,
      ),
    ]),
  },
  closed,
)

export const PolicyJson = Type.Object(
  {
    id: Id,
    version: Type.Integer({ minimum: 1 }),
    source: Type.String({ minLength: 1 }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    dayCounting: Type.Enum(['inclusive', 'exclusive']),
    changeHour: Type.Integer({ minimum: 0, maximum: 23 }),
    leastTopUpMinor: AmountMinor,
    activatedBy: Type.Array(Trigger, { minItems: 1, uniqueItems: true }),
    extensions: Type.Array(ExtensionJson, { minItems: 1 }),
    leadingClock: ClockNameJson,
    ladder: Type.Array(StepJson),
    creditEnd: BalanceJson,
    retentionFeeMinor: Type.Union([Type.Null(), AmountMinor]),
    reissue: ReissueJson,
  },
  closed,
)
export type PolicyJson = Static<typeof PolicyJson>
