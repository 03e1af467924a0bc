import type { BusinessFigure } from '../platform/business-figure.ts'
import { type Length, type Policy, presets } from '../policy/index.ts'

/** When a line of a policy loses its number: so long after the end of a clock. */
interface NumberEnd extends Length {
  readonly policy: string
  readonly version: number
  readonly clock: string
}

/** Undefined: nothing of this policy takes a number away. */
function numberEndOf({ id, version, hasNumberClock, leadingClock, steps }: Policy): NumberEnd | undefined {
  const policy = { policy: id, version }
  if (hasNumberClock) return { ...policy, clock: 'number', months: 0, days: 0 }
  const ceases = steps.findIndex(({ stage }) => stage === 'ceased')
  let [months, days] = [0, 0]
  for (const { lasts } of steps.slice(0, Math.max(0, ceases))) {
    if (lasts === null || lasts === 'number-clock') return undefined
    months += lasts.months
    days += lasts.days
  }
  return ceases < 0 ? undefined : { ...policy, clock: leadingClock, months, days }
}

const numberEnds = presets.flatMap((policy) => numberEndOf(policy) ?? [])

/** What an operator watches of lines. The day a line is due is never after its number's end, so that few are looked at. */
export const businessFigures: readonly BusinessFigure[] = [
  {
    name: 'baohao_lines_ending',
    help: 'Lines whose number is lost within seven days unless somebody acts.',
    labels: [],
    sql: `with ending as (
        select * from jsonb_to_recordset($2::jsonb) e(policy text, version integer, clock text, months integer, days integer)
      )
      select count(*)::int as value
      from {{brand}}.line_clock c join ending e on e.policy = c.policy and e.version = c.policy_version
      where c.next_due_on <= $1::date + 7 and c.standing = 'in-service' and c.ceased_on is null
        and (case e.clock
            when 'number' then c.number_anchor + make_interval(months => c.number_months, days => c.number_days)
            when 'credit' then c.credit_anchor + make_interval(months => c.credit_months, days => c.credit_days)
            else c.service_anchor + make_interval(months => c.service_months, days => c.service_days)
          end + make_interval(months => e.months, days => e.days))::date between $1::date + 1 and $1::date + 7`,
    values: ['today', { json: JSON.stringify(numberEnds) }],
  },
]
