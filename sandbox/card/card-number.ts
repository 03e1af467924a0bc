/** What is left of a card once its number has been looked at: nothing else is ever kept or shown. */
export interface Card {
  brand: string
  last4: string
}

/** What the issuer will do. `after` is what happens to the money later on. */
export interface Issuer {
  challenge: boolean
  decline?: Decline
  after?: 'dispute' | 'refund-pending' | 'refund-fails'
}

export interface Decline {
  code: string
  declineCode?: string
  message: string
}

const declines: Record<string, Decline> = {
  generic: { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' },
  funds: {
    code: 'card_declined',
    declineCode: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  expired: { code: 'expired_card', message: 'Your card has expired.' },
  cvc: { code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
  processing: {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
}

/** A test card as the page offers it; `means` is a word of the page. Source: Stripe, testing, test card numbers. */
export interface TestCard {
  number: string
  brand: string
  means:
    | 'success'
    | 'challenge'
    | 'challengeDeclined'
    | 'declined'
    | 'funds'
    | 'expiredCard'
    | 'cvcWrong'
    | 'processing'
    | 'dispute'
    | 'refundPending'
    | 'refundFails'
  issuer: Issuer
}

const plain: Issuer = { challenge: false }

export const testCards: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', means: 'success', issuer: plain },
  { number: '5555555555554444', brand: 'mastercard', means: 'success', issuer: plain },
  { number: '378282246310005', brand: 'amex', means: 'success', issuer: plain },
  { number: '6200000000000005', brand: 'unionpay', means: 'success', issuer: plain },
  { number: '4000002760003184', brand: 'visa', means: 'challenge', issuer: { challenge: true } },
  {
    number: '4000008400001629',
    brand: 'visa',
    means: 'challengeDeclined',
    issuer: { challenge: true, decline: decline('generic') },
  },
  declining('4000000000000002', 'declined', 'generic'),
  declining('4000000000009995', 'funds', 'funds'),
  declining('4000000000000069', 'expiredCard', 'expired'),
  declining('4000000000000127', 'cvcWrong', 'cvc'),
  declining('4000000000000119', 'processing', 'processing'),
  later('4000000000000259', 'dispute', 'dispute'),
  later('4000000000007726', 'refundPending', 'refund-pending'),
  later('4000000000005126', 'refundFails', 'refund-fails'),
]

function decline(name: string): Decline {
  return declines[name] as Decline
}

function declining(number: string, means: TestCard['means'], name: string): TestCard {
  return { number, brand: 'visa', means, issuer: { challenge: false, decline: decline(name) } }
}

function later(number: string, means: TestCard['means'], after: NonNullable<Issuer['after']>): TestCard {
  return { number, brand: 'visa', means, issuer: { challenge: false, after } }
}

/**
 * Judges what a payer typed. The number itself goes no further than this function. A number that is real money's (or
 * nobody's) is declined in the vendor's own words.
 */
export function readCard(typed: string): { card: Card; issuer: Issuer } | { decline: Decline } {
  const digits = typed.replaceAll(/[\s-]/g, '')
  if (!/^\d{13,19}$/.test(digits) || !passesLuhn(digits)) {
    return { decline: { code: 'incorrect_number', message: 'Your card number is incorrect.' } }
  }
  const known = testCards.find(({ number }) => number === digits)
  if (!known) {
    const message =
      'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.'
    return { decline: { code: 'card_declined', declineCode: 'test_mode_live_card', message } }
  }
  return { card: { brand: known.brand, last4: digits.slice(-4) }, issuer: known.issuer }
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  const sum = [...digits].toReversed().reduce((total, digit, place) => {
    const value = (digit.charCodeAt(0) - 48) * (place % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
