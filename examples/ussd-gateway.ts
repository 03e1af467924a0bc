// What a network's USSD gateway does with a dialled code: passes it on, and shows the answer on the handset.
//   node examples/ussd-gateway.ts 8615400001000 '*101#'
import { fromEnvironment, say, untilAnswered } from './client/client.ts'

const [msisdn = '', text = '*101#'] = process.argv.slice(2)
const baohao = fromEnvironment()

// A handset waits a few seconds, so this gives up soon.
const { data, error } = await untilAnswered(() => baohao.POST('/v1/ussd', { body: { msisdn, text } }), 2)
if (data) say({ show: data.text, keepOpen: data.continue })
else {
  process.exitCode = 1
  say({ refused: error?.code, title: error?.title })
}
