import { BadRequest, type Fields } from '../fields.ts'
import { type Answer, json, type Request, type Route } from '../http.ts'
import { readRepetition } from '../repetition.ts'
import { testCards } from './card-number.ts'
import type { CardGateway } from './index.ts'
import { type CardMerchant, readCardMerchant } from './merchants.ts'
import type { Charge, Refund, Session } from './payment.ts'
import { Refusal } from './refusal.ts'

const merchantPath = '/control/card/merchants'
const sessionPath = '/control/card/:account/sessions'

/** What the control API does with the card gateway: who takes cards, how their knobs stand, and what payers, banks and time do. */
export function cardControlRoutes(gateway: CardGateway): Route[] {
  return [...merchantRoutes(gateway), ...sessionRoutes(gateway), ...bankRoutes(gateway)]
}

function merchantRoutes(gateway: CardGateway): Route[] {
  const shown = (merchant: CardMerchant) => ({
    ...merchant,
    webhookSecret: gateway.merchants.webhookSecrets(merchant.account).join(','),
  })
  const known = (request: Request, answer: (merchant: CardMerchant) => Promise<Answer>) => {
    const merchant = gateway.merchants.find(request.parts.account ?? '')
    return merchant ? answer(merchant) : json({ error: 'There is no such card merchant.' }, 404)
  }
  return [
    {
      method: 'GET',
      path: merchantPath,
      answer: () => json({ merchants: gateway.merchants.all().map(shown) }),
    },
    {
      method: 'POST',
      path: merchantPath,
      answer: async (request) => {
        const merchant = readCardMerchant(request.json())
        await gateway.merchants.register(merchant)
        return json(shown(merchant), 201)
      },
    },
    {
      method: 'POST',
      path: `${merchantPath}/:account/roll-secret`,
      answer: (request) =>
        known(request, async (merchant) => {
          await gateway.merchants.rollSecret(merchant.account, request.json().overlap !== false)
          return json(shown(merchant))
        }),
    },
    {
      method: 'GET',
      path: `${merchantPath}/:account/knobs`,
      answer: (request) => known(request, async ({ account }) => json(gateway.merchants.knobs(account))),
    },
    {
      method: 'PUT',
      path: `${merchantPath}/:account/knobs`,
      answer: (request) =>
        known(request, async ({ account }) => json(await gateway.merchants.turn(account, request.json()))),
    },
  ]
}

function sessionRoutes(gateway: CardGateway): Route[] {
  return [
    {
      method: 'GET',
      path: sessionPath,
      answer: ({ parts }) => {
        const own = [...gateway.state.sessions.values()].filter(
          ({ order }) => order.account === parts.account,
        )
        return json({ sessions: own.map((session) => shownSession(gateway, session)) })
      },
    },
    {
      method: 'GET',
      path: `${sessionPath}/:id`,
      answer: (request) => withSession(gateway, request, async () => undefined),
    },
    {
      method: 'POST',
      path: `${sessionPath}/:id/pay`,
      answer: (request) =>
        withSession(gateway, request, async (session) => {
          const number = testCard(request.json().card)
          const tried = await gateway.checkout.pay(session, number)
          if (tried.kind === 'over') throw new Refusal({ message: `The session is ${session.status}.` })
        }),
    },
    {
      method: 'POST',
      path: `${sessionPath}/:id/challenge`,
      answer: (request) =>
        withSession(gateway, request, async (session) => {
          const { passed } = request.json()
          const tried = await gateway.checkout.answerChallenge(session, passed !== false)
          if (tried.kind === 'over') throw new Refusal({ message: 'No challenge is waiting.' })
        }),
    },
    {
      method: 'POST',
      path: `${sessionPath}/:id/expire`,
      answer: (request) => withSession(gateway, request, (session) => gateway.checkout.expire(session)),
    },
    {
      method: 'POST',
      path: `${sessionPath}/:id/notify`,
      answer: (request) =>
        withSession(gateway, request, async (session) => ({
          receptions: await gateway.events.repeat(session, readRepetition(request.json())),
        })),
    },
    {
      method: 'POST',
      path: `${sessionPath}/:id/forge`,
      answer: (request) =>
        withSession(gateway, request, async (session) => ({
          reception: await gateway.events.forge(session),
        })),
    },
  ]
}

/** What the payer's bank does after the payment. */
function bankRoutes(gateway: CardGateway): Route[] {
  return [
    {
      method: 'POST',
      path: `${sessionPath}/:id/refund`,
      answer: (request) =>
        withSession(gateway, request, async (session) => {
          const { amountMinor } = request.json()
          const ask = { amountMinor: minorUnits(amountMinor), reason: null, metadata: {} }
          await gateway.checkout.refund(chargeOf(session), ask)
        }),
    },
    {
      method: 'POST',
      path: `${sessionPath}/:id/settle-refund`,
      answer: (request) =>
        withSession(gateway, request, (session) => {
          const status = oneOf(request.json(), 'status', ['succeeded', 'failed'])
          return gateway.checkout.settleRefund(newestRefund(session), status)
        }),
    },
    {
      method: 'POST',
      path: `${sessionPath}/:id/dispute`,
      answer: (request) =>
        withSession(gateway, request, async (session) => {
          const { amountMinor } = request.json()
          await gateway.checkout.dispute(chargeOf(session), 'fraudulent', minorUnits(amountMinor))
        }),
    },
    {
      method: 'POST',
      path: `${sessionPath}/:id/close-dispute`,
      answer: (request) =>
        withSession(gateway, request, (session) => {
          const { dispute } = chargeOf(session)
          if (!dispute) throw new Refusal({ message: 'Nothing is disputed.' })
          return gateway.checkout.closeDispute(dispute, oneOf(request.json(), 'status', ['won', 'lost']))
        }),
    },
  ]
}

/** Digits, or nothing: all there is. */
function minorUnits(amount: unknown): bigint | undefined {
  if (amount === undefined) return undefined
  if (/^[1-9]\d{0,7}$/.test(`${amount}`)) return BigInt(`${amount}`)
  throw new BadRequest('"amountMinor" must be minor units in digits.')
}

/** Found by its id, or by the merchant's own number: the newest, should there be several. A Refusal is a 409 here. */
async function withSession(
  gateway: CardGateway,
  { parts }: Request,
  act: (session: Session) => Promise<unknown>,
): Promise<Answer> {
  const session = [...gateway.state.sessions.values()].findLast(
    ({ id, order }) =>
      order.account === parts.account && [id, order.clientReferenceId].includes(parts.id ?? ''),
  )
  if (!session) return json({ error: 'There is no such session.' }, 404)
  try {
    const more = await act(session)
    return json({ ...shownSession(gateway, session), ...(more as object | undefined) })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return json({ error: error.message }, 409)
  }
}

function shownSession({ state }: CardGateway, session: Session) {
  const { intent, challenge, ...bare } = session
  const charge = intent?.charge
  return {
    ...bare,
    challenged: challenge !== undefined,
    intent: intent?.id,
    intentStatus: intent?.status,
    failure: intent?.failure,
    charge: charge && { id: charge.id, amountMinor: charge.amountMinor, card: charge.card },
    refunds: charge?.refunds.map(({ charge: _, ...refund }) => refund) ?? [],
    dispute: charge?.dispute && { id: charge.dispute.id, status: charge.dispute.status },
    events: [...state.events.values()].filter(({ notification }) => notification.session === session.id),
  }
}

/** By its last four digits; without any, the card that simply pays. Whole numbers have no business here. */
function testCard(last4: unknown): string {
  const found = testCards.find(({ number }) => number.endsWith(`${last4 ?? '4242'}`))
  if (found && `${last4 ?? '4242'}`.length === 4) return found.number
  throw new BadRequest('"card" must be the last four digits of a test card.')
}

function chargeOf(session: Session): Charge {
  if (session.intent?.charge) return session.intent.charge
  throw new Refusal({ message: 'Nothing has been paid.' })
}

function newestRefund(session: Session): Refund {
  const refund = chargeOf(session).refunds.at(-1)
  if (refund) return refund
  throw new Refusal({ message: 'Nothing has been refunded.' })
}

function oneOf<Word extends string>(fields: Fields, name: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === fields[name])
  if (word !== undefined) return word
  throw new BadRequest(`"${name}" must be one of ${words.join(', ')}.`)
}
