import { type Static, Type } from 'typebox'
import { MoneyWire } from './money.ts'

/** A number as a person types it: E.164 with or without +, or national; spaces, dots, dashes and brackets are ignored. */
export const NumberInput = Type.String({ minLength: 3, maxLength: 32, examples: ['154 0000 1234'] })

/** E.164 digits without the plus sign. */
export const Msisdn = Type.String({ pattern: '^[1-9][0-9]{6,14}$', examples: ['8615400001234'] })

export const LocalDate = Type.String({ format: 'date', examples: ['2027-05-21'] })
export const Instant = Type.String({ format: 'date-time', examples: ['2026-11-22T06:05:00.000Z'] })

export const Stage = Type.Union([
  Type.Literal('pre-active'),
  Type.Literal('active'),
  Type.Literal('outbound-barred'),
  Type.Literal('fully-barred'),
  Type.Literal('quarantined'),
  Type.Literal('ceased'),
  Type.Literal('ported-out'),
])
export type Stage = Static<typeof Stage>

/** A clock of a line: `until` is exclusive, `lastSafeDay` is the day before it; both null when it never ends. */
export const ClockView = Type.Object(
  {
    clock: Type.Union([Type.Literal('service'), Type.Literal('credit'), Type.Literal('number')]),
    until: Type.Union([LocalDate, Type.Null()]),
    lastSafeDay: Type.Union([LocalDate, Type.Null()]),
    daysLeft: Type.Union([Type.Integer(), Type.Null()], { description: 'lastSafeDay - today' }),
  },
  { additionalProperties: false },
)
export type ClockView = Static<typeof ClockView>

/** An allowance: voice in seconds, SMS in messages, data in bytes (as decimal digits). */
export const AllowanceView = Type.Object(
  {
    unit: Type.Union([Type.Literal('voice-seconds'), Type.Literal('sms'), Type.Literal('data-bytes')]),
    remaining: Type.String({ pattern: '^[0-9]{1,18}$', examples: ['6000'] }),
    until: Type.Union([LocalDate, Type.Null()]),
    roaming: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type AllowanceView = Static<typeof AllowanceView>

/** What its owner (or an operator's API key) sees of a line. */
export const LineView = Type.Object(
  {
    msisdn: Msisdn,
    stage: Stage,
    topUp: Type.Union([Type.Literal('possible'), Type.Literal('refused')]),
    balance: MoneyWire,
    clocks: Type.Array(ClockView),
    keptUntil: Type.Union([ClockView, Type.Null()], { description: 'The number clock: 号码保留至' }),
    allowances: Type.Array(AllowanceView),
    own: Type.Literal(true),
  },
  { additionalProperties: false },
)
export type LineView = Static<typeof LineView>

/** What anybody else sees of a line: whether it can be topped up, nothing more. */
export const StrangerLineView = Type.Object(
  {
    msisdn: Msisdn,
    topUp: Type.Union([Type.Literal('possible'), Type.Literal('refused')]),
    own: Type.Literal(false),
  },
  { additionalProperties: false },
)
export type StrangerLineView = Static<typeof StrangerLineView>

/** `GET /v1/lines/{number}/balance`, API key with scope `line:read`. */
export const BalanceView = Type.Object(
  {
    msisdn: Msisdn,
    stage: Stage,
    balance: MoneyWire,
    clocks: Type.Array(ClockView),
  },
  { additionalProperties: false },
)
export type BalanceView = Static<typeof BalanceView>

/** `GET /v1/me/lines`: the numbers bound to the signed-in account, in the order they were bound. */
export const MyLinesView = Type.Object({ lines: Type.Array(LineView) }, { additionalProperties: false })
export type MyLinesView = Static<typeof MyLinesView>
