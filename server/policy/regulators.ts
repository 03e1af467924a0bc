import { type Static, Type } from 'typebox'
import { checkShape } from './load-policy.ts'
import { ReissueJson } from './policy-schema.ts'
import anatel632 from './regulators/anatel-632.json' with { type: 'json' }
import reissueChina from './regulators/reissue-china.json' with { type: 'json' }
import reissueUsFcc from './regulators/reissue-us-fcc.json' with { type: 'json' }
import trai2013 from './regulators/trai-2013.json' with { type: 'json' }

const closed = { additionalProperties: false } as const
const Days = Type.Integer({ minimum: 0 })
const AmountMinor = Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' })

function orNull<T extends Parameters<typeof Type.Union>[0][number]>(schema: T) {
  return Type.Union([Type.Null(), schema])
}

/** What a regulator asks of any operator's policy; null: nothing of that sort. Amounts in minor units of `currency`. */
export const Regulator = Type.Object(
  {
    id: Type.String(),
    source: Type.String(),
    currency: Type.String(),
    /** Days without use before the number may be touched. */
    idle: orNull(Type.Object({ leastDays: Days }, closed)),
    /** The most a retention fee may be and the least it must buy. */
    retentionFee: orNull(Type.Object({ mostMinor: AmountMinor, leastDays: Days }, closed)),
    /** How long, and for how much at most, a lost number can be taken back. */
    reclaim: orNull(Type.Object({ leastDays: Days, mostFeeMinor: orNull(AmountMinor) }, closed)),
    /** How long topped-up money holds at least, and how long at least some of what is sold must hold. */
    credit: orNull(Type.Object({ leastDays: Days, onSaleDays: Type.Array(Days) }, closed)),
    reissue: orNull(ReissueJson),
  },
  closed,
)
export type Regulator = Static<typeof Regulator>

export const regulators: readonly Regulator[] = [anatel632, reissueChina, reissueUsFcc, trai2013].map(
  (json) => checkShape('regulator', Regulator, json),
)
