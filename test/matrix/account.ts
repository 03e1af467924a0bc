import { nextDay } from '../../sandbox/bank/statements.ts'
import { importStatement } from '../../server/bank-statement/index.ts'
import type { WholeHouse } from '../support/house.ts'
import { addMerchant, BRAND, type RailMerchant, told } from './rails.ts'

const PATH = '/control/bank/accounts'
const PRICE = '49.80'
export const PAYER = { name: '张三', account: '6222020200112233445' }
/** Who takes statements in, and who looks after what they leave. */
export const OPERATOR = 'operator alice'
export const OWNER = 'finance'

/** A form in which the bank states a day. */
export type Form = 'xml' | 'xml?version=02' | 'csv' | 'csv?encoding=gbk'

/** A booking of an account as its bank shows it. */
export interface Booked {
  readonly booking: {
    readonly reference: string
    readonly direction: 'credit' | 'debit'
    readonly amountMinor: string
    readonly day: string
  }
  readonly repeated: boolean
}

/** Each cell's own account at the bank, known to both sides. */
export async function openAccount(world: WholeHouse, nth: number): Promise<RailMerchant> {
  const { control, origins, sandbox } = world
  const id = `cell${1000 + nth}`
  const account = { holder: '莱卡通信', number: `020004960920${(1000 + nth).toString().padStart(7, '0')}` }
  await control('POST', PATH, {
    ...{ id, brand: BRAND, ...account, currency: 'CNY' },
    notifyUrl: `${origins[BRAND]}/v1/notifications/bank/${BRAND}/${id}`,
  })
  await addMerchant(world, {
    ...{ provider: 'bank', id, seller: account.number, currency: 'CNY', gateway: '', privateKey: null },
    ...{ providerKeys: [sandbox.bankPublicKey], enabled: true },
    settings: { holder: account.holder, bankName: '沙箱银行', accountNumber: account.number },
  })
  return {
    ...{ rail: 'bank', id, scene: 'page' },
    async turn(knobs) {
      await control('PUT', `${PATH}/${id}/knobs`, { reset: true, ...knobs })
    },
    async pay(text) {
      await control('POST', `${PATH}/${id}/transfers`, { text: `充值 ${text}`, amount: PRICE, ...PAYER })
    },
    tell: (reference) => told(world, `${PATH}/${id}/bookings/${reference}/notify`),
    async rotateKey() {
      await control('POST', '/control/bank/rotate-key', {})
    },
    async keeps() {
      const booked = await bookingsOf(world, id)
      return booked.reduce((sum, { booking: { direction, amountMinor } }) => {
        const amount = BigInt(amountMinor)
        return direction === 'credit' ? sum + amount : sum - amount
      }, 0n)
    },
  }
}

export async function bookingsOf({ control }: WholeHouse, id: string): Promise<readonly Booked[]> {
  return (await control<{ bookings: Booked[] }>('GET', `${PATH}/${id}/bookings`)).bookings
}

/** What the brand's people do at the bank: they transfer money back; answers the bank's reference. */
export async function transferOut(
  { control }: WholeHouse,
  id: string,
  { text, amountMinor }: { readonly text: string; readonly amountMinor: bigint },
): Promise<string> {
  const digits = amountMinor.toString().padStart(3, '0')
  const amount = `${digits.slice(0, -2)}.${digits.slice(-2)}`
  const made = { text, amount, direction: 'debit', ...PAYER }
  const { references } = await control<{ references: string[] }>('POST', `${PATH}/${id}/transfers`, made)
  return references[0] ?? ''
}

/** The bank takes a booking back. */
export async function reverse({ control }: WholeHouse, id: string, reference: string): Promise<void> {
  await control('POST', `${PATH}/${id}/bookings/${reference}/reverse`, {})
}

/** Takes in the statement of each day that the account has bookings on; answers how many entries were new. */
export async function takeStatements(world: WholeHouse, id: string, form: Form): Promise<number> {
  const booked = await bookingsOf(world, id)
  const days = booked.flatMap(({ booking: { day }, repeated }) => (repeated ? [day, nextDay(day)] : [day]))
  let added = 0
  for (const day of new Set(days)) {
    const name = `${day}.${form}`
    const answer = await fetch(`${world.sandbox.addresses.bank}/accounts/${id}/statements/${name}`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    const given = { merchant: id, bytes, name, actor: OPERATOR, owner: OWNER }
    added += (await importStatement(world.house.db.of(BRAND), world.house.clock, given)).added
  }
  return added
}
