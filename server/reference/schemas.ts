import * as brand from '../../contract/brand.ts'
import * as id from '../../contract/id.ts'
import * as line from '../../contract/line.ts'
import * as money from '../../contract/money.ts'
import * as offer from '../../contract/offer.ts'
import * as payment from '../../contract/payment.ts'
import * as quote from '../../contract/quote.ts'
import * as refund from '../../contract/refund.ts'
import * as session from '../../contract/session.ts'
import * as support from '../../contract/support.ts'
import * as topUp from '../../contract/top-up.ts'
import type { JsonSchema } from './component.ts'

const contract: Readonly<Record<string, unknown>> = {
  ...brand,
  ...id,
  ...line,
  ...money,
  ...offer,
  ...payment,
  ...quote,
  ...refund,
  ...session,
  ...support,
  ...topUp,
}

/** Every schema of the contract by its exported name; functions are exported there too. */
export const contractSchemas: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries(contract).filter((entry): entry is [string, JsonSchema] => typeof entry[1] === 'object'),
)
