// Sells one top-up from the dealer's float, and survives a lost answer.
//   node examples/agent-top-up.ts 8615400001000 5000 CNY [key]
// Started again with the key it printed first, it tells what became of that sale and sells nothing twice.
import { fromEnvironment, newKey, say, untilAnswered } from './client/client.ts'

const [msisdn = '', amountMinor = '', currency = '', key = newKey()] = process.argv.slice(2)
const baohao = fromEnvironment()

// Before the first try, so that it is known whatever happens now. A till writes it to its own journal.
say({ sale: key, msisdn, amountMinor, currency })

const { data, error, response } = await untilAnswered(() =>
  baohao.POST('/v1/agent/top-ups', {
    params: { header: { 'Idempotency-Key': key } },
    body: { msisdn, amount: { amountMinor, currency }, reference: key },
  }),
)
if (data) {
  const { id, receiptNumber, balanceAfter, lastSafeDay, floatAfter } = data
  const replayed = response.headers.get('idempotency-replayed') === 'true'
  say({ sold: id, receiptNumber, balanceAfter, lastSafeDay, floatAfter, replayed })
} else {
  process.exitCode = 1
  switch (error?.code) {
    case 'float-low':
      // The float is everybody's: stop selling, load it, and sell again under a new key.
      say({ refused: error.code, short: error.short })
      break
    case 'duplicate-recent':
      say({ refused: error.code, ask: 'the same was sold less than two minutes ago; sell it once more?' })
      break
    case 'amount-not-allowed':
      say({ refused: error.code, denominations: error.denominations, min: error.min, max: error.max })
      break
    default:
      say({ refused: error?.code, title: error?.title, requestId: error?.requestId, read: error?.type })
  }
}
