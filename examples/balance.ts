// Looks a number up before a sale: what it has, and until when it is kept.
//   node examples/balance.ts 8615400001000
import { fromEnvironment, say, untilAnswered } from './client/client.ts'

const [number = ''] = process.argv.slice(2)
const baohao = fromEnvironment()

const { data, error } = await untilAnswered(() =>
  baohao.GET('/v1/lines/{number}/balance', { params: { path: { number } } }),
)
if (data) {
  // The number clock is 号码保留至; people are shown the last safe day, not the day after it.
  const kept = data.clocks.find(({ clock }) => clock === 'number')
  say({
    msisdn: data.msisdn,
    stage: data.stage,
    balance: data.balance,
    keptUntil: kept?.lastSafeDay ?? null,
    daysLeft: kept?.daysLeft ?? null,
  })
} else {
  process.exitCode = 1
  say({ refused: error?.code, title: error?.title })
}
