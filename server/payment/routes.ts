import { Type } from 'typebox'
import { idFromWire, idToWire } from '../../contract/id.ts'
import type { Brands } from '../brand/index.ts'
import { assert, refuse } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { Http } from '../platform/http.ts'
import type { Log } from '../platform/log.ts'
import { paymentErrors } from './errors.ts'
import type { Evidence } from './evidence.ts'
import type { Merchants } from './merchant.ts'
import type {
  Acknowledgement,
  Notification,
  NotificationFault,
  NotificationOutcome,
  NotTaken,
  ProviderName,
} from './port.ts'
import { providers } from './providers/registry.ts'
import type { Recorder } from './record.ts'

export interface NotificationDeps {
  readonly brands: Brands
  readonly log: Log
  readonly merchants: Merchants
  readonly recorder: Recorder
  /** Who reads a bank's notices; absent in a process that serves none. */
  readonly takeStatement: TakeStatement | undefined
  /** Counts notifications that were not taken, by why. */
  readonly refusedNotifications: Record<NotTaken, number>
}

/**
 * Takes in what a bank says was booked, all of it or nothing, committed when it resolves. Null: taken, or taken before; else why it is
 * refused.
 */
export type TakeStatement = (
  brand: string,
  merchant: string,
  raw: Buffer,
) => Promise<{ readonly fault: NotificationFault; readonly reason: string } | null>

const Address = Type.Object({
  brand: Type.String({ pattern: '^[a-z][a-z0-9]{1,20}$' }),
  merchant: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
})

/** What each rail sends. */
const BODY: Readonly<Record<ProviderName, string>> = {
  alipay: 'application/x-www-form-urlencoded',
  unionpay: 'application/x-www-form-urlencoded',
  wechat: 'application/json',
  card: 'application/json',
  bank: 'application/xml',
}

/** Providers come back by clocks of their own; for who asks by hand. */
const ASK_AGAIN_SECONDS = 60

/** `POST /v1/notifications/{provider}/{brand}/{merchant}`: verified, committed, then acknowledged, and applied afterwards. */
export async function notificationRoutes(http: Http, deps: NotificationDeps): Promise<void> {
  for (const rail of Object.keys(providers) as ProviderName[]) {
    await http.register(async (scope) => {
      // The signature is over the very bytes, so nothing may parse them on the way here.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(
        BODY[rail],
        { parseAs: 'buffer' },
        async (_request: unknown, body: Buffer) => body,
      )
      scope.post(
        `/v1/notifications/${rail}/:brand/:merchant`,
        {
          schema: { params: Address },
          config: {
            crossSite: true,
            access: { who: ['provider'], reach: 'the merchant whose key signed the body' },
          },
        },
        async (request, reply) => {
          const address = request.params as { brand: string; merchant: string }
          const body = (request.body as Buffer | null) ?? Buffer.alloc(0)
          const headers = request.headers as Notification['headers']
          const told = await take(deps, { ...address, rail }, { body, headers })
          return reply.status(told.status).type(told.type).send(told.body)
        },
      )
    })
  }
}

async function take(
  deps: NotificationDeps,
  {
    brand,
    rail,
    merchant,
  }: { readonly brand: string; readonly rail: ProviderName; readonly merchant: string },
  notification: Notification,
): Promise<Acknowledgement> {
  const provider = deps.brands.find(brand) && (await deps.merchants.provider(brand, rail, merchant))
  if (!provider) throw refuse(paymentErrors['merchant-unknown'])
  const outcome = await provider.verifyNotification(notification)
  switch (outcome.kind) {
    case 'refused':
      throw refused(deps, { brand, rail, merchant }, outcome)
    case 'unanswered':
      deps.refusedNotifications.unanswered++
      deps.log.warn(
        { brand, provider: rail, merchant, reason: outcome.reason },
        'what a notification is about was not answered',
      )
      throw refuse(paymentErrors['notification-not-now'], { retryAfterSeconds: ASK_AGAIN_SECONDS })
    case 'passing':
      return provider.acknowledgement
    case 'statement': {
      assert(deps.takeStatement, 'a house that serves has a reader of statements')
      await failpoint('payment.notification-verified')
      const wrong = await deps.takeStatement(brand, merchant, outcome.raw)
      if (wrong) throw refused(deps, { brand, rail, merchant }, wrong)
      return provider.acknowledgement
    }
    case 'final':
      await failpoint('payment.notification-verified')
      await deps.recorder.record(brand, evidenceOf(rail, merchant, outcome))
      await failpoint('payment.notification-recorded')
      return provider.acknowledgement
  }
}

/** Counts what is not taken and says why in the log; the provider hears little. */
function refused(
  { refusedNotifications, log }: NotificationDeps,
  {
    brand,
    rail,
    merchant,
  }: { readonly brand: string; readonly rail: ProviderName; readonly merchant: string },
  { fault, reason }: { readonly fault: NotificationFault; readonly reason: string },
) {
  refusedNotifications[fault]++
  log.warn({ brand, provider: rail, merchant, fault, reason }, 'a notification was refused')
  return refuse(paymentErrors[fault === 'malformed' ? 'notification-malformed' : 'notification-unverified'])
}

function evidenceOf(
  provider: ProviderName,
  merchant: string,
  said: Extract<NotificationOutcome, { kind: 'final' }>,
): Evidence {
  return {
    provider,
    merchant,
    kind: 'notify',
    providerId: said.id,
    attempt: ours(said.number),
    refund: said.refundNumber === null ? null : ours(said.refundNumber),
    said: said.said,
    transaction: said.money?.transaction ?? null,
    amountMinor: said.money?.amountMinor ?? null,
    currency: said.money?.currency ?? null,
    happenedAtMs: said.atMs,
    note: said.note ?? null,
    ...(said.dispute && { dispute: said.dispute }),
    raw: said.raw,
    fields: said.fields,
  }
}

/** The id behind a number, if it is spelt as we spell them. */
function ours(number: string): string | null {
  const id = idFromWire(number)
  return id !== null && idToWire(id) === number ? id : null
}
