/** Source: Stripe API, errors. */
type ErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error'

interface Said {
  message: string
  status?: number
  type?: ErrorType
  code?: string
  param?: string
  declineCode?: string
}

/** What the gateway answers instead of an object. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly said: Said

  constructor(said: Said) {
    super(said.message)
    this.said = said
  }

  get status(): number {
    return this.said.status ?? 400
  }

  /** The body, and the shape of `last_payment_error`. */
  toWire(): { error: Record<string, unknown> } {
    const { message, type = 'invalid_request_error', code, param, declineCode } = this.said
    return {
      error: {
        ...(code && { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
        ...(declineCode && { decline_code: declineCode }),
        message,
        ...(param && { param }),
        type,
      },
    }
  }
}

/** The vendor's words for an id that leads nowhere, also to another account's object. */
export function missing(what: string, id: string, param = 'id'): Refusal {
  return new Refusal({ message: `No such ${what}: '${id}'`, status: 404, code: 'resource_missing', param })
}
