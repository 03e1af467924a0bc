// Reads one sale again, by the id it was answered with.
//   node examples/read-sale.ts 01KARVZQ8E6T2M4N7P9R1S3V5X
import { fromEnvironment, say, untilAnswered } from './client/client.ts'

const [id = ''] = process.argv.slice(2)
const baohao = fromEnvironment()

const { data, error } = await untilAnswered(() =>
  baohao.GET('/v1/agent/top-ups/{id}', { params: { path: { id } } }),
)
if (data) {
  const { state, msisdn, face, commission, receiptNumber, creditedAt } = data
  say({ id: data.id, state, msisdn, face, commission, receiptNumber, creditedAt })
} else {
  process.exitCode = 1
  say({ refused: error?.code, title: error?.title })
}
